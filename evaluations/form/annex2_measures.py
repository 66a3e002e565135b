"""別紙2: the results of special regulatory measures, and of consultation with the state about them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from evaluations.catalogue import part4_measures as labels
from evaluations.catalogue.structure import value_in
from evaluations.catalogue.words import NONE, NOT_APPLICABLE, USED
from evaluations.form.blocks import annex, header_row, heading, note
from evaluations.form.contents import Contents, Measure
from evaluations.form.outline import Node, ReadingReport
from evaluations.form.printed_figures import relation
from evaluations.form.tables import body_rows, read_relation
from evaluations.keys import RecordKey
from tokku.document.tree import Block, Cell, Row, Section, Table
from tokku.japanese import fold, loose

_WIDTHS = {"specific": (40, 20, 40), "feasible": (40, 16, 16, 28), "nationwide": (40, 16, 16, 28)}
_BOX, _CHECKED = "□", "■"
# What is printed, typed or drawn by hand for a box with a tick, and for one without.
_TICKS, _BOXES = "■☑☒✓✔✅🗸🗹", "□☐"
# A text with what may be meant as a tick at its end and is no word: ● × √ V れ [x].
_TEXT_AND_MARK = re.compile(
    r"(.*?)("
    r"(?<!\S)[\[(（【]?[^\u4e00-\u9fff\s—ー－-]\ufe0f?[\])）】]?"
    r"|[^\w\s、。,，.．・:：;；／/()（）「」『』【】〔〕&＆+＋ー―—－-]\ufe0f?"
    r")?",
    re.DOTALL,
)


def compose(contents: Contents) -> Iterator[Section]:
    yield from annex(_blocks(contents), "別紙2")


def _blocks(contents: Contents) -> Iterator[Block]:
    year = contents.fiscal_year
    yield heading(labels.ANNEX, contents)
    for kind, title in labels.TABLES.items():
        yield heading(title, contents)
        measures = [measure for measure in contents.measures if measure.kind == kind]
        rows = [_row(contents, kind, number, m) for number, m in enumerate(measures, 1)]
        yield Table(
            (header_row(value_in(labels.COLUMNS[kind], year)), *(rows or [_empty_row(kind, year)])),
            _WIDTHS[kind],
        )
        if kind == "specific":
            yield from note(labels.NOTE, contents)


def _row(contents: Contents, kind: str, number: int, measure: Measure) -> Row:
    record = RecordKey("measure", kind, number)
    cells = [
        Cell(measure.name, source=record.field("name")),
        Cell(relation(measure.relation, contents), source=record.field("targets")),
    ]
    if kind == "specific":
        cells.append(
            Cell(_ministry(measure, contents.fiscal_year), source=record.field("ministry"))
        )
    else:
        used = "" if measure.used is None else USED[measure.used]
        cells.append(Cell(used, source=record.field("used")))
        cells.append(Cell(measure.note or NONE, source=record.field("note")))
    return Row(tuple(cells))


def _empty_row(kind: str, year: int) -> Row:
    """該当なし. The ministry's part is kept, so that the ministry sees what it would fill in."""
    if kind == "specific":
        ministry_text = _ministry(Measure(kind=kind, name=NOT_APPLICABLE), year)
        return Row((Cell(NOT_APPLICABLE), Cell(NONE), Cell(ministry_text)))
    return Row((Cell(NOT_APPLICABLE), *[Cell(NONE)] * 3))


def _ministry(measure: Measure, year: int) -> str:
    """規制所管府省による評価, which the ministry fills in."""

    def box(checked: bool, text: str) -> str:
        return f"{_CHECKED if checked else _BOX} {text}"

    effects = [
        box(measure.ministry_effect == value, label.of(year))
        for value, label in labels.MINISTRY_EFFECTS.items()
    ]
    follow_ups = [
        box(measure.ministry_follow_up == value, label.of(year))
        for value, label in labels.MINISTRY_FOLLOW_UPS.items()
    ]
    return "\n".join(
        line.strip()
        for line in (
            f"{labels.MINISTRY.of(year)} {measure.ministry}",
            *effects,
            f"⇒ {follow_ups[0]}",
            *follow_ups[1:],
            labels.MINISTRY_REMARKS.of(year),
            measure.ministry_remarks,
        )
        if line
    )


# Reading


def read(node: Node, body_measures: list[Measure], report: ReadingReport) -> tuple[Measure, ...]:
    """All measures: those of the body, completed with 別紙2 for 4①, and those that stand in 別紙2 alone."""
    if node.is_absent:
        return tuple(body_measures)
    measures = []
    for kind, title in labels.TABLES.items():
        part = node.take(title, report)
        if part.heading and (table := part.take_table(report)):
            # Beside 該当なし stands the blank part that the ministry would fill in.
            blank = _empty_row("specific", report.year).cells[-1].text
            rows = body_rows(table, value_in(labels.COLUMNS[kind], report.year), report, blank)
            measures += [_read_row(kind, row, report) for row in rows]
        part.blocks = [
            block
            for block in part.blocks
            if isinstance(block, Table) or fold(block.text) != fold(report.words(labels.NOTE))
        ]
        report.unplace(part.leftovers())
    report.unplace(node.leftovers())
    specific = [measure for measure in measures if measure.kind == "specific"]
    specific_in_body = [measure for measure in body_measures if measure.kind == "specific"]
    if [fold(m.name) for m in specific] != [fold(m.name) for m in specific_in_body]:
        report.error(
            node.line, "別紙2の規制の特例措置を活用した事業が、本文4①の事業と一致しません。"
        )
    else:
        specific = [
            replace(in_annex, name=in_body.name, details=in_body.details)
            for in_annex, in_body in zip(specific, specific_in_body, strict=True)
        ]
    others = [measure for measure in body_measures if measure.kind != "specific"]
    return (*specific, *others, *(measure for measure in measures if measure.kind != "specific"))


def _read_row(kind: str, row: Row, report: ReadingReport) -> Measure:
    texts = [cell.text for cell in row.cells]
    measure = Measure(
        kind=kind,
        name=" ".join(texts[0].split("\n")),
        relation=read_relation(row.line, texts[1], report),
    )
    if kind == "specific":
        return replace(measure, **_read_ministry(texts[2], row.line, report))
    used = {mark: value for value, mark in USED.items()}
    answer = fold(texts[2])
    if answer not in (*used, "", fold(NONE)):
        report.error(row.line, f"活用の有無は「有」か「無」です：{texts[2]}")
    note = "" if fold(texts[3]) == fold(NONE) else texts[3]
    return replace(measure, used=used.get(answer), note=note)


class _Answers(NamedTuple):
    """The ministry's answers that are ticked, read box by box."""

    ticked: set[str]
    # Answers for which it is unclear whether a tick belongs to them.
    doubtful: set[str]


def _mark_pattern(answers: Iterable[str]) -> str:
    """A pattern of a box or a tick. レ is a tick before a box, an answer or the end; within a word it is a letter."""
    follows = rf"[{_BOXES}]|⇒|{'|'.join(map(re.escape, answers))}|$"
    return rf"[{_TICKS}{_BOXES}]\ufe0f?|(?<![ァ-ヴー])[レﾚ](?=[ \u3000]*(?:{follows}))"


def _read_ministry(text: str, line: int | None, report: ReadingReport) -> dict[str, Any]:
    upper, *remarks = re.split(
        "[＜<]" + loose(report.words(labels.MINISTRY_REMARKS).strip("＜＞")) + "[＞>]",
        text,
        maxsplit=1,
    )
    effects = list(map(report.words, labels.MINISTRY_EFFECTS.values()))
    answer_texts = [*effects, *map(report.words, labels.MINISTRY_FOLLOW_UPS.values())]
    mark = _mark_pattern(answer_texts)
    first_answer = re.search("|".join([mark, *map(re.escape, effects)]), upper, re.MULTILINE)
    start = first_answer.start() if first_answer else len(upper)
    # Before the answers stand the ministry and perhaps an unknown mark.
    name, unknown_mark = _TEXT_AND_MARK.fullmatch(upper[:start].strip("⇒ \u3000\n")).groups()
    if unknown_mark:
        report.unplace_text(line, unknown_mark + " " + upper[start:].split("\n")[0])
    name = re.sub("^" + loose(report.words(labels.MINISTRY)), "", name.replace("\n", " "))
    fields = {"ministry": name.strip("⇒ \u3000")}
    answers = _Answers(set(), set())
    for printed in upper[start:].split("\n"):
        _read_answers(printed, line, answer_texts, mark, answers, report)
    for field, choices in (
        ("ministry_effect", labels.MINISTRY_EFFECTS),
        ("ministry_follow_up", labels.MINISTRY_FOLLOW_UPS),
    ):
        words = {report.words(label): value for value, label in choices.items()}
        ticked = [label for label in words if label in answers.ticked]
        if len(ticked) > 1:
            report.notice(
                line,
                f"別紙2の「{'」と「'.join(ticked)}」の両方に印があるため、どちらも取り込みません。",
            )
        is_clear = len(ticked) == 1 and answers.doubtful.isdisjoint(words)
        fields[field] = words[ticked[0]] if is_clear else ""
    return fields | {"ministry_remarks": "".join(remarks).strip()}


def _read_answers(
    printed: str,
    line: int | None,
    answer_texts: list[str],
    mark: str,
    answers: _Answers,
    report: ReadingReport,
) -> None:
    """Read the answers of one line with their boxes: one, or all where a conversion lost the line breaks."""
    # The parts before, between and after the answers: one more than there are answers.
    around = re.split("|".join(map(re.escape, answer_texts)), printed)
    printed_answers = re.findall("|".join(map(re.escape, answer_texts)), printed)
    is_read = [not re.sub(rf"{mark}|[⇒\s]", "", part) for part in around]
    if len(printed_answers) < 2:
        if not all(is_read) or not printed_answers:
            report.unplace_text(line, printed.strip("⇒ \u3000"))
        elif _is_ticked("".join(around), mark):
            answers.ticked.update(printed_answers)
        return
    # Whether the answer before this part has a box before it; then a mark between two is of the second.
    has_box = False
    for index, part in enumerate(around):
        behind, arrow, before = part.partition("⇒")
        if not arrow:
            behind, before = ("", part) if index < len(printed_answers) else (part, "")
        is_clear = is_read[index] and (
            arrow or index in (0, len(printed_answers)) or _belongs_to_next(part, mark, has_box)
        )
        neighbours = printed_answers[max(index - 1, 0) : index + 1]
        if is_clear:
            if _is_ticked(behind, mark):
                answers.ticked.update(neighbours[:1])
            if _is_ticked(before, mark):
                answers.ticked.update(neighbours[-1:])
        else:
            answers.doubtful.update(neighbours)
            report.unplace_text(line, part.strip().join(["", *neighbours][-2:]))
        has_box = bool(re.search(mark, before))


def _is_ticked(part: str, mark: str) -> bool:
    return any(symbol[0] not in _BOXES for symbol in re.findall(mark, part))


def _belongs_to_next(part: str, mark: str, has_box: bool) -> bool:
    """Whether every tick in `part`, between two answers, belongs to the second of them.

    `has_box` says whether the first answer has a box before it.
    """
    if not _is_ticked(part, mark):
        return True
    runs = part.split()
    # Marks without a space between are one: □✓.
    is_one = len(re.findall(mark, part)) == 1 or (len(runs) == 1 and part[0].isspace())
    return has_box and (is_one or not _is_ticked(runs[0], mark))
