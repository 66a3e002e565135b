"""A numeric target over the years, and the geometry of its pictures."""

from dataclasses import replace
from decimal import Decimal

import pytest

from evaluations.charts import geometry
from evaluations.charts.series import target_series
from evaluations.charts.visible_figures import VisibleFigures
from evaluations.form import contents as c
from evaluations.sample import evaluations
from tests import factories
from tokku.figures import Figure

YEARS = range(2022, 2027)


def target_series_of(actuals, goals=(10,) * 5, **values):
    """The series of a target from 2022 to 2026, evaluated in 2023; None is not entered."""
    figures = tuple(
        c.YearFigures(
            year=year,
            target=Figure.of(goal),
            actual=Figure.of(actual),
        )
        for year, goal, actual in zip(YEARS, goals, [*actuals, *[None] * 5], strict=False)
    )
    target = factories.numeric_target(years=figures, **values)
    contents = factories.contents(
        indicators=(c.Indicator(number=1, name="効果", targets=(target,)),)
    )
    return next(target_series(VisibleFigures(contents)))


def test_published_figures():
    visible_figures = VisibleFigures(evaluations()[2023])
    first = next(target_series(visible_figures))
    assert (first.number, first.goal, first.weight) == ("（1）－①", "580億円", "33%")
    assert (first.current_year.target_text, first.current_year.actual_text) == (
        "116億円",
        "168億円",
    )
    assert [year.progress for year in first.years] == ["186%", "145%", "", "", ""]
    assert [year.actual_total_text for year in first.years] == ["216億円", "384億円", "", "", ""]
    assert (first.remaining_text, first.years_left, first.needed) == ("196億円", 3, "66億円")
    assert visible_figures.progress(1, 2023) == "129%"


def test_blank_is_no_0():
    series = target_series_of([12, None, None])
    assert series.last_known_year.year == 2022
    assert series.years_left == 4
    assert series.needed == "10件"  # (50 − 12) ÷ 4 = 9.5
    assert geometry.yearly_chart(series).columns[1].actual is None
    assert [
        len(line.points)
        for line in geometry.cumulative_chart(series).lines
        if line.kind == "actual"
    ] == [1]
    assert geometry.yearly_chart(target_series_of([12, 0])).columns[1].actual is not None


def test_nothing_entered_yet():
    series = target_series_of([None])
    assert (series.last_known_year, series.needed, series.remaining_text) == (None, "10件", "50件")
    assert not geometry.cumulative_chart(series).has_needed


def test_total_that_is_reached_needs_nothing():
    series = target_series_of([30, 25])
    assert series.remaining == 0
    assert series.needed == ""
    assert not geometry.cumulative_chart(series).has_needed


@pytest.mark.parametrize(
    "values", [{"formula": "less_is_better"}, {"total": Figure.of(-50)}, {"total": Figure.of(0)}]
)
def test_total_that_is_not_to_be_passed_is_no_way_to_go(values):
    for actuals in ([30, 25], [3, 2]):
        series = target_series_of(actuals, **values)
        assert (series.remaining, series.remaining_text, series.needed) == (None, "", "")
        assert not geometry.cumulative_chart(series).has_needed


def test_last_year_of_a_plan_has_no_rest_of_years():
    series = target_series_of([1, 1, 1, 1, 1])
    assert series.years_left == 0
    assert series.needed == ""


def test_level_is_not_summed():
    series = target_series_of(
        [8, 9],
        nature="level",
        unit="%",
        total=Figure.of(17),
        baseline=Figure.of(7),
        baseline_year=2010,
    )
    assert series.goal == "7%（平成22年度）→17%（令和8年度）"
    assert series.needed == ""
    chart = geometry.level_chart(series)
    assert not chart.has_needed
    gap = geometry.level_chart(target_series_of([8, None, 9], nature="level"))
    assert [len(line.points) for line in gap.lines if line.kind == "actual"] == [1, 1]


def heights(chart):
    return [bar.height for column in chart.columns for bar in (column.target, column.actual) if bar]


def test_bars_are_as_high_as_their_figures_say():
    assert heights(
        geometry.yearly_chart(target_series_of([20, 5], goals=(10, 10, None, None, None)))
    ) == [
        75,
        150,
        75,
        37,
    ]


def test_negative_figures_hang_below_the_axis():
    chart = geometry.yearly_chart(target_series_of([-10, 10], goals=(None,) * 5))
    below, above = (column.actual for column in chart.columns[:2])
    assert below.y == chart.axis == above.y + above.height
    assert below.height == above.height


@pytest.mark.parametrize("goals", [(None,) * 5, (0,) * 5])
def test_pictures_of_nothing_can_be_drawn(goals):
    series = target_series_of([None], goals=goals)
    for draw in (geometry.yearly_chart, geometry.cumulative_chart, geometry.level_chart):
        assert draw(series).height
    assert geometry.weight_chart([series]).rows[0].progress is None


@pytest.mark.parametrize(
    ("actuals", "values"),
    [
        ([0], {}),  # lies on the axis, above the name of its year
        ([50], {}),  # at the goal
        ([12345678901, 1], {"total": Figure.of(99999999999), "unit": "百万円（消費税を含む。）"}),
        ([-3, 5, -4], {"total": Figure.of(-10), "unit": "億円", "decimals": 4}),
    ],
)
@pytest.mark.parametrize("draw", [geometry.cumulative_chart, geometry.level_chart])
def test_figures_stand_inside_their_picture_and_off_its_names(draw, actuals, values):
    chart = draw(target_series_of(actuals, **values))
    half = geometry.width_of(chart.text) // 2
    assert half <= chart.text_at.x <= chart.width - half
    assert geometry.GOAL_NAME + geometry.width_of(chart.goal_text) <= chart.width
    assert geometry.TOP_OF_LINES - 14 <= chart.text_at.y <= chart.below - 20


def test_long_progress_stands_inside_its_picture():
    series = target_series_of([1, 1234567], goals=(1,) * 5)
    chart = geometry.weight_chart([series])
    row = chart.rows[0]
    assert row.progress_text == "123,456,700%"
    assert row.text_x + geometry.width_of(row.progress_text) <= chart.width


def test_way_that_is_needed_leads_from_what_is_reached_to_the_total():
    chart = geometry.cumulative_chart(target_series_of([12, 8]))
    needed = next(line for line in chart.lines if line.kind == "needed")
    actual = next(line for line in chart.lines if line.kind == "actual")
    assert needed.points[0] == actual.points[-1]
    assert needed.points[1].y == chart.goal


def test_bars_of_weights_and_progress():
    contents = evaluations()[2023]
    first = contents.indicators[0]
    weights = (Decimal(50), None, Decimal(25))
    targets = tuple(
        replace(target, weight=weight)
        for target, weight in zip(first.targets, weights, strict=True)
    )
    contents = replace(contents, indicators=(replace(first, targets=targets),))
    chart = geometry.weight_chart(list(target_series(VisibleFigures(contents))))
    assert [row.weight and row.weight.width for row in chart.rows] == [44, None, 22]
    assert [row.progress_text for row in chart.rows] == ["145%", "100%", "143%"]
    second = chart.rows[1].progress
    assert second.x + second.width == chart.full
