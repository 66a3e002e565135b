"""別紙1: one sheet per numeric target, with its figures of each year and its texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from evaluations.form import labels
from evaluations.form.blocks import heading, label
from evaluations.form.contents import Contents, Indicator, NumericTarget, TargetKey
from evaluations.form.figures import (
    figure,
    level_total,
    parse_target_key,
    percent,
    target_number,
    weight,
)
from evaluations.form.reading import Node, Report
from tokku.document.tree import Cell, Note, Orientation, Role, Row, Section, Source, Table
from tokku.japanese import fiscal_year_name, fold, parse_era_year, parse_number

# Relative widths: indicator, numeric target, kind of figure, then the years together.
_WIDTHS = (14, 24, 10)
_WIDTH_OF_YEARS = 52


def compose(contents: Contents) -> Iterator[Section]:
    for key, indicator, target in contents.targets():
        number = target_number(indicator, target)
        blocks = (
            heading(2, labels.ANNEX_1),
            _table(contents, key, indicator, target),
            Note(labels.ANNEX_1_NOTE),
        )
        yield Section(blocks, Orientation.LANDSCAPE, f"別紙1 数値目標{number}")


def _table(
    contents: Contents, key: TargetKey, indicator: Indicator, target: NumericTarget
) -> Table:
    years = contents.plan.years
    texts = tuple(labels.ASSESSMENT.items())
    record = f"target/{key}"
    rows = (
        Row((label("", colspan=3), *(label(fiscal_year_name(year)) for year in years))),
        Row(
            (
                label(
                    f"評価指標({indicator.number})\n{indicator.name}",
                    rowspan=3 + len(texts),
                    source=Source(f"indicator/{indicator.number}", "name"),
                ),
                label(
                    _title(contents, indicator, target), rowspan=2, source=Source(record, "name")
                ),
                label(labels.TARGET_VALUE),
                *_figures(target, record, "target"),
            )
        ),
        Row((label(labels.ACTUAL_VALUE), *_figures(target, record, "actual"))),
        Row(
            (
                label(_weight(target), source=Source(record, "weight")),
                label(labels.PROGRESS),
                *(
                    Cell(
                        percent(target.progress(year)) if year <= contents.fiscal_year else "",
                        Role.FIGURE,
                        source=Source(f"{record}/{year}", "progress"),
                    )
                    for year in years
                ),
            )
        ),
        *(
            Row(
                (
                    label(text_label),
                    Cell(
                        getattr(target.assessment, name),
                        colspan=1 + len(years),
                        source=Source(f"assessment/{key}", name),
                    ),
                )
            )
            for name, text_label in texts
        ),
    )
    return Table(rows, (*_WIDTHS, *[_WIDTH_OF_YEARS // len(years) or 1] * len(years)))


def _title(contents: Contents, indicator: Indicator, target: NumericTarget) -> str:
    number = "数値目標" + target_number(indicator, target, wide=False)
    if target.nature == "level":
        # Annexes are set with brackets of half width.
        total = level_total(target, contents.plan).replace("（", "(").replace("）", ")")
    else:
        total = figure(target.total, target) + labels.CUMULATIVE
    return f"{number}\n{target.name}\n{total}"


def _figures(target: NumericTarget, record: str, name: str) -> Iterator[Cell]:
    for figures in target.years:
        yield Cell(
            figure(getattr(figures, name), target),
            Role.FIGURE,
            source=Source(f"{record}/{figures.year}", name),
        )


def _weight(target: NumericTarget) -> str:
    return labels.WEIGHT + (f"{weight(target.weight)}(%)" if target.weight is not None else "")


# Reading. Conversions from print shift the columns of a sheet, so everything is found by its label.

_TOTAL = re.compile(r".*?(\S+?)\s*[（(]\s*累計\s*[）)]\s*")
_LEVEL_TOTAL = re.compile(r".*\s(\S*→\S+)\s*")
_WEIGHT = re.compile(re.escape(fold(labels.WEIGHT)) + r"(?:(.+?)\(%\))?")


def _loose(text: str) -> re.Pattern[str]:
    """A label at the beginning of a text, with any brackets and spaces."""
    kinds = {"(": "[（(]", ")": "[）)]", "%": "[％%]"}
    return re.compile(r"\s*".join(kinds.get(c, re.escape(c)) for c in text) + r"\s*")


_FIGURE_LABELS = {
    name: _loose(name) for name in (labels.TARGET_VALUE, labels.ACTUAL_VALUE, labels.PROGRESS)
}
_ASSESSMENT_LABELS = {fold(text): name for name, text in labels.ASSESSMENT.items()}


@dataclass
class Sheet:
    """What one sheet prints, its figures still as text."""

    line: int | None
    key: TargetKey | None = None
    total: str = ""  # 580億円, or 7%(平成22年度)→17%(平成28年度)
    weight: Decimal | None = None
    years: list[int] = field(default_factory=list)
    # By label: 目標値, 実績値, 進捗度(%). A value for each year.
    values: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read(node: Node, report: Report) -> Sheet | None:
    """The sheet below a heading of 別紙1; None, with an error, when it is none."""
    table = node.take_table(report)
    node.blocks = [
        block
        for block in node.blocks
        if isinstance(block, Table) or fold(block.text) != fold(labels.ANNEX_1_NOTE)
    ]
    report.unplace(node.leftovers())
    if table is None:
        return None
    # Where the table tells labels from text, a text that reads like a label is none.
    marked = any(cell.role is Role.HEADER for row in table.rows for cell in row.cells)
    sheet = Sheet(table.rows[0].line or node.line)
    for row in table.rows:
        _read_row(row, marked, sheet, report)
    return sheet if _is_complete(sheet, report) else None


def _read_row(row: Row, marked: bool, sheet: Sheet, report: Report) -> None:
    if not sheet.years and (years := [year for cell in row.cells if (year := _year(cell.text))]):
        sheet.years = years
        return
    for place, cell in enumerate(row.cells):
        text = fold(cell.text)
        if not text or (marked and cell.role is not Role.HEADER):
            continue
        rest = [other.text for other in row.cells[place + 1 :]]
        if found := parse_target_key(cell.text.split("\n")[0]):
            sheet.key, sheet.total = found, _total(cell.text)
        elif match := _WEIGHT.fullmatch(text):
            sheet.weight = (
                report.attempt(row.line, parse_number, match[1], None) if match[1] else None
            )
        elif name := next(
            (name for name, found in _FIGURE_LABELS.items() if found.match(cell.text)), ""
        ):
            # The first figure may have run into the cell of the label.
            own = cell.text[_FIGURE_LABELS[name].match(cell.text).end() :]
            sheet.values[name] = [own, *rest] if own else rest
            sheet.lines[name] = row.line
            return
        elif text in _ASSESSMENT_LABELS:
            sheet.texts[_ASSESSMENT_LABELS[text]] = "\n".join(filter(None, rest))
            return
        elif not text.startswith(fold("評価指標(")):
            report.unplace([Table((Row((cell,), line=row.line),))])


def _year(text: str) -> int | None:
    try:
        return parse_era_year(text)
    except ValueError:
        return None


def _total(text: str) -> str:
    """The last line, or in a cell without lines the last words, of 数値目標(1)－① … 580億円(累計)."""
    if "\n" in text:
        text = " " + text.split("\n")[-1]
    match = _TOTAL.fullmatch(text) or _LEVEL_TOTAL.fullmatch(text)
    return match[1] if match else ""


def _is_complete(sheet: Sheet, report: Report) -> bool:
    missing = [name for name in _FIGURE_LABELS if name not in sheet.values]
    missing += [
        labels.ASSESSMENT[name].split("\n")[0]
        for name in labels.ASSESSMENT
        if name not in sheet.texts
    ]
    if not sheet.years:
        missing.append("年度")
    if sheet.key is None:
        missing.append("数値目標の番号")
    if missing:
        report.error(sheet.line, f"別紙1の表に「{'」「'.join(missing)}」がありません。")
        return False
    for name, values in sheet.values.items():
        while len(values) > len(sheet.years) and not values[-1]:
            values.pop()
        if len(values) > len(sheet.years):
            report.error(sheet.lines[name], f"別紙1の表の{name}が、年度の数より多くあります。")
            return False
        values += [""] * (len(sheet.years) - len(values))
    _report_lost_targets(sheet, report)
    return True


def _report_lost_targets(sheet: Sheet, report: Report) -> None:
    """A column that a conversion lost leaves some years with a target and others without."""
    values = sheet.values[labels.TARGET_VALUE]
    lost = [
        fiscal_year_name(year) for year, value in zip(sheet.years, values, strict=True) if not value
    ]
    if lost and any(values):
        report.notice(
            sheet.lines[labels.TARGET_VALUE],
            f"別紙1に{'、'.join(lost)}の目標値がありません。空のままにします。",
        )
