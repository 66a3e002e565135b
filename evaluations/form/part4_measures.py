"""Part 4: projects under special regulatory measures, and proposals of measures."""

import re
from collections.abc import Iterator

from evaluations.catalogue import part4_measures as labels
from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.form.blocks import heading, prose
from evaluations.form.contents import Contents, Measure
from evaluations.form.outline import Node, ReadingReport
from evaluations.keys import RecordKey
from tokku.document.tree import Block, Heading, Paragraph
from tokku.japanese import DASH, circled, fold

# ②-1 name: the number of the section and of the entry, and the name.
ENTRY = re.compile(r"([①-⑳])\s*" + DASH + r"\s*(\d{1,3})\s*(.*)")


def compose(contents: Contents) -> Iterator[Block]:
    yield heading(labels.PART, contents)
    for section, (kind, label) in enumerate(labels.MEASURES.items(), 1):
        yield heading(label, contents)
        measures = [measure for measure in contents.measures if measure.kind == kind]
        for number, measure in enumerate(measures, 1):
            record = RecordKey("measure", kind, number)
            name = f"{circled(section)}-{number} {measure.name}"
            yield Heading(name, level=4, source=record.field("name"))
            yield from prose(measure.details, record.field("details"))
        if not measures:
            yield Paragraph(NOT_APPLICABLE)
    reason = contents.texts.no_measures_reason
    if reason or not any(measure.kind in labels.MEASURES for measure in contents.measures):
        yield heading(labels.NO_MEASURES_REASON, contents)
        yield from prose(reason, RecordKey("evaluation").field("no_measures_reason"))


def read(part: Node, report: ReadingReport) -> tuple[list[Measure], str]:
    """The measures of the body, without what 別紙2 adds, and the reason why there are none."""
    measures = []
    for section, (measure_kind, label) in enumerate(labels.MEASURES.items(), 1):
        node = part.take(label, report)
        for child in list(node.children):
            if match := ENTRY.fullmatch(child.text):
                node.children.remove(child)
                check_number(
                    child,
                    match,
                    section,
                    sum(measure.kind == measure_kind for measure in measures),
                    report,
                )
                measures.append(
                    Measure(kind=measure_kind, name=match[3], details=child.take_prose())
                )
                report.unplace(child.leftovers())
        drop_not_applicable(node)
        report.unplace(node.leftovers())
    reason = ""
    reason_label = fold(report.words(labels.NO_MEASURES_REASON))
    if any(fold(child.text) == reason_label for child in part.children) or not measures:
        reason = part.take_text(labels.NO_MEASURES_REASON, report)
    return measures, reason


def check_number(
    node: Node, match: re.Match[str], section: int, entries_before: int, report: ReadingReport
) -> None:
    """Report a notice where the printed number of an entry differs from its place in the order."""
    expected = f"{circled(section)}-{entries_before + 1}"
    if (match[1], int(match[2])) != (circled(section), entries_before + 1):
        report.notice(node.line, f"「{node.text}」を、{expected}として取り込みます。")


def drop_not_applicable(node: Node) -> None:
    """Remove the paragraph 該当なし, which stands where there is no entry."""
    node.blocks = [
        block
        for block in node.blocks
        if not (isinstance(block, Paragraph) and fold(block.text) == NOT_APPLICABLE)
    ]
