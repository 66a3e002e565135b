"""A document as JSON, the form in which it is sealed, and back. Keeps sources and layout too.

The order of keys and the white space are fixed: the same document is the same bytes.
"""

import json
from typing import Any

from tokku.document.tree import (
    Block,
    Cell,
    CellRole,
    Document,
    Heading,
    ListItem,
    Note,
    Orientation,
    Paragraph,
    Row,
    Section,
    Source,
    Table,
)

# To be increased when the code can no longer read documents that are sealed already.
FORMAT = 1

_KINDS: dict[str, type] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "item": ListItem,
    "note": Note,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


# Writing


def write(document: Document) -> str:
    return json.dumps(as_data(document), ensure_ascii=False, indent=1) + "\n"


def as_data(document: Document) -> dict[str, Any]:
    """The document as lists, dictionaries, strings and whole numbers."""
    return {
        "format": FORMAT,
        "title": document.title,
        "sections": [
            {
                "orientation": section.orientation.value,
                "label": section.label,
                "blocks": [_block_data(block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _block_data(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        return {
            "kind": "table",
            "widths": list(block.widths),
            "rows": [[_cell_data(cell) for cell in row.cells] for row in block.rows],
        }
    data: dict[str, Any] = {"kind": _NAMES[type(block)], "text": block.text}
    if isinstance(block, Heading):
        data["level"] = block.level
    return data | _source_data(block.source)


def _cell_data(cell: Cell) -> dict[str, Any]:
    data: dict[str, Any] = {"text": cell.text, "role": cell.role.value}
    if cell.colspan > 1:
        data["colspan"] = cell.colspan
    if cell.rowspan > 1:
        data["rowspan"] = cell.rowspan
    return data | _source_data(cell.source)


def _source_data(source: Source | None) -> dict[str, Any]:
    return {"source": [source.record, source.field]} if source else {}


# Reading


def read(text: str) -> Document:
    """The document that `text` holds. ValueError, in Japanese, when it holds none."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(f"unknown format {data['format']}")
        return Document(tuple(map(_read_section, data["sections"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("評価書の JSON として読み取れません。") from error


def _read_section(data: dict[str, Any]) -> Section:
    return Section(
        tuple(map(_read_block, data["blocks"])), Orientation(data["orientation"]), data["label"]
    )


def _read_block(data: dict[str, Any]) -> Block:
    if data["kind"] == "table":
        rows = tuple(Row(tuple(map(_read_cell, row))) for row in data["rows"])
        return Table(rows, tuple(map(_whole, data["widths"])))
    level = {"level": _whole(data["level"])} if data["kind"] == "heading" else {}
    return _KINDS[data["kind"]](data["text"], source=_read_source(data), **level)


def _read_cell(data: dict[str, Any]) -> Cell:
    return Cell(
        data["text"],
        CellRole(data["role"]),
        _whole(data.get("colspan", 1)),
        _whole(data.get("rowspan", 1)),
        source=_read_source(data),
    )


def _whole(value: Any) -> int:
    if type(value) is not int:  # 2.0 and True are numbers to Python, but no level and no span.
        raise ValueError(f"not a whole number: {value!r}")
    return value


def _read_source(data: dict[str, Any]) -> Source | None:
    return Source(*data["source"]) if "source" in data else None
