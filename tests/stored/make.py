"""Makes the stored database evaluations_0006: `python -m tests.stored.make PUBLISHED_TEXT`.

It runs on the code of that state (the newest migration is evaluations 0006) and on no other, and
stays as the record of how the files came about: they are never made anew.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.postgres import throw_away_server

FOLDER = Path(__file__).parent
NAME = "evaluations_0006"

FILL = "from tests.stored.filling import fill; fill({!r})"
READ = """
import json
from tests.stored.reading import read
print(json.dumps(read(), ensure_ascii=False, indent=1))
"""
# Rows that a migration made come from the file, and histories are in it.
LOAD = """
from django.conf import settings
from django.core.management import call_command
settings.SIMPLE_HISTORY_ENABLED = False
call_command("flush", interactive=False)
call_command("loaddata", {!r})
"""


def main(published: str) -> None:
    with tempfile.TemporaryDirectory() as name, throw_away_server() as server:
        filled, packed, rows = (
            f"{name}/{file_name}" for file_name in ("filled", "packed", "rows.json")
        )
        sqlite = f"sqlite:///{filled}"
        manage(sqlite, "migrate")
        run_code(sqlite, FILL.format(published))
        manage(sqlite, "dumpdata", "accounts", "evaluations", "supports", "--output", rows)
        with sqlite3.connect(filled) as connection:
            connection.execute("VACUUM INTO ?", [packed])
        keep(f"{NAME}.sqlite.xz", lzma.compress(Path(packed).read_bytes(), preset=9))
        (FOLDER / f"{NAME}.json").write_text(run_code(sqlite, READ), encoding="utf-8")

        manage(server.url, "migrate")
        run_code(server.url, LOAD.format(rows))
        keep(f"{NAME}.sql.xz", lzma.compress(dump(server.url).encode(), preset=9))


def run_code(url: str, code: str) -> str:
    return manage(url, "shell", "--no-imports", "--command", code)


def manage(url: str, *command: str) -> str:
    """What a command of manage.py prints, on the database of this URL."""
    environment = os.environ | {"DATABASE_URL": url, "DEBUG": "true"}
    return run([sys.executable, "manage.py", *command], env=environment)


def dump(url: str) -> str:
    """The database as statements of SQL, without what only psql or only this version of the server knows."""
    command = ["pg_dump", "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges"]
    lines = run([*command, url]).splitlines()
    return "\n".join(line for line in lines if not line.startswith(("\\", "SET ", "--")))


def run(command: list[str], **options) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, **options).stdout


def keep(name: str, content: bytes) -> None:
    (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
