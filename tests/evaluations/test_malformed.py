"""What is malformed in a document is read or refused in words with its line, and never an error of the program."""

from dataclasses import replace
from decimal import Decimal

import pytest

from evaluations.form import UnreadableForm, compose, interpret
from evaluations.form import contents as c
from tests import factories
from tests.evaluations import campaign
from tokku.document import text


def with_a_level() -> c.Contents:
    """Something of each kind, and a target that goes from a baseline to a level."""
    contents = campaign.contents()
    (indicator,) = contents.indicators
    level = factories.numeric_target(
        2,
        nature="level",
        unit="%",
        decimals=1,
        total=Decimal("17.5"),
        baseline=Decimal(7),
        baseline_year=2010,
        weight=Decimal("33.3"),
    )
    flow = replace(indicator.targets[0], weight=Decimal("66.7"))
    return replace(contents, indicators=(replace(indicator, targets=(flow, level)),))


EXPORT = text.write(compose(with_a_level()))
TOTAL = "7.0%(平成22年度)→17.5%(令和8年度)"
YEARS = {
    "H22年度": 2010,
    "Ｈ２２年度": 2010,
    "S63年度": 1988,
    "R元": 2019,
    "平成33年度": 2021,
    "R0年度": None,
    "T5年度": None,
    "令和100年度": None,
    "来年度": None,
    "H": None,
}


@pytest.mark.parametrize("year", YEARS)
def test_the_year_of_a_baseline_is_read_or_refused_with_its_line(year):
    printed = TOTAL.replace("平成22年度", year)
    said = EXPORT.replace(TOTAL, printed)
    before = said[: said.index(printed)].split("\n")
    row = max(n for n, line in enumerate(before, 1) if "評価指標(1)" in line)
    if YEARS[year]:
        target = interpret(text.read(said)).contents.target(c.TargetKey(1, 2))
        assert (target.baseline, target.baseline_year) == (Decimal(7), YEARS[year])
    else:
        with pytest.raises(UnreadableForm) as refused:
            interpret(text.read(said))
        assert [str(problem) for problem in refused.value.problems] == [
            f"{row}行目：年度として読み取れません：{year}"
        ]


def test_the_year_of_a_goal_is_a_year():
    with pytest.raises(UnreadableForm, match="年度として読み取れません：R99度"):
        interpret(text.read(EXPORT.replace("→17.5%(令和8年度)", "→17.5%(R99度)")))
    assert interpret(text.read(EXPORT.replace("→17.5%(令和8年度)", "→17.5%(R8年度)")))
