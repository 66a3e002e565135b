"""Reads a numeric target from the two places that print it: 3① of the body and its sheet in 別紙1.

The figures of 別紙1 are taken, and 3① is compared with them. Where a conversion lost a column, figures are assigned to
the years that agree with the other printed figures, or left blank.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from evaluations.catalogue import annex1_targets as labels
from evaluations.catalogue.structure import FormHeading
from evaluations.catalogue.words import NONE
from evaluations.form import annex1_targets
from evaluations.form.annex1_targets import TargetSheet
from evaluations.form.contents import (
    Assessment,
    Contents,
    NumericTarget,
    YearFigures,
)
from evaluations.form.outline import ReadingReport
from evaluations.form.part3_progress import PrintedTarget
from evaluations.form.printed_figures import (
    MAN,
    decimals_of,
    parse_figure,
    parse_level_total,
    percent,
)
from evaluations.keys import TargetKey
from evaluations.progress import Figures, target_progress
from tokku.japanese import fiscal_year_name, fold, parse_era_year, parse_number


@dataclass(frozen=True)
class PrintedFigure:
    """A progress that the document prints. It is compared with the computed one and never stored.

    `key` is a numeric target, or the number of an indicator.
    """

    key: TargetKey | int
    year: int
    text: str
    line: int | None

    def expected(self, contents: Contents) -> str:
        """The progress computed from the figures of `contents`, as the form prints it."""
        if not isinstance(self.key, TargetKey):
            indicator = next(
                indicator for indicator in contents.indicators if indicator.number == self.key
            )
            return percent(indicator.progress(self.year))
        if self.year > contents.fiscal_year:
            return ""
        return percent(contents.target(self.key).progress(self.year))

    def difference(self, contents: Contents) -> str:
        """A sentence where the printed progress differs from the computed one; else ""."""
        expected = self.expected(contents)
        if fold(self.text) == fold(expected):
            return ""
        name = (
            f"数値目標「{contents.target(self.key).name}」"
            if isinstance(self.key, TargetKey)
            else f"評価指標（{self.key}）"
        )
        return (
            f"{name}の{fiscal_year_name(self.year)}の進捗度が「{self.text}」と"
            f"印字されていますが、計算では「{expected}」です。"
        )


def common_years(sheets: list[TargetSheet], report: ReadingReport) -> list[int]:
    """The consecutive years that most sheets print. A sheet that lost some of them is given all of them."""
    runs = [tuple(sheet.years) for sheet in sheets if _is_run(sheet.years)]
    years = list(Counter(runs).most_common(1)[0][0]) if runs else []
    for sheet in sheets:
        remaining = [year for year in years if year in sheet.years]
        if sheet.years == remaining != years:
            report.notice(sheet.line, "別紙1の年度の一部がありません。他の別紙1の年度を用います。")
            sheet.years = years
        elif not _is_run(sheet.years):
            printed = "、".join(map(fiscal_year_name, sheet.years))
            report.error(sheet.line, f"別紙1の年度が続いていません：{printed}")
        elif sheet.years != years:
            report.error(sheet.line, "別紙1の年度が、他の別紙1と違います。")
    return years


def _is_run(years: list[int]) -> bool:
    return years == list(range(years[0], years[0] + len(years)))


class TargetReader:
    """Reads one numeric target. `year` is the evaluated year."""

    def __init__(
        self,
        key: TargetKey,
        in_body: PrintedTarget,
        sheet: TargetSheet,
        year: int,
        report: ReadingReport,
    ) -> None:
        self.key = key
        self.in_body = in_body
        self.sheet = sheet
        self.year = year
        self.report = report

    def read(self) -> NumericTarget:
        sheet = self.sheet
        self._fit_to_years()
        if not sheet.is_marked:
            self._assign_years()
            self._report_lost_targets()
        if self.in_body.figures:
            self._compare_bracket()
        printed_total = self.report.figure(annex1_targets.total(sheet.title, self.in_body.name))
        level, line = parse_level_total(printed_total), sheet.title_line
        total, unit = self._figure(level.total if level else printed_total, line)
        if total is None:
            self.report.error(
                line, "別紙1の数値目標に、計画期間の目標がありません（例：580億円(累計)）。"
            )
            total = Decimal(0)
        baseline = self._figure(level.baseline, line, unit)[0] if level else None
        baseline_year = self._year(level.baseline_year) if level and level.baseline else None
        if level:
            self._compare_last_year(level.year)
        texts = [level.baseline, level.total] if level else [printed_total]
        for label in (labels.TARGET_VALUE, labels.ACTUAL_VALUE):
            texts += sheet.values[label]
        return NumericTarget(
            number=self.key.number,
            name=self.in_body.name,
            unit=unit,
            total=total,
            nature="level" if level else "flow",
            total_in_man=not level and self._is_in_man(total, unit),
            decimals=max(map(decimals_of, texts)),
            weight=sheet.weight,
            baseline=baseline,
            baseline_year=baseline_year,
            years=tuple(self._years(unit)),
            assessment=Assessment(qualitative=self.in_body.qualitative, **sheet.texts),
        )

    def printed(self) -> list[PrintedFigure]:
        """The printed progress of each year in 別紙1, and that of the evaluated year in 3①."""
        line = self.sheet.lines[labels.PROGRESS]
        figures = [
            PrintedFigure(self.key, year, text, line)
            for year, text in zip(self.sheet.years, self.sheet.values[labels.PROGRESS], strict=True)
        ]
        if in_body := self.in_body.figures:
            figures.append(
                PrintedFigure(self.key, self.year, in_body["progress"], self.in_body.figures_line)
            )
        return figures

    def _years(self, unit: str) -> list[YearFigures]:
        values = {
            label: [
                self._figure(text, self.sheet.lines[label], unit)[0]
                for text in self.sheet.values[label]
            ]
            for label in (labels.TARGET_VALUE, labels.ACTUAL_VALUE)
        }
        years = []
        for year, target, actual in zip(self.sheet.years, *values.values(), strict=True):
            if year > self.year and actual is not None:
                self.report.notice(
                    self.sheet.lines[labels.ACTUAL_VALUE],
                    f"{fiscal_year_name(year)}の実績値は、評価書の年度より後のため、取り込みません。",
                )
                actual = None
            years.append(YearFigures(year=year, target=target, actual=actual))
        return years

    def _figure(
        self, text: str, line: int | None, unit: str | None = None
    ) -> tuple[Decimal | None, str]:
        """Value and unit; an error when the unit is not the target's."""
        value, printed = self.report.attempt(line, parse_figure, text, (None, ""))
        if unit is not None and value is not None and fold(printed) != fold(unit):
            self.report.error(line, f"「{text}」の単位が、数値目標の単位「{unit}」と違います。")
        return value, printed

    def _year(self, text: str) -> int | None:
        line = self.sheet.title_line
        if not text.strip():
            self.report.error(
                line,
                f"数値目標（{self.key}）の水準に、年度がありません（例：7%（平成22年度）→17%（平成28年度））。",
            )
            return None
        return self.report.attempt(line, parse_era_year, text, None)

    def _compare_last_year(self, text: str) -> None:
        """Compare the goal year of a level with the last year of the plan, which is taken."""
        year, last_year = self._year(text), self.sheet.years[-1]
        if year and year != last_year:
            self.report.notice(
                self.sheet.title_line,
                f"数値目標（{self.key}）の水準が{fiscal_year_name(year)}までとなっていますが、"
                f"計画の最後の年度は{fiscal_year_name(last_year)}です。計画の年度を取り込みます。",
            )

    def _is_in_man(self, total: Decimal, unit: str) -> bool:
        """Whether the body prints the total in 万."""
        text = self.report.figure(self.in_body.total.replace(":", "：").rpartition("：")[2])
        try:
            value, printed_unit = parse_figure(text)
        except ValueError:
            return False  # Reported where the whole line is compared.
        return (
            value is not None and value * MAN == total and fold(printed_unit) == fold("万" + unit)
        )

    # Comparing with 3①

    def _compare_bracket(self) -> None:
        if self.year not in self.sheet.years:
            return
        place = self.sheet.years.index(self.year)
        for name, label in (("target", labels.TARGET_VALUE), ("actual", labels.ACTUAL_VALUE)):
            in_body, in_sheet = self.in_body.figures[name], self.sheet.values[label][place]
            if fold(in_body) != fold(in_sheet):
                self.report.notice(
                    self.in_body.figures_line,
                    f"数値目標（{self.key}）の{self.report.words(label)}が、本文3①では「{in_body}」、別紙1では「{in_sheet}」です。"
                    "別紙1の値を取り込みます。",
                )
        weight = self.report.fold(self.in_body.figures["weight"]).removesuffix("%")
        line = self.in_body.figures_line
        if weight and self.report.attempt(line, parse_number, weight, None) != self.sheet.weight:
            self.report.notice(line, f"数値目標（{self.key}）の寄与度が、本文3①と別紙1で違います。")

    # Lost columns

    def _fit_to_years(self) -> None:
        """Give each row of figures as many values as there are years; conversions leave blank cells at the end."""
        count = len(self.sheet.years)
        for label, values in self.sheet.values.items():
            while len(values) > count and not values[-1]:
                values.pop()
            if len(values) > count and len([value for value in values if value]) <= count:
                values[:] = [value for value in values if value]
            if len(values) > count:
                self.report.error(
                    self.sheet.lines[label],
                    f"別紙1の表の{self.report.words(label)}が、年度の数より多くあります。",
                )
                del values[count:]
            values += [""] * (count - len(values))

    def _assign_years(self) -> None:
        """Find the years of the figures where there are fewer figures than years."""
        past = [year for year in self.sheet.years if year <= self.year]
        self._assign(labels.TARGET_VALUE, len(self.sheet.years))
        self._assign(labels.ACTUAL_VALUE, len(past))

    def _assign(self, label: FormHeading, year_count: int) -> None:
        values = self.sheet.values[label]
        entered = [value for value in values if value]
        if not entered or len(entered) >= year_count or self._fits(label, values):
            return
        candidates = [
            [entered[indexes.index(n)] if n in indexes else "" for n in range(len(values))]
            for indexes in combinations(range(year_count), len(entered))
        ]
        fitting = [candidate for candidate in candidates if self._fits(label, candidate)]
        self.sheet.values[label] = fitting[0] if len(fitting) == 1 else [""] * len(values)
        outcome = (
            "印字された進捗度に合う年度に置きました。"
            if len(fitting) == 1
            else "どの年度の値か決められないため、空のままにします。"
        )
        self.report.notice(
            self.sheet.lines[label],
            f"別紙1の{self.report.words(label)}が年度の数より少ないため、{outcome}",
        )

    def _fits(self, label: FormHeading, values: list[str]) -> bool:
        """Whether the figures agree with 3① and with the printed progress, where these are printed."""
        targets, actuals = (
            values if label == other_label else self.sheet.values[other_label]
            for other_label in (labels.TARGET_VALUE, labels.ACTUAL_VALUE)
        )
        progress = self.sheet.values[labels.PROGRESS]
        in_body = self.in_body.figures.get("target" if label == labels.TARGET_VALUE else "actual")
        for year, target, actual, printed_progress, value in zip(
            self.sheet.years, targets, actuals, progress, values, strict=True
        ):
            if year == self.year and in_body and fold(in_body) != fold(value):
                return False
            if fold(printed_progress) not in ("", fold(NONE)) and not _progress_agrees(
                target, actual, printed_progress
            ):
                return False
        return True

    def _report_lost_targets(self) -> None:
        values = self.sheet.values[labels.TARGET_VALUE]
        lost = [
            fiscal_year_name(year)
            for year, value in zip(self.sheet.years, values, strict=True)
            if not value
        ]
        if lost and any(values):
            self.report.notice(
                self.sheet.lines[labels.TARGET_VALUE],
                f"別紙1に{'、'.join(lost)}の目標値がありません。空のままにします。",
            )


def _progress_agrees(target: str, actual: str, printed_progress: str) -> bool:
    try:
        figures = Figures(parse_figure(target)[0], parse_figure(actual)[0])
    except ValueError:
        return False
    return fold(percent(target_progress(figures))) == fold(printed_progress)
