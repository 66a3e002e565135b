"""Totals of several years and the targets that a plan sets: 累計, 毎年度, 5年間."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.stated_figures import WHICH, YEAR
from evaluations.checks.statements.subjects import (
    APPROXIMATELY,
    Statement,
    agrees,
    indicator_and_target,
    is_approximate,
    same_unit,
    scale,
    statements,
)
from evaluations.form.contents import NumericTarget, number_of
from evaluations.form.printed_figures import figure, target_number
from evaluations.keys import TargetKey
from tokku.japanese import fiscal_year_name

_SET_FIGURE = re.compile(
    rf"(?P<all>毎年度?|各年度)(?:の目標(?:値)?(?:は|を|が)?)?、?{APPROXIMATELY}?(?=\d)"
    rf"|(?P<year>{YEAR})(?:の目標値?)?(?:は|を|が|に)、?(?=\d)"
    rf"|(?P<total>累計)(?:の?目標(?:値)?)?(?:で|は|を|が)?、?{APPROXIMATELY}?(?=\d)"
)
_CUMULATIVE = re.compile(rf"累計(?:の?実績(?:値)?)?(?:で|は|が|では)?、?{APPROXIMATELY}?(?=\d)")


@check("累計の実績", Level.CAUTION)
def cumulative(picture: Picture) -> Iterator[Finding]:
    """累計で14件 against the sum of actuals up to the year, or the plan's total."""
    for statement in statements(picture, "累計"):
        if statement.passage.source.field in ("strategy", "target_basis"):
            continue
        for match in _CUMULATIVE.finditer(statement.text):
            quantity = statement.quantity_at(match.end())
            year = statement.year(match.start())
            if not quantity or not year:
                continue
            for key in statement.targets(match.start()):
                target = picture.contents.target(key)
                total = sum_to(target, year)
                factor, unit = scale(target)
                approximate = is_approximate(statement.text, quantity)
                if (
                    total is None
                    or not same_unit(quantity.unit, unit)
                    or not statement.is_about(match.start(), target)
                    or any(
                        agrees(quantity, value * factor, approximate=approximate)
                        for value in (total, target.total.number)
                    )
                ):
                    continue
                yield cumulative.finding(
                    statement.passage,
                    f"累計が、{fiscal_year_name(year)}までの実績値の合計{figure(total, target)}と違います。{WHICH}",
                    words=statement.words(match.start(), quantity.end),
                    found=statement.words(quantity.start, quantity.end),
                    expected=figure(total, target),
                )


def sum_to(target: NumericTarget, year: int) -> Decimal | None:
    """What was reached from the plan's first year to `year`; None for a level and where an actual is missing."""
    values = [number_of(figures.actual) for figures in target.years if figures.year <= year]
    if target.nature == "running":
        return values[-1] if values else None
    if target.nature == "level" or not values or None in values:
        return None
    return sum(values, Decimal(0))


@check("目標設定の文と目標値", Level.CAUTION)
def set_figure(picture: Picture) -> Iterator[Finding]:
    """毎年度6件, 5年間の累計で30件 and 令和5年度は8者 in 別紙1's reasons for targets, against the target values."""
    for statement in statements(picture, "年度", "毎年", "累計"):
        key = statement.passage.target
        if not key or statement.passage.source.field not in ("strategy", "target_basis"):
            continue
        target = picture.contents.target(key)
        factor, unit = scale(target)
        for match in _SET_FIGURE.finditer(statement.text):
            quantity = statement.quantity_at(match.end())
            if not quantity or not same_unit(quantity.unit, unit):
                continue
            if not (accepted := _accepted_values(statement, match, key)):
                continue
            approximate = is_approximate(statement.text, quantity)
            if any(agrees(quantity, value * factor, approximate=approximate) for value in accepted):
                continue
            indicator, _ = indicator_and_target(picture, key)
            yield set_figure.finding(
                statement.passage,
                f"目標設定の説明の数値が、数値目標{target_number(indicator, target)}の目標値"
                f"{figure(accepted[0], target)}と違います。計画書で確かめ、誤っている方を直してください。",
                words=statement.words(match.start(), quantity.end),
                found=statement.words(quantity.start, quantity.end),
                expected=figure(accepted[0], target),
            )


def _accepted_values(statement: Statement, match: re.Match[str], key: TargetKey) -> list[Decimal]:
    """The values that a text may state there: the plan's total, a year's target or actual, or the one yearly target.

    Empty where the statement is about another term or cannot be checked.
    """
    target = statement.picture.contents.target(key)
    before = statement.text[max(match.start() - 24, 0) : match.start()]
    if re.search(r"(?:第\d{1,2}期[^、。]{0,8}(?<!より高い)|実績[^、。]{0,4})$", before):
        return []
    if match["total"]:
        sums = [target.total.number, sum_to(target, statement.picture.year)]
        return [value for value in sums if value is not None]
    years = target.years
    if match["year"]:
        year = statement.year_of(match)
        years = [figures for figures in years if figures.year == year]
        stated = [value for figures in years for value in (figures.target, figures.actual)]
        return [value.number for value in stated if number_of(value) is not None]
    values = {number_of(figures.target) for figures in years}
    return [*values] if len(values) == 1 and None not in values else []
