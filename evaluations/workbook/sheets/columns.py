"""Columns that several sheets have, and their widths in half-width characters."""

from collections.abc import Collection, Iterator

from evaluations.catalogue.structure import Fate
from evaluations.workbook.maker import Maker
from tokku.records import Record
from tokku.spreadsheets.entry_book import Column
from tokku.spreadsheets.sheet import DELETION

NARROW, NAME, PROSE = 12, 26, 44
DELETION_COLUMN = Column(DELETION, 9)


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
