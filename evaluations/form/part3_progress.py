"""Part 3①②③: the indicators with their progress, and the texts on weights and on how projects work together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evaluations.catalogue import part3_progress as labels
from evaluations.form.blocks import heading, prose, texts
from evaluations.form.contents import Contents, Indicator, NumericTarget
from evaluations.form.omissions import actual, without_omission
from evaluations.form.outline import Node, ReadingReport
from evaluations.form.printed_figures import (
    cumulative_total,
    cumulative_years,
    figure,
    level_total,
    parse_target_key,
    percent,
    target_number,
    weight,
)
from evaluations.keys import RecordKey, TargetKey
from tokku.document.tree import Block, Heading, Paragraph
from tokku.japanese import loose

_INDICATOR = re.compile(loose("評価指標（") + r"\s*(\d{1,3})\s*[）)]\s*[：:]\s*(.*)")
_PROGRESS = re.compile(r"(.*)" + loose("【進捗度") + r"\s*([^【】]*)】\s*")
# At the end of a composed line, since the name before it may contain the same words.
_PRINTED_PROGRESS = re.compile(r".*[、【](進捗度 [^、【】]+)(?:、寄与度 [^、【】]*)?】")
_BRACKET = re.compile(
    loose("【当該年度目標値")
    + r"\s*(?P<target>[^【】]*?)、\s*"
    + loose("当該年度実績値")
    + r"\s*(?P<actual>[^【】]*?)、\s*"
    + loose("進捗度")
    + r"\s*(?P<progress>[^【】]*?)(?:、\s*"
    + loose("寄与度")
    + r"\s*(?P<weight>[^【】]*?))?】"
)


def compose(contents: Contents) -> Iterator[Block]:
    year = contents.fiscal_year
    yield heading(labels.PART, contents)
    yield heading(labels.INDICATORS, contents)
    for indicator in contents.indicators:
        yield Heading(
            f"評価指標（{indicator.number}）：{indicator.name}"
            f"【進捗度 {percent(indicator.progress(year))}】",
            level=4,
            source=RecordKey("indicator", indicator.number).field("name"),
        )
        for target in indicator.targets:
            yield from _compose_target(contents, indicator, target)
    yield from texts(labels.OF_EVALUATION, contents)


def _compose_target(
    contents: Contents, indicator: Indicator, target: NumericTarget
) -> Iterator[Block]:
    year = contents.fiscal_year
    key = TargetKey(indicator.number, target.number)
    record = RecordKey("target", key)
    yield Heading(
        f"数値目標{target_number(indicator, target)}：{target.name}",
        level=5,
        source=record.field("name"),
    )
    yield Paragraph(total_line(contents, target), source=record.field("total"))
    if target.assessment.qualitative:
        source = RecordKey("assessment", key).field("qualitative")
        yield Paragraph(labels.QUALITATIVE.of(year), source=source)
        yield from prose(target.assessment.qualitative, source)
        return
    parts = [
        f"当該年度目標値 {figure(target.of_year(year).target, target)}",
        f"当該年度実績値 {actual(contents, key, year)}",
        f"進捗度 {percent(target.progress(year))}",
    ]
    if len(indicator.targets) > 1:
        parts.append("寄与度 " + (f"{weight(target.weight)}%" if target.weight is not None else ""))
    yield Paragraph(
        f"【{'、'.join(parts)}】", source=RecordKey("target", key, year).field("actual")
    )


def total_line(contents: Contents, target: NumericTarget) -> str:
    """5年間（令和4～令和8年度）累計：580億円; for a level, from baseline to goal."""
    if target.nature == "level":
        return level_total(target, contents.plan, contents.fiscal_year)
    return cumulative_years(contents.plan, contents.fiscal_year) + cumulative_total(target)


def progress_span(text: str) -> tuple[int, int] | None:
    """Start and end of the progress in a line of 3① (進捗度 129%); None where the line prints none.

    It is searched for in the text, since a sealed document has no other mark of it and may be older than this code.
    """
    match = _PRINTED_PROGRESS.fullmatch(text)
    return match.span(1) if match else None


@dataclass
class PrintedTarget:
    """What 3① prints of a numeric target. Figures are unparsed text."""

    name: str
    line: int | None
    total: str = ""
    total_line: int | None = None
    qualitative: str = ""
    figures: dict[str, str] = field(default_factory=dict)
    figures_line: int | None = None


@dataclass
class PrintedIndicator:
    number: int
    name: str
    progress: str
    line: int | None
    targets: dict[TargetKey, PrintedTarget] = field(default_factory=dict)


def read(part: Node, report: ReadingReport) -> tuple[list[PrintedIndicator], dict[str, Any]]:
    node = part.take(labels.INDICATORS, report)
    indicators = []
    for child in list(node.children):
        match = _INDICATOR.fullmatch(child.text)
        if not match:
            continue
        node.children.remove(child)
        name, progress = match[2], ""
        if with_progress := _PROGRESS.fullmatch(name):
            name, progress = with_progress[1].strip(), with_progress[2].strip()
        number = int(match[1])
        if any(indicator.number == number for indicator in indicators):
            report.error(child.line, f"評価指標（{number}）が二つあります。")
        indicators.append(PrintedIndicator(number, name, progress, child.line))
        _read_targets(child, indicators[-1], report)
        report.unplace(child.leftovers())
    report.unplace(node.leftovers())
    if not indicators:
        report.error(node.line, "評価指標が一つもありません。")
    return indicators, part.take_texts(labels.OF_EVALUATION, report)


def _read_targets(node: Node, indicator: PrintedIndicator, report: ReadingReport) -> None:
    label_text = report.words(labels.QUALITATIVE).strip("《》")
    qualitative = re.compile(f"[《≪]{loose(label_text)}[》≫]")
    for child in list(node.children):
        key = parse_target_key(child.text)
        if key is None or key.indicator != indicator.number:
            continue
        node.children.remove(child)
        name = re.split("[：:]", child.text, maxsplit=1)[-1].strip()
        if key in indicator.targets:
            report.error(child.line, f"数値目標（{key}）が二つあります。")
        printed = indicator.targets[key] = PrintedTarget(name, child.line)
        if total := child.take_paragraph():
            printed.total, printed.total_line = total.text, total.line
        following = child.take_paragraph()
        if following is None:
            report.error(child.line, f"{child.text}：目標値と実績値がありません。")
        elif label := qualitative.match(following.text):
            rest = following.text[label.end() :].strip()
            printed.qualitative = "\n".join(filter(None, [rest, child.take_prose()]))
        elif match := _BRACKET.fullmatch(following.text):
            printed.figures = {
                name: without_omission(value or "") for name, value in match.groupdict().items()
            }
            printed.figures_line = following.line
        else:
            report.error(following.line, f"目標値と実績値を読み取れません：{following.text}")
        report.unplace(child.leftovers())
    if not indicator.targets:
        report.error(node.line, f"評価指標（{indicator.number}）に数値目標がありません。")
