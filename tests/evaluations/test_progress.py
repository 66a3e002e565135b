"""Progress of targets and indicators, actuals of the zone, and what is still needed for a total."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evaluations.progress import (
    UNDEFINED,
    Figures,
    Formula,
    indicator_progress,
    needed_a_year,
    rest_of,
    target_progress,
)


def figures(target, actual, weight=None, formula=Formula.RATIO, baseline=None):
    values = (
        None if value is None else Decimal(value) for value in (target, actual, baseline, weight)
    )
    target, actual, baseline, weight = values
    return Figures(target, actual, formula, baseline, weight)


@dataclass
class Published:
    """A line of the published evaluation of fiscal 2023, with 令和4 and 令和5."""

    name: str
    targets: tuple[int, int]
    actuals: tuple[int, int]
    percents: tuple[int, int]


PUBLISHED = {
    "(1)": [
        Published("(1)-① 投資額", (116, 116), (216, 168), (186, 145)),
        Published("(1)-② 進出企業及び機関数", (6, 8), (8, 8), (133, 100)),
        Published("(1)-③ 研修等の参加者数", (49_000, 49_000), (83_442, 70_203), (170, 143)),
    ],
    "(2)": [Published("(2) データサイエンス", (6, 6), (6, 6), (100, 100))],
    "(3)": [Published("(3) 国際共同治験", (60, 60), (61, 64), (102, 107))],
    "(4)": [Published("(4) 新規事業化", (10, 10), (6, 8), (60, 80))],
}


@pytest.mark.parametrize("year", [0, 1], ids=["令和4", "令和5"])
@pytest.mark.parametrize("line", sum(PUBLISHED.values(), []), ids=lambda line: line.name)
def test_published_progress_of_a_target(line, year):
    assert target_progress(figures(line.targets[year], line.actuals[year])) == line.percents[year]


@pytest.mark.parametrize(
    ("indicator", "percent"), [("(1)", 129), ("(2)", 100), ("(3)", 107), ("(4)", 80)]
)
def test_published_progress_of_an_indicator(indicator, percent):
    lines = PUBLISHED[indicator]
    weight = 33 if len(lines) > 1 else None
    targets = [figures(line.targets[1], line.actuals[1], weight) for line in lines]
    assert indicator_progress(targets) == percent


def test_weights_of_99_percent_lose_nothing():
    targets = [figures(100, actual, 33) for actual in (145, 100, 143)]
    assert indicator_progress(targets) == 129  # 128 when divided by 100.
    assert indicator_progress(targets, decimals=2) == Decimal("129.33")


@pytest.mark.parametrize(
    ("entered", "percent"),
    [
        # 実績 ÷ 目標
        (figures(8, 1), "13"),  # 12.5
        (figures(200, 1), "1"),  # 0.5
        (figures(116, 0), "0"),
        (figures("0.7", "0.35"), "50"),
        # (実績 − 基準) ÷ (目標 − 基準)
        (figures(17, 12, formula=Formula.IMPROVEMENT, baseline=7), "50"),
        (figures(17, 7, formula=Formula.IMPROVEMENT, baseline=7), "0"),
        (figures(17, 6, formula=Formula.IMPROVEMENT, baseline=7), "-10"),
        (figures(80, 85, formula=Formula.IMPROVEMENT, baseline=100), "75"),
        (figures(17, 12, formula=Formula.IMPROVEMENT, baseline=0), "71"),
        # 目標 ÷ 実績
        (figures(50, 40, formula=Formula.LESS_IS_BETTER), "125"),
        (figures(50, 100, formula=Formula.LESS_IS_BETTER), "50"),
        # 1 ＋（実績 − 目標）÷ |目標|
        (figures(-2, -5, formula=Formula.DIFFERENCE), "-50"),
        (figures(-2, -2, formula=Formula.DIFFERENCE), "100"),
        (figures(-2, 1, formula=Formula.DIFFERENCE), "250"),
        (figures(2, 5, formula=Formula.DIFFERENCE), "250"),
        # The baseline belongs to one formula only.
        (figures(17, 12, baseline=7), "71"),
        (figures(50, 40, formula=Formula.LESS_IS_BETTER, baseline=7), "125"),
    ],
)
def test_formulas(entered, percent):
    assert str(target_progress(entered)) == percent


@pytest.mark.parametrize("formula", Formula)
def test_actual_that_was_not_entered_leaves_progress_blank(formula):
    assert target_progress(figures(10, None, formula=formula, baseline=5)) is None


def test_improvement_without_its_baseline_is_blank():
    assert target_progress(figures(10, 8, formula=Formula.IMPROVEMENT)) is None


@pytest.mark.parametrize("formula", Formula)
@pytest.mark.parametrize("target", [None, 0, "0.00"])
@pytest.mark.parametrize("actual", [None, 0, 5])
def test_without_a_target_there_is_no_progress(formula, target, actual):
    assert target_progress(figures(target, actual, formula=formula, baseline=1)) is UNDEFINED


def test_nothing_is_divided_by_0():
    assert target_progress(figures(5, 0, formula=Formula.LESS_IS_BETTER)) is UNDEFINED
    assert target_progress(figures(5, 6, formula=Formula.IMPROVEMENT, baseline="5.0")) is UNDEFINED


def test_decimals():
    assert str(target_progress(figures(116, 168), decimals=1)) == "144.8"
    assert str(target_progress(figures(6, 6), decimals=1)) == "100.0"
    assert str(indicator_progress([figures(116, 168), figures(8, 8)], decimals=1)) == "122.4"


# Indicators


def test_an_indicator_is_rounded_once():
    targets = [figures(200, 201), figures(200, 200)]
    assert [target_progress(target) for target in targets] == [101, 100]
    assert indicator_progress(targets) == 100  # 100.25; the mean of 101 and 100 would give 101.


def test_0_counts_and_blank_does_not():
    assert indicator_progress([figures(10, 0, 50), figures(10, 10, 50)]) == 50
    assert indicator_progress([figures(10, None, 50), figures(10, 10, 50)]) is None


def test_a_target_without_progress_does_not_count():
    without = figures(None, None, 50)
    assert indicator_progress([without, figures(10, 8, 30), figures(10, 4, 10)]) == 70
    assert indicator_progress([without, figures(10, 8)]) == 80
    assert indicator_progress([without, figures(10, None)]) is None
    assert indicator_progress([without, without]) is UNDEFINED
    assert indicator_progress([]) is UNDEFINED


def test_a_missing_weight_is_not_0():
    pair = [figures(10, 8, 50), figures(10, 4)]
    assert indicator_progress(pair) is None
    assert indicator_progress([target._replace(weight=None) for target in pair]) == 60
    assert indicator_progress([figures(10, 8, 50), figures(10, 4, 0)]) == 80
    assert indicator_progress([figures(10, 8, 0), figures(10, 4, 0)]) is UNDEFINED


def test_the_weight_of_an_only_target_says_nothing():
    assert {indicator_progress([figures(10, 8, weight)]) for weight in (None, 0, 33)} == {80}


amounts = st.decimals(0, 10**6, places=2)
positive = st.decimals("0.01", 10**6, places=2)
weights = st.decimals("0.1", 100, places=1)
weighted = st.lists(st.tuples(positive, amounts, weights), min_size=1, max_size=6)


def half_up(value: Fraction, decimals: int) -> Fraction:
    """In whole numbers only, and by another way than the code under test."""
    numerator, denominator = (value * 10**decimals).as_integer_ratio()
    return Fraction((2 * numerator + denominator) // (2 * denominator), 10**decimals)


@given(positive, amounts, st.integers(0, 3))
def test_progress_is_the_exact_ratio_rounded_half_up_once(target, actual, decimals):
    exact = Fraction(actual) / Fraction(target) * 100
    progress = target_progress(figures(target, actual), decimals)
    assert Fraction(progress) == half_up(exact, decimals)


@given(weighted, st.integers(0, 3))
@example([(Decimal(200), Decimal(201), Decimal(1)), (Decimal(1), Decimal(1), Decimal(1))], 0)
def test_indicator_is_the_exact_weighted_mean_rounded_half_up_once(rows, decimals):
    total = sum(Fraction(weight) for *_, weight in rows)
    exact = sum(Fraction(a) / Fraction(t) * 100 * Fraction(w) / total for t, a, w in rows)
    progress = indicator_progress([figures(*row) for row in rows], decimals)
    assert Fraction(progress) == half_up(exact, decimals)


@given(weighted, st.sampled_from(["0.01", "3", "7.7", "1E+30"]))
def test_weights_may_be_in_any_scale(rows, factor):
    scaled = [figures(t, a, weight * Decimal(factor)) for t, a, weight in rows]
    assert indicator_progress(scaled) == indicator_progress([figures(*row) for row in rows])


@given(st.data(), weighted)
def test_order_does_not_matter(data, rows):
    shuffled = data.draw(st.permutations(rows))
    assert indicator_progress([figures(*row) for row in shuffled]) == indicator_progress(
        [figures(*row) for row in rows]
    )


@given(st.lists(st.tuples(positive, amounts), min_size=1, max_size=6), weights)
def test_equal_weights_count_like_none(rows, weight):
    assert indicator_progress([figures(*row, weight) for row in rows]) == indicator_progress(
        [figures(*row) for row in rows]
    )


# Over the years


@pytest.mark.parametrize(
    ("total", "reached", "years", "decimals", "needed"),
    [
        (580, 384, 3, 0, "66"),  # 65.33…
        (30, 12, 3, 0, "6"),
        ("1.0", "0.2", 3, 1, "0.3"),
        (50, 50, 3, 0, "0"),
        (50, 60, 3, 0, "0"),
    ],
)
def test_needed_a_year_is_enough_for_the_total(total, reached, years, decimals, needed):
    total, reached = Decimal(total), Decimal(reached)
    pace = needed_a_year(rest_of(total, reached), years, decimals)
    assert str(pace) == needed
    assert reached + pace * years >= total
