"""What came to a running total in a year, as 3④ prints it."""

import pytest

from evaluations.form.contents import YearFigures
from tests import factories
from tokku.figures import Figure


@pytest.mark.parametrize(
    ("before", "actual", "came"),
    [
        ("90", "100", "10"),
        ("90.5", "100", "9.5"),
        ("約90", "100", "約10"),
        ("90（速報値）", "100", "10（速報値）"),
        ("90以上", "100", None),
        ("90", "100以上", None),
        (None, "100", None),
        ("未集計", "100", None),
        ("90", "未集計", "未集計"),
        ("90", None, None),
    ],
)
def test_a_year_of_a_running_total(before, actual, came):
    years = (
        YearFigures(year=2022, actual=Figure.of(before)),
        YearFigures(year=2023, actual=Figure.of(actual)),
    )
    target = factories.numeric_target(years=years, nature="running")
    assert target.in_year_alone(2023) == Figure.of(came)
    assert target.in_year_alone(2022) == Figure.of(before)
