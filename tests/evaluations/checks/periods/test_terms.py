"""前年度 and 本年度, spans of years, and the term of the plan (令和4 to 令和8年度)."""

from dataclasses import replace

import pytest

from evaluations.checks import Picture
from evaluations.checks.periods import terms
from tests.evaluations.checks.pictures import edited, found_by, of_sample, saying


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("前年度（令和3年度）から増えた。", ["前年度（令和3年度"]),
        ("本年度（令和4年度）は増えた。", ["本年度（令和4年度"]),
        ("令和4年度（本年度）は増えた。", ["令和4年度（本年度"]),
        ("次年度である令和5年度に進める。", ["次年度である令和5年度"]),
        ("前年度（令和4年度）から増えた。本年度（2023年度）も増えた。", []),
        ("令和3年度に始め、翌年度（令和4年度）に広げた。", []),
        ("前年度、令和3年度と同じである。", []),
    ],
)
def test_relative_years_are_the_years_named_with_them(text, words):
    assert found_by(terms.relative_years, saying("overall", text)) == words


def test_last_years_remarks_count_from_last_year():
    picture = saying("previous_remarks", "本年度（令和4年度）は十分な実績である。")
    assert not found_by(terms.relative_years, picture)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4年間（令和4～令和8年度）", ["4年間（令和4～令和8年度"]),
        ("令和4年度から令和8年度までの6か年", ["令和4年度から令和8年度までの6か年"]),
        ("令和8～令和4年度", ["令和8～令和4年度"]),
        ("5年間（令和4～8年度）、3年間（平成30年度～令和2年度）", []),
    ],
)
def test_spans_are_as_long_as_they_say(text, words):
    assert found_by(terms.spans_of_years, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("計画期間（令和4～令和7年度）", ["令和4～令和7年度"]),
        ("計画期間の4年間", ["計画期間の4年間"]),
        ("4年間の累計は50件である。", ["4年間の累計"]),
        ("令和5～令和9年度の累計は50件である。", ["令和5～令和9年度"]),
        ("計画期間（令和4～令和8年度）の5年間の累計", []),
        ("計画の開始からの2年間の累計は14件である。", []),
        ("令和5年度から令和7年度まで補助する。", []),
    ],
)
def test_spans_of_the_plan_are_the_plans(text, words):
    assert found_by(terms.years_of_the_plan, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和5年度は、第3期計画の初年度である。", ["令和5年度は、第3期計画の初年度"]),
        ("本年度は計画の最終年度である。", ["本年度は計画の最終年度"]),
        ("令和5年度は計画の2年目である。", []),
        ("令和3年度は、第2期計画の最終年度である。", []),
    ],
)
def test_years_are_where_the_plan_has_them(text, words):
    sound = of_sample()
    texts = replace(sound.contents.texts, overall=text)
    assert (
        found_by(terms.places_in_the_plan, Picture(replace(sound.contents, texts=texts))) == words
    )


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("target_basis", "第3期計画での実績を踏まえた。", ["第3期計画"]),
        ("target_basis", "第4期計画での実績を踏まえた。", ["第4期計画"]),
        ("self_assessment", "第4期計画の目標に達した。", ["第4期計画"]),
        ("self_assessment", "第4期計画の策定に向けて協議した。", []),
        ("target_basis", "第2期計画での実績を踏まえ、第3期計画の目標とした。", []),
    ],
)
def test_terms_are_those_of_the_plan(field, text, words):
    assert found_by(terms.terms_of_the_plan, edited("assessment/1-1", field, text)) == words
