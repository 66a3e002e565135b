"""A document as HTML, with the links that a page adds to it; the page's template wraps it.

Text is escaped here. `anchors` gives the same ids that the HTML carries, for a table of contents.
"""

from collections.abc import Callable, Iterable
from html import escape
from itertools import groupby
from typing import NamedTuple

from tokku.document.tree import (
    Block,
    Cell,
    CellRole,
    Document,
    Heading,
    ListItem,
    Note,
    Paragraph,
    Section,
    Table,
)


class Anchor(NamedTuple):
    """A line of a table of contents."""

    id: str
    text: str
    level: int


Line = Heading | Paragraph | ListItem | Note | Cell


class Link(NamedTuple):
    """A link in a block or cell: before its words, or around those from one place in its text to another."""

    css_class: str
    href: str
    label: str  # for screen readers
    id: str = ""
    around: tuple[int, int] = (0, 0)


Beside = Callable[[Line], Iterable[Link]]


def no_links(line: Line) -> Iterable[Link]:
    """For a document without links."""
    return ()


def anchors(document: Document, deepest: int = 3) -> list[Anchor]:
    """The headings down to level `deepest`; the first of a section has the section's label as its text."""
    lines = []
    for s, section in enumerate(document.sections, 1):
        headings = (block for block in section.blocks if isinstance(block, Heading))
        for h, heading in enumerate(headings, 1):
            text = section.label if h == 1 and section.label else heading.text
            if heading.level <= deepest:
                lines.append(Anchor(_id(s, h), text, heading.level))
    return lines


def write(document: Document, beside: Beside = no_links) -> str:
    """The document with the links that `beside` returns for a block or cell, in the order of its text.

    `beside` is called once for each block and cell that has a source, in the order of the document.
    """
    sections = (_section(s, section, beside) for s, section in enumerate(document.sections, 1))
    return "\n".join(sections) + "\n"


def _id(section: int, heading: int) -> str:
    return f"s{section}-{heading}"


def _section(s: int, section: Section, beside: Beside) -> str:
    headings = 0
    parts = [f'<section class="sheet {section.orientation.value}">']
    for items, run in groupby(section.blocks, key=lambda block: isinstance(block, ListItem)):
        if items:
            parts += ['<ul class="marked">', *(_line("li", item, beside) for item in run), "</ul>"]
            continue
        for block in run:
            headings += isinstance(block, Heading)
            parts.append(_block(block, _id(s, headings) if headings else "", beside))
    return "\n".join([*parts, "</section>"])


def _block(block: Block, heading: str, beside: Beside) -> str:
    """`heading` is the id of the heading that the block is, or stands below; "" above the first."""
    match block:
        case Heading():
            return _line(f"h{block.level}", block, beside, f' id="{heading}"')
        case Note():
            return _line("p", block, beside, ' class="note"')
        case Table():
            # Wider than a small screen: it scrolls by itself, also with the keyboard.
            label = f' role="group" aria-labelledby="{heading}"' if heading else ""
            return f'<div class="table"{label} tabindex="0">\n{_table(block, beside)}\n</div>'
        case _:
            return _line("p", block, beside)


def _line(tag: str, line: Line, beside: Beside, attributes: str = "") -> str:
    return f"<{tag}{attributes}>{_words(line, beside)}</{tag}>"


def _table(table: Table, beside: Beside) -> str:
    # The width attribute, because a content security policy forbids style attributes.
    total = sum(table.widths)
    columns = [f'<col width="{round(100 * width / total)}%">' for width in table.widths]
    head = table.header_rows
    parts = ["<table>", *(["<colgroup>", *columns, "</colgroup>"] if columns else [])]
    for r, row in enumerate(table.rows):
        if r == 0 and head:
            parts.append("<thead>")
        if r == head:
            parts.append("<tbody>")
        cells = "".join(_cell(cell, r < head, beside) for cell in row.cells)
        parts.append(f"<tr>{cells}</tr>")
        if r + 1 == head:
            parts.append("</thead>")
    return "\n".join([*parts, "</tbody>", "</table>"])


def _cell(cell: Cell, in_head: bool, beside: Beside) -> str:
    tag, attributes = "td", ""
    if cell.role is CellRole.HEADER and cell.text:
        # Not colgroup or rowgroup for a merged cell: that is everything to the end of the table.
        tag, attributes = "th", f' scope="{"col" if in_head else "row"}"'
    elif cell.role is not CellRole.TEXT:
        attributes = f' class="{cell.role.value}"'
    if cell.colspan > 1:
        attributes += f' colspan="{cell.colspan}"'
    if cell.rowspan > 1:
        attributes += f' rowspan="{cell.rowspan}"'
    return _line(tag, cell, beside, attributes)


def _words(line: Line, beside: Beside) -> str:
    """The text with its links: all of it and nothing twice, whatever links there are."""
    text, done, parts = line.text, 0, []
    for link in beside(line) if line.source else ():
        start, end = link.around
        if not done <= start <= end <= len(text):
            raise ValueError(f"a link beyond its words, or not in their order: {link}")
        parts += [_escaped(text[done:start]), _link(link, text[start:end])]
        done = end
    return "".join([*parts, _escaped(text[done:])])


def _link(link: Link, text: str) -> str:
    id_ = f' id="{escape(link.id)}"' if link.id else ""
    return (
        f'<a class="{escape(link.css_class)}"{id_} href="{escape(link.href)}"'
        f' aria-label="{escape(link.label)}">{_escaped(text)}</a>'
    )


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")
