import unicodedata
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given

from tests.document.strategies import LINE_BREAKING, any_text, tables
from tokku.document.tree import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    CellRole,
    Document,
    Heading,
    ListItem,
    Note,
    Orientation,
    Paragraph,
    Row,
    Section,
    Source,
    Table,
    clean_line,
    clean_lines,
)


def table(*rows):
    """A table of cells given as (colspan, rowspan)."""
    return Table(
        tuple(Row(tuple(Cell("x", CellRole.TEXT, *spans) for spans in row)) for row in rows)
    )


# Clean text


@given(any_text())
def test_any_text_becomes_a_line_that_the_tree_takes(text):
    line = clean_line(text)
    assert clean_line(line) == line
    if line:
        assert Paragraph(line).text == line
        assert Source(line, line) == Source(line, line)
    line.encode()  # No surrogate is left.
    assert len(line.splitlines()) <= 1


@given(any_text())
def test_any_text_becomes_lines_that_a_cell_takes(text):
    cell = Cell(clean_lines(text))
    assert clean_lines(cell.text) == cell.text
    assert cell.text.splitlines() == ([] if not cell.text else cell.text.split("\n"))


def is_unprintable(character):
    """A control, a surrogate, a line separator, a byte order mark or a noncharacter."""
    code = ord(character)
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or code == 0xFEFF
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )


@given(any_text())
def test_cleaning_loses_no_word(text):
    words = "".join(" " if is_unprintable(character) else character for character in text).split()
    assert clean_line(text).split() == words
    assert clean_lines(text).split() == words


def test_cleaning_keeps_white_space_within():
    assert clean_line(" 前　　後\t末\x00") == "前　　後 末"
    assert clean_lines("\n 一\r\n\r\n二 \u2028三\r　四\v\f五\x85\x00\n六\u2029") == (
        "一\n二\n三\n四\n五\n六"
    )


@pytest.mark.parametrize("kind", [Heading, Paragraph, ListItem, Note])
@pytest.mark.parametrize(
    "text", ["", " ", "　", " 前", "後　", "二\n行", *(f"前{c}後" for c in LINE_BREAKING)]
)
def test_a_line_that_is_not_clean_is_refused(kind, text):
    with pytest.raises(ValueError, match="not a clean line"):
        kind(text)


@pytest.mark.parametrize("text", [" ", "一\n", "\n一", "一\n\n二", "一\n 二", "一\r\n二", "前\t後"])
def test_a_cell_that_is_not_clean_is_refused(text):
    with pytest.raises(ValueError, match="not clean lines"):
        Cell(text)


def test_provenance_and_labels_are_clean_too():
    for record, field in [("", "name"), ("target/1", ""), ("target/1", "na\nme"), ("\ud800", "a")]:
        with pytest.raises(ValueError, match="not a clean line"):
            Source(record, field)
    with pytest.raises(ValueError, match="not a clean line"):
        Section((Paragraph("本文"),), label="別紙\n1")


# Shapes


@pytest.mark.parametrize("level", [0, -1, 7])
def test_headings_have_six_levels(level):
    with pytest.raises(ValueError, match="heading level"):
        Heading("見出し", level=level)


def test_nothing_is_empty():
    with pytest.raises(ValueError, match="at least one section"):
        Document(())
    with pytest.raises(ValueError, match="at least one block"):
        Section(())
    for rows in [(), (Row(()),), (Row(()), Row((Cell("x"),)))]:
        with pytest.raises(ValueError, match="at least one cell"):
            Table(rows)


@pytest.mark.parametrize("spans", [(0, 1), (1, 0), (-1, 1), (1, -1)])
def test_a_cell_has_a_size(spans):
    with pytest.raises(ValueError, match="at least one column and one row"):
        Cell("x", CellRole.TEXT, *spans)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param([[(1, 1), (1, 1)], [(1, 1)]], "too short", id="row short"),
        pytest.param([[(1, 1), (1, 1)], []], "too short", id="row empty"),
        pytest.param([[(1, 2), (1, 1)], []], "too short", id="row half covered"),
        pytest.param([[(1, 1)], [(1, 1), (1, 1)]], "reaches beyond", id="row long"),
        pytest.param([[(1, 1), (1, 1)], [(3, 1)]], "reaches beyond", id="too wide"),
        pytest.param([[(1, 2)]], "reaches beyond", id="too high"),
        pytest.param([[(1, 1)], [(1, 2)]], "reaches beyond", id="too high from below"),
        pytest.param([[(1, 10**9)]], "reaches beyond", id="far too high"),
        pytest.param([[(1, 1), (1, 2), (1, 1)], [(3, 1)]], "overlap", id="overlap"),
        pytest.param([[(1, 1), (1, 2)], [(2, 1)]], "overlap", id="overlap at the end"),
        pytest.param([[(10**9, 1)]], "too large", id="far too wide"),
        pytest.param([[(10**30, 1)]], "too large", id="wider than memory"),
        pytest.param([[(MOST_COLUMNS, 1), (1, 1)]], "too large", id="a column too many"),
        pytest.param([[(1, 1)]] * (MOST_ROWS + 1), "too large", id="a row too many"),
    ],
)
def test_cells_that_fill_no_rectangle_are_refused(rows, reason):
    with pytest.raises(ValueError, match=reason):
        table(*rows)


def test_the_largest_table_is_taken():
    grid = table([(MOST_COLUMNS, MOST_ROWS)], *[[]] * (MOST_ROWS - 1)).grid()
    assert grid[-1][-1] is grid[0][0]


@pytest.mark.parametrize("widths", [(1,), (1, 1, 1), (0, 1), (1, -1)])
def test_widths_that_are_not_those_of_the_columns_are_refused(widths):
    with pytest.raises(ValueError, match="widths"):
        Table((Row((Cell("x", colspan=2),)),), widths)


@given(tables(most=6))
def test_each_place_is_covered_by_the_cell_that_reaches_there(drawn):
    grid = drawn.grid()
    for r, row in enumerate(grid):
        for c, (cell, top, left) in enumerate(row):
            assert top <= r < top + cell.rowspan
            assert left <= c < left + cell.colspan
            assert grid[top][left].cell is cell
    corners = [
        place.cell
        for r, row in enumerate(grid)
        for c, place in enumerate(row)
        if place[1:] == (r, c)
    ]
    cells = [cell for row in drawn.rows for cell in row.cells]
    assert list(map(id, corners)) == list(map(id, cells))
    assert sum(cell.colspan * cell.rowspan for cell in cells) == len(grid) * len(grid[0])


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (["HH", "TF"], 1),
        (["HH", "HH", "TT"], 2),
        (["HT", "HT"], 0),
        (["TT", "HH"], 0),
        (["HH"], 0),  # Labels of nothing.
        (["HH", "HH"], 0),
        (["HH", "TT", "HH", "TT"], 1),
    ],
)
def test_rows_of_labels_at_the_top_are_the_header(rows, count):
    roles = {"H": CellRole.HEADER, "T": CellRole.TEXT, "F": CellRole.FIGURE}
    drawn = Table(tuple(Row(tuple(Cell("x", roles[letter]) for letter in row)) for row in rows))
    assert drawn.header_rows == count


def test_a_label_that_reaches_down_is_no_header_row():
    top = Row((Cell("x", CellRole.HEADER, 1, 2), Cell("x", CellRole.HEADER)))
    assert Table((top, Row((Cell("x"),)))).header_rows == 0


# Documents


def test_words_and_title_come_in_order():
    cells = Row((Cell("三\n四", CellRole.HEADER), Cell(""), Cell("五", CellRole.FIGURE)))
    body = Section((Paragraph("一"), Heading("二", level=3), Table((cells,))))
    document = Document((body, Section((ListItem("・六"), Note("※七"), Heading("八")))))
    assert list(document.words()) == ["一", "二", "三", "四", "五", "・六", "※七", "八"]
    assert document.title == "二"
    assert Document((Section((Paragraph("一"),)),)).title == "一"
    assert Document((Section((Table((Row((Cell(),)),)),)),)).title == ""


@pytest.mark.parametrize("kind", [Heading, Paragraph, ListItem, Note])
def test_where_words_come_from_is_not_compared(kind):
    block = kind("本文", source=Source("zone/keihin", "name"), line=5)
    assert block == kind("本文")
    assert hash(block) == hash(kind("本文"))
    with pytest.raises(FrozenInstanceError):
        block.text = "別"


def test_layout_is_not_compared():
    def document(label="", source=None, line=None, widths=()):
        row = Row((Cell("甲", source=source), Cell("乙")), line=line)
        return Document((Section((Table((row,), widths),), label=label),))

    assert document("別紙1", Source("zone/keihin", "name"), 5, (1, 2)) == document()


def test_what_is_printed_is_compared():
    assert Heading("本文") != Heading("本文", level=2)
    assert len({Heading("本文"), Paragraph("本文"), ListItem("本文"), Note("本文")}) == 4
    assert Cell("5", CellRole.FIGURE) != Cell("5")
    assert Section((Note("※"),), Orientation.LANDSCAPE) != Section((Note("※"),))
