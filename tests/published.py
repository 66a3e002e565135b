"""The published evaluation of fiscal 2023, which lies beside the project and not in it."""

from pathlib import Path

import pytest

from tokku.document.tree import Document, Table

PATH = Path(__file__).resolve().parents[2] / "shared" / "data" / "evaluation-r5-published.txt"

needed = pytest.mark.skipif(
    not PATH.exists(),
    reason="公表された評価書（shared/data/evaluation-r5-published.txt）がありません",
)


def as_published(document: Document) -> str:
    """The document as a conversion of its print would leave it: lines and tabs, no structure."""
    lines = []
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                lines.append("\t".join(cell.text.replace("\n", " ") for cell in row.cells))
        else:
            lines.append(block.text)
        lines.append("")
    return "\n".join(lines)
