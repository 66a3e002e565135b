"""Disks without room, each a small file system of its own: of the database, of /tmp, of the logs, of backups."""

import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tests.deploy.used_site import ACTS, YEAR, is_told_in_japanese, used_site
from tests.evaluations.load import TOKEN

pytestmark = [pytest.mark.full, pytest.mark.slow]

MB = 1024**2
OWNER = ("nobody", None)  # of the database server that root starts


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder, self._filling = folder, folder / "filling"

    def fill(self) -> None:
        with self._filling.open("wb", buffering=0) as file:
            for size in (MB, 4096, 1):
                try:
                    while file.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        self._filling.unlink()


@pytest.fixture
def disk():
    """A file system of 32 MB, which everybody may write to."""
    with tempfile.TemporaryDirectory(prefix="tokku-disk-", dir="/tmp") as name:
        mount = ["mount", "-t", "tmpfs", "-o", "size=32m,mode=1777", "tokku", name]
        if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
            pytest.skip("only root can mount a file system")
        yield Disk(Path(name))
        subprocess.run(["umount", "--lazy", name], check=True)


@pytest.fixture
def start(tmp_path, files, django_db_blocker):
    """Start the site with these variables of its environment."""
    with django_db_blocker.unblock(), ExitStack() as running:
        yield lambda **environment: running.enter_context(used_site(tmp_path, files, **environment))


def upload(site, url, content):
    """Send a file as a browser does."""
    head = f'--{TOKEN}\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{TOKEN}--\r\n".encode()
    return site.send("official", url, body, f"multipart/form-data; boundary={TOKEN}")


@pytest.mark.parametrize("name", ACTS)
def test_a_full_disk_of_postgresql(disk, start, name):
    site, act = start(), ACTS[name]
    tables = disk.folder / "tables"
    tables.mkdir()
    shutil.chown(tables, *OWNER)
    with psycopg.connect(site.server.url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
        # On a slow machine it comes by meanwhile and drops pg_internal.init, without which PostgreSQL lets nobody
        # in who comes anew to a full disk.
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
    site.begin(f"{act.begins_in} TABLESPACE small")
    site.wait_until_it_is_back(act.by)
    an_act_waits_for_room(site, disk, act)


def an_act_waits_for_room(site, disk, act):
    before, data = site.rows(), site.input_of(act)
    disk.fill()
    answer = site.ask(act.by, act.url, data)
    # What little there was to store may have found room on a page.
    assert answer.status == 302 or (is_told_in_japanese(answer) and site.rows() == before)
    assert site.ask(act.by, f"{YEAR}log/").status == 200
    disk.make_room()
    assert site.ask(act.by, act.url, data).status == 302
    assert site.rows() != before
    return answer


def test_a_full_folder_for_what_is_uploaded(disk, start):
    # One process, since one that looks for its folder on a full disk takes another.
    site = start(TMPDIR=str(disk.folder), GUNICORN_CMD_ARGS="--workers 1")
    site.begin("filled")
    site.wait_until_it_is_back("official")
    page = f"{YEAR}workbook/"
    answers = []
    for prepare in (lambda: None, disk.fill, disk.make_room):
        prepare()
        answers.append(upload(site, page, bytes(5 * MB)))
        assert site.ask("official", f"{YEAR}evaluation.pdf").status == 200
        assert site.ask("official", f"{YEAR}evaluation.docx").status == 200
    room, full, room_again = answers
    assert is_told_in_japanese(full)
    assert (room.status, room_again.status) == (200, 200)
    assert "Excelのブック" in room_again.text


def test_logs_without_room_keep_nobody_from_working(tmp_path, start):
    (tmp_path / "gunicorn.log").symlink_to("/dev/full")
    site = start(AUDIT_LOG="/dev/full")
    for act in ACTS.values():
        site.begin(act.begins_in)
        site.wait_until_it_is_back(act.by)
        assert site.ask(act.by, act.url, site.input_of(act)).status == 302
