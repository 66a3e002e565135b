"""Part 2: the plan, and last year's result."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from evaluations.catalogue import part2_plan as labels
from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.form.blocks import heading, prose, texts
from evaluations.form.contents import Contents
from evaluations.form.outline import Node, ReadingReport
from evaluations.keys import RecordKey
from tokku.document.tree import Block, ListItem, Paragraph
from tokku.japanese import era_date, fold, number, parse_era_date, parse_number

_CERTIFIED = re.compile(r"(.+?)認定(?:\((.+?)最終認定\))?")  # folded


def compose(contents: Contents) -> Iterator[Block]:
    year, zone, plan, evaluation_texts = (
        contents.fiscal_year,
        contents.zone,
        contents.plan,
        contents.texts,
    )
    yield heading(labels.PART, contents)
    yield heading(labels.OVERVIEW, contents)
    yield from prose(plan.overview, RecordKey("plan").field("overview"))
    yield heading(labels.GOAL, contents)
    yield from prose(plan.goal, RecordKey("plan").field("goal"))
    yield heading(labels.DATES, contents)
    yield Paragraph(
        era_date(zone.designated_on) + "指定", source=RecordKey("zone").field("designated_on")
    )
    certified = era_date(zone.certified_on) + "認定"
    if zone.last_certified_on:
        certified += f"（{era_date(zone.last_certified_on)}最終認定）"
    yield Paragraph(certified, source=RecordKey("zone").field("certified_on"))
    yield heading(labels.PREVIOUS_RESULT, contents)
    if evaluation_texts.previous_score is not None:
        score = f"{number(evaluation_texts.previous_score, 1)}点"
        line = f"{labels.PREVIOUS_SCORE.of(year, zone.kind)} {score}"
        yield Paragraph(line, source=RecordKey("evaluation").field("previous_score"))
    for line in prose(evaluation_texts.previous_remarks):
        yield ListItem("・" + line.text, source=RecordKey("evaluation").field("previous_remarks"))
    yield from texts(labels.OF_EVALUATION, contents)


def read(
    part: Node, report: ReadingReport
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Fields of the zone, of the plan and of the evaluation."""
    plan = {
        "overview": part.take_text(labels.OVERVIEW, report),
        "goal": part.take_text(labels.GOAL, report),
    }
    zone = _read_dates(part.take(labels.DATES, report), report)
    previous = part.take(labels.PREVIOUS_RESULT, report)
    of_evaluation = {
        "previous_score": _read_score(previous, report),
        "previous_remarks": "\n".join(_read_remarks(previous)),
        **part.take_texts(labels.OF_EVALUATION, report),
    }
    report.unplace(previous.leftovers())
    return zone, plan, of_evaluation


def _read_remarks(node: Node) -> list[str]:
    """Take out the remarks. A paragraph below an item continues its remark."""
    remarks: list[str] = []
    for block in node.blocks:
        text = getattr(block, "text", "")
        if isinstance(block, ListItem) or not remarks:
            remarks.append(text.removeprefix("・").strip())
        else:
            remarks[-1] += text
    node.blocks = []
    return remarks


def _read_dates(node: Node, report: ReadingReport) -> dict[str, Any]:
    dates = {}
    designated, certified = node.take_paragraph(), node.take_paragraph()
    if designated and fold(designated.text).endswith("指定"):
        day = designated.text.removesuffix("指定")
        dates["designated_on"] = report.attempt(designated.line, parse_era_date, day, None)
    match = certified and _CERTIFIED.fullmatch(fold(certified.text))
    if match:
        dates["certified_on"] = report.attempt(certified.line, parse_era_date, match[1], None)
        if match[2]:
            dates["last_certified_on"] = report.attempt(
                certified.line, parse_era_date, match[2], None
            )
    if not {"designated_on", "certified_on"} <= dates.keys():
        report.error(node.line, "指定日と認定日を読み取れません（例：平成23年12月22日指定）。")
    report.unplace(node.leftovers())
    return dates


def _read_score(node: Node, report: ReadingReport) -> Decimal | None:
    line = node.take_paragraph()
    if line is None or fold(line.text) == NOT_APPLICABLE:
        return None  # A zone's first year has no result to look back on.
    match = re.fullmatch(
        fold(report.words(labels.PREVIOUS_SCORE)) + "(.*)点", report.fold(line.text)
    )
    if not match:
        report.error(line.line, f"前年度の評価点を読み取れません：{line.text}")
        return None
    return report.attempt(line.line, parse_number, match[1], None)
