"""Marks in a draft where other municipalities' unsubmitted rows are left out; reading a draft removes them."""

from collections.abc import Iterator
from dataclasses import replace

from evaluations.catalogue.words import OMITTED
from evaluations.form.contents import Contents
from evaluations.form.printed_figures import figure
from evaluations.keys import RecordKey, TargetKey
from tokku.document.tree import Block, Cell, Document, Paragraph, Row, Table
from tokku.japanese import fold


def omission(contents: Contents, place: RecordKey) -> Iterator[Paragraph]:
    """The mark below a list that leaves something out; nothing where it is complete."""
    if contents.omits(place):
        yield Paragraph(OMITTED)


def omission_row(contents: Contents, place: RecordKey, columns: int) -> Iterator[Row]:
    """The mark as a row of a table."""
    if contents.omits(place):
        yield Row((Cell(OMITTED, colspan=columns),))


def with_omission(contents: Contents, place: RecordKey, text: str) -> str:
    """The text of a cell, with the mark below it."""
    return "\n".join(filter(None, [text, *(line.text for line in omission(contents, place))]))


def actual(contents: Contents, key: TargetKey, year: int) -> str:
    """実績値 with its unit; blank when it was not entered."""
    if contents.omits(RecordKey("target", key, year)):
        return OMITTED
    target = contents.target(key)
    return figure(target.of_year(year).actual, target)


# Reading

_MARK = OMITTED.strip("（）")


def without_omission(text: str) -> str:
    """`text` without lines that are the mark."""
    return "\n".join(line for line in text.split("\n") if fold(line) != fold(OMITTED))


def without_omissions(document: Document) -> Document:
    """The document without the marks."""
    if not any(_has_omission(block) for block in document.blocks):
        return document
    sections = (
        (section, tuple(filter(None, map(_without_omission, section.blocks))))
        for section in document.sections
    )
    return Document(
        tuple(replace(section, blocks=blocks) for section, blocks in sections if blocks)
    )


def _has_omission(block: Block) -> bool:
    cells = (
        [cell for row in block.rows for cell in row.cells] if isinstance(block, Table) else [block]
    )
    return any(_MARK in cell.text for cell in cells)


def _without_omission(block: Block) -> Block | None:
    if not isinstance(block, Table):
        return block if without_omission(block.text) else None
    rows = (
        replace(
            row, cells=tuple(replace(cell, text=without_omission(cell.text)) for cell in row.cells)
        )
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))
