"""The sheets of texts, in the order of the form."""

from typing import Any

from evaluations.forms import NewAchievement, NewApproach, NewMeasure
from evaluations.models import Achievement, Approach, Evaluation, TargetAssessment
from evaluations.models.evaluation import AchievementLevel
from evaluations.workbook.answers import TARGETS, WHOLE, choice
from evaluations.workbook.maker import Maker
from evaluations.workbook.pages import CODE, LAST_YEAR, THIS_YEAR, Page
from evaluations.workbook.sheets.columns import DELETION_COLUMN, NAME, NARROW, PROSE
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
    narrative, targets = (make.answer(Approach, name) for name in ("narrative", TARGETS))
    columns = (
        Column(CODE, NARROW),
        Column(targets.column, 24),
        Column(f"前年度の{narrative.column}", PROSE),
        Column(narrative.column, PROSE),
        Column("成果の見出し", NAME),
        DELETION_COLUMN,
    )
    adder = make.adder(NewApproach, [narrative, targets], targets=lambda typed: make.desk.targets)
    return Page("解決策", columns, lines, adder)


def achievements(make: Maker) -> Page:
    approaches = [row for row in make.desk.all_rows if isinstance(row, Approach)]
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
    heading, text = (make.answer(Achievement, name) for name in ("heading", "text"))
    level = choice("段階", "level", Achievement._meta.get_field("level").flatchoices)
    which = choice("解決策", "approach", ((pk, name) for pk, name in names.items()))
    columns = (
        Column(CODE, 22),
        Column(which.column, NARROW),
        Column("自治体", 13),
        Column(level.column, 16),
        Column(heading.column, NAME),
        Column(f"前年度の{text.column}", PROSE),
        Column(text.column, PROSE),
        DELETION_COLUMN,
    )
    of = {str(row.pk): row for row in approaches}
    adder = make.adder(
        NewAchievement,
        [which, level, heading, text, *make.whose()],
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
    names = ("name", TARGETS, "used", "details", "note")
    name, targets, used, details, note = (make.answer(RegulatoryMeasure, one) for one in names)
    kind = choice("種類", "kind", RegulatoryMeasure._meta.get_field("kind").flatchoices)
    columns = (
        Column(CODE, 22),
        Column(kind.column, 24),
        Column(name.column, NAME),
        Column(targets.column, 24),
        Column(used.column, NARROW),
        Column(f"前年度の{details.column}", PROSE),
        Column(details.column, PROSE),
        Column(note.column, NAME),
        DELETION_COLUMN,
    )
    adder = make.adder(NewMeasure, [kind, name, targets, used, details, note])
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
    text = make.answer(RegionalText, "text").column
    columns = (
        Column(CODE, 22),
        Column("種類", 24),
        Column("自治体", 13),
        Column(f"前年度の{text}", PROSE),
        Column(text, PROSE),
    )
    return Page("地域の取組", columns, lines)


def _short(row: Any) -> str:
    """The kind of a row without what stands in brackets."""
    return row.get_kind_display().split("（")[0]
