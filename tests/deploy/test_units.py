"""deploy/systemd/ and the file of settings that its services read."""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.deploy.stand import DEPLOY, ROOT, Stand, fill_in

UNITS = DEPLOY / "systemd"
EXAMPLE = DEPLOY / "tokku.env.example"


def systemd_analyze(*arguments):
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def units(tmp_path):
    """The units, their programs being those of this code."""
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    programs = {
        "/srv/tokku/current/.venv/bin/python": sys.executable,
        "/srv/tokku/current/.venv/bin/gunicorn": str(Path(sys.executable).parent / "gunicorn"),
    }
    for unit in folder.glob("*.service"):
        text = unit.read_text()
        used = {name: path for name, path in programs.items() if name in text}
        assert used, f"{unit.name} runs something else"
        unit.write_text(fill_in(text, used))
    return folder


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_finds_nothing_wrong(units):
    checked = systemd_analyze("verify", *(unit for unit in units.iterdir() if unit.is_file()))
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
@pytest.mark.parametrize("name", ["site", "daily", "backup"])
def test_services_see_little_of_the_machine(units, name):
    """Of 10, where nothing is closed; systemd calls it OK below 2."""
    unit = units / f"tokku-{name}.service"
    checked = systemd_analyze("security", "--offline=true", "--threshold=20", unit)
    assert checked.returncode == 0, checked.stdout[-200:]


def test_every_timer_has_its_service_and_every_command_is_one_of_manage():
    timers = {timer.stem for timer in UNITS.glob("*.timer")}
    assert timers == {"tokku-daily", "tokku-backup"}
    commands = {path.stem for path in (ROOT / "tokku/service/management/commands").glob("*.py")}
    for name in timers:
        text = (UNITS / f"{name}.service").read_text()
        assert re.search(r"manage\.py (\w+)", text)[1] in commands


def test_the_site_has_time_to_finish_what_it_has_begun():
    gunicorn, nginx, unit = (
        (DEPLOY / path).read_text()
        for path in ("gunicorn.conf.py", "nginx/tokku.conf", "systemd/tokku-site.service")
    )
    graceful = int(re.search(r"graceful_timeout = (\d+)", gunicorn)[1])
    assert int(re.search(r"proxy_read_timeout (\d+)s", nginx)[1]) <= graceful
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > graceful


@pytest.mark.slow
def test_requests_wait_while_the_service_is_restarted(tmp_path, files):
    """As with tokku-site.socket, which stays when the service goes."""
    stand = Stand(tmp_path, files)
    with stand.listening() as listener, ThreadPoolExecutor(1) as people:
        nginx = stand.start_nginx()
        for _ in range(2):
            waiting = people.submit(stand.ask, "/echo/")
            gunicorn = stand.start_gunicorn("tests.deploy.echo", listener=listener)
            assert waiting.result().status == 200
            gunicorn.stop()
        nginx.stop()


def test_the_example_of_settings_reads_the_same_for_systemd_and_a_shell():
    """systemd takes what is neither quoted nor escaped as it stands, and so does a shell without these letters."""
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]
    names = [line.partition("=")[0] for line in lines]
    for line in lines:
        value = line.partition("=")[2]
        assert re.fullmatch(r"'[^'\\]*'|[\w:/@.,%+-]*", value, re.ASCII), line

    shell = f"set -a; . {EXAMPLE}; exec {sys.executable} -c 'import os, json; print(json.dumps(dict(os.environ)))'"
    read = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True, env={})
    assert all(f'"{name}"' in read.stdout for name in names)


def test_every_setting_of_the_example_is_one():
    settings = (ROOT / "tokku/settings.py").read_text()
    names = re.findall(r"^(\w+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert [name for name in names if f'"{name}"' not in settings] == []
