"""Sheets in files: what is written is read again, text stays text, and harm is kept out."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tokku.document.tree import clean_lines
from tokku.spreadsheets import delimited, files, xlsx
from tokku.spreadsheets.sheet import MOST_CHARACTERS, Refused, SheetError
from tokku.spreadsheets.widgets import Figure

PROSE = st.text(min_size=1).map(clean_lines).filter(bool)
FIGURES = st.decimals(-(10**11), 10**11, places=4, allow_nan=False, allow_infinity=False)
HARMFUL = ["=1+1", "+81-45", "-5", "@SUM(A1)", "'=1", "''x", "＝１＋１", '=HYPERLINK("http://x")']


def there_and_back(kind, value):
    written = files.KINDS[kind].write("表", ["列"], [[value]])
    return files.read(f"表.{kind}", written).lines[0].cells[0]


@pytest.mark.parametrize("kind", files.KINDS)
@given(text=st.one_of(PROSE, st.sampled_from(HARMFUL)))
def test_text_comes_back_as_it_was(kind, text):
    if text.startswith("#"):
        text = f"表{text}"
    assert there_and_back(kind, text) == text


@pytest.mark.parametrize("kind", files.KINDS)
@given(figure=FIGURES)
def test_figures_come_back_as_they_were(kind, figure):
    widget = Figure()
    assert widget.clean(there_and_back(kind, widget.render(figure))) == figure


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("text", HARMFUL)
def test_no_formula_goes_out(text):
    cell = load_workbook(BytesIO(xlsx.write("表", ["列"], [[text]]))).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text)

    line = delimited.write("表", ["列"], [[text]]).decode("utf-8-sig").splitlines()[1]
    assert line.strip('"')[0] not in "=+-@＝＋－＠"


def test_numbers_are_numbers_to_excel_and_the_sheet_is_ready_for_work():
    sheet = load_workbook(
        BytesIO(xlsx.write("実績値", ["名称", "実績値"], [["目標", Decimal("1234.5")], ["別", 5]]))
    ).active

    assert (sheet["B2"].data_type, sheet["B2"].number_format) == ("n", "#,##0.0")
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("実績値", "A2", "A1:B3")
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["B"].width < sheet.column_dimensions["A"].width + 10


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0.1 + 0.2, "0.3"),
        (0.6000000000000001, "0.6"),
        (1234567.1000000001, "1234567.1"),
        (5.0, "5"),
        (-12.5, "-12.5"),
        ("１，２３４．５", "1234.5"),
        ("△5", "-5"),
        (33.3333, "33.3333"),
    ],
)
def test_figures_of_excel_lose_their_noise(value, read):
    cell = xlsx.read(workbook(["実績値"], [value])).lines[0].cells[0]
    assert Figure().clean(cell) == Decimal(read)


@pytest.mark.parametrize("cell", ["=1+1", "=SUM(A1:A9)", "#N/A", "#REF!"])
def test_formulas_and_their_errors_say_nothing(cell):
    assert isinstance(xlsx.read(workbook(["列"], [cell])).lines[0].cells[0], Refused)


def test_dates_and_truth_are_read_as_people_see_them():
    read = xlsx.read(workbook(["一", "二", "三"], [True, False, date(2024, 4, 1)]))
    assert read.lines[0].cells == ("はい", "いいえ", "2024-04-01")


def test_lines_are_numbered_as_in_the_spreadsheet_and_blank_ones_left_out():
    read = xlsx.read(workbook(["列", "別"], ["一"], [None, None], [" ", None], ["二", "三", "外"]))
    assert [(line.number, line.cells) for line in read.lines] == [
        (2, ("一", "", "")),
        (5, ("二", "三", "外")),
    ]
    assert read.columns == ("列", "別", "")


def test_a_text_longer_than_a_cell_of_excel_is_not_cut():
    with pytest.raises(SheetError, match="CSVで書き出してください"):
        xlsx.write("表", ["列"], [["長" * 32_768]])


def test_a_sheet_with_too_much_text_is_refused():
    part = "長" * (MOST_CHARACTERS // 20 + 1)
    with pytest.raises(SheetError, match="表が大きすぎます"):
        delimited.read("\n".join(["列", *[part] * 20]).encode())


def repacked(content, change):
    """The workbook with its sheet changed by `change`."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(changed, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name.endswith("sheet1.xml") else part)
    return changed.getvalue()


def test_entities_are_not_followed():
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = repacked(
        workbook(["列"], ["値"]), lambda part: part.replace(b"<worksheet", declared + b"<worksheet")
    )
    with pytest.raises(SheetError, match="DOCTYPE"):
        xlsx.read(bomb)


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    bomb = repacked(workbook(["列"], ["値"]), lambda part: part + b" " * (101 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    with pytest.raises(SheetError, match="ブックが大きすぎます"):
        xlsx.read(bomb)


@given(content=st.binary())
def test_whatever_is_sent_nothing_breaks(content):
    for name in ("表.xlsx", "表.csv"):
        try:
            files.read(name, content)
        except SheetError:
            continue
