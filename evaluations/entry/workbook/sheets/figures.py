"""The sheet of figures, with a column for each year of the plan."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from evaluations.entry.forms import NewCorrection
from evaluations.entry.workbook.cell_values import WHOLE, answer_column, choice, municipality
from evaluations.entry.workbook.sheet_maker import SheetMaker
from evaluations.entry.workbook.sheet_parts import CODE, WorkbookLine, WorkbookSheet
from evaluations.entry.workbook.sheets.lists import NAME, columns_of, list_of
from evaluations.form.contents import Indicator, NumericTarget, YearFigures
from evaluations.models import Actual, Correction
from tokku.figures import Figure
from tokku.japanese import fiscal_year_name
from tokku.spreadsheets.entry_book import BookColumn
from tokku.spreadsheets.widgets import FigureWidget


def figures(maker: SheetMaker) -> WorkbookSheet:
    """Only this year's actuals are filled in."""
    rows = defaultdict(list)
    for row in maker.rows(Actual):
        rows[row.target.place].append(row)
    lines = [
        line
        for key, indicator, target in maker.contents.targets()
        for line in _lines(maker, indicator, target, maker.numbers[key], rows[key])
    ]
    columns = (
        BookColumn(CODE, 20),
        BookColumn("評価指標", NAME),
        BookColumn("数値目標", NAME),
        BookColumn("単位", 8),
        BookColumn("区分", 9),
        BookColumn("自治体", 13),
        *(BookColumn(fiscal_year_name(year), 12) for year in maker.contents.plan.years),
        BookColumn("出典・備考", NAME),
    )
    return WorkbookSheet("数値", columns, lines)


def corrections(maker: SheetMaker) -> WorkbookSheet:
    """The figures of earlier years that this year's evaluation corrects. What they are now stands on the first sheet."""
    targets = [(target.pk, maker.numbers[target.place]) for target in maker.scope.targets]
    years = [(year, fiscal_year_name(year)) for year in maker.scope.evaluation.earlier_years]
    numbers, names = dict(targets), dict(years)
    target = choice("数値目標", "target", targets, lambda row: numbers[row.target_id])
    year = choice("修正する年度", "fiscal_year", years, lambda row: names[row.fiscal_year])
    owner = municipality(maker.authors)
    return list_of(
        maker,
        "実績値の修正",
        Correction,
        lambda row: f"{target.cell_value(row)} {year.cell_value(row)} {owner.cell_value(row)}",
        {target: 14, year: 14, owner: 13},
        columns_of(maker, Correction),
        new_row_line=maker.new_row_line(
            NewCorrection,
            [target, year, *maker.answers(Correction), owner],
            required=(target.column, year.column),
            targets=lambda typed: maker.scope.targets,
        ),
    )


def _lines(
    maker: SheetMaker, indicator: Indicator, target: NumericTarget, number: str, rows: list[Actual]
) -> Iterator[WorkbookLine]:
    """The lines of one target: target values, each municipality's actuals, and those of the whole zone."""
    this_year = fiscal_year_name(maker.scope.evaluation.fiscal_year)

    def fixed(category: str, owner: str, value_of: Callable[[YearFigures], Figure | None]):
        return {
            "評価指標": indicator.name,
            "数値目標": target.name,
            "単位": target.unit,
            "区分": category,
            "自治体": owner,
            "decimals": target.decimals,
            **{
                fiscal_year_name(figures.year): FigureWidget().render(value_of(figures))
                for figures in target.years
            },
        }

    yield WorkbookLine(
        f"{number} 目標値", "", number, fixed("目標値", "", lambda figures: figures.target)
    )
    of_zone = fixed("実績値", WHOLE, lambda figures: figures.actual)
    for row in rows:
        if row.municipality:
            name = maker.scope.access.year.name_of(row.municipality)
            owner = str(row.municipality)
            of_municipality = fixed(
                "実績値", owner, lambda figures, name=name: dict(figures.by_municipality).get(name)
            )
            yield _actual(f"{number} {owner}", row, this_year, of_municipality)
    if whole := next((row for row in rows if not row.municipality), None):
        yield _actual(f"{number} {WHOLE}", whole, this_year, of_zone)
    else:
        # The sum of this year is computed and shown on the pages.
        yield WorkbookLine(f"{number} {WHOLE}", "", number, of_zone | {this_year: None})


def _actual(code: str, row: Actual, this_year: str, fixed: dict[str, Any]) -> WorkbookLine:
    answers = [answer_column(Actual, "value", this_year), answer_column(Actual, "note")]
    by_column = {answer.column: (row, answer) for answer in answers}
    return WorkbookLine(code, str(row.key), row.label, fixed, by_column)
