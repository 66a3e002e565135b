"""Databases of earlier states of the code (tests/stored/), migrated to this one: nothing is lost, and sealed stays sealed.

On SQLite the stored file is migrated, on PostgreSQL the dump.
"""

import json
import lzma
import os
import sqlite3
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


def test_each_year_and_each_version_says_what_its_scheme_was_called(state, migrated, tmp_path):
    """Columns of schemes went to the rows of years, and to each version of these what was so at its moment."""
    stored = database_of_then(state, tmp_path)
    owners = "(SELECT json_group_array(m.name) FROM {} o JOIN accounts_municipality m ON m.id = o.municipality_id WHERE o.{} = {})"
    of_scheme = owners.format("supports_scheme_municipalities", "scheme_id", "s.id")
    rows = stored.execute(
        f"SELECT r.*, s.category, s.name, {of_scheme} AS owners"
        " FROM supports_schemeresult r JOIN supports_scheme s ON s.id = r.scheme_id"
    )
    assert says(migrated["schemes"]["rows"], rows, "id")
    of_version = owners.format(
        "supports_historicalscheme_municipalities", "history_id", "s.history_id"
    )
    versions = stored.execute(
        f"SELECT r.*, s.category, s.name, {of_version} AS owners"
        " FROM supports_historicalschemeresult r JOIN supports_historicalscheme s ON s.history_id ="
        " (SELECT history_id FROM supports_historicalscheme WHERE id = r.scheme_id"
        " AND history_date <= r.history_date ORDER BY history_date DESC, history_id DESC LIMIT 1)"
    )
    assert says(migrated["schemes"]["versions"], versions, "history_id")


def test_a_change_of_a_scheme_is_a_version_of_the_rows_that_it_had(state, migrated, tmp_path):
    stored = database_of_then(state, tmp_path)
    known = {
        row[0] for row in stored.execute("SELECT history_id FROM supports_historicalschemeresult")
    }
    renamed = stored.execute(
        "SELECT r.id, s.name, s.history_user_id FROM supports_historicalscheme s"
        " JOIN supports_schemeresult r ON r.scheme_id = s.id"
        " JOIN supports_historicalschemeresult h ON h.id = r.id AND h.history_type = '+'"
        " WHERE s.name LIKE '%（改称後）' AND h.history_date < s.history_date"
    )
    added = [
        (version["id"], version["name"], version["history_user_id"])
        for version in migrated["schemes"]["versions"]
        if version["history_id"] not in known
    ]
    assert sorted(added) == sorted(map(tuple, renamed)) != []


def test_history_of_a_scheme_tells_what_it_was_called(state, migrated, tmp_path):
    """Also of one that no year reports."""
    words = dict(migrated["schemes"]["words"])
    for row in database_of_then(state, tmp_path).execute("SELECT * FROM supports_historicalscheme"):
        told = words.pop(row["history_id"])
        assert told.startswith(row["history_change_reason"] or "")
        assert f"「{row['name']}」" in told
    assert words == {}


def test_what_was_handed_in_names_the_row_of_the_year(state, migrated, tmp_path):
    stored = database_of_then(state, tmp_path)
    rows = {
        (row["evaluation_id"], str(row["scheme_id"])): row["id"]
        for row in stored.execute("SELECT * FROM supports_schemeresult")
    }

    def now(evaluation, key):
        name, pk, field = key.split("/")
        is_scheme = name == "supports.scheme"
        return f"supports.schemeresult/{rows[evaluation, pk]}/{field}" if is_scheme else key

    expected = {
        row["id"]: {
            now(row["evaluation_id"], key): text
            for key, text in json.loads(row["snapshot"]).items()
        }
        for row in stored.execute("SELECT * FROM evaluations_statuschange")
    }
    assert dict(migrated["schemes"]["snapshots"]) == expected
    assert any("/category" in key for snapshot in expected.values() for key in snapshot)


def database_of_then(state, folder):
    """The rows as they were, of which the dump has the same."""
    path = folder / "then.sqlite3"
    path.write_bytes(unpacked(f"{state}.sqlite.xz"))
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return connection


def says(migrated_rows, stored_rows, key):
    """Whether every stored row is there, with every value that it had."""
    by_key = {row[key]: row for row in migrated_rows}
    stored_rows = [dict(row) for row in stored_rows]
    for row in stored_rows:
        row["owners"] = sorted(json.loads(row["owners"]))
        for name, value in row.items():
            if not name.endswith("_date"):
                assert by_key[row[key]][name] == value, (row[key], name)
    return bool(stored_rows)


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
