"""Figures against figures."""

from dataclasses import replace
from decimal import Decimal

from evaluations.checks import Picture, figures
from evaluations.form import contents as c
from tests import factories
from tests.evaluations.checks.pictures import found_by


def with_target(**values) -> Picture:
    target = factories.numeric_target(**values)
    return Picture(
        factories.contents(indicators=(c.Indicator(number=1, name="経済効果", targets=(target,)),))
    )


def test_targets_that_do_not_add_up_to_their_total_are_found():
    years = tuple(c.YearFigures(year=year, target=Decimal(10)) for year in range(2022, 2027))
    sound = with_target(unit="件", total=Decimal(50), years=years)
    wrong = with_target(
        unit="件", total=Decimal(50), years=(replace(years[0], target=Decimal(12)), *years[1:])
    )
    blank = with_target(
        unit="件", total=Decimal(50), years=(replace(years[0], target=None), *years[1:])
    )

    assert found_by(figures.targets_and_total, wrong) == ["50件"]
    assert not found_by(figures.targets_and_total, sound)
    assert not found_by(figures.targets_and_total, blank)
