"""A numeric target over the years of its plan: yearly, and cumulative against the total. No queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property

from evaluations.charts.visible_figures import VisibleFigures
from evaluations.form.contents import Indicator, NumericTarget, Plan, YearFigures, number_of
from evaluations.form.printed_figures import (
    cumulative_total,
    figure,
    level_total,
    parse_percent,
    target_number,
    weight,
)
from evaluations.keys import TargetKey
from evaluations.progress import Formula, needed_a_year, rest_of
from tokku.figures import Figure, total_of
from tokku.japanese import era_year, fiscal_year_name


@dataclass(frozen=True)
class YearInSeries:
    """One year of a numeric target; the totals are cumulative, from the first year of the plan."""

    numeric_target: NumericTarget
    figures: YearFigures
    progress: str
    targets_so_far: Figure | None
    actuals_so_far: Figure | None

    @property
    def year(self) -> int:
        return self.figures.year

    @property
    def target(self) -> Decimal | None:
        return number_of(self.figures.target)

    @property
    def actual(self) -> Decimal | None:
        return number_of(self.figures.actual)

    @property
    def target_total(self) -> Decimal | None:
        return number_of(self.targets_so_far)

    @property
    def actual_total(self) -> Decimal | None:
        return number_of(self.actuals_so_far)

    @property
    def name(self) -> str:
        return fiscal_year_name(self.year)

    @property
    def short_name(self) -> str:
        return era_year(self.year)

    @property
    def target_text(self) -> str:
        return figure(self.figures.target, self.numeric_target)

    @property
    def actual_text(self) -> str:
        return figure(self.figures.actual, self.numeric_target)

    @property
    def target_total_text(self) -> str:
        return figure(self.targets_so_far, self.numeric_target)

    @property
    def actual_total_text(self) -> str:
        return figure(self.actuals_so_far, self.numeric_target)


@dataclass(frozen=True)
class TargetSeries:
    """A numeric target with the figures of every year of its plan; `until` is the evaluated year."""

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
        """The id of the indicator's part of a page."""
        return f"indicator-{self.key.indicator}"

    @property
    def weight(self) -> str:
        return f"{weight(self.target.weight)}%" if self.target.weight is not None else ""

    @property
    def has_weights(self) -> bool:
        return len(self.indicator.targets) > 1

    @property
    def is_cumulative(self) -> bool:
        return self.target.nature != "level"

    @property
    def goal(self) -> str:
        """580億円, or 7%（平成22年度）→17%（令和8年度） for a level."""
        if self.is_cumulative:
            return cumulative_total(self.target)
        return level_total(self.target, self.plan, self.until)

    @property
    def current_year(self) -> YearInSeries | None:
        """The evaluated year; None when it lies outside the plan."""
        return next((year for year in self.years if year.year == self.until), None)

    @property
    def current_percent(self) -> Decimal | None:
        return parse_percent(self.current_year.progress) if self.current_year else None

    @cached_property
    def last_known_year(self) -> YearInSeries | None:
        """The last year whose cumulative actual is known: all actuals up to it are entered."""
        return next((year for year in reversed(self.years) if year.actual_total is not None), None)

    @property
    def years_left(self) -> int:
        return self.plan.last_year - (
            self.last_known_year.year if self.last_known_year else self.plan.first_year - 1
        )

    @property
    def remaining(self) -> Decimal | None:
        """What is missing to the total, 0 when it is reached.

        None for a level, and where less is better, since that total is a limit and not a goal.
        """
        total = self.target.total.number
        less_is_better = self.target.formula == Formula.LESS_IS_BETTER or total <= 0
        if not self.is_cumulative or less_is_better:
            return None
        return rest_of(
            total, self.last_known_year.actual_total if self.last_known_year else Decimal(0)
        )

    @property
    def remaining_text(self) -> str:
        return figure(self.remaining, self.target)

    @property
    def needed(self) -> str:
        """The actual that each remaining year needs; "" when no year is left or nothing is missing."""
        if not self.remaining or not self.years_left:
            return ""
        pace = needed_a_year(self.remaining, self.years_left, self.target.decimals)
        return figure(pace, self.target)

    @property
    def summary(self) -> str:
        """The actuals against their targets in words, for people who do not see the picture."""
        sentences = (
            f"{year.name}は目標値{year.target_text or '未設定'}に対し実績値{year.actual_text}"
            + (f"、進捗度{year.progress}" if year.progress else "")
            for year in self.years
            if year.figures.actual
        )
        return "。".join(sentences) or "実績値は、まだ入力されていません"

    @property
    def cumulative_summary(self) -> str:
        sentence = f"計画期間の目標は{self.goal}"
        if self.last_known_year:
            sentence += f"、{self.last_known_year.name}までの実績の累計は{self.last_known_year.actual_total_text}"
        if self.needed:
            sentence += f"、残り{self.years_left}年度に必要な実績は1年度当たり{self.needed}"
        return sentence


def _running_totals(figures: list[Figure | None]) -> list[Figure | None]:
    """The cumulative value (累計) after each year; None from the first year on that was not entered."""
    return [total_of(figures[: place + 1]) for place in range(len(figures))]


def target_series(visible_figures: VisibleFigures) -> Iterator[TargetSeries]:
    """Every numeric target in the order of the form."""
    contents = visible_figures.contents
    for key, indicator, target in contents.targets():
        targets = [figures.target for figures in target.years]
        actuals = [figures.actual for figures in target.years]
        if target.nature != "running":
            targets, actuals = _running_totals(targets), _running_totals(actuals)
        years = tuple(
            YearInSeries(
                target,
                figures,
                visible_figures.progress(key, figures.year),
                target_total,
                actual_total,
            )
            for figures, target_total, actual_total in zip(
                target.years, targets, actuals, strict=True
            )
        )
        yield TargetSeries(key, indicator, target, contents.plan, contents.fiscal_year, years)
