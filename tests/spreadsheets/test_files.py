"""Sheets in files: what is written is read again, text stays text, and harm is kept out."""

import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tokku.document.tree import clean_lines
from tokku.figures import Figure
from tokku.spreadsheets import delimited, files, xlsx
from tokku.spreadsheets.sheet import (
    MOST_CHARACTERS,
    MOST_LINES,
    NOT_COMPUTED,
    SheetError,
    UnreadableCell,
)
from tokku.spreadsheets.widgets import FigureWidget

PROSE = st.text(min_size=1).map(clean_lines).filter(bool)
FIGURES = st.decimals(-(10**11), 10**11, places=4, allow_nan=False, allow_infinity=False)
HARMFUL = ["=1+1", "+81-45", "-5", "@SUM(A1)", "'=1", "''x", "＝１＋１", '=HYPERLINK("http://x")']
ESCAPES = ["_x000D_", "a_x0041_b", "_x005F_x000D_", "_x005F_x005F_", "__x0041__x0042_", "_x00_"]


def there_and_back(kind, value):
    written = files.KINDS[kind].write("表", ["列"], [[value]])
    return files.read(f"表.{kind}", written).lines[0].cells[0]


@pytest.mark.parametrize("kind", files.KINDS)
@given(text=st.one_of(PROSE, st.sampled_from(HARMFUL + ESCAPES)))
def test_text_comes_back_as_it_was(kind, text):
    if text.startswith("#"):
        text = f"表{text}"
    assert there_and_back(kind, text) == text


@pytest.mark.parametrize("kind", files.KINDS)
@given(figure=FIGURES)
def test_figures_come_back_as_they_were(kind, figure):
    widget = FigureWidget()
    stated = Figure.of(figure)
    assert widget.clean(there_and_back(kind, widget.render(stated))) == stated


def workbook(*rows, change=lambda sheet: None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("text", HARMFUL)
def test_no_formula_goes_out(text):
    cell = load_workbook(BytesIO(xlsx.write("表", ["列"], [[text]]))).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    # Nor when a person has opened the cell and left it. Full-width Excel takes for no formula.
    assert cell.quotePrefix == (text[0] in "=+-@'")

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
        (100.1 - 100, "0.1"),
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
    assert FigureWidget().clean(cell) == Figure.of(read)


@pytest.mark.parametrize("cell", ["#N/A", "#REF!"])
def test_errors_of_formulas_say_nothing(cell):
    assert isinstance(xlsx.read(workbook(["列"], [cell])).lines[0].cells[0], UnreadableCell)


def with_results(content, *results):
    """The workbook with the stored results of its formulas in their order, as Excel saves them."""
    remaining = iter(results)
    return repacked(
        content,
        lambda part: re.sub(rb"(?<=</f>)<v></v>", lambda match: next(remaining, match[0]), part),
    )


def test_of_a_formula_the_stored_result_is_read_and_its_cell_named():
    def change(sheet):
        sheet["C2"].number_format, sheet["D2"].number_format = "0.0%", "yyyy/m/d"

    formulas = ["=SUM(A1:A9)", '=A1&"者"', "=1/4", "=TODAY()", '=""', "=1/0"]
    content = workbook(["列"] * 6, formulas, change=change)
    results = (b"<v>1234.5</v>", "<v>5者</v>".encode(), b"<v>0.25</v>", b"<v>45383</v>")
    content = with_results(content, *results, b"<v></v>", b"<v>#DIV/0!</v>")
    content = repacked(
        content,
        lambda part: (
            part.replace(b'<c r="B2"', b'<c r="B2" t="str"')
            .replace(b'<c r="E2"', b'<c r="E2" t="str"')
            .replace(b'<c r="F2"', b'<c r="F2" t="e"')
        ),
    )

    sheet = xlsx.read(content)

    *cells, error = sheet.lines[0].cells
    assert cells == ["1234.5", "5者", "25.0", "2024/4/1", ""]
    assert error.text == "#DIV/0!"
    assert dict(sheet.computed_cells()) == {
        "A2": "1234.5",
        "B2": "5者",
        "C2": "25.0",
        "D2": "2024/4/1",
    }


def test_a_formula_whose_result_was_not_stored_is_refused():
    cells = xlsx.read(workbook(["列", "別"], ["値", "=SUM(A1:A9)"])).lines[0].cells
    assert cells == ("値", UnreadableCell(NOT_COMPUTED, "=SUM(A1:A9)"))


def test_cells_without_an_address_are_counted_by_their_place():
    content = with_results(
        workbook(["一", "二"], ["値", "=1+1"], ["=1+2", "=1+3"]), *[b"<v>2</v>"] * 2
    )
    bare = repacked(content, lambda part: re.sub(rb' r="[A-Z]*[0-9]+"', b"", part))
    assert sorted(xlsx.read(bare).computed) == ["A3", "B2", "B3"]
    assert isinstance(xlsx.read(bare).lines[1].cells[1], UnreadableCell)


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        (0.5, "0%", "50"),
        (0.07, "0.00%", "7.00"),
        (0.123456, "0.0%;[Red]-0.0%", "12.3456"),
        (-1, "0%", "-100"),
        (1e-7, "0%", "0.00001"),
        (7_000_000_000, "0%", "700000000000"),
        (0.5, 'General"%"', "0.5"),
        (0.5, "0.0\\%", "0.5"),
        (0.5, '"約"0%', "50"),
        (168_000, "#,##0,", "168"),
        (168_345_678, '#,##0.0,,"百万円";[Red]-#,##0.0,,', "168.345678"),
        (-1500.5, '0,"千円"', "-1.5005"),
        (1234, "#,##0", "1234"),
        (7, "#,##0.0", "7.0"),
        (7.25, "0.0", "7.25"),
        (1234, '#,##0","', "1234"),
    ],
)
def test_a_percentage_and_thousands_are_read_as_people_see_them(value, number_format, read):
    def change(sheet):
        sheet["A2"].number_format = number_format

    assert xlsx.read(workbook(["列"], [value], change=change)).lines[0].cells == (read,)


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("一_x000D__x000A_二", "一\n二"),
        ("_x3042_", "あ"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x00g0_", "_x00g0_"),
        ("値_x0000_と_xD800_", "値と"),
    ],
)
def test_escapes_of_excel_are_the_characters_that_they_name(stored, read):
    assert xlsx.read(workbook(["列"], [stored])).lines[0].cells == (read,)


def test_readings_that_a_japanese_keyboard_leaves_are_no_text():
    """Excel keeps how kanji were typed (ふりがな) beside them."""
    content = workbook(["列"], ["東京"])
    reading = '<rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>'
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/sharedStrings.xml":
                assert "<t>東京</t></si>".encode() in text
                text = text.replace(b"</si>", reading.encode())
            new.writestr(part, text)

    assert xlsx.read(written.getvalue()).lines[0].cells == ("東京",)


def test_hidden_sheets_are_passed_over_and_the_one_that_is_read_is_named():
    def change(sheet):
        sheet.title = "実績"
        sheet.parent.create_sheet("作業", 0).append(["列"])
        sheet.parent.create_sheet("別の作業", 0).append(["列"])
        sheet.parent["作業"].sheet_state = "hidden"
        sheet.parent["別の作業"].sheet_state = "veryHidden"
        sheet.parent.create_sheet("後").append(["列"])
        sheet.parent.active = sheet

    sheet_read = xlsx.read(workbook(["列"], ["値"], change=change))

    assert sheet_read.lines[0].cells == ("値",)
    assert sheet_read.notices == ("シート「実績」を読み込みました。",)


def test_hidden_rows_are_read_and_counted():
    def change(sheet):
        for number in (1, 3, 4, 5):
            sheet.row_dimensions[number].hidden = True

    sheet_read = xlsx.read(workbook(["列"], ["一"], ["二"], [None], ["三"], change=change))

    assert [line.cells for line in sheet_read.lines] == [("一",), ("二",), ("三",)]
    assert sheet_read.notices[1] == "非表示の行（絞り込みで隠れた行を含む）も読み込みました：2行"


def test_merged_cells_are_refused():
    def change(sheet):
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("B4:D4")
        sheet.merge_cells("A6:Z99")

    rows = (
        ["一", "二", "三"],
        ["a", "b", "c"],
        ["d", None, "f"],
        ["g", "h", None],
        ["i", "j", "k"],
    )
    sheet_read = xlsx.read(workbook(*rows, change=change))

    assert [
        "".join("x" if isinstance(cell, UnreadableCell) else cell for cell in line.cells)
        for line in sheet_read.lines
    ] == ["axc", "dxf", "gxx", "ijk"]
    assert "結合されたセル" in sheet_read.lines[0].cells[1].reason


@pytest.mark.parametrize(("mark", "name"), [("\t", "タブ"), (";", "セミコロン")])
def test_another_separator_is_named(mark, name):
    with pytest.raises(SheetError, match=f"{name}で区切られています。カンマで"):
        delimited.read(f"特区{mark}年度\nkeihin{mark}2,023\n".encode())


def test_dates_and_truth_are_read_as_people_see_them():
    sheet = xlsx.read(workbook(["一", "二", "三"], [True, False, date(2024, 4, 1)]))
    assert sheet.lines[0].cells == ("はい", "いいえ", "2024-04-01")


def test_lines_are_numbered_as_in_the_spreadsheet_and_blank_ones_left_out():
    sheet = xlsx.read(workbook(["列", "別"], ["一"], [None, None], [" ", None], ["二", "三", "外"]))
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (2, ("一", "", "")),
        (5, ("二", "三", "外")),
    ]
    assert sheet.columns == ("列", "別", "")


def test_a_text_longer_than_a_cell_of_excel_is_not_cut():
    with pytest.raises(SheetError, match="CSVで書き出してください"):
        xlsx.write("表", ["列"], [["長" * 32_768]])


def test_a_sheet_with_too_much_text_is_refused():
    part = "長" * (MOST_CHARACTERS // 20 + 1)
    with pytest.raises(SheetError, match="表が大きすぎます"):
        delimited.read("\n".join(["列", *[part] * 20]).encode())


def repacked(content, change, styles=lambda part: part):
    """The workbook with its sheets changed by `change`, and its styles by `styles`."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(changed, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            part = change(part) if name.startswith("xl/worksheets/sheet") else part
            new.writestr(name, styles(part) if name.endswith("styles.xml") else part)
    return changed.getvalue()


def test_entities_are_not_followed():
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = repacked(
        workbook(["列"], ["値"]), lambda part: part.replace(b"<worksheet", declared + b"<worksheet")
    )
    with pytest.raises(SheetError, match="DOCTYPE"):
        xlsx.read(bomb)


@pytest.mark.parametrize(
    "padding",
    [b" " * 21 * 1024**2, b"<row><c/></row>" * 400_000],
    ids=["characters", "empty cells"],
)
def test_what_unpacks_to_too_much_is_not_unpacked(padding):
    bomb = repacked(
        workbook(["列"], ["値"]),
        lambda part: part.replace(b"</sheetData>", padding + b"</sheetData>"),
    )
    assert len(bomb) < 100 * 1024
    with pytest.raises(SheetError, match="ブックが大きすぎます"):
        xlsx.read(bomb)


def test_as_many_lines_as_may_come_at_once_are_read():
    row = ["長い文章" * 40, *[f"値{place}" for place in range(14)], *range(5)]
    rows = [[f"{number}", *row] for number in range(MOST_LINES)]
    written = xlsx.write("表", [f"列{place}" for place in range(21)], rows)

    assert len(xlsx.read(written).lines) == MOST_LINES


@given(content=st.binary())
def test_whatever_is_sent_nothing_breaks(content):
    for name in ("表.xlsx", "表.csv"):
        try:
            files.read(name, content)
        except SheetError:
            continue
