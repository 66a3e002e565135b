"""Spaces, brackets, widths, units."""

import pytest

from evaluations.checks.wording import typography
from tests.evaluations.checks.pictures import found_by, saying


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("AI Chatbotを使う。LIP.港湾 海外展開支援を、港湾ホール 夏の催し", 0),
        ("企業 が増えた。", 1),
        ("企業 、大学", 1),
        ("「 企業」", 1),
        ("10 件である。", 1),
        ("10　件である。", 1),
    ],
)
def test_spaces(text, count):
    assert len(found_by(typography.spaces, saying("overall", text))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("（1）企業（「港」の会員に限る。）、1) 大学", 1),
        ("1) 企業、2) 大学", 0),
        ("ア）企業を、\nイ）大学を", 0),
        ("＜対象＞企業。5<6である。", 0),
        ("企業（大学", 1),
        ("企業大学）", 1),
        ("「企業（大学」）", 2),
        ("「企業』を", 2),
    ],
)
def test_brackets(text, count):
    assert len(found_by(typography.brackets, saying("overall", text))) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [("（企業）と(大学)", []), ("（企業)と", ["（企業)"]), ("(企業）と", ["(企業）"])],
)
def test_bracket_of_two_widths(text, words):
    assert found_by(typography.bracket_widths, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"), [("16件と１６件", []), ("1６件", ["1６"]), ("１,000人", ["１,000"])]
)
def test_number_of_two_widths(text, words):
    assert found_by(typography.number_widths, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("16件と8件", []), ("168件と８件", ["８"]), ("１６８件と8件", ["8"]), ("１６件と８件", [])],
)
def test_letters_as_wide_as_most(text, words):
    assert found_by(typography.letter_widths, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("6か月と3か所", []), ("6か月と3ヶ所", ["3ヶ所"]), ("6ヶ月と3ヶ所", []), ("6か月と箇所", [])],
)
def test_counters(text, words):
    assert found_by(typography.counters, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3億円と5,000万円", []),
        ("120百万円と80百万円", []),
        ("3億円と120百万円", ["百万円"]),
    ],
)
def test_units_of_money(text, words):
    assert found_by(typography.money_units, saying("overall", text)) == words
