"""Days and eras."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.checks.periods import days
from tests.evaluations.checks.pictures import edited, found_by, saying
from tokku.japanese import era_date


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2月30日に開催した。", ["2月30日"]),
        ("令和５年１３月に開催した。", ["１３月"]),
        ("11月0日", ["11月0日"]),
        ("令和5年2月29日", ["令和5年2月29日"]),
        ("令和6年2月29日", []),
        ("2月29日", []),
        ("36月間の据置き、13か月", []),
    ],
)
def test_days_that_no_calendar_has_are_found(text, words):
    assert found_by(days.impossible_days, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和5年10月11日（木）に開催した。", ["10月11日（木）"]),
        ("令和5年10月11日(水)に開催した。", []),
        ("8月3日（水曜日）に開催した。", ["8月3日（水曜日）"]),  # as it was in 令和4年度
        ("8月3日（木・祝）に開催した。", []),
        ("1月18日（木）に開催した。", []),  # of 2024
    ],
)
def test_days_of_the_week_are_those_of_the_year(text, words):
    assert found_by(days.weekdays, edited("scheme/fiscal/5", "result", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10月13日～11日", ["10月13日～11日"]),
        ("令和6年2月21日から2月7日まで", ["2月21日から2月7日"]),
        ("11月3日～10月28日", ["11月3日～10月28日"]),
        ("10月11～13日", []),
        ("令和5年12月20日～1月10日", []),
        ("令和5年11月3日～令和6年1月28日", []),
    ],
)
def test_spans_that_end_before_they_begin_are_found(text, words):
    assert found_by(days.reversed_spans, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("平成31年度", "令和元年度"),
        ("令和1年度", "令和元年度"),
        ("平成35年10月", "令和5年10月"),
        ("令和元年3月", "平成31年3月"),
        ("昭和65年", "平成2年"),
        ("令和0年", ""),
        ("平成31年4月", None),
        ("平成31年", None),
        ("令和元年度", None),
        ("平成35年13月", "令和5年"),  # that there is no 13月 is found by another check
    ],
)
def test_years_outside_their_era_are_found(text, expected):
    findings = list(days.years_beyond_their_era(saying("overall", text)))
    assert [finding.expected for finding in findings] == ([] if expected is None else [expected])


@given(st.dates(min_value=days.date(1930, 1, 1), max_value=days.date(2080, 1, 1)))
def test_every_day_as_the_form_writes_it_is_sound(day):
    picture = saying("overall", era_date(day))
    assert not found_by(days.years_beyond_their_era, picture)
    assert not found_by(days.impossible_days, picture)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("令和５年（２０２４年）", ["令和５年（２０２４年）"]),
        ("令和5（2024）年度", ["令和5（2024）"]),
        ("2023年度（令和4年度）", ["2023年度（令和4年度）"]),
        ("令和5年（2023年）、2019年度（令和元年度）", []),
        ("令和5年度（2億円）", []),
    ],
)
def test_eras_that_contradict_the_western_year_are_found(text, words):
    assert found_by(days.contradicting_years, saying("overall", text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2023年度の実績", ["2023年度"]),
        ("2023年10月に開催した。", ["2023年10月"]),
        ("2050年の脱炭素社会、BioJapan2023", []),
        ("令和5年度（2023年度）、2023年度（令和5年度）", []),
        ("「2023年度行動方針」", []),
    ],
)
def test_western_years_are_noted(text, words):
    assert found_by(days.western_years, saying("overall", text)) == words
