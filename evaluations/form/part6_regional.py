"""Parts 6 and 7: the region's own efforts, and the overall evaluation."""

from collections.abc import Iterator

from evaluations.catalogue import part6_regional as labels
from evaluations.form.blocks import heading, prose, texts
from evaluations.form.contents import Contents, RegionalText
from evaluations.form.omissions import omission
from evaluations.keys import RecordKey
from tokku.document.tree import Block


def compose(contents: Contents) -> Iterator[Block]:
    yield heading(labels.PART, contents)
    parts = [part for part in contents.regional_texts if part.kind == "narrative"]
    for number, part in enumerate(parts, 1):
        yield from prose(part.text, RecordKey("regional_text", "narrative", number).field("text"))
    yield from omission(contents, RecordKey("regional_text", "narrative"))
    yield from texts(labels.OF_EVALUATION, contents)


def read(text: str) -> list[RegionalText]:
    """Part 6 as one text, since the form does not print which municipality wrote what."""
    return [RegionalText(kind="narrative", text=text)] if text else []
