import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.document.strategies import any_text, documents, squeezed
from tests.examples import share
from tokku.document import text
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
    Table,
    clean_line,
)

# Bits of which the format is made, well and badly put together.
PIECES = ["\n", "\n\n", "\t", "\f", "\f ", "\r\n", "\r", "\ufeff", "\x00", "\x85", "\u2028"] + [
    *("\u3000\t", "\n\u3000\t", " ", "  ", "\u3000", "\u3000\u3000", "\u3000\u3000\u3000"),
    *("あ", "1 見出し", "・", "※", "\t\u3000\t", "\t\u3000\u3000\t", "x"),
]
HEADER, FIGURE = CellRole.HEADER, CellRole.FIGURE


def outcome(raw):
    """The document or the refusal."""
    try:
        return text.read(raw), ""
    except ValueError as error:
        return None, str(error)


def blocks(raw):
    return [block for section in text.read(raw).sections for block in section.blocks]


@settings(max_examples=share(150), deadline=None)
@given(documents())
def test_what_is_written_is_read_again(document):
    assert text.read(text.write(document)) == document


@settings(max_examples=share(50), deadline=None)
@given(documents())
def test_words_are_those_of_the_document(document):
    assert squeezed(text.write(document)) == squeezed(document.words())


@settings(max_examples=share(50), deadline=None)
@given(documents())
def test_windows_line_ends_and_byte_order_mark_change_nothing(document):
    raw = text.write(document)
    assert text.read("\ufeff" + raw.replace("\n", "\r\n")) == document


@settings(max_examples=share(50), deadline=None)
@given(documents(), st.integers(0, 3))
def test_blocks_and_rows_know_their_lines(document, above):
    raw = "\n" * above + text.write(document)
    for block in blocks(raw):
        lines = block.rows if isinstance(block, Table) else [block]
        for line in lines:
            words = [cell.text for cell in line.cells] if isinstance(line, Row) else [line.text]
            for word in words[:1]:
                assert word.split("\n")[0] in raw.split("\n")[line.line - 1]


def test_the_format_reads_like_the_printed_form():
    table = Table(
        (
            Row((Cell("", HEADER, 2), Cell("令和4年度", HEADER), Cell("令和5年度", HEADER))),
            Row(
                (Cell("投資額\n580億円", HEADER, 1, 2), Cell("目標値", HEADER), Cell("", FIGURE, 2))
            ),
            Row((Cell("実績値", HEADER), Cell("216億円", FIGURE), Cell("記述"))),
        )
    )
    body = Section(
        (Heading("評価書"), Heading("概要", level=3), Paragraph("本文"), ListItem("・項目"))
    )
    sheet = Section((table, Note("※注")), Orientation.LANDSCAPE)
    document = Document((body, sheet, Section((Paragraph("末尾"),))))
    expected = (
        " 評価書\n\n   概要\n\n\u3000本文\n\n\u3000\u3000・項目\n\n"
        "\f \n\n"
        "\u3000\t \t\u3000\u3000\t 令和4年度\t 令和5年度\n"
        "\u3000\t 投資額\n580億円\t 目標値\t  \t\u3000\u3000\n"
        "\u3000\t\u3000\t 実績値\t  216億円\t記述\n\n"
        "\u3000\u3000\u3000※注\n\n"
        "\f\n\n"
        "\u3000末尾\n"
    )
    assert text.write(document) == expected
    assert text.read(expected) == document


def test_a_cell_that_reaches_both_ways_is_written_once():
    raw = "\u3000\ta\t\u3000\u3000\tb\n\u3000\t\u3000\t\u3000\tc\n"
    table = Table((Row((Cell("a", CellRole.TEXT, 2, 2), Cell("b"))), Row((Cell("c"),))))
    assert blocks(raw) == [table]
    assert text.write(text.read(raw)) == raw


def test_text_of_another_program_becomes_paragraphs_and_tables():
    raw = "1 概要\n本文 <b>\n\n事業\t概要\t実績\n甲\t乙\n\t\n後\n        深い字下げ"
    assert blocks(raw) == [
        Paragraph("1 概要"),
        Paragraph("本文 <b>"),
        Table(
            (
                Row((Cell("事業"), Cell("概要"), Cell("実績"))),
                Row((Cell("甲"), Cell("乙", colspan=2))),
                Row((Cell(""), Cell("", colspan=2))),
            )
        ),
        Paragraph("後"),
        Paragraph("深い字下げ"),
    ]


# Refusals


@settings(max_examples=share(500), deadline=None)
@given(any_text() | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example("")
@example("\ufeff\ufeff")
@example("\v\x00")
@example("\f \n\f")
@example("\u3000\t\u3000")
@example("\u3000\t\u3000\u3000\t")
@example("\u3000\ta\tb\n\u3000\t\u3000\u3000\t\u3000")
def test_any_text_is_a_document_or_refused_in_japanese(raw):
    document, refusal = outcome(raw)
    if refusal:
        reasons = (
            "中身がありません。",
            r"\d+行目から始まる表の列がそろっていないか、表が大きすぎます。",
        )
        assert re.fullmatch("|".join(reasons), refusal)
        assert "\u3000\t" in raw or not squeezed(clean_line(raw))
    else:
        assert squeezed(document.words()) == squeezed(clean_line(raw))
        assert text.read(text.write(document)) == document


@settings(max_examples=share(100), deadline=None)
@given(documents(), st.data())
def test_a_damaged_text_is_a_document_or_refused_in_japanese(document, data):
    raw = text.write(document)
    start = data.draw(st.integers(0, len(raw)))
    cut = data.draw(st.integers(0, 3))
    damaged = raw[:start] + data.draw(st.sampled_from(["", *PIECES])) + raw[start + cut :]
    again, refusal = outcome(damaged)
    if refusal:
        assert re.search("[ぁ-ん]。$", refusal)
    else:
        assert squeezed(again.words()) == squeezed(clean_line(damaged))


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("前\n\n" + "\t" * (MOST_COLUMNS + 1), "3行目：表の列が多すぎます。"),
        ("前\n\n\f\n\u3000\ta\n" + "\t" * 201, "5行目：表の列が多すぎます。"),
        ("前\r\n\r\n" + "\t" * MOST_COLUMNS + "\r\n", "3行目から始まる表が大きすぎます。"),
        ("前\n" + "a\tb\n" * (MOST_ROWS + 1), "2行目から始まる表が大きすぎます。"),
        ("前\n\n\u3000\ta\tb\n\u3000\tc", "3行目から始まる表の列がそろっていない"),
        ("前\n\n\u3000\ta\n\u3000\tb\tc", "3行目から始まる表の列がそろっていない"),
        ("前\n\n\u3000\t\u3000\n\u3000\tb", "3行目から始まる表の列がそろっていない"),
        ("前\n\n\u3000\ta\n" + ("\t" * 200 + "\n") * 6, "表が大きすぎます。"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_line(raw, line):
    with pytest.raises(ValueError, match=line):
        text.read(raw)


def test_the_widest_table_is_read():
    (table,) = blocks("\t" * (MOST_COLUMNS - 1) + "x")
    assert len(table.grid()[0]) == MOST_COLUMNS
    assert blocks(text.write(Document((Section((table,)),)))) == [table]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("\u3000\ta\n" + "0123456789\n" * 200_000, id="lines in a cell"),
        pytest.param("\u3000\ta\n" * 20_000, id="rows"),
        pytest.param("\u3000\ta\n" + "\u3000\t\u3000\n" * 20_000, id="a cell over many rows"),
        pytest.param("\u3000\t" + ("a\t" * 199 + "\n") * 500, id="columns"),
        pytest.param("a\tb\n" * 20_000 + "\t" * 199, id="rough rows"),
        pytest.param("\n\f \n" * 30_000 + "a", id="sections"),
        pytest.param("\u3000" * 1_000_000 + "a", id="white space"),
        pytest.param(" " * 6 + "a" * 1_000_000 + " " * 1_000_000 + "b", id="a long line"),
    ],
)
def test_large_texts_take_no_more_than_their_share_of_time(raw):
    began = time.process_time()
    _, refusal = outcome(raw)
    assert not refusal or refusal.endswith("表が大きすぎます。")
    assert time.process_time() - began < 5
