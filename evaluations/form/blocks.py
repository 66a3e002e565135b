"""Builders of headings, texts, notes and cells that the parts of the form share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluations.catalogue.structure import Field, in_year
from evaluations.catalogue.structure import FormHeading as Words
from evaluations.form.contents import Contents
from evaluations.keys import RecordKey
from tokku.document.tree import (
    Block,
    Cell,
    CellRole,
    Heading,
    Note,
    Orientation,
    Paragraph,
    Row,
    Section,
    Source,
)


@dataclass(frozen=True)
class AbsentHeading:
    """A heading that the form of the year does not have. The blocks below it are not printed either."""

    level: int


def heading(
    words: Words,
    contents: Contents,
    source: Source | None = None,
    *,
    more: str = "",
    level: int = 0,
) -> Heading | AbsentHeading:
    """A heading of the catalogue as the form of the evaluation's year prints it, followed by `more`."""
    level = words.level or level
    if not words.is_in(contents.fiscal_year):
        return AbsentHeading(level)
    text = words.of(contents.fiscal_year, contents.zone.kind) + more
    return Heading(text, level=level, source=source)


def present(blocks: Iterable[Block | AbsentHeading]) -> Iterator[Block]:
    """The blocks without those below an absent heading, up to the next heading of its level or above."""
    absent: AbsentHeading | None = None
    for block in blocks:
        if isinstance(block, Heading | AbsentHeading) and (
            absent is None or block.level <= absent.level
        ):
            absent = block if isinstance(block, AbsentHeading) else None
        if absent is None and not isinstance(block, AbsentHeading):
            yield block


def annex(blocks: Iterable[Block | AbsentHeading], label: str) -> Iterator[Section]:
    """A landscape section of the blocks that are present; nothing where there are none."""
    if shown := tuple(present(blocks)):
        yield Section(shown, Orientation.LANDSCAPE, label)


def texts(fields: Iterable[Field], contents: Contents) -> Iterator[Block | AbsentHeading]:
    """The texts of the evaluation that stand under a heading of their own, in the form of its year."""
    for field in in_year(fields, contents.fiscal_year):
        for words in field.headings:
            yield heading(words, contents)
            text = getattr(contents.texts, field.name)
            yield from prose(text, RecordKey("evaluation").field(field.name))


def note(words: Words, contents: Contents) -> Iterator[Note]:
    """A note of the form below a table, in the years that have it."""
    if words.is_in(contents.fiscal_year):
        yield Note(words.of(contents.fiscal_year))


def prose(text: str, source: Source | None = None) -> Iterator[Paragraph]:
    """A paragraph for each line of a text; nothing for a blank one."""
    for line in text.split("\n") if text else ():
        yield Paragraph(line, source=source)


def label(text: str, *, colspan: int = 1, rowspan: int = 1, source: Source | None = None) -> Cell:
    return Cell(text, CellRole.HEADER, colspan, rowspan, source=source)


def header_row(columns: tuple[str, ...]) -> Row:
    return Row(tuple(map(label, columns)))
