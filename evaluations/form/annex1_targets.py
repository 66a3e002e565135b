"""別紙1: one sheet per numeric target, with its figures of each year and its texts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from evaluations.catalogue import annex1_targets as labels
from evaluations.catalogue.structure import FormHeading
from evaluations.catalogue.words import OMITTED
from evaluations.form.blocks import annex, heading, label, note
from evaluations.form.contents import Contents, Indicator, NumericTarget, YearFigures
from evaluations.form.omissions import actual
from evaluations.form.outline import Node, ReadingReport
from evaluations.form.printed_figures import (
    figure,
    level_total,
    parse_target_key,
    percent,
    target_number,
    weight,
)
from evaluations.keys import RecordKey, TargetKey
from tokku.document.tree import Cell, CellRole, Row, Section, Table
from tokku.figures import ABOUT, PRELIMINARY
from tokku.japanese import (
    fiscal_year_name,
    fold,
    has_invisible_character,
    loose,
    parse_era_year,
    parse_number,
)

# Relative widths: indicator, numeric target, kind of figure, then the years together.
_WIDTHS = (14, 24, 10)
_WIDTH_OF_YEARS = 52


def compose(contents: Contents) -> Iterator[Section]:
    for key, indicator, target in contents.targets():
        number = target_number(indicator, target)
        blocks = (
            heading(labels.ANNEX, contents),
            _table(contents, key, indicator, target),
            *note(labels.NOTE, contents),
        )
        yield from annex(blocks, f"別紙1 数値目標{number}")


def _table(
    contents: Contents, key: TargetKey, indicator: Indicator, target: NumericTarget
) -> Table:
    evaluated, years = contents.fiscal_year, contents.plan.years
    texts = labels.texts(evaluated)
    record = RecordKey("target", key)
    rows = (
        Row((label("", colspan=3), *(label(fiscal_year_name(year, evaluated)) for year in years))),
        Row(
            (
                label(
                    f"評価指標({indicator.number})\n{indicator.name}",
                    rowspan=3 + len(texts),
                    source=RecordKey("indicator", indicator.number).field("name"),
                ),
                label(_title(contents, indicator, target), rowspan=2, source=record.field("name")),
                label(labels.TARGET_VALUE.of(evaluated)),
                *_figure_cells(
                    key,
                    target,
                    "target",
                    lambda figures: _half_width_brackets(figure(figures.target, target)),
                ),
            )
        ),
        Row(
            (
                label(labels.ACTUAL_VALUE.of(evaluated)),
                *_figure_cells(
                    key,
                    target,
                    "actual",
                    lambda figures: _half_width_brackets(
                        actual(contents, key, figures.year) + _before(figures, target)
                    ),
                ),
            )
        ),
        Row(
            (
                label(_weight(target, evaluated), source=record.field("weight")),
                label(labels.PROGRESS.of(evaluated)),
                *(
                    Cell(
                        percent(target.progress(year)) if year <= evaluated else "",
                        CellRole.FIGURE,
                        source=RecordKey("target", key, year).field("progress"),
                    )
                    for year in years
                ),
            )
        ),
        *(
            Row(
                (
                    label(text.heading.of(evaluated)),
                    Cell(
                        getattr(target.assessment, text.name),
                        colspan=1 + len(years),
                        source=RecordKey("assessment", key).field(text.name),
                    ),
                )
            )
            for text in texts
        ),
    )
    return Table(rows, (*_WIDTHS, *[_WIDTH_OF_YEARS // len(years) or 1] * len(years)))


def _title(contents: Contents, indicator: Indicator, target: NumericTarget) -> str:
    number = "数値目標" + target_number(indicator, target, wide=False)
    if target.nature == "level":
        total = _half_width_brackets(level_total(target, contents.plan, contents.fiscal_year))
    else:
        total = figure(target.total, target) + labels.CUMULATIVE
    return f"{number}\n{target.name}\n{total}"


def _figure_cells(
    key: TargetKey, target: NumericTarget, name: str, printed: Callable[[YearFigures], str]
) -> Iterator[Cell]:
    for figures in target.years:
        yield Cell(
            printed(figures),
            CellRole.FIGURE,
            source=RecordKey("target", key, figures.year).field(name),
        )


def _before(figures: YearFigures, target: NumericTarget) -> str:
    """The line below a figure that the form corrects."""
    before = figure(figures.before, target)
    return f"\n（{labels.BEFORE} {before}）" if before else ""


def _half_width_brackets(text: str) -> str:
    """Annexes are set with brackets of half width, but for the mark of what is left out."""
    return text if text == OMITTED else text.replace("（", "(").replace("）", ")")


def _weight(target: NumericTarget, year: int) -> str:
    share = f"{weight(target.weight)}(%)" if target.weight is not None else ""
    return labels.WEIGHT.of(year) + share


# Reading. Conversions from print shift the columns of a sheet, so all cells are found by their labels.

_TOTAL = re.compile(
    rf"({ABOUT}?[△▲−－-]?\d[\d,，.．\s]*[^\s\d（()）][^\s（()）]*(?:[（(](?:{'|'.join(PRELIMINARY)})[）)])?"
    r"(?:※\d*)?)\s*[（(]\s*" + loose("累計") + r"\s*[）)]\s*$"
)
_CUMULATIVE = re.compile("(.*)" + loose("（累計）") + r"\s*", re.DOTALL)
_LEVEL_TOTAL = re.compile(r"\s(\S*\s?→\s?\S+)\s*$")
_CORRECTED = re.compile(
    rf"(?P<actual>.*?)\s*[（(]\s*{loose(labels.BEFORE)}[\s:：]*(?P<before>.+?)\s*[）)]\s*",
    re.DOTALL,
)
# A level whose arrow was taken for the mark of a list: 令和3年度 7%, → 令和8年度 17%.
_LEVEL_CUT = re.compile(
    r"((?:令和|平成|昭和)\s*(?:元|[\d０-９]{1,2})\s*年度?\s+[△▲−－-]?[\d０-９][\d０-９,，.．]*\s*[^\s\d]{1,10})\n(?=→ (?:令和|平成|昭和))"
)
# Brackets of a level's year that is missing.
_EMPTY_BRACKETS = re.compile(r"[（(]\s+[）)]")
# In letters: limits for the total at the end of a cell, and for the cell.
_LONGEST_TOTAL = 200
_LONGEST_TITLE = 700

# 当初(令和3年度), 基準値, 計画策定時(平成22年度)
_BASELINE_COLUMN = re.compile(
    r"(?:(?:計画)?当初|基準|現状|計画(?:策定)?(?:前|時))(?:値|年度?)?(?:\((.*)\))?"
)
_FIGURES = (labels.TARGET_VALUE, labels.ACTUAL_VALUE, labels.PROGRESS)


@dataclass
class TargetSheet:
    """What one sheet prints. Figures are unparsed text."""

    line: int | None
    is_marked: bool  # label cells are marked as such, as in an export
    key: TargetKey | None = None
    title: str = ""  # 数値目標(1)－① name 580億円(累計)
    title_line: int | None = None
    weight: Decimal | None = None
    years: list[int] = field(default_factory=list)
    # A column of the time before the plan, among those of the years: its place, heading, and figures by label.
    baseline_place: int | None = None
    baseline_time: str = ""
    baseline: dict[FormHeading, str] = field(default_factory=dict)
    # By label: 目標値, 実績値, 進捗度(%). A value for each year.
    values: dict[FormHeading, list[str]] = field(default_factory=dict)
    lines: dict[FormHeading, int | None] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read(node: Node, report: ReadingReport) -> TargetSheet | None:
    """The sheet below a heading of 別紙1; None, with an error in the report, when it is not one."""
    table = node.take_table(report)
    node.blocks = [
        block
        for block in node.blocks
        if isinstance(block, Table) or fold(block.text) != fold(report.words(labels.NOTE))
    ]
    report.unplace(node.leftovers())
    if table is None:
        return None
    is_marked = any(cell.role is CellRole.HEADER for row in table.rows for cell in row.cells)
    sheet = TargetSheet(table.rows[0].line or node.line, is_marked)
    for row in table.rows:
        _read_row(row, sheet, report)
    return sheet if _is_complete(sheet, report) else None


def _read_row(row: Row, sheet: TargetSheet, report: ReadingReport) -> None:
    if not sheet.years and any(_fiscal_year(cell.text) for cell in row.cells):
        sheet.years = [year for cell in row.cells if (year := _fiscal_year(cell.text))]
        columns = [cell.text for cell in row.cells if cell.text]
        for place, cell in enumerate(row.cells):
            if _fiscal_year(cell.text) or not cell.text:
                continue
            if match := _BASELINE_COLUMN.fullmatch(fold(cell.text)):
                sheet.baseline_place, sheet.baseline_time = columns.index(cell.text), match[1] or ""
                heading = cell.text.replace("\n", " ")
                report.notice(
                    row.line,
                    f"別紙1の「{heading}」の列は、基準値の列として読み取りました。様式にはこの列がありません。",
                )
                continue
            # The cells before the years are blank.
            if "年" in cell.text or (sheet.is_marked and place):
                report.error(row.line, f"年度として読み取れません：{cell.text}")
            else:
                report.unplace_text(row.line, cell.text)
        return
    texts = {fold(report.words(text.heading)): text.name for text in labels.texts(report.year)}
    for place, cell in enumerate(row.cells):
        text = fold(cell.text)
        # Where labels are marked, text that reads like a label is text.
        if not text or (sheet.is_marked and cell.role is not CellRole.HEADER):
            continue
        rest = [later_cell.text for later_cell in row.cells[place + 1 :]]
        if key := parse_target_key(cell.text.split("\n")[0]):
            sheet.key, sheet.title, sheet.title_line = key, cell.text, row.line
        elif match := _weight_label(report).fullmatch(report.fold(cell.text)):
            sheet.weight = (
                report.attempt(row.line, parse_number, match[1], None) if match[1] else None
            )
        elif figure_label := _figure_label(cell.text, report):
            _read_figures(figure_label, rest, row.line, sheet, report)
            return
        elif name := texts.get(text):
            # A page end cut the text: the label is repeated before the rest.
            sheet.texts[name] = "\n".join(filter(None, [sheet.texts.get(name, ""), *rest]))
            return
        elif not text.startswith(fold("評価指標(")):
            report.unplace_text(row.line, cell.text)


def _weight_label(report: ReadingReport) -> re.Pattern[str]:
    return re.compile(re.escape(fold(report.words(labels.WEIGHT))) + r"(?:(.+?)\(%\))?", re.DOTALL)


def _figure_label(text: str, report: ReadingReport) -> tuple[FormHeading, str] | None:
    """The label of a row of figures, and the first figure where a conversion left it in the label's cell."""
    for figure_label in _FIGURES:
        if match := re.match(loose(report.words(figure_label)) + r"\s*", text):
            return figure_label, text[match.end() :]
    return None


def _read_figures(
    label_and_figure: tuple[FormHeading, str],
    rest: list[str],
    line: int | None,
    sheet: TargetSheet,
    report: ReadingReport,
) -> None:
    figure_label, first_figure = label_and_figure
    if figure_label in sheet.values:
        report.error(line, f"別紙1の表に「{report.words(figure_label)}」の行が二つあります。")
    sheet.values[figure_label] = [
        report.figure(text) for text in ([first_figure, *rest] if first_figure else rest)
    ]
    sheet.lines[figure_label] = line
    place = sheet.baseline_place
    if place is not None and len(sheet.values[figure_label]) > place:
        sheet.baseline[figure_label] = sheet.values[figure_label].pop(place)


def parts_of_actual(text: str) -> tuple[str, str]:
    """An actual and what it was before it was corrected, "" where it was not: 90者 and 88者 of 90者(修正前 88者)."""
    match = _CORRECTED.fullmatch(text[:_LONGEST_TITLE])
    return (match["actual"].strip(), match["before"].strip()) if match else (text, "")


def _fiscal_year(text: str) -> int | None:
    """The year of 令和元年度 or 2019年度, and of 平成31年度（令和元年度）where both are the same."""
    try:
        years = {_named_year(part) for part in re.split("[（()）]", text) if part.strip()}
    except ValueError:
        return None
    return years.pop() if len(years) == 1 else None


def _named_year(text: str) -> int:
    match = re.fullmatch(r"((?:19|20)\d\d)年度", fold(text))
    return int(match[1]) if match else parse_era_year(text)


def total(title: str, name: str) -> str:
    """The total at the end of 数値目標(1)－① name 580億円(累計), without (累計).

    It is the last line. In a cell without lines it is what follows `name`, the target's name in the body, since
    digits at its end would run into the figure; where the cell has another name, it is the last figure.
    """
    title = _LEVEL_CUT.sub(r"\1 ", _EMPTY_BRACKETS.sub("()", title))
    if "\n" in title:
        end = title.split("\n")[-1]
        if "→" in end or has_invisible_character(end):
            return end.strip()
        if cumulative := _CUMULATIVE.fullmatch(end):
            return cumulative[1].strip()
    else:
        after_name = _text_after(name, title[:_LONGEST_TITLE])
        if "→" in after_name and len(after_name) < _LONGEST_TOTAL:
            return after_name.strip()
        end = after_name or title[-_LONGEST_TOTAL:]
    match = _TOTAL.search(end) or _LEVEL_TOTAL.search(" " + end)
    return match[1].strip() if match else ""


def _text_after(words: str, text: str) -> str:
    """What follows `words` in `text`, ignoring spaces and widths; "" where they do not occur."""
    for end in range(len(text)):
        if fold(text[:end]).endswith(fold(words)):
            return text[end:]
    return ""


def _is_complete(sheet: TargetSheet, report: ReadingReport) -> bool:
    missing = [
        report.words(figure_label) for figure_label in _FIGURES if figure_label not in sheet.values
    ]
    missing += [
        report.words(text.heading).split("\n")[0]
        for text in labels.texts(report.year)
        if text.name not in sheet.texts
    ]
    if not sheet.years:
        missing.append("年度")
    if sheet.key is None:
        missing.append("数値目標の番号")
    if missing:
        report.error(sheet.line, f"別紙1の表に「{'」「'.join(missing)}」がありません。")
    return not missing
