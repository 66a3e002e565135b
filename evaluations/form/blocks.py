"""Small builders that the parts of the form share."""

from collections.abc import Iterator

from tokku.document.tree import Cell, Heading, Paragraph, Role, Row, Source


def heading(level: int, text: str, source: Source | None = None) -> Heading:
    return Heading(text, level=level, source=source)


def prose(text: str, source: Source | None = None) -> Iterator[Paragraph]:
    """A paragraph for each line of a text; nothing for a blank one."""
    for line in text.split("\n") if text else ():
        yield Paragraph(line, source=source)


def label(text: str, *, colspan: int = 1, rowspan: int = 1, source: Source | None = None) -> Cell:
    return Cell(text, Role.HEADER, colspan, rowspan, source=source)


def header_row(columns: tuple[str, ...]) -> Row:
    return Row(tuple(map(label, columns)))
