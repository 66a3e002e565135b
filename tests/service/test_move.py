"""A whole site is moved as an operator does it: by the commands, in processes of their own, to new machines' databases.

The site is one that has been in use (tests/stored/): several years, sealed versions, and histories of two versions of
the program.
"""

import json
import lzma
import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.postgres import throw_away_server

pytestmark = [pytest.mark.full, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "tests" / "stored"
READ = """
import json
from tests.stored.reading import read
print(json.dumps(read(), ensure_ascii=False))
"""
# Of the secretariat, but for what is new in each answer: tokens and nonces.
READ_PAGES = """
import json, re
from django.test import Client
from evaluations.models import Evaluation
from tests.stored.reading import PAGES
from tokku.accounts.models import User
from django.urls import reverse
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(username="secretariat"))
pages = {}
for evaluation in Evaluation.objects.select_related("zone"):
    for page in PAGES:
        address = reverse(f"evaluations:{page}", args=[evaluation.zone.slug, evaluation.fiscal_year])
        content = client.get(address).content.decode("latin-1")
        pages[address] = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", content)
print(json.dumps(pages))
"""
EXPORT = """
from django.core.management import call_command
for year in (2022, 2023, 2024):
    for format in ("text", "html", "json", "pdf", "docx"):
        call_command("export_evaluation", "keihin", year, format=format, output={folder!r} / f"{{year}}.{{format}}")
"""
FILL = """
from hashlib import sha256
from os import urandom
from evaluations.models import SealedFile, SealedVersion
SealedFile.objects.all().delete()
for number in range(25):
    content = urandom(8_000_000)
    SealedFile.objects.create(
        version=SealedVersion.objects.first(),
        format=str(number),
        content=content,
        sha256=sha256(content).hexdigest(),
    )
"""
NUMBERS = count()  # of databases
MOST_MEMORY = 160  # MB more than a command that does nothing


@pytest.fixture(scope="module")
def server():
    with throw_away_server() as server:
        yield server


@pytest.fixture
def new_database(server, tmp_path):
    """Makes addresses of databases with nothing in them."""

    def new(kind):
        name = f"moved_{next(NUMBERS)}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite3"
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return urlsplit(server.url)._replace(path=f"/{name}").geturl()

    return new


@pytest.fixture
def stored(tmp_path):
    """A database of an earlier version of the program, as it was left."""
    path = tmp_path / "stored.sqlite3"
    path.write_bytes(lzma.decompress((STORED / "evaluations_0006.sqlite.xz").read_bytes()))
    return f"sqlite:///{path}"


def manage(url, *arguments, **environment):
    process = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"DEBUG": "true", "DATABASE_URL": url} | environment,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def read(url, code=READ):
    """Tables, documents, sealed versions and open data."""
    return json.loads(manage(url, "shell", "--no-imports", "--command", code))


def exports(url, folder):
    folder.mkdir()
    code = f"from pathlib import PosixPath{EXPORT.format(folder=folder)}"
    manage(url, "shell", "--no-imports", "--command", code)
    assert len([*folder.iterdir()]) == 15
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_site_moves_from_machine_to_machine_and_back(stored, new_database, tmp_path):
    """SQLite → PostgreSQL by one command → PostgreSQL by backup and restore → SQLite by one command."""
    manage(stored, "migrate")
    before, files = read(stored), exports(stored, tmp_path / "before")
    first, second, third = map(new_database, ("postgresql", "postgresql", "sqlite"))

    told = manage(stored, "copy_database", NEW_DATABASE_URL=first)
    assert "全て、確定した時のままです。" in told
    manage(first, "backup", tmp_path / "backup.zip", MEDIA_ROOT=str(tmp_path / "no storage"))
    manage(second, "restore", tmp_path / "backup.zip", MEDIA_ROOT=str(tmp_path / "storage"))
    manage(second, "copy_database", NEW_DATABASE_URL=third)

    for url, folder in ((first, "first"), (second, "second"), (third, "third")):
        assert read(url) == before
        assert exports(url, tmp_path / folder) == files
    pages = read(stored, READ_PAGES)  # at last, as signing in changes the account
    assert read(third, READ_PAGES) == read(first, READ_PAGES) == pages


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_of_an_earlier_version_is_restored_and_migrated(
    stored, new_database, tmp_path, kind
):
    """Made with this program before it has migrated the database, as somebody does who thinks of it late."""
    storage = {"MEDIA_ROOT": str(tmp_path / "storage")}
    manage(stored, "backup", tmp_path / "backup.zip", **storage)
    restored = new_database(kind)
    manage(restored, "restore", tmp_path / "backup.zip", **storage)
    assert "[ ]" not in manage(restored, "showmigrations")
    manage(stored, "migrate")
    assert read(restored) == read(stored)


def peak_memory(url, *arguments, **environment):
    """The most memory that the command had, in MB."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"DEBUG": "true", "DATABASE_URL": url} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_memory_depends_on_the_largest_row_and_not_on_all(stored, new_database, tmp_path, kind):
    """Twenty-five files of 8 MB each."""
    manage(stored, "migrate")
    url, restored = stored, new_database(kind)
    if kind == "postgresql":
        url = new_database(kind)
        manage(stored, "copy_database", NEW_DATABASE_URL=url)
    manage(url, "shell", "--no-imports", "--command", FILL)
    storage = {"MEDIA_ROOT": str(tmp_path / "storage")}
    manage(restored, "migrate")
    least = peak_memory(url, "check")
    archive = tmp_path / "backup.zip"
    assert peak_memory(url, "backup", archive, **storage) - least < MOST_MEMORY
    code = f"from pathlib import Path; from tokku.service.backup import restore_backup; restore_backup(Path('{archive}'), replace=True)"
    restoring = ["shell", "--no-imports", "--command", code]
    assert peak_memory(restored, *restoring, **storage) - least < MOST_MEMORY
