"""What the sheets that list rows have in common. Widths are in half-width characters."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from evaluations import catalogue
from evaluations.catalogue.structure import Fate
from evaluations.entry.workbook.cell_values import Answer
from evaluations.entry.workbook.sheet_maker import Maker
from evaluations.entry.workbook.sheet_parts import CODE, Adder, Page
from tokku.records import Record
from tokku.spreadsheets.entry_book import Column
from tokku.spreadsheets.sheet import DELETION

NARROW, NAME, PROSE = 12, 26, 44


def list_of(
    make: Maker,
    title: str,
    model: type[Record],
    code: Callable[[Any], str],
    told: Mapping[Answer, int],
    columns: Iterable[Column],
    *,
    first: Iterable[Column] = (),
    adder: Adder | None = None,
) -> Page:
    """A line for each row of the model.

    What is `told`, in columns of these widths, says which row it is: fixed in its line, and asked of a new one.
    """
    lines = [
        make.line(code(row), row, {one.column: one.say(row) for one in told})
        for row in make.rows(model)
    ]
    deletion = [Column(DELETION, 9)] if catalogue.kind_of(model).is_listed else []
    columns = (
        Column(CODE, 22 if told else NARROW),
        *first,
        *(Column(one.column, width) for one, width in told.items()),
        *columns,
        *deletion,
    )
    return Page(title, columns, lines, adder)


def columns_of(
    make: Maker, model: type[Record], *, after_last_year: Collection[str] = (), **widths: int
) -> Iterator[Column]:
    """The columns of what rows of the model are asked for in the year.

    Those with a width of their own come first, the others in the order of the catalogue. Last year's stands before
    texts that are written anew, and before those that are named.
    """
    first = [*widths]
    for field in sorted(make.asked(model), key=lambda one: [*first, one.name].index(one.name)):
        column = make.answer(model, field.name).column
        width = widths.get(field.name, PROSE if field.is_in_sentences else NAME)
        is_rewritten = field.is_in_sentences and field.next_year is Fate.BESIDE
        if is_rewritten or field.name in after_last_year:
            yield Column(f"前年度の{column}", width)
        yield Column(column, width)
