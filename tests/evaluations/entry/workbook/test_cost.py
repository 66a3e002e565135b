"""Cost of a large workbook: seconds for 2,000 lines, memory for 10 MB."""

import random
import subprocess
import sys
import time
import zipfile
from io import BytesIO

import pytest

from evaluations.entry.workbook.download import workbook_for
from tests.evaluations.entry.workbook.books import opened, saved, send
from tests.evaluations.entry.workbook.memory import scope_with_many
from tokku.spreadsheets.entry_book import UNSEEN

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SECONDS = 5  # of a processor, whatever else the machine does
MEGABYTES = 300


@pytest.fixture
def scope(official, secretariat):
    return scope_with_many(official, secretariat)


@pytest.mark.full
def test_two_thousand_lines_are_shown_in_five_seconds(client, scope):
    """The whole page, with the differences of each text."""
    client.force_login(scope.user)
    book = opened(workbook_for(scope, scope.user.municipality))
    sheet = book["取組・成果"]
    column = next(cell.column for cell in sheet[1] if cell.value == "内容")
    for row in range(2, 1_902):
        sheet.cell(row, column).value = f"書き直した内容{row}" * 20
    content = saved(book)

    start = time.process_time()
    response = send(client, content)
    seconds = time.process_time() - start

    assert len(response.context["outcome"].changed) == 1_900
    assert seconds < SECONDS


@pytest.mark.full
def test_a_workbook_of_ten_megabytes_takes_little_memory(scope, tmp_path):
    """The workbook has 2,000 lines with a changed text each, which are shown old and new."""
    book = opened(workbook_for(scope, scope.user.municipality))
    sheet = book["取組・成果"]
    for row in range(2, 1_902):
        sheet.cell(row, 7).value = f"{row:050}" * 15
    del book[UNSEEN]  # Without its origin, which belongs to another database.
    content = with_picture(saved(book), to=10 * 1024**2 - 1024)
    file = tmp_path / "large.xlsx"
    file.write_bytes(content)

    run = subprocess.run(
        [sys.executable, "-m", "tests.evaluations.entry.workbook.memory", file],
        check=True,
        capture_output=True,
        text=True,
        env={"DATABASE_URL": "sqlite://:memory:"},
    )

    status, changed, megabytes = map(int, run.stdout.split())
    assert (status, changed) == (200, 1_900)
    assert megabytes < MEGABYTES


def with_picture(content: bytes, to: int) -> bytes:
    """The workbook with an incompressible picture that makes it `to` bytes large."""
    written = BytesIO(content)
    with zipfile.ZipFile(written, "a") as packed:
        packed.writestr("xl/media/image1.png", random.Random(0).randbytes(to - len(content)))
    return written.getvalue()
