"""Functions for sheets with a line for each row. Widths are in half-width characters."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from evaluations import catalogue
from evaluations.catalogue.structure import Carryover
from evaluations.entry.workbook.cell_values import AnswerColumn
from evaluations.entry.workbook.sheet_maker import SheetMaker
from evaluations.entry.workbook.sheet_parts import CODE, NewRowLine, WorkbookSheet
from tokku.records import Record
from tokku.spreadsheets.entry_book import BookColumn
from tokku.spreadsheets.sheet import DELETION

NARROW, NAME, PROSE = 12, 26, 44


def list_of(
    maker: SheetMaker,
    title: str,
    model: type[Record],
    code: Callable[[Any], str],
    identifying: Mapping[AnswerColumn, int],
    columns: Iterable[BookColumn],
    *,
    new_row_line: NewRowLine | None = None,
) -> WorkbookSheet:
    """A line for each row of the model.

    `identifying` are the columns, with their widths, that tell which row it is: fixed in a line, filled in for a new row.
    """
    lines = [
        maker.line(
            code(row), row, {answer.column: answer.cell_value(row) for answer in identifying}
        )
        for row in maker.rows(model)
    ]
    deletion = [BookColumn(DELETION, 9)] if catalogue.kind_of(model).is_listed else []
    columns = (
        BookColumn(CODE, 22 if identifying else NARROW),
        *(BookColumn(answer.column, width) for answer, width in identifying.items()),
        *columns,
        *deletion,
    )
    return WorkbookSheet(title, columns, lines, new_row_line)


def columns_of(
    maker: SheetMaker, model: type[Record], *, after_last_year: Collection[str] = (), **widths: int
) -> Iterator[BookColumn]:
    """The columns of the model's entry fields in the year.

    Fields in `widths` come first, the others in the order of the catalogue. A column with last year's value stands
    before texts that are written anew each year and before the fields in `after_last_year`.
    """
    first_names = [*widths]
    for field in sorted(
        maker.fields_asked_of(model), key=lambda field: [*first_names, field.name].index(field.name)
    ):
        column = maker.answer(model, field.name).column
        width = widths.get(field.name, PROSE if field.is_in_sentences else NAME)
        is_rewritten = field.is_in_sentences and field.next_year is Carryover.BESIDE
        if is_rewritten or field.name in after_last_year:
            yield BookColumn(f"前年度の{column}", width)
        yield BookColumn(column, width)
