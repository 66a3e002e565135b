"""別紙2: what came of special regulatory measures, and of talks with the nation about them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from evaluations.catalogue import part4_measures as labels
from evaluations.catalogue.structure import at
from evaluations.catalogue.words import NONE, NOT_APPLICABLE, USED
from evaluations.form.blocks import annex, header_row, heading, note
from evaluations.form.contents import Contents, Measure
from evaluations.form.outline import Node, Report
from evaluations.form.printed_figures import relation
from evaluations.form.tables import body_rows, read_relation
from evaluations.keys import RecordKey
from tokku.document.tree import Block, Cell, Row, Section, Table
from tokku.japanese import fold, loose

_WIDTHS = {"specific": (40, 20, 40), "feasible": (40, 16, 16, 28), "nationwide": (40, 16, 16, 28)}
_BOX, _CHECKED = "□", "■"
# What is printed, typed or set by hand for a box with a tick and one without.
_TICKS, _BOXES = "■☑☒✓✔✅🗸🗹", "□☐"
# A text, and at its end what may be meant for a tick and is no word: ● × √ V れ [x].
_OTHER_MARK = re.compile(
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
            (header_row(at(labels.COLUMNS[kind], year)), *(rows or [_empty_row(kind, year)])),
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
    """該当なし. The ministry's part stays, for the ministry to see what it would fill in."""
    if kind == "specific":
        last = _ministry(Measure(kind=kind, name=NOT_APPLICABLE), year)
        return Row((Cell(NOT_APPLICABLE), Cell(NONE), Cell(last)))
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


def read(node: Node, of_body: list[Measure], report: Report) -> tuple[Measure, ...]:
    """All measures: those of the body, with what 別紙2 adds to 4①, and those of 別紙2 alone."""
    if node.is_absent:
        return tuple(of_body)
    measures = []
    for kind, title in labels.TABLES.items():
        part = node.take(title, report)
        if part.heading and (table := part.take_table(report)):
            # Beside 該当なし stands the form that the ministry would fill in.
            blank = _empty_row("specific", report.year).cells[-1].text
            rows = body_rows(table, at(labels.COLUMNS[kind], report.year), report, blank)
            measures += [_read_row(kind, row, report) for row in rows]
        part.blocks = [
            block
            for block in part.blocks
            if isinstance(block, Table) or fold(block.text) != fold(report.words(labels.NOTE))
        ]
        report.unplace(part.leftovers())
    report.unplace(node.leftovers())
    specific = [measure for measure in measures if measure.kind == "specific"]
    row_kind = [measure for measure in of_body if measure.kind == "specific"]
    if [fold(m.name) for m in specific] != [fold(m.name) for m in row_kind]:
        report.error(
            node.line, "別紙2の規制の特例措置を活用した事業が、本文4①の事業と一致しません。"
        )
    else:
        specific = [
            replace(in_annex, name=in_body.name, details=in_body.details)
            for in_annex, in_body in zip(specific, row_kind, strict=True)
        ]
    rest = [measure for measure in of_body if measure.kind != "specific"]
    return (*specific, *rest, *(measure for measure in measures if measure.kind != "specific"))


def _read_row(kind: str, row: Row, report: Report) -> Measure:
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
    """What the ministry's answers say, whose boxes stand among them."""

    ticked: set[str]
    # Those that a tick may be of, or may not.
    doubtful: set[str]


def _mark(answers: Iterable[str]) -> str:
    """A box or a tick. レ is a tick before a box or an answer or at the end, and a letter within a word."""
    follows = rf"[{_BOXES}]|⇒|{'|'.join(map(re.escape, answers))}|$"
    return rf"[{_TICKS}{_BOXES}]\ufe0f?|(?<![ァ-ヴー])[レﾚ](?=[ \u3000]*(?:{follows}))"


def _read_ministry(text: str, line: int | None, report: Report) -> dict[str, Any]:
    upper, *remarks = re.split(
        "[＜<]" + loose(report.words(labels.MINISTRY_REMARKS).strip("＜＞")) + "[＞>]",
        text,
        maxsplit=1,
    )
    effects = list(map(report.words, labels.MINISTRY_EFFECTS.values()))
    known = [*effects, *map(report.words, labels.MINISTRY_FOLLOW_UPS.values())]
    mark = _mark(known)
    first = re.search("|".join([mark, *map(re.escape, effects)]), upper, re.MULTILINE)
    start = first.start() if first else len(upper)
    # Before the answers stands the ministry, and perhaps a mark that is not known.
    name, unknown = _OTHER_MARK.fullmatch(upper[:start].strip("⇒ \u3000\n")).groups()
    if unknown:
        report.unplace_text(line, unknown + " " + upper[start:].split("\n")[0])
    name = re.sub("^" + loose(report.words(labels.MINISTRY)), "", name.replace("\n", " "))
    fields = {"ministry": name.strip("⇒ \u3000")}
    answers = _Answers(set(), set())
    for printed in upper[start:].split("\n"):
        _read_answers(printed, line, known, mark, answers, report)
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
    known: list[str],
    mark: str,
    answers: _Answers,
    report: Report,
) -> None:
    """The answers of one line with their boxes: one, or all where a conversion lost the line breaks."""
    # What stands before, between and behind the answers: one more than these.
    around = re.split("|".join(map(re.escape, known)), printed)
    found = re.findall("|".join(map(re.escape, known)), printed)
    is_read = [not re.sub(rf"{mark}|[⇒\s]", "", part) for part in around]
    if len(found) < 2:
        if not all(is_read) or not found:
            report.unplace_text(line, printed.strip("⇒ \u3000"))
        elif _is_ticked("".join(around), mark):
            answers.ticked.update(found)
        return
    # With a box before its answer, a mark between two is of the second.
    has_box = False
    for place, part in enumerate(around):
        behind, arrow, before = part.partition("⇒")
        if not arrow:
            behind, before = ("", part) if place < len(found) else (part, "")
        is_clear = is_read[place] and (
            arrow or place in (0, len(found)) or _is_of_the_next(part, mark, has_box)
        )
        neighbours = found[max(place - 1, 0) : place + 1]
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
    return any(found[0] not in _BOXES for found in re.findall(mark, part))


def _is_of_the_next(part: str, mark: str, has_box: bool) -> bool:
    """Whether no tick in `part`, between two answers, may be of the first, which `has_box` before it or not."""
    if not _is_ticked(part, mark):
        return True
    runs = part.split()
    # What was set without a space is one: □✓.
    is_one = len(re.findall(mark, part)) == 1 or (len(runs) == 1 and part[0].isspace())
    return has_box and (is_one or not _is_ticked(runs[0], mark))
