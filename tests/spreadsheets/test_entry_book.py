"""Workbooks to be filled in: the rules by which Excel warns and colours."""

import csv
import subprocess
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from tests.libreoffice import needs_calc
from tokku.spreadsheets.entry_book import (
    BookCell,
    BookColumn,
    EntrySheet,
    Guide,
    NumberRule,
    _areas,
    write,
)
from tokku.spreadsheets.widgets import TEXTS_OF_FIGURES

PLACES = st.lists(st.tuples(st.integers(1, 4), st.integers(2, 30)), unique=True)


@given(places=PLACES.map(sorted))
def test_a_rule_is_for_its_cells_and_no_others(places):
    cells = []
    for area, first in _areas(places):
        left, top, right, bottom = range_boundaries(area)
        assert left == right
        assert (left, top) == range_boundaries(first)[:2]
        cells += [(left, row) for row in range(top, bottom + 1)]
    assert sorted(cells) == places


# What is entered, and whether Excel takes it without a warning.
ENTERED = [
    (1234, True),
    (1234.5, True),
    (-5, True),
    ("約88", True),
    ("88以上", True),
    ("88（速報値）", True),
    ("約1,234以上（速報値）※1", True),
    ("未集計", True),
    ("未集計（令和7年12月公表）", True),
    ("調査なし", True),
    ("集計中", True),
    ("△5", True),
    ("88件", True),
    ("（削除）", True),
    ("五つ", False),
    ("5-7", False),
    ("12O", False),
    ("88人", False),
    ("なし", False),
]


@pytest.mark.full
@needs_calc
def test_calc_warns_of_what_is_no_figure(tmp_path):
    """The formula of the warning, computed by Calc for each of the texts."""
    rule = NumberRule("数字を入力します。", (*TEXTS_OF_FIGURES, "（削除）", "*件"))
    sheet = EntrySheet("数値", (BookColumn("値", 12),), [[BookCell(is_open=True, numbers=rule)]])
    book = load_workbook(BytesIO(write(Guide("表", (), ()), [sheet], "")))
    (validation,) = book["数値"].data_validations.dataValidation
    tried = book.create_sheet("試し", 0)
    for number, (value, _) in enumerate(ENTERED, 1):
        tried.cell(number, 1, value)
        tried.cell(number, 2, "=" + validation.formula1.replace("A2", f"A{number}"))
    book.active = 0
    book.save(tmp_path / "tried.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", tmp_path]
    subprocess.run(
        [*command, tmp_path / "tried.xlsx"], check=True, capture_output=True, timeout=180
    )

    with open(tmp_path / "tried.csv", encoding="utf-8") as file:
        taken = [row[1] == "TRUE" for row in csv.reader(file)]

    assert taken == [is_taken for _, is_taken in ENTERED]
