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


def body(make: SheetMaker) -> WorkbookSheet:
    lines = [*make.field_lines(Evaluation, lambda row: "本文")]
    return WorkbookSheet("本文", (BookColumn(CODE, NARROW), *_OF_FIELDS), lines)


def assessments(make: SheetMaker) -> WorkbookSheet:
    lines = make.field_lines(TargetAssessment, make.number, 数値目標=lambda row: row.target.name)
    return WorkbookSheet(
        "別紙1", (BookColumn(CODE, NARROW), BookColumn("数値目標", NAME), *_OF_FIELDS), [*lines]
    )


def approaches(make: SheetMaker) -> WorkbookSheet:
    # The heading over what was achieved is filled in once the approach is there.
    answers = [one for one in make.answers(Approach) if "result_label" not in one.fields]
    return list_of(
        make,
        "解決策",
        Approach,
        lambda row: "解決策",
        {},
        columns_of(make, Approach, after_last_year=("narrative",), targets=24),
        adder=make.adder(NewApproach, answers, targets=lambda typed: make.scope.targets),
    )


def achievements(make: SheetMaker) -> WorkbookSheet:
    of = {str(row.pk): row for row in make.scope.year.of_kind(catalogue.APPROACH)}
    names = {key: f"解決策{n}" for n, key in enumerate(of, 1)}
    which = choice("解決策", "approach", names.items(), lambda row: names[str(row.approach_id)])
    owner, level = municipality(make.authors), make.answer(Achievement, "level")
    return list_of(
        make,
        "取組・成果",
        Achievement,
        lambda row: f"{which.say(row)} {owner.say(row)}",
        {which: NARROW, owner: 13, level: 16},
        columns_of(make, Achievement),
        adder=make.adder(
            NewAchievement,
            [which, level, *make.answers(Achievement), owner],
            required=(which.column,),
            begins={"level": [AchievementLevel.MAIN]},
            approach=lambda typed: of[typed["approach"][0]],
        ),
    )


def measures(make: SheetMaker) -> WorkbookSheet:
    kind = make.answer(RegulatoryMeasure, "kind")
    return list_of(
        make,
        "規制の特例措置",
        RegulatoryMeasure,
        _short,
        {kind: 24},
        columns_of(make, RegulatoryMeasure, name=NAME, targets=24, used=NARROW),
        adder=make.adder(NewMeasure, [kind, *make.answers(RegulatoryMeasure)]),
    )


def regional_texts(make: SheetMaker) -> WorkbookSheet:
    kind, owner = make.answer(RegionalText, "kind"), municipality(make.authors, "共同")
    return list_of(
        make,
        "地域の取組",
        RegionalText,
        lambda row: f"{_short(row)} {owner.say(row)}",
        {kind: 24, owner: 13},
        columns_of(make, RegionalText),
    )


def _short(row: Any) -> str:
    """The kind of a row without what stands in brackets."""
    return row.get_kind_display().split("（")[0]
