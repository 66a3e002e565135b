"""A numeric target over the years of its plan: yearly, and cumulative against the total. No queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property

from evaluations.charts.visible_figures import VisibleFigures
from evaluations.form.contents import Indicator, NumericTarget, Plan
from evaluations.form.printed_figures import (
    cumulative_total,
    figure,
    level_total,
    parse_percent,
    target_number,
    weight,
)
from evaluations.keys import TargetKey
from evaluations.progress import Formula, needed_a_year, rest_of, running_totals
from tokku.japanese import era_year, fiscal_year_name


@dataclass(frozen=True)
class YearInSeries:
    """A line of a table of figures; the totals are cumulative, from the first year of the plan."""

    of: NumericTarget
    year: int
    target: Decimal | None
    actual: Decimal | None
    progress: str
    target_total: Decimal | None
    actual_total: Decimal | None

    @property
    def name(self) -> str:
        return fiscal_year_name(self.year)

    @property
    def short_name(self) -> str:
        return era_year(self.year)

    @property
    def target_text(self) -> str:
        return figure(self.target, self.of)

    @property
    def actual_text(self) -> str:
        return figure(self.actual, self.of)

    @property
    def target_total_text(self) -> str:
        return figure(self.target_total, self.of)

    @property
    def actual_total_text(self) -> str:
        return figure(self.actual_total, self.of)


@dataclass(frozen=True)
class TargetSeries:
    """A numeric target as an evaluation tells it, with its figures up to the year `until`."""

    key: TargetKey
    indicator: Indicator
    target: NumericTarget
    plan: Plan
    until: int
    years: tuple[YearInSeries, ...]

    @property
    def number(self) -> str:
        """（1）－①"""
        return target_number(self.indicator, self.target)

    @property
    def indicator_id(self) -> str:
        """Names the indicator's part of a page."""
        return f"indicator-{self.key.indicator}"

    @property
    def weight(self) -> str:
        return f"{weight(self.target.weight)}%" if self.target.weight is not None else ""

    @property
    def has_weights(self) -> bool:
        return len(self.indicator.targets) > 1

    @property
    def is_cumulative(self) -> bool:
        return self.target.nature == "flow"

    @property
    def goal(self) -> str:
        """580億円, or 7%（平成22年度）→17%（令和8年度） for a level."""
        if self.is_cumulative:
            return cumulative_total(self.target)
        return level_total(self.target, self.plan)

    @property
    def now(self) -> YearInSeries | None:
        """The evaluated year; None when it lies outside the plan."""
        return next((one for one in self.years if one.year == self.until), None)

    @property
    def now_percent(self) -> Decimal | None:
        return parse_percent(self.now.progress) if self.now else None

    @cached_property
    def reached(self) -> YearInSeries | None:
        """The last year up to which all actuals have been entered, and so their total is known."""
        return next((one for one in reversed(self.years) if one.actual_total is not None), None)

    @property
    def years_left(self) -> int:
        return self.plan.last_year - (
            self.reached.year if self.reached else self.plan.first_year - 1
        )

    @property
    def rest(self) -> Decimal | None:
        """What is missing for the total, 0 when it is reached; None where there is no such way to go.

        That is for a level, and where less is better: then the total is not to be passed.
        """
        total = self.target.total
        less_is_better = self.target.formula == Formula.LESS_IS_BETTER or total <= 0
        if not self.is_cumulative or less_is_better:
            return None
        return rest_of(total, self.reached.actual_total if self.reached else Decimal(0))

    @property
    def rest_text(self) -> str:
        return figure(self.rest, self.target)

    @property
    def needed(self) -> str:
        """What each year that is left has to bring; blank when none is left, or nothing is missing."""
        if not self.rest or not self.years_left:
            return ""
        pace = needed_a_year(self.rest, self.years_left, self.target.decimals)
        return figure(pace, self.target)

    @property
    def summary(self) -> str:
        """The actuals against their targets in words, for who does not see the picture."""
        told = (
            f"{one.name}は目標値{one.target_text or '未設定'}に対し実績値{one.actual_text}"
            + (f"、進捗度{one.progress}" if one.progress else "")
            for one in self.years
            if one.actual is not None
        )
        return "。".join(told) or "実績値は、まだ入力されていません"

    @property
    def cumulative_summary(self) -> str:
        told = f"計画期間の目標は{self.goal}"
        if self.reached:
            told += f"、{self.reached.name}までの実績の累計は{self.reached.actual_total_text}"
        if self.needed:
            told += f"、残り{self.years_left}年度に必要な実績は1年度当たり{self.needed}"
        return told


def target_series(said: VisibleFigures) -> Iterator[TargetSeries]:
    """Every numeric target in the order of the form."""
    contents = said.contents
    for key, indicator, target in contents.targets():
        targets = running_totals(one.target for one in target.years)
        actuals = running_totals(one.actual for one in target.years)
        years = tuple(
            YearInSeries(
                target,
                one.year,
                one.target,
                one.actual,
                said.progress(key, one.year),
                target_total,
                actual_total,
            )
            for one, target_total, actual_total in zip(target.years, targets, actuals, strict=True)
        )
        yield TargetSeries(key, indicator, target, contents.plan, contents.fiscal_year, years)
