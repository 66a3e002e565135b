"""4: projects under special regulatory measures, and proposals of measures."""

import re
from collections.abc import Iterator

from evaluations.form import labels
from evaluations.form.blocks import heading, prose
from evaluations.form.contents import Contents, Measure
from evaluations.form.reading import Node, Report
from tokku.document.tree import Block, Paragraph, Source
from tokku.japanese import circled

ENTRY = re.compile(r"[①-⑳]\s*[－ー―‐−-]\s*\d+\s*(.*)")


def compose(contents: Contents) -> Iterator[Block]:
    yield heading(2, labels.PART_4)
    for section, (kind, label) in enumerate(labels.MEASURES.items(), 1):
        yield heading(3, labels.for_kind(label, contents.zone.kind))
        measures = [measure for measure in contents.measures if measure.kind == kind]
        for number, measure in enumerate(measures, 1):
            record = f"measure/{kind}/{number}"
            yield heading(4, f"{circled(section)}-{number} {measure.name}", Source(record, "name"))
            yield from prose(measure.details, Source(record, "details"))
        if not measures:
            yield Paragraph(labels.NOT_APPLICABLE)
    reason = contents.texts.no_measures_reason
    if reason or not any(measure.kind in labels.MEASURES for measure in contents.measures):
        yield heading(3, labels.NO_MEASURES_REASON)
        yield from prose(reason, Source("evaluation", "no_measures_reason"))


def read(part: Node, kind: str, report: Report) -> tuple[list[Measure], str]:
    """The measures of the body, without what 別紙2 says of them, and the reason why there are none."""
    measures = []
    for measure_kind, label in labels.MEASURES.items():
        node = part.take(labels.for_kind(label, kind), report)
        for child in list(node.children):
            if match := ENTRY.fullmatch(child.text):
                node.children.remove(child)
                measures.append(
                    Measure(kind=measure_kind, name=match[1], details=child.take_prose())
                )
                report.unplace(child.leftovers())
        drop_not_applicable(node)
        report.unplace(node.leftovers())
    reason = ""
    if any(child.text == labels.NO_MEASURES_REASON for child in part.children) or not measures:
        reason = part.take_text(labels.NO_MEASURES_REASON, report)
    return measures, reason


def drop_not_applicable(node: Node) -> None:
    """Take out the word 該当なし that stands where there is no entry."""
    node.blocks = [
        block
        for block in node.blocks
        if not (isinstance(block, Paragraph) and block.text == labels.NOT_APPLICABLE)
    ]
