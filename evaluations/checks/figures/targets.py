"""Yearly targets against the target of the whole plan, which is a cumulative total or a level."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from evaluations.checks.figures.surveys import is_without_survey
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.form.contents import number_of
from evaluations.form.printed_figures import figure, target_number
from evaluations.keys import RecordKey
from evaluations.progress import Formula
from tokku.figures import Figure
from tokku.japanese import fiscal_year_name


def _is_exact(figure: Figure | None) -> bool:
    return bool(figure and figure.digits and not (figure.about or figure.bound))


@check("年度目標値の合計と総数", Level.BLOCKING)
def targets_and_total(picture: Picture) -> Iterator[Finding]:
    """別紙1: a cumulative total is the sum of the years' targets, where all of them are exact."""
    for key, indicator, target in picture.contents.targets():
        values = [year.target for year in target.years]
        if target.nature != "flow" or not all(
            _is_exact(value) for value in (*values, target.total)
        ):
            continue
        if (total := sum(map(number_of, values), Decimal(0))) != target.total.number:
            yield targets_and_total.finding(
                picture.place_of(RecordKey("target", key), "total"),
                f"数値目標{target_number(indicator, target)}の累計と各年度の目標値の合計が違います。"
                "どちらが正しいか計画書で確かめ、正しい数値に直してください。",
                words=figure(target.total, target),
                found=figure(target.total, target),
                expected=figure(total, target),
            )


@check("当該年度の目標値の未記入", Level.BLOCKING)
def target_of_the_year(picture: Picture) -> Iterator[Finding]:
    """3①: the progress cannot be computed without the target of the evaluated year."""
    for key, indicator, target in picture.contents.targets():
        missing = any(year.year == picture.year and year.target is None for year in target.years)
        is_explained = target.assessment.qualitative or is_without_survey(
            target, picture.year, picture.year
        )
        if missing and not is_explained:
            yield target_of_the_year.finding(
                picture.place_of(RecordKey("target", key, picture.year), "target"),
                f"数値目標{target_number(indicator, target)}の{fiscal_year_name(picture.year)}の目標値がなく、"
                "進捗度を計算できません。計画書の目標値を記入してください。",
            )


@check("年度目標値の未記入", Level.CAUTION)
def targets_missing(picture: Picture) -> Iterator[Finding]:
    """別紙1 prints a target for each year of the plan, or says why a year has none.

    A single missing target follows from the total.
    """
    for key, indicator, target in picture.contents.targets():
        missing = [year.year for year in target.years if year.target is None]
        unexplained_years = [
            year
            for year in missing
            if year != picture.year and not is_without_survey(target, year, picture.year)
        ]
        if not unexplained_years or len(missing) == len(target.years):
            continue
        expected = ""
        if target.nature == "flow" and len(missing) == 1:
            known_targets = [year.target for year in target.years if year.target is not None]
            if all(map(_is_exact, (target.total, *known_targets))):
                rest = target.total.number - sum(map(number_of, known_targets))
                expected = figure(rest, target)
        yield targets_missing.finding(
            picture.place_of(RecordKey("target", key, unexplained_years[0]), "target"),
            f"数値目標{target_number(indicator, target)}の{'、'.join(map(fiscal_year_name, unexplained_years))}の"
            "目標値がありません。計画書で確かめて記入してください。",
            expected=expected,
        )


@check("計画期間の目標と最終年度の目標値", Level.BLOCKING)
def level_and_last_year(picture: Picture) -> Iterator[Finding]:
    """3①: the goal of a level (7%→17%), and of a running total, is the target of the plan's last year.

    A level may have its goal in a later year.
    """
    for key, indicator, target in picture.contents.targets():
        last_target = number_of(target.years[-1].target) if target.years else None
        is_due = target.nature != "flow" and not target.goal_year
        if is_due and last_target is not None and last_target != target.total.number:
            yield level_and_last_year.finding(
                picture.place_of(RecordKey("target", key), "total"),
                f"数値目標{target_number(indicator, target)}の計画期間の目標と最終年度の目標値が違います。"
                "どちらが正しいか計画書で確かめ、正しい数値に直してください。",
                words=figure(target.total, target),
                found=figure(target.total, target),
                expected=figure(last_target, target),
            )


@check("水準の目標の基準値", Level.CAUTION)
def level_without_baseline(picture: Picture) -> Iterator[Finding]:
    """3①: a level, and a target computed by improvement, need a baseline and the year of it."""
    for key, indicator, target in picture.contents.targets():
        needs_baseline = target.nature == "level" or target.formula == Formula.IMPROVEMENT
        if needs_baseline and (target.baseline is None or target.baseline_year is None):
            yield level_without_baseline.finding(
                picture.place_of(RecordKey("target", key), "total"),
                f"数値目標{target_number(indicator, target)}の基準値又はその年度がありません。"
                "計画書の基準値と年度を記入してください。",
            )


@check("水準の目標の向き", Level.CAUTION)
def level_going_back(picture: Picture) -> Iterator[Finding]:
    """The yearly targets of a level go from the baseline to the goal, never back."""
    for key, indicator, target in picture.contents.targets():
        if target.nature != "level" or number_of(target.baseline) is None:
            continue
        years_with_target = [year for year in target.years if number_of(year.target) is not None]
        rises = target.total.number >= target.baseline.number
        for before, after in pairwise(years_with_target):
            step = after.target.number - before.target.number
            if step < 0 if rises else step > 0:
                yield level_going_back.finding(
                    picture.place_of(RecordKey("target", key, after.year), "target"),
                    f"数値目標{target_number(indicator, target)}の目標値が、{fiscal_year_name(after.year)}に"
                    "前の年度から後戻りしています。計画書の目標値を確かめてください。",
                    words=figure(after.target, target),
                    found=figure(after.target, target),
                )
