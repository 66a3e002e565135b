"""Scores: what is one, what is kept of it, and the mean of its parts."""

from decimal import Decimal

import pytest

from evaluations import scores

STORED = {
    "3.95": "3.95",
    "4.0": "4.0",
    "4": "4",
    "0": "0",
    "87.5": "87.5",
    "100": "100",
    " ４．５０ ": "4.50",
    "4.1点": "4.1",
    "　４．１　点": "4.1",
    "Ａ": "Ａ",
    "A": "A",
    " S ": "S",
    "ＡＡ": "ＡＡ",
    "Ａ+": "Ａ+",
    "Ａ＋": "Ａ＋",
    "B－": "B－",
    "b": "b",
    "優": "優",
    "不可": "不可",
}
NONE = [
    *(
        "4 .5",
        "4. 5",
        "4 5",
        "Ａ +",
        "-1",
        "△1",
        "1,234",
        "1e1",
        "04",
        "4.",
        ".5",
        "4..5",
        "4.1234",
    ),
    *(
        "1000",
        "12o",
        "nan",
        "AB",
        "Aa",
        "Ａ点",
        "ＡＡＡＡ",
        "①",
        "½",
        "四",
        "九",
        "該当なし",
        "未定",
    ),
    *("点", "4.5%", "4\u200b.5", "4.1～4.3", "４.１点点"),
]


@pytest.mark.parametrize(("text", "score"), STORED.items())
def test_a_score_keeps_its_digits_and_letters(text, score):
    assert scores.parse_score(text) == score
    assert scores.parse_score(scores.printed_score(score)) == score


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_score_is_refused(text):
    with pytest.raises(ValueError, match="評価点として読み取れません："):
        scores.parse_score(text)
    assert scores.why_no_score(text).startswith(f"「{text}」は評価点として読み取れません。")


def test_the_sentence_says_what_is_hard_to_see():
    assert "数字の間の空白を除いて" in scores.why_no_score("4. 5")
    assert "目に見えない文字" in scores.why_no_score("4\u200b.5")
    assert "Ａや優などの評語" in scores.why_no_score("未定")


@pytest.mark.parametrize(
    ("score", "printed"), [("3.95", "3.95点"), ("4.0", "4.0点"), ("Ａ", "Ａ"), ("優", "優")]
)
def test_points_follow_a_number_alone(score, printed):
    assert scores.printed_score(score) == printed


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("4.5", "4.50", True),
        ("4", "4.0", True),
        ("4.5", "4.6", False),
        ("Ａ+", "A＋", True),
        ("Ａ", "Ａ+", False),
        ("Ａ", "4", False),
        ("優", "良", False),
    ],
)
def test_scores_that_say_the_same(first, second, is_same):
    assert scores.same_score(first, second) == is_same


def parts(line):
    return [tuple(part.split(":")) for part in line.split()]


@pytest.mark.parametrize(
    ("score", "line", "mean"),
    [
        ("4.0", "4.0:1 3.5:1 4.4:1", None),  # 3.966… is 4.0
        ("3.97", "4.0:1 3.5:1 4.4:1", None),
        ("4.1", "4.0:1 3.5:1 4.4:1", Decimal("4.0")),
        ("4.2", "4.0:1 4.0:1 4.4:2", None),
        ("4.1", "4.0:1 4.0:1 4.4:2", Decimal("4.2")),
        ("4.2", "4.0:25 4.0:25 4.4:50", None),
        ("4.1", "4.0:0.5 4.1:0.5", None),  # 4.05, half up
        ("4", "3.5:1", None),
        ("Ａ", "4.0:1", None),
        ("4.1", "Ａ:1 4.0:1", None),
        ("4.1", "", None),
    ],
)
def test_the_mean_of_parts_by_their_weights_is_the_score_to_its_digits(score, line, mean):
    assert scores.differing_mean(score, parts(line)) == mean


@pytest.mark.parametrize(("text", "weight"), [("2", "2"), (" ２ ", "2"), ("33.3", "33.3")])
def test_a_weight_is_kept_as_it_is_entered(text, weight):
    assert scores.parse_weight(text) == weight


@pytest.mark.parametrize("text", ["0", "0.0", "-1", "1:2", "1 2", "Ａ", "", "33%"])
def test_what_is_no_weight_is_refused(text):
    with pytest.raises(ValueError, match="重みとして読み取れません："):
        scores.parse_weight(text)
    assert scores.why_no_weight(text).startswith(f"「{text}」は重みとして")
