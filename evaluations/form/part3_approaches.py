"""Part 3④: the approaches (解決策), and what was done and achieved under each."""

import re
from collections.abc import Iterator
from itertools import pairwise

from evaluations.catalogue import part3_approaches as labels
from evaluations.catalogue.words import OMITTED
from evaluations.form.blocks import heading, prose
from evaluations.form.contents import Achievement, Approach, Contents
from evaluations.form.omissions import omission, without_omission
from evaluations.form.outline import Node, ReadingReport
from evaluations.form.printed_figures import figure, parse_target_keys, target_numbers
from evaluations.keys import RecordKey
from tokku.document.tree import Block, Heading, ListItem, Paragraph
from tokku.japanese import katakana, loose

_APPROACH = re.compile(
    r"\w+\s*" + loose("解決策") + r"\s*(\d{1,3})\s*(?:(.*?)\s*" + loose("に寄与") + ")?"
)
_MARKS = {"main": "○", "sub": "・"}


def compose(contents: Contents) -> Iterator[Block]:
    yield heading(labels.APPROACHES, contents)
    for number, approach in enumerate(contents.approaches, 1):
        yield from _compose_approach(contents, number, approach)


def _compose_approach(contents: Contents, number: int, approach: Approach) -> Iterator[Block]:
    record = RecordKey("approach", number)
    title = f"{katakana(number)} 解決策{number}"
    if approach.targets:
        title += f" {target_numbers(approach.targets, contents)}に寄与"
    yield Heading(title, level=4, source=record.field("targets"))
    yield from prose(approach.narrative, record.field("narrative"))
    yield heading(labels.ACHIEVEMENTS, contents)
    if approach.result_label:
        yield Paragraph(
            approach.result_label + result_count(contents, approach),
            source=record.field("result_label"),
        )
    for position, achievement in enumerate(approach.achievements, 1):
        achievement_key = RecordKey("achievement", number, position)
        text = _MARKS[achievement.level] + achievement.heading
        if achievement.level == "main":
            yield Heading(text, level=6, source=achievement_key.field("heading"))
        else:
            yield ListItem(text, source=achievement_key.field("heading"))
        yield from prose(achievement.text, achievement_key.field("text"))
    yield from omission(contents, RecordKey("achievement", number))


def result_count(contents: Contents, approach: Approach) -> str:
    """：6件, what was reached in the year of the numeric target that the approach serves; "" unless it serves exactly one."""
    if len(approach.targets) != 1:
        return ""
    (key,), year = approach.targets, contents.fiscal_year
    if contents.omits(RecordKey("target", key, year)):
        return "：" + OMITTED
    target = contents.target(key)
    return "：" + figure(target.in_year_alone(year), target)


def read(
    part: Node, report: ReadingReport
) -> tuple[tuple[Approach, ...], dict[int, tuple[int | None, str]]]:
    """The approaches, and by their numbers the line and the printed count of each result line."""
    node = part.take(labels.APPROACHES, report)
    approaches, counts = [], {}
    for child in list(node.children):
        match = _APPROACH.fullmatch(child.text)
        if not match:
            continue
        node.children.remove(child)
        if int(match[1]) != len(approaches) + 1:
            report.notice(
                child.line, f"「{child.text}」を、解決策{len(approaches) + 1}として取り込みます。"
            )
        keys = report.attempt(child.line, parse_target_keys, match[2] or "", ())
        targets = report.refer(child.line, keys)
        narrative = child.take_prose()
        achievements_node = child.take(labels.ACHIEVEMENTS, report)
        label = ""
        if result := achievements_node.take_paragraph():
            label = result.text
            if len(targets) == 1:
                label, count = _split_result(result.text)
                counts[len(approaches) + 1] = (result.line, count)
        achievements = tuple(_read_achievements(achievements_node, report))
        approaches.append(
            Approach(
                targets=targets, narrative=narrative, result_label=label, achievements=achievements
            )
        )
        report.unplace(child.leftovers())
    report.unplace(node.leftovers())
    return tuple(approaches), counts


def _split_result(text: str) -> tuple[str, str]:
    """The label and the count of 令和5年度中における事業数：6件."""
    colon = max(text.rfind("："), text.rfind(":"))
    if colon < 0:
        return text, ""
    return text[:colon].strip(), without_omission(text[colon + 1 :].strip())


def _read_achievements(node: Node, report: ReadingReport) -> Iterator[Achievement]:
    yield from _read_sub_achievements(node.blocks, report)
    node.blocks = []
    for child in node.children:
        first_item = next(
            (i for i, block in enumerate(child.blocks) if isinstance(block, ListItem)),
            len(child.blocks),
        )
        yield Achievement(
            level="main",
            heading=re.sub(r"^[○〇◯]\s*", "", child.text),
            text=_texts(child.blocks[:first_item], report),
        )
        yield from _read_sub_achievements(child.blocks[first_item:], report)
    node.children = []


def _read_sub_achievements(blocks: list[Block], report: ReadingReport) -> Iterator[Achievement]:
    """Achievements of the second level: each item with the paragraphs up to the next."""
    starts = [i for i, block in enumerate(blocks) if isinstance(block, ListItem)]
    bounds = [*starts, len(blocks)]
    report.unplace(blocks[: bounds[0]])
    for start, end in pairwise(bounds):
        yield Achievement(
            level="sub",
            heading=blocks[start].text.removeprefix("・").strip(),
            text=_texts(blocks[start + 1 : end], report),
        )


def _texts(blocks: list[Block], report: ReadingReport) -> str:
    """The lines of the paragraphs; other blocks are reported as unplaced."""
    report.unplace(block for block in blocks if not isinstance(block, Paragraph))
    return "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
