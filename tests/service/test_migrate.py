"""Two `migrate` at once, as when two containers start: the second waits, and does what the first has left."""

import lzma
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg
import pytest

from tests.deploy.stand import ROOT
from tests.postgres import throw_away_server
from tokku.service.management.commands.migrate import WAITING

pytestmark = [pytest.mark.full, pytest.mark.slow]

STORED = ROOT / "tests/stored/evaluations_0006.sqlite.xz"


@pytest.fixture(params=["empty SQLite", "earlier SQLite", "empty PostgreSQL"])
def url(request, tmp_path):
    if request.param == "empty PostgreSQL":
        with throw_away_server() as server:
            yield server.url
        return
    file = tmp_path / "database.sqlite3"
    if request.param == "earlier SQLite":
        file.write_bytes(lzma.decompress(STORED.read_bytes()))
    yield f"sqlite:///{file}"


def start(url, *command):
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "DEBUG": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def migrations(url):
    """How many have been recorded."""
    is_file = url.startswith("sqlite:///")
    database = sqlite3.connect(url.removeprefix("sqlite:///")) if is_file else psycopg.connect(url)
    with closing(database):
        try:
            return database.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
        except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
            return 0


@pytest.mark.parametrize("end", [signal.SIGCONT, signal.SIGKILL])
def test_the_second_waits_for_the_first_and_does_what_is_left(url, end):
    before = migrations(url)
    with start(url, "migrate", "--verbosity=0") as first:
        try:
            while migrations(url) == before:
                assert first.poll() is None
                time.sleep(0.001)
            first.send_signal(signal.SIGSTOP)
            with start(url, "migrate", "--verbosity=0") as second:
                assert second.stdout.readline().strip() == WAITING
                first.send_signal(end)
                assert (second.wait(), second.stdout.read()) == (0, "")
            assert first.wait() == (-signal.SIGKILL if end == signal.SIGKILL else 0)
        finally:
            first.kill()
    for question in (["migrate", "--check"], ["makemigrations", "--check", "--dry-run"]):
        with start(url, *question) as asked:
            assert asked.wait() == 0
