"""Databases beside that of the test run: SQLite in a file, and PostgreSQL on a server that is started for them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg
from django.core.management import call_command
from django.db import ConnectionHandler, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from tokku.service.backup import known_migrations

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    "timeout": 0,
}
KINDS = ("sqlite", "postgresql")


def new_connection(url: str):
    config = environ.Env.db_url_config(url)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = SQLITE
    return ConnectionHandler({"default": config})["default"]


@contextmanager
def connected(url: str) -> Iterator[None]:
    """Make this the database of the product, in this thread and for the time of the block."""
    before, connections["default"] = connections["default"], new_connection(url)
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


class Databases:
    """Makes databases in a folder and on a server; those that are `migrated` have tables and what migrations write."""

    def __init__(self, folder: Path, server: str):
        self.folder, self.server = folder, server
        self.numbers = count()
        self.templates = {kind: self.empty(kind) for kind in KINDS}
        # The tables of the test run, without running all migrations again.
        with closing(sqlite3.connect(self._path(self.templates["sqlite"]))) as template:
            connection.ensure_connection()
            connection.connection.backup(template)
        with connected(self.templates["postgresql"]):
            _make_tables()

    def empty(self, kind: str) -> str:
        name = f"database_{next(self.numbers)}"
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        return self._create(name)

    def migrated(self, kind: str) -> str:
        return self.copy(self.templates[kind])

    def copy(self, url: str) -> str:
        """A copy by the means of the database itself; nobody may be connected to the original."""
        if not url.startswith("sqlite"):
            name = urlsplit(url).path.removeprefix("/")
            return self._create(f"database_{next(self.numbers)}", f"TEMPLATE {name}")
        copy = self.empty("sqlite")
        self._path(copy).write_bytes(self._path(url).read_bytes())
        return copy

    def dump(self, url: str) -> set[str]:
        """All that an SQLite database holds, as its own tool writes it; but for dates of migrations and sessions."""
        ignored = re.compile(
            r'INSERT INTO "(django_migrations|django_session)"'
            r"""|INSERT INTO "sqlite_sequence" VALUES\('\w+',0\)"""  # as if it were not there
        )
        with closing(sqlite3.connect(self._path(url))) as database:
            return {line for line in database.iterdump() if not ignored.match(line)}

    def _path(self, url: str) -> Path:
        return Path(url.removeprefix("sqlite:///"))

    def _create(self, name: str, how: str = "") -> str:
        with psycopg.connect(self.server, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} {how}")
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()


def _make_tables() -> None:
    """The tables as the models have them, and all migrations recorded, without running these."""
    migrations = known_migrations()
    with override_settings(MIGRATION_MODULES={app: None for app, _ in migrations}):
        call_command("migrate", run_syncdb=True, verbosity=0)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in sorted(migrations):
        recorder.record_applied(app, name)
