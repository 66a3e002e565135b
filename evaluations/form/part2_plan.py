"""Part 2: the plan, and last year's result."""

import re
from collections.abc import Iterator
from typing import Any

from evaluations.catalogue import part2_plan as labels
from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.form.blocks import heading, prose, texts
from evaluations.form.contents import Contents
from evaluations.form.outline import Node, ReadingReport
from evaluations.keys import RecordKey
from evaluations.scores import leading_score, parse_score, printed_score
from tokku.document.tree import Block, ListItem, Paragraph
from tokku.japanese import era_date, fold, loose, parse_era_date

_CERTIFIED = re.compile(r"(.+?)認定(?:\((.+?)最終認定\))?")  # folded
# What other documents call the score, where they do not name the kind of zone: 総合評価 4.1点.
_WHOLE_SCORE = re.compile(
    r"\s*(?:(?:総合評価|総合評点|総合|評価点|評点|評価)\s*[:：]?|(?=.*点))\s*(.+)"
)
# A line with a score of its own, such as that of a part: 地域の評価 4.0点.
_WITH_SCORE = re.compile(r"[^。]{1,40}[0-9０-９]\s*点[^。]{0,40}")


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
        score = printed_score(evaluation_texts.previous_score)
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
    score, beside = _read_score(previous, report)
    of_evaluation = {
        "previous_score": score,
        "previous_remarks": "\n".join([*beside, *_read_remarks(previous)]),
        **part.take_texts(labels.OF_EVALUATION, report),
    }
    report.unplace(previous.leftovers())
    return zone, plan, of_evaluation


def _read_remarks(node: Node) -> list[str]:
    """Take out the remarks. A paragraph below an item continues its remark."""
    remarks: list[str] = []
    for block in node.blocks:
        text = getattr(block, "text", "")
        if isinstance(block, ListItem) or text.startswith("・") or not remarks:
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


def _read_score(node: Node, report: ReadingReport) -> tuple[str | None, list[str]]:
    """Take out the lines above the remarks that have a score: that of the evaluation, and what else they say.

    What else stands there is kept with the remarks, and a person is told.
    """
    lines = _lines_above(node)
    if lines and fold(lines[0].text) == NOT_APPLICABLE:
        node.blocks.remove(lines.pop(0))  # A zone's first year has no result to look back on.
    label = re.compile(loose(report.words(labels.PREVIOUS_SCORE)) + r"\s*[:：]?(.*)")
    score_line, score, rest = _find_score(lines, label, report)
    beside = []
    for line in lines:
        words = rest if line is score_line else line.text.strip()
        is_of_score = _WITH_SCORE.fullmatch(line.text) or label.fullmatch(line.text)
        if line is not score_line and not is_of_score:
            continue  # words of the remarks
        node.blocks.remove(line)
        if words:
            beside.append(words)
            report.notice(
                line.line,
                f"前年度の評価結果の「{words}」は、専門家所見に入れました。確かめてください。",
            )
    return score, beside


def _lines_above(node: Node) -> list[Paragraph]:
    """The paragraphs above the first remark that is marked as one."""
    lines = []
    for block in node.blocks:
        if not isinstance(block, Paragraph) or block.text.startswith("・"):
            break
        lines.append(block)
    return lines


def _find_score(
    lines: list[Paragraph], label: re.Pattern[str], report: ReadingReport
) -> tuple[Paragraph | None, str | None, str]:
    """The line of the score, the score, and the words behind it in its line."""
    for line in lines:
        if match := label.fullmatch(line.text):
            words = report.figure(match[1])
            if found := leading_score(words):
                return line, *found
            if re.search(r"\d", words):
                report.attempt(line.line, parse_score, words.strip(), None)
                return line, None, ""
    named = [
        (line, *found)
        for line in lines
        if (match := _WHOLE_SCORE.fullmatch(line.text))
        and (found := leading_score(report.figure(match[1])))
    ]
    if len(named) != 1:
        return None, None, ""
    line, score, _ = named[0]
    report.notice(
        line.line, f"「{line.text}」を、前年度の評価点{printed_score(score)}として読み取りました。"
    )
    return named[0]
