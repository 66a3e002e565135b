"""Databases of earlier states of the code (tests/stored/), migrated to this one: nothing is lost, and sealed stays sealed.

On SQLite the stored file is migrated, on PostgreSQL the dump.
"""

import json
import lzma
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.stored.reading import EDITED

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "tests" / "stored"
STATES = sorted(path.stem for path in STORED.glob("*.json"))
READ = "from tests.stored.reading import migrate_and_print; migrate_and_print({!r})"

pytestmark = [pytest.mark.database, pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="module", params=STATES)
def state(request):
    return request.param


@pytest.fixture(scope="module")
def expected(state):
    return json.loads((STORED / f"{state}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def migrated(state, tmp_path_factory):
    """The contents of the stored database (tests/stored/reading.py), migrated by a process of its own."""
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith(("postgres://", "postgresql://")):
        with loaded(server, unpacked(f"{state}.sql.xz").decode()) as url:
            return read(state, url)
    path = tmp_path_factory.mktemp("stored") / f"{state}.sqlite3"
    path.write_bytes(unpacked(f"{state}.sqlite.xz"))
    return read(state, f"sqlite:///{path}")


def unpacked(name):
    return lzma.decompress((STORED / name).read_bytes())


@contextmanager
def loaded(server, dump):
    """A database of its own on the server, filled from the dump."""
    name = f"stored_{os.getpid()}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(url) as copy:
                copy.execute(dump)
            yield url
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def read(state, url):
    reading = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", READ.format(state)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    assert reading.returncode == 0, reading.stderr
    return json.loads(reading.stdout)


# Where migrations have moved columns.
MOVED = {
    "evaluation.plan_id": "evaluation.edition_id",
    "historicalevaluation.plan_id": "historicalevaluation.edition_id",
    "indicator.plan_id": "indicator.edition_id",
    "historicalindicator.plan_id": "historicalindicator.edition_id",
    "plan.overview": "planedition.overview",
    "plan.goal": "planedition.goal",
    "zone.last_certified_on": "planedition.certified_on",
    "historicalplan.overview": "historicalplanedition.overview",
    "historicalplan.goal": "historicalplanedition.goal",
    "historicalzone.last_certified_on": "historicalplanedition.certified_on",
}


def test_every_row_and_every_value_is_still_there(expected, migrated):
    """New columns and tables are allowed. When a migration moves a column, say where to; when it converts one,
    take it out of the expected file and test where its values went."""

    def now(table, column):
        moved = MOVED.get(f"{table}.{column}".removeprefix("evaluations."))
        table, column = f"evaluations.{moved}".rsplit(".", 1) if moved else (table, column)
        return migrated["tables"].get(table, {}).get(column)

    changed = {
        f"{table}.{column}": (digest, now(table, column))
        for table, columns in expected["tables"].items()
        for column, digest in columns.items()
        if digest != now(table, column)
    }
    assert changed == {}


def test_sealed_versions_and_their_files_are_the_same_to_the_byte(expected, migrated):
    assert migrated["versions"] == expected["versions"]


def test_every_evaluation_says_the_same(expected, migrated):
    assert migrated["documents"] == expected["documents"]


def test_findings_that_were_set_aside_stay_so(expected, migrated):
    assert migrated["waivers"] == expected["waivers"]


def test_open_data_has_the_same_columns_with_the_same_values(expected, migrated):
    for table, rows in expected["open data"].items():
        names, *_ = rows
        current_names, *values = migrated["open data"][table]
        positions = [current_names.index(name) for name in names]
        assert [names, *([row[index] for index in positions] for row in values)] == rows, table


def test_files_that_were_out_come_back_as_they_went(migrated):
    """A workbook and a Word file made before the upgrade change only what was edited in them."""
    returned = migrated["returned"]
    assert returned["workbook"] == {"is known": True, "changed": []}
    assert returned["word"] == {"notices": [], "changed": []}
    edited = [["評価書の本文　総合評価", EDITED]]
    assert returned["edited workbook"] == {"is known": True, "changed": edited}
    edited = [["評価書の本文　本年度の評価に際して考慮すべき事項", EDITED]]
    assert returned["edited word"] == {"notices": [], "changed": edited}


def test_every_page_opens(migrated):
    assert set(migrated["pages"].values()) == {200}
