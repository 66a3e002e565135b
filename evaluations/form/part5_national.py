"""Part 5: national support: grants, tax relief and loans."""

from collections.abc import Iterator
from typing import Any

from evaluations.catalogue import part5_national as labels
from evaluations.catalogue.structure import FormHeading as Words
from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.form.blocks import heading, prose
from evaluations.form.contents import Contents, NationalSupport
from evaluations.form.omissions import omission
from evaluations.form.outline import Node, ReadingReport
from evaluations.form.part4_measures import ENTRY, check_number, drop_not_applicable
from evaluations.keys import RecordKey
from tokku.document.tree import Block, Heading, Paragraph
from tokku.japanese import circled, fold, parse_number

COUNTS = {
    "fiscal": "fiscal_support_count",
    "tax": "tax_support_count",
    "loan": "loan_support_count",
}


def compose(contents: Contents) -> Iterator[Block]:
    yield heading(labels.PART, contents)
    for section, (kind, label) in enumerate(labels.COUNTS.items(), 1):
        count = getattr(contents.texts, COUNTS[kind])
        more = " 件" if count is None else f" {count} 件"
        yield heading(label, contents, RecordKey("evaluation").field(COUNTS[kind]), more=more)
        if kind == "fiscal":
            yield heading(labels.ADJUSTMENT_FUNDS, contents)
            yield from _compose_entries(contents, kind, section, level=5)
            yield heading(labels.NO_FISCAL_SUPPORT_REASON, contents)
            reason = contents.texts.no_fiscal_support_reason
            yield from prose(reason, RecordKey("evaluation").field("no_fiscal_support_reason"))
        else:
            yield from _compose_entries(contents, kind, section, level=4)


def _compose_entries(contents: Contents, kind: str, section: int, level: int) -> Iterator[Block]:
    entries = [entry for entry in contents.national_supports if entry.kind == kind]
    for number, entry in enumerate(entries, 1):
        record = RecordKey("national_support", kind, number)
        name = f"{circled(section)}-{number} {entry.name}"
        yield Heading(name, level=level, source=record.field("name"))
        yield heading(labels.OUTLINE, contents, level=level + 1)
        yield from prose(entry.outline, record.field("outline"))
        yield heading(labels.USAGE[kind], contents, level=level + 1)
        yield from prose(entry.usage, record.field("usage"))
    place = RecordKey("national_support", kind)
    yield from omission(contents, place)
    if not entries and not contents.omits(place):
        yield Paragraph(NOT_APPLICABLE)


def read(part: Node, report: ReadingReport) -> tuple[tuple[NationalSupport, ...], dict[str, Any]]:
    entries: list[NationalSupport] = []
    texts: dict[str, Any] = {}
    for section, (kind, label) in enumerate(labels.COUNTS.items(), 1):
        node = part.take(label, report, and_more=True)
        texts[COUNTS[kind]] = _read_count(node, label, report)
        entries_node = node
        if kind == "fiscal":
            entries_node = node.take(labels.ADJUSTMENT_FUNDS, report)
        kind_entries = list(_read_entries(entries_node, kind, section, report))
        entries += kind_entries
        if kind == "fiscal":
            texts["no_fiscal_support_reason"] = _read_reason(node, kind_entries, report)
        drop_not_applicable(entries_node)
        report.unplace(entries_node.leftovers())
        if entries_node is not node:
            report.unplace(node.leftovers())
    return tuple(entries), texts


def _read_reason(node: Node, entries: list[NationalSupport], report: ReadingReport) -> str:
    """＜該当する事業がない理由＞, which may be left out where there are entries."""
    label = labels.NO_FISCAL_SUPPORT_REASON
    words = fold(report.words(label))
    if entries and not any(fold(child.text) == words for child in node.children):
        return ""
    return node.take_text(label, report)


def _read_count(node: Node, label: Words, report: ReadingReport) -> int | None:
    count = report.fold(node.text).removeprefix(fold(report.words(label)))
    count = count.removeprefix(":").removesuffix("件")
    if not count:
        return None
    value = report.attempt(node.line, parse_number, count, None)
    if value is not None and (value < 0 or value != int(value)):
        report.error(node.line, f"件数は0以上の整数です：{node.text}")
        return None
    return None if value is None else int(value)


def _read_entries(
    node: Node, kind: str, section: int, report: ReadingReport
) -> Iterator[NationalSupport]:
    count = 0
    for child in list(node.children):
        match = ENTRY.fullmatch(child.text)
        if not match:
            continue
        check_number(child, match, section, count, report)
        count += 1
        node.children.remove(child)
        outline = child.take_text(labels.OUTLINE, report)
        usage = child.take_text(_usage_label(child, kind, report), report)
        yield NationalSupport(kind=kind, name=match[3], outline=outline, usage=usage)
        report.unplace(child.leftovers())


def _usage_label(node: Node, kind: str, report: ReadingReport) -> Words:
    """The heading under イ above the use of the support, which differs by kind.

    Where the document has the heading of another kind, return that one and add a notice to the report.
    """
    for other, name in labels.KINDS.items():
        label = labels.USAGE[other]
        for child in node.children:
            if other != kind and fold(child.text) == fold(report.words(label)):
                expected = labels.KINDS[kind]
                report.notice(
                    child.line, f"見出しの「{name}」は「{expected}」の誤りとして読み取りました。"
                )
                return label
    return labels.USAGE[kind]
