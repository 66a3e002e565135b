"""The sheets of texts, in the order of the form."""

from typing import Any

from evaluations import catalogue
from evaluations.forms import NewAchievement, NewApproach, NewMeasure
from evaluations.models import Achievement, Approach, Evaluation, TargetAssessment
from evaluations.models.evaluation import AchievementLevel
from evaluations.workbook.answers import WHOLE, choice
from evaluations.workbook.maker import Maker
from evaluations.workbook.pages import CODE, LAST_YEAR, THIS_YEAR, Page
from evaluations.workbook.sheets.columns import DELETION_COLUMN, NAME, NARROW, columns_of
from supports.models import RegionalText, RegulatoryMeasure
from tokku.spreadsheets.entry_book import Column

_YEARS = (Column(LAST_YEAR, 60), Column(THIS_YEAR, 60))


def body(make: Maker) -> Page:
    lines = [line for row in make.rows(Evaluation) for line in make.field_lines(row, "本文")]
    columns = (Column(CODE, NARROW), Column("項目", NAME), *_YEARS)
    return Page("本文", columns, lines)


def assessments(make: Maker) -> Page:
    lines = [
        line
        for row in make.rows(TargetAssessment)
        for line in make.field_lines(
            row,
            make.number(row),
            数値目標=row.target.name,
        )
    ]
    columns = (Column(CODE, NARROW), Column("数値目標", NAME), Column("項目", NAME), *_YEARS)
    return Page("別紙1", columns, lines)


def approaches(make: Maker) -> Page:
    lines = [make.line(make.code("解決策"), row) for row in make.rows(Approach)]
    columns = (
        Column(CODE, NARROW),
        *columns_of(make, Approach, after_last_year=("narrative",), targets=24),
        DELETION_COLUMN,
    )
    # The heading over what was achieved is filled in once the approach is there.
    answers = [one for one in make.answers(Approach) if "result_label" not in one.fields]
    adder = make.adder(NewApproach, answers, targets=lambda typed: make.desk.targets)
    return Page("解決策", columns, lines, adder)


def achievements(make: Maker) -> Page:
    approaches = make.desk.year.of(catalogue.APPROACH)
    names = {row.pk: f"解決策{n}" for n, row in enumerate(approaches, 1)}
    lines = [
        make.line(
            make.code(names[row.approach_id], row.municipality or WHOLE),
            row,
            解決策=names[row.approach_id],
            自治体=str(row.municipality or WHOLE),
            段階=row.get_level_display(),
        )
        for row in make.rows(Achievement)
    ]
    level = choice("段階", "level", Achievement._meta.get_field("level").flatchoices)
    which = choice("解決策", "approach", ((pk, name) for pk, name in names.items()))
    columns = (
        Column(CODE, 22),
        Column(which.column, NARROW),
        Column("自治体", 13),
        Column(level.column, 16),
        *columns_of(make, Achievement),
        DELETION_COLUMN,
    )
    of = {str(row.pk): row for row in approaches}
    adder = make.adder(
        NewAchievement,
        [which, level, *make.answers(Achievement), *make.whose()],
        required=(which.column,),
        begins={"level": [AchievementLevel.MAIN]},
        approach=lambda typed: of[typed["approach"][0]],
    )
    return Page("取組・成果", columns, lines, adder)


def measures(make: Maker) -> Page:
    lines = [
        make.line(make.code(_short(row)), row, 種類=row.get_kind_display())
        for row in make.rows(RegulatoryMeasure)
    ]
    kind = choice("種類", "kind", RegulatoryMeasure._meta.get_field("kind").flatchoices)
    columns = (
        Column(CODE, 22),
        Column(kind.column, 24),
        *columns_of(make, RegulatoryMeasure, name=NAME, targets=24, used=NARROW),
        DELETION_COLUMN,
    )
    adder = make.adder(NewMeasure, [kind, *make.answers(RegulatoryMeasure)])
    return Page("規制の特例措置", columns, lines, adder)


def regional_texts(make: Maker) -> Page:
    lines = [
        make.line(
            make.code(_short(row), row.municipality or "共同"),
            row,
            種類=row.get_kind_display(),
            自治体=str(row.municipality or "共同"),
        )
        for row in make.rows(RegionalText)
    ]
    columns = (
        Column(CODE, 22),
        Column("種類", 24),
        Column("自治体", 13),
        *columns_of(make, RegionalText),
    )
    return Page("地域の取組", columns, lines)


def _short(row: Any) -> str:
    """The kind of a row without what stands in brackets."""
    return row.get_kind_display().split("（")[0]
