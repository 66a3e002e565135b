"""実績値: of the zone, of its municipalities, and against the years before."""

import re
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.figures.surveys import is_without_survey
from evaluations.checks.mentions import same_width
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.statements.sums import breakdown, parts_and_whole
from evaluations.form.contents import NumericTarget, YearFigures, number_of
from evaluations.form.printed_figures import figure, percent, target_number
from evaluations.keys import RecordKey, TargetKey
from tokku.figures import Figure, total_of
from tokku.japanese import fiscal_year_name


@check("実績値の未記入", Level.BLOCKING, needs_all_municipalities=True, finds_blanks=True)
def actual_missing(picture: Picture) -> Iterator[Finding]:
    """3①: the actual of the evaluated year, or in its place 《定性的評価》 or a note that there was no survey."""
    for key, indicator, target in picture.contents.targets():
        year = _figures_of_year(target, picture.year)
        if year is None or year.actual is not None or target.assessment.qualitative:
            continue
        if is_without_survey(target, picture.year, picture.year):
            continue
        municipalities = "、".join(name for name, value in year.by_municipality if value is None)
        yield actual_missing.finding(
            picture.place_of(RecordKey("target", key, picture.year), "actual"),
            f"数値目標{target_number(indicator, target)}の{fiscal_year_name(picture.year)}の実績値がありません"
            f"{f'（未記入：{municipalities}）' if municipalities else ''}。実績値を記入するか、"
            "数値で示せない場合は定性的評価を書いてください。",
        )


@check("前年度までの実績値の未記入", Level.CAUTION, needs_all_municipalities=True)
def earlier_actual_missing(picture: Picture) -> Iterator[Finding]:
    """別紙1 also prints the actuals of past years."""
    for key, indicator, target in picture.contents.targets():
        target_last_year = _target_last_year(picture, key)
        if target_last_year and target_last_year.assessment.qualitative:
            continue
        for year in target.years:
            if year.year < picture.year and number_of(year.target) and year.actual is None:
                yield earlier_actual_missing.finding(
                    picture.place_of(RecordKey("target", key, year.year), "actual"),
                    f"数値目標{target_number(indicator, target)}の{fiscal_year_name(year.year)}の実績値が"
                    "ありません。その年度の評価書で確かめて記入してください。",
                )


@check("印字される桁より細かい数値", Level.CAUTION)
def finer_than_printed(picture: Picture) -> Iterator[Finding]:
    """別紙1 prints figures with the decimals of their target: one that was stored with more is rounded there."""
    for key, indicator, target in picture.contents.targets():
        for year in target.years:
            for name, value in (("target", year.target), ("actual", year.actual)):
                if value is None or value.rounded(target.decimals).number == value.number:
                    continue
                yield finer_than_printed.finding(
                    picture.place_of(RecordKey("target", key, year.year), name),
                    f"数値目標{target_number(indicator, target)}の{fiscal_year_name(year.year)}の数値は"
                    f"{value}ですが、評価書には四捨五入した値が印字されます。数値か、数値目標の小数の桁数を直してください。",
                    words=figure(value, target),
                    found=figure(value, target),
                )


@check("自治体別の実績値と特区の実績値", Level.BLOCKING, needs_all_municipalities=True)
def municipalities_and_zone(picture: Picture) -> Iterator[Finding]:
    """The zone's actual is the sum of its municipalities', once all have entered theirs."""
    for key, indicator, target in picture.contents.targets():
        if target.aggregation != "sum":
            continue
        for year in target.years:
            total = number_of(total_of(value for _, value in year.by_municipality))
            if total is not None and year.actual and total != year.actual.number:
                yield municipalities_and_zone.finding(
                    picture.place_of(RecordKey("target", key, year.year), "actual"),
                    f"数値目標{target_number(indicator, target)}の{fiscal_year_name(year.year)}の実績値が、"
                    "自治体別の実績値の合計と違います。各自治体の数値を確かめて直してください。",
                    words=figure(year.actual, target),
                    found=figure(year.actual, target),
                    expected=figure(total, target),
                )


@check("一度だけ報告する実績値", Level.BLOCKING, needs_all_municipalities=True)
def reported_differently(picture: Picture) -> Iterator[Finding]:
    """A figure of the zone as a whole is the same whichever municipality reports it."""
    for key, indicator, target in picture.contents.targets():
        for year in target.years if target.aggregation == "once" else ():
            told = [told.value for told in year.corrections if told.municipality]
            stated = told or [value for _, value in year.by_municipality if value]
            reported = dict.fromkeys(stated)
            if len(reported) > 1:
                yield reported_differently.finding(
                    picture.place_of(RecordKey("target", key, year.year), "actual"),
                    f"数値目標{target_number(indicator, target)}の{fiscal_year_name(year.year)}の実績値が、"
                    "自治体によって違います。どれが特区の実績値かを確かめ、一つにしてください。",
                    words=figure(year.actual, target),
                    found="、".join(figure(value, target) for value in reported),
                )


@check("自己評価の内訳と自治体別の実績値", Level.CAUTION)
def breakdown_of_municipalities(picture: Picture) -> Iterator[Finding]:
    """The self-assessment gives the municipalities' figures (横浜市2者、川崎市6者) as they were entered.

    Passages whose breakdown does not add up in itself have a finding for that already and are left out.
    """
    reported = {
        finding.number for check in (breakdown, parts_and_whole) for finding in check(picture)
    }
    for key, _, target in picture.contents.targets():
        year = _figures_of_year(target, picture.year)
        entered = dict(year.by_municipality) if year else {}
        if not entered:
            continue
        pattern = _breakdown_pattern(tuple(entered), target.unit)
        for passage in picture.passages_of(RecordKey("assessment", key), "self_assessment"):
            for match in _matches(pattern, passage) if passage.number not in reported else ():
                name, value = match["name"], Decimal(match["value"].replace(",", ""))
                if number_of(entered[name]) in (None, value):
                    continue
                yield breakdown_of_municipalities.finding(
                    passage,
                    f"自己評価の内訳の{name}の数値が、{name}の実績値と違います。"
                    "どちらが正しいかを確かめて直してください。",
                    words=passage.words(*match.span()),
                    found=figure(value, target),
                    expected=figure(entered[name], target),
                )


def _matches(pattern: re.Pattern[str], passage: Passage) -> Iterator[re.Match[str]]:
    """Matches in sentences that say 内訳 or give the figures of several municipalities."""
    for sentence in passage.sentences:
        matches = list(pattern.finditer(passage.flat, sentence.start, sentence.end))
        if len(matches) > 1 or "内訳" in sentence.text:
            yield from matches


def _breakdown_pattern(names: tuple[str, ...], unit: str) -> re.Pattern[str]:
    """Matches a municipality followed by its figure: 横浜市2者, 横浜市が2者, 横浜市は2者."""
    return re.compile(
        f"(?P<name>{'|'.join(map(re.escape, names))})[がはで:]? ?"
        rf"(?P<value>\d{{1,3}}(?:,\d{{3}})+|\d{{1,12}}(?:\.\d{{1,6}})?) ?{re.escape(same_width(unit))}"
    )


@check("前年度の評価書と違う数値", Level.CAUTION, needs_all_municipalities=True)
def figures_changed(picture: Picture) -> Iterator[Finding]:
    """別紙1 prints the targets, and the actuals of past years, as last year's evaluation did."""
    for key, indicator, target in picture.contents.targets():
        target_last_year = _target_last_year(picture, key)
        figures_last_year = (
            {year.year: year for year in target_last_year.years} if target_last_year else {}
        )
        for year in target.years:
            for name, label in (("target", "目標値"), ("actual", "実績値")):
                value, value_last_year = (
                    getattr(year, name),
                    getattr(figures_last_year.get(year.year), name, None),
                )
                if number_of(value) == number_of(value_last_year) or None in (
                    value,
                    value_last_year,
                ):
                    continue
                if name == "actual" and _is_told(year, value_last_year):
                    continue
                yield figures_changed.finding(
                    picture.place_of(RecordKey("target", key, year.year), name),
                    f"数値目標{target_number(indicator, target)}の{fiscal_year_name(year.year)}の{label}が、"
                    "前年度の評価書と違います。誤りであれば直し、改めたものであれば"
                    + (
                        "「前年度までの実績値の修正」に、修正後の値と理由を入力してください。"
                        if name == "actual"
                        else "理由を書いてください。"
                    ),
                    words=figure(value, target),
                    found=figure(value, target),
                    expected=figure(value_last_year, target),
                )


def _is_told(year: YearFigures, value_last_year: Figure) -> bool:
    """Whether the form says that the figure was corrected from what last year's form has."""
    return year.before is not None and number_of(year.before) == number_of(value_last_year)


@check("前年度までの速報値", Level.CAUTION, needs_all_municipalities=True)
def earlier_actual_preliminary(picture: Picture) -> Iterator[Finding]:
    """A figure of an earlier year that was going to change, and is printed again as it was."""
    for key, indicator, target in picture.contents.targets():
        for year in target.years:
            if year.year < picture.year and year.actual and year.actual.status:
                yield earlier_actual_preliminary.finding(
                    picture.place_of(RecordKey("target", key, year.year), "actual"),
                    f"数値目標{target_number(indicator, target)}の{fiscal_year_name(year.year)}の実績値は、"
                    f"まだ{year.actual.status}です。確定した値が分かれば、「前年度までの実績値の修正」に入力してください。",
                    words=figure(year.actual, target),
                    found=figure(year.actual, target),
                )


@check("前年度までの未集計の実績値", Level.CAUTION, needs_all_municipalities=True)
def earlier_actual_not_yet(picture: Picture) -> Iterator[Finding]:
    """A figure of an earlier year that was not known yet, and is still not."""
    for key, indicator, target in picture.contents.targets():
        for year in target.years:
            if year.year < picture.year and year.actual and year.actual.is_not_yet:
                yield earlier_actual_not_yet.finding(
                    picture.place_of(RecordKey("target", key, year.year), "actual"),
                    f"数値目標{target_number(indicator, target)}の{fiscal_year_name(year.year)}の実績値が、"
                    f"まだ「{year.actual.answer}」です。分かった値を、「前年度までの実績値の修正」に入力してください。",
                    words=figure(year.actual, target),
                    found=figure(year.actual, target),
                )


# In percent. Progress outside this range is more often a digit too many or too few than real.
_HIGHEST, _LOWEST = 500, 15


@check("桁違いの疑いのある実績値", Level.CAUTION, needs_all_municipalities=True)
def unlikely_progress(picture: Picture) -> Iterator[Finding]:
    """An actual that is many times its target, or a small fraction of it."""
    for key, indicator, target in picture.contents.targets():
        figures, progress = target.figures(picture.year), target.progress(picture.year)
        if isinstance(progress, Decimal) and figures.actual and not _LOWEST < progress < _HIGHEST:
            yield unlikely_progress.finding(
                picture.place_of(RecordKey("target", key, picture.year), "actual"),
                f"数値目標{target_number(indicator, target)}の進捗度が{percent(progress)}です。"
                "実績値と目標値の桁や単位に誤りがないか確かめてください。",
                words=figure(figures.actual, target),
                found=percent(progress),
            )


def _figures_of_year(target: NumericTarget, year: int) -> YearFigures | None:
    return next((figures for figures in target.years if figures.year == year), None)


def _target_last_year(picture: Picture, key: TargetKey) -> NumericTarget | None:
    """The same target in last year's evaluation; None if that evaluation was of another plan."""
    last_year = picture.last_year
    if not last_year or last_year.plan.first_year != picture.contents.plan.first_year:
        return None
    return next((target for other_key, _, target in last_year.targets() if other_key == key), None)
