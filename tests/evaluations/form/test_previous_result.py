"""2④ 前年度の評価結果: the score as documents print it, and what stands beside it."""

import re

import pytest

from evaluations.form import UnreadableForm, compose, interpret
from tests import factories
from tests.evaluations.checks.changes import with_body
from tokku.document import text

PLAIN = "国際戦略総合特区 4.5点\n\n・着実である。"
AREA = "（分野の平均 3.9点）"
# What stands in 2④, the score, the remarks, and the words that a person is told of.
CASES = {
    "plain": (PLAIN, "4.5", ["着実である。"], []),
    "digits": ("国際戦略総合特区 3.95点", "3.95", [], []),
    "zeros": ("国際戦略総合特区 4.50点", "4.50", [], []),
    "a space before 点": ("国際戦略総合特区　4.1 点", "4.1", [], []),
    "full width": ("国際戦略総合特区　４．１点", "4.1", [], []),
    "a colon": ("国際戦略総合特区：4.1点", "4.1", [], []),
    "no 点": ("国際戦略総合特区 4.1", "4.1", [], []),
    "a letter": ("国際戦略総合特区 Ａ", "Ａ", [], []),
    "a letter with a sign": ("国際戦略総合特区 Ａ+", "Ａ+", [], []),
    "a word": ("国際戦略総合特区 優", "優", [], []),
    "the mean of the field": (
        f"国際戦略総合特区 4.1点{AREA}\n\n・着実である。",
        "4.1",
        [AREA, "着実である。"],
        [f"「{AREA}」は、専門家所見に入れました"],
    ),
    "the best score": (
        "国際戦略総合特区 4.1点／5点満点",
        "4.1",
        ["／5点満点"],
        ["「／5点満点」は、専門家所見に入れました"],
    ),
    "another name": (
        "総合評価 4.1点\n\n・着実である。",
        "4.1",
        ["着実である。"],
        ["「総合評価 4.1点」を、前年度の評価点4.1点として読み取りました"],
    ),
    "no name": ("4.1点", "4.1", [], ["「4.1点」を、前年度の評価点4.1点として"]),
    "parts": (
        "国際戦略総合特区 4.1点\n\n地域の評価 4.0点\n\n国の評価 4.2点\n\n・着実である。",
        "4.1",
        ["地域の評価 4.0点", "国の評価 4.2点", "着実である。"],
        ["「地域の評価 4.0点」は、専門家所見に", "「国の評価 4.2点」は、専門家所見に"],
    ),
    "parts above": (
        "地域の評価 4.0点\n\n国際戦略総合特区 4.1点",
        "4.1",
        ["地域の評価 4.0点"],
        ["「地域の評価 4.0点」は、専門家所見に"],
    ),
    "parts alone": (
        "地域の評価 4.0点\n\n国の評価 4.2点",
        None,
        ["地域の評価 4.0点", "国の評価 4.2点"],
        ["「地域の評価 4.0点」は", "「国の評価 4.2点」は"],
    ),
    "two wholes": (
        "総合評価 4.0点\n\n評価点 4.2点",
        None,
        ["総合評価 4.0点", "評価点 4.2点"],
        ["「総合評価 4.0点」は", "「評価点 4.2点」は"],
    ),
    "a zone of the other kind": (
        "地域活性化総合特区 4.1点",
        None,
        ["地域活性化総合特区 4.1点"],
        ["「地域活性化総合特区 4.1点」は、専門家所見に"],
    ),
    "the name alone": (
        "国際戦略総合特区",
        None,
        ["国際戦略総合特区"],
        ["「国際戦略総合特区」は、専門家所見に"],
    ),
    "the best score in front": (
        "評価 5点満点中4.1点",
        None,
        ["評価 5点満点中4.1点"],
        ["「評価 5点満点中4.1点」は、専門家所見に"],
    ),
    "a remark with a score": (
        "国際戦略総合特区 4.1点\n\n・分野の平均は3.9点",
        "4.1",
        ["分野の平均は3.9点"],
        [],
    ),
    "none": ("該当なし", None, [], []),
    "remarks alone": (
        "・着実である。\n\n・評価は4.1点である。",
        None,
        ["着実である。", "評価は4.1点である。"],
        [],
    ),
}


def exported(**texts):
    return text.write(compose(with_body(factories.contents(), **texts)))


def read(printed):
    start, mark, end = exported(previous_score="4.5").partition("国際戦略総合特区 4.5点")
    assert mark
    return interpret(text.read(start + printed.replace("\n\n", "\n\n\u3000") + end))


@pytest.mark.parametrize("case", CASES)
def test_the_score_is_read_and_what_stands_beside_it_is_kept_and_told(case):
    printed, score, remarks, told = CASES[case]
    reading = read(printed)

    texts = reading.contents.texts
    assert (texts.previous_score, texts.previous_remarks.split("\n")) == (score, remarks or [""])
    notices = [problem for problem in reading.notices if "前年度の評価" in problem.sentence]
    assert len(notices) == len(told)
    for problem, words in zip(notices, told, strict=True):
        assert words in problem.sentence
        assert problem.line
    assert not [problem for problem in reading.unplaced if problem.line]


@pytest.mark.parametrize("case", CASES)
def test_what_was_read_is_printed_and_read_again(case):
    texts = read(CASES[case][0]).contents.texts
    values = {name: getattr(texts, name) for name in ("previous_score", "previous_remarks")}
    again = interpret(text.read(exported(**values)))
    assert again.contents.texts == texts


@pytest.mark.parametrize(
    "printed", ["4..5点", "4.5.1点", "5点満点中4.1点", "4.1～4.3点", "-4点", "4点5"]
)
def test_a_line_of_the_score_that_cannot_be_understood_is_refused_with_its_line(printed):
    sentence = rf"\d+行目：評価点として読み取れません：{re.escape(printed)}"
    with pytest.raises(UnreadableForm, match=sentence):
        read(f"国際戦略総合特区 {printed}")


@pytest.mark.parametrize(
    "score", ["4", "4.0", "3.95", "4.50", "Ａ", "A", "Ａ+", "ＡＡ", "優", "不可"]
)
def test_every_score_comes_back_to_the_letter(score):
    printed = exported(previous_score=score)
    assert f"国際戦略総合特区 {score}{'点' if score[0].isdigit() else ''}\n" in printed
    assert interpret(text.read(printed)).contents.texts.previous_score == score
