"""Figures against figures: targets and totals, weights, actuals, progress."""

from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.form.figures import figure, target_number


@check("年度目標値の合計と総数", Level.BLOCKING)
def targets_and_total(picture: Picture) -> Iterator[Finding]:
    """別紙1: a cumulative total is the sum of the years' targets."""
    for key, indicator, target in picture.contents.targets():
        values = [year.target for year in target.years]
        if target.nature == "level" or None in values:
            continue
        if (total := sum(values, Decimal(0))) != target.total:
            yield targets_and_total.finding(
                picture.at(f"target/{key}", "total"),
                f"数値目標{target_number(indicator, target)}の累計と各年度の目標値の合計が違います。"
                "どちらが正しいか計画書で確かめ、正しい数値に直してください。",
                words=figure(target.total, target),
                found=figure(target.total, target),
                expected=figure(total, target),
            )
