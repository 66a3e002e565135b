"""A document as HTML: the words of the document and nothing else, for a page's template to wrap.

Text is escaped here. `anchors` gives the same ids that the HTML carries, for a table of contents.
"""

from html import escape
from itertools import groupby
from typing import NamedTuple

from tokku.document.tree import (
    Block,
    Cell,
    Document,
    Heading,
    Item,
    Note,
    Role,
    Section,
    Source,
    Table,
)


class Anchor(NamedTuple):
    """A line of a table of contents."""

    id: str
    text: str
    level: int


def anchors(document: Document, deepest: int = 3) -> list[Anchor]:
    """The headings down to level `deepest`; the first of a section goes by the section's label."""
    found = []
    for s, section in enumerate(document.sections, 1):
        headings = (block for block in section.blocks if isinstance(block, Heading))
        for h, heading in enumerate(headings, 1):
            text = section.label if h == 1 and section.label else heading.text
            if heading.level <= deepest:
                found.append(Anchor(_id(s, h), text, heading.level))
    return found


def write(document: Document) -> str:
    return "\n".join(_section(s, section) for s, section in enumerate(document.sections, 1)) + "\n"


def _id(section: int, heading: int) -> str:
    return f"s{section}-{heading}"


def _section(s: int, section: Section) -> str:
    headings = 0
    parts = [f'<section class="sheet {section.orientation.value}">']
    for items, run in groupby(section.blocks, key=lambda block: isinstance(block, Item)):
        if items:
            parts += ['<ul class="marked">', *(_line("li", item) for item in run), "</ul>"]
            continue
        for block in run:
            headings += isinstance(block, Heading)
            parts.append(_block(block, _id(s, headings) if headings else ""))
    return "\n".join([*parts, "</section>"])


def _block(block: Block, heading: str) -> str:
    """`heading` is the id of the heading that the block is, or stands below; "" above the first."""
    match block:
        case Heading():
            return _line(f"h{block.level}", block, f' id="{heading}"')
        case Note():
            return _line("p", block, ' class="note"')
        case Table():
            # Wider than a small screen: it scrolls by itself, also with the keyboard.
            named = f' role="group" aria-labelledby="{heading}"' if heading else ""
            return f'<div class="table"{named} tabindex="0">\n{_table(block)}\n</div>'
        case _:
            return _line("p", block)


def _line(tag: str, block: Block, attributes: str = "") -> str:
    return f"<{tag}{attributes}{_source(block.source)}>{escape(block.text)}</{tag}>"


def _table(table: Table) -> str:
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
        parts.append("<tr>" + "".join(_cell(cell, r < head) for cell in row.cells) + "</tr>")
        if r + 1 == head:
            parts.append("</thead>")
    return "\n".join([*parts, "</tbody>", "</table>"])


def _cell(cell: Cell, in_head: bool) -> str:
    tag, attributes = "td", ""
    if cell.role is Role.HEADER and cell.text:
        # Not colgroup or rowgroup for a merged cell: that is everything to the end of the table.
        tag, attributes = "th", f' scope="{"col" if in_head else "row"}"'
    elif cell.role is not Role.TEXT:
        attributes = f' class="{cell.role.value}"'
    if cell.colspan > 1:
        attributes += f' colspan="{cell.colspan}"'
    if cell.rowspan > 1:
        attributes += f' rowspan="{cell.rowspan}"'
    lines = "<br>".join(escape(line) for line in cell.text.split("\n"))
    return f"<{tag}{attributes}{_source(cell.source)}>{lines}</{tag}>"


def _source(source: Source | None) -> str:
    if source is None:
        return ""
    return f' data-source="{escape(source.record)}" data-field="{escape(source.field)}"'
