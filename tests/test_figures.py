"""Figures as people state them: one notation that is read back as it was written, and sums that keep what was said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluations.strategies import answers, figures
from tokku.figures import AT_LEAST, AT_MOST, Figure, total_of

FIGURES = figures(4) | answers


@given(FIGURES)
def test_what_is_written_is_read_back_to_the_digit(figure):
    for text in (str(figure), figure.stored, f" {figure} "):
        assert Figure.parse(text) == figure


@given(FIGURES, st.sampled_from(["件", "億円", "%", "t-CO2", "人（延べ）", "m3"]))
def test_a_unit_stands_behind_the_number_and_is_read_from_there(figure, unit):
    read = Figure.parse(figure.printed(unit))
    assert read == figure
    assert read.unit == (unit if figure.digits else "")


@given(st.lists(figures(4), min_size=1, max_size=5))
def test_a_sum_is_exact_and_says_of_itself_what_a_part_says(parts):
    whole = total_of(parts)
    bounds = {part.bound for part in parts} - {""}
    if bounds == {AT_LEAST, AT_MOST}:
        assert whole is None
        return
    assert whole.number == sum(part.number for part in parts)
    assert whole.decimals == max(part.decimals for part in parts)
    assert whole.about == any(part.about for part in parts)
    assert {whole.bound} - {""} == bounds
    assert bool(whole.status) == any(part.status for part in parts)
    assert all(part.mark in whole.mark for part in parts)


@given(st.lists(FIGURES, min_size=1, max_size=4), st.data())
def test_a_sum_waits_for_blanks_and_is_unknown_with_an_unknown_part(parts, data):
    place = data.draw(st.integers(0, len(parts)))
    assert total_of([*parts[:place], None, *parts[place:]]) is None
    with_unknown = total_of([*parts[:place], Figure(answer="未集計", until="秋"), *parts[place:]])
    assert with_unknown.is_not_yet
    assert "秋" in with_unknown.until or with_unknown.answer != "未集計"
    assert with_unknown.number is None


def test_nothing_has_no_sum_and_0_is_a_value():
    assert total_of([]) is None
    assert total_of([Figure.of(0), Figure.of(0)]) == Figure("0")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("7", "7%"),
        ("7.0", "7.0%"),
        ("7.25", "7.3%"),
        ("-7.25", "△7.3%"),
        ("-0.04", "0.0%"),
        ("約7以上（速報値）※1", "約7%以上（速報値）※1"),
        ("1234567", "1,234,567%"),
        ("未集計（令和7年12月）", "未集計（令和7年12月）"),
    ],
)
def test_a_figure_is_printed_with_its_own_digits_but_no_more_than_its_target(text, printed):
    assert Figure.parse(text).printed("%", 1) == printed


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("2兆8,500億円", "28500", "億円"),
        ("1億2,000万円", "12000", "万円"),
        ("3万5,000人", "35000", "人"),
        ("2億3000.5万円", "23000.5", "万円"),
        ("3億5千万円", "35", "千万円"),
        ("1億2百万円", "102", "百万円"),
    ],
)
def test_a_number_in_two_scales_is_one_in_the_smaller(text, number, unit):
    figure = Figure.parse(text)
    assert (figure.number, figure.unit) == (Decimal(number), unit)


@pytest.mark.parametrize("text", ["1兆2億3万", "2億30000万円", "ー", "約"])
def test_what_is_no_number_is_no_figure(text):
    with pytest.raises(ValueError, match="数値として読み取れません"):
        Figure.parse(text)


@pytest.mark.parametrize("text", ["ー5", "‐5", "–5", "—5", "△5", "▲ ５", "-5"])
def test_every_dash_is_a_minus_sign(text):
    assert Figure.parse(text) == Figure("-5")


@pytest.mark.parametrize("text", ["1２", "１2", "12", "１２"])
def test_digits_of_any_width_are_the_same_number(text):
    assert Figure.parse(text) == Figure("12")


def test_digits_make_no_other_statement():
    assert Figure.parse("64").is_same_as(Figure.parse("64.0"))
    assert not Figure.parse("64").is_same_as(Figure.parse("約64"))
    assert not Figure.parse("64").is_same_as(None)
