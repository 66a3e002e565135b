"""6 and 7: the region's own efforts, and the overall evaluation."""

from collections.abc import Iterator

from evaluations.form import labels
from evaluations.form.blocks import heading, prose
from evaluations.form.contents import Contents, RegionalText
from tokku.document.tree import Block, Source


def compose(contents: Contents) -> Iterator[Block]:
    yield heading(2, labels.PART_6)
    parts = [part for part in contents.regional_texts if part.kind == "narrative"]
    for number, part in enumerate(parts, 1):
        yield from prose(part.text, Source(f"regional_text/narrative/{number}", "text"))
    yield heading(2, labels.PART_7)
    yield from prose(contents.texts.overall, Source("evaluation", "overall"))


def read(text: str) -> list[RegionalText]:
    """6 as one part: the form does not print which municipality wrote which."""
    return [RegionalText(kind="narrative", text=text)] if text else []
