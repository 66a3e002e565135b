"""Small builders that the parts of the form share."""

from collections.abc import Iterator

from evaluations.catalogue.structure import Heading as Words
from tokku.document.tree import Cell, Heading, Paragraph, Role, Row, Source


def heading(level: int, text: str, source: Source | None = None) -> Heading:
    return Heading(text, level=level, source=source)


def prose(text: str, source: Source | None = None) -> Iterator[Paragraph]:
    """A paragraph for each line of a text; nothing for a blank one."""
    for line in text.split("\n") if text else ():
        yield Paragraph(line, source=source)


def text_part(
    level: int, title: Words, year: int, text: str, source: Source
) -> Iterator[Heading | Paragraph]:
    """A heading with its text; nothing in a year whose form does not have it."""
    if title.is_in(year):
        yield heading(level, title.of(year))
        yield from prose(text, source)


def label(text: str, *, colspan: int = 1, rowspan: int = 1, source: Source | None = None) -> Cell:
    return Cell(text, Role.HEADER, colspan, rowspan, source=source)


def header_row(columns: tuple[str, ...]) -> Row:
    return Row(tuple(map(label, columns)))
