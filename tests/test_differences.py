"""Differences of texts by character, of figures as old → new, and of documents block by block."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.document.strategies import documents
from tokku.differences import (
    PartKind,
    UnchangedLines,
    difference,
    differences_within,
    document_differences,
)
from tokku.document.tree import Cell, Document, Heading, Paragraph, Row, Section, Source, Table

TEXT = st.text(
    alphabet=st.sampled_from("特区評価書第か゚\u3099\U000e0100葛0123,.△\n ab𠮷"), max_size=60
)


def marked(old, new):
    """［－removed］ and ［＋added］ within what stayed the same."""
    marks = {PartKind.SAME: "{}", PartKind.REMOVED: "[-{}]", PartKind.ADDED: "[+{}]"}
    return "".join(marks[part.kind].format(part.text) for part in difference(old, new).parts)


@given(TEXT | st.text(), TEXT | st.text())
def test_old_and_new_text_are_in_the_parts(old, new):
    diff = difference(old, new)
    assert "".join(part.text for part in diff.parts if part.kind != PartKind.ADDED) == old
    assert "".join(part.text for part in diff.parts if part.kind != PartKind.REMOVED) == new
    assert all(part.text for part in diff.parts)
    assert diff.is_change == (old != new) == any(p.kind != PartKind.SAME for p in diff.parts)


@given(TEXT)
def test_same_text_is_no_change(text):
    assert not difference(text, text).is_change


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "新しい", "[+新しい]"),
        ("古い", "", "[-古い]"),
        ("令和5年度の実績", "令和6年度の実績", "令和[-5][+6]年度の実績"),
        # A number is compared as a whole.
        (
            "進捗度 124%、1,234件",
            "進捗度 126%、1,334件",
            "進捗度 [-124][+126]%、[-1,234][+1,334]件",
        ),
        ("会議を開いた。", "会議を2回開いた。", "会議を[+2回]開いた。"),
        ("一行目\n二行目", "一行目\n間の行\n二行目", "一行目\n[+間の行\n]二行目"),
        # A mark is not parted from its letter: 葛 with and without a variation selector.
        ("葛城市", "葛\U000e0100城市", "[-葛][+葛\U000e0100]城市"),
        ("か\u3099", "か", "[-か\u3099][+か]"),
    ],
)
def test_differences_are_by_character(old, new, expected):
    assert marked(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "is_figure"),
    [
        ("8", "12", True),
        ("1,234", "△5.5", True),
        ("", "12", True),
        ("0", "", True),
        ("8", "8", False),
        ("8件", "12件", True),
        ("170億円", "△9.5億円", True),
        ("8件に補助した。", "12件に補助した。", False),
        ("8件", "補助なし", False),
        ("", "", False),
    ],
)
def test_figures_are_compared_as_a_whole(old, new, is_figure):
    assert difference(old, new).is_figure is is_figure


def test_long_texts_with_nothing_in_common_take_no_time():
    start = time.monotonic()
    difference("あいうえお" * 2000, "かきくけこさし" * 2000)
    assert time.monotonic() - start < 2


def document(*blocks):
    return Document((Section(tuple(blocks)),))


def shown(old, new):
    return [
        len(part.lines)
        if isinstance(part, UnchangedLines)
        else (part.kind.value, part.line.place, [marked(c.old, c.new) for c in part.cells])
        for part in document_differences(old, new)
    ]


@given(documents())
def test_document_is_the_same_as_itself(drawn):
    assert all(isinstance(part, UnchangedLines) for part in document_differences(drawn, drawn))


@given(documents(), documents())
def test_both_documents_are_in_the_differences(old, new):
    def words(document):
        return list(document.words())

    parts = document_differences(old, new)
    for number, document in enumerate((old, new)):
        other = (PartKind.ADDED, PartKind.REMOVED)[number]
        cells = []
        for part in parts:
            if isinstance(part, UnchangedLines):
                cells += [cell for line in part.lines for cell in line.cells]
            elif part.kind != other:
                cells += [(cell.old, cell.new)[number] for cell in part.cells]
        assert [line for cell in cells for line in cell.split("\n") if line] == words(document)


def test_changed_paragraph_is_compared_by_character_below_its_heading():
    old = document(Heading("総合評価", level=2), Paragraph("目標を達成した。"), Paragraph("以上"))
    new = document(
        Heading("総合評価", level=2), Paragraph("目標をほぼ達成した。"), Paragraph("以上")
    )
    assert shown(old, new) == [1, ("same", "総合評価", ["目標を[+ほぼ]達成した。"]), 1]


def test_line_that_is_only_in_one_of_them_is_added_or_removed_as_a_whole():
    old = document(Paragraph("一"), Paragraph("二"))
    new = document(Paragraph("一"), Paragraph("別の段落です"), Paragraph("二"))
    assert shown(old, new) == [1, ("added", "", ["[+別の段落です]"]), 1]
    assert shown(new, old) == [1, ("removed", "", ["[-別の段落です]"]), 1]


def test_row_of_a_table_is_compared_cell_by_cell():
    def table(value):
        return document(
            Table((Row((Cell("実績値"), Cell(value, source=Source("target/1-1/2023", "actual")))),))
        )

    assert shown(table("8"), table("12")) == [("same", "", ["実績値", "[-8][+12]"])]


def test_when_the_time_is_over_texts_are_shown_one_in_place_of_the_other():
    assert [part.text for part in differences_within(60)("概要である", "概要でない").parts] == [
        "概要で",
        "ある",
        "ない",
    ]
    without_time = differences_within(0)
    assert [part.text for part in without_time("概要である", "概要でない").parts] == [
        "概要である",
        "概要でない",
    ]
    assert [part.text for part in without_time("", "概要").parts] == ["概要"]
