"""The sheets of texts, in the order of the form."""

from typing import Any

from evaluations import catalogue
from evaluations.entry.forms import NewAchievement, NewApproach, NewMeasure
from evaluations.entry.workbook.cell_values import choice, municipality
from evaluations.entry.workbook.sheet_maker import SheetMaker
from evaluations.entry.workbook.sheet_parts import CODE, LAST_YEAR, THIS_YEAR, WorkbookSheet
from evaluations.entry.workbook.sheets.lists import NAME, NARROW, columns_of, list_of
from evaluations.models import Achievement, Approach, Evaluation, TargetAssessment
from evaluations.models.evaluation import AchievementLevel
from supports.models import RegionalText, RegulatoryMeasure
from tokku.spreadsheets.entry_book import BookColumn

_OF_FIELDS = (BookColumn("項目", NAME), BookColumn(LAST_YEAR, 60), BookColumn(THIS_YEAR, 60))


def body(maker: SheetMaker) -> WorkbookSheet:
    lines = [*maker.field_lines(Evaluation, lambda row: "本文")]
    return WorkbookSheet("本文", (BookColumn(CODE, NARROW), *_OF_FIELDS), lines)


def assessments(maker: SheetMaker) -> WorkbookSheet:
    lines = maker.field_lines(TargetAssessment, maker.number, 数値目標=lambda row: row.target.name)
    return WorkbookSheet(
        "別紙1", (BookColumn(CODE, NARROW), BookColumn("数値目標", NAME), *_OF_FIELDS), [*lines]
    )


def approaches(maker: SheetMaker) -> WorkbookSheet:
    # The heading of the achievements is filled in only after the approach is created.
    answers = [answer for answer in maker.answers(Approach) if "result_label" not in answer.fields]
    return list_of(
        maker,
        "解決策",
        Approach,
        lambda row: "解決策",
        {},
        columns_of(maker, Approach, after_last_year=("narrative",), targets=24),
        new_row_line=maker.new_row_line(
            NewApproach, answers, targets=lambda typed: maker.scope.targets
        ),
    )


def achievements(maker: SheetMaker) -> WorkbookSheet:
    approaches_by_key = {str(row.pk): row for row in maker.scope.year.of_kind(catalogue.APPROACH)}
    names = {key: f"解決策{n}" for n, key in enumerate(approaches_by_key, 1)}
    approach = choice("解決策", "approach", names.items(), lambda row: names[str(row.approach_id)])
    owner, level = municipality(maker.authors), maker.answer(Achievement, "level")
    return list_of(
        maker,
        "取組・成果",
        Achievement,
        lambda row: f"{approach.cell_value(row)} {owner.cell_value(row)}",
        {approach: NARROW, owner: 13, level: 16},
        columns_of(maker, Achievement),
        new_row_line=maker.new_row_line(
            NewAchievement,
            [approach, level, *maker.answers(Achievement), owner],
            required=(approach.column,),
            defaults={"level": [AchievementLevel.MAIN]},
            approach=lambda typed: approaches_by_key[typed["approach"][0]],
        ),
    )


def measures(maker: SheetMaker) -> WorkbookSheet:
    kind = maker.answer(RegulatoryMeasure, "kind")
    return list_of(
        maker,
        "規制の特例措置",
        RegulatoryMeasure,
        _short,
        {kind: 24},
        columns_of(maker, RegulatoryMeasure, name=NAME, targets=24, used=NARROW),
        new_row_line=maker.new_row_line(
            NewMeasure,
            [kind, *maker.answers(RegulatoryMeasure)],
            targets=lambda typed: maker.scope.targets,
        ),
    )


def regional_texts(maker: SheetMaker) -> WorkbookSheet:
    kind, owner = maker.answer(RegionalText, "kind"), municipality(maker.authors, "共同")
    return list_of(
        maker,
        "地域の取組",
        RegionalText,
        lambda row: f"{_short(row)} {owner.cell_value(row)}",
        {kind: 24, owner: 13},
        columns_of(maker, RegionalText),
    )


def _short(row: Any) -> str:
    """The label of the row's kind without the part in brackets."""
    return row.get_kind_display().split("（")[0]
