"""Reads a numeric target from the two places that print it: 3① of the body and its sheet in 別紙1.

The figures of 別紙1 are taken, and 3① is compared with them. Where a conversion lost a column, figures are assigned to
the years that agree with the other printed figures, or left blank.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from evaluations.catalogue import annex1_targets as labels
from evaluations.catalogue.structure import FormHeading
from evaluations.catalogue.words import NONE
from evaluations.form import annex1_targets
from evaluations.form.annex1_targets import TargetSheet, parts_of_actual
from evaluations.form.contents import (
    Assessment,
    Contents,
    NumericTarget,
    YearFigures,
    number_of,
)
from evaluations.form.outline import ReadingReport
from evaluations.form.part3_progress import PrintedTarget
from evaluations.form.printed_figures import (
    LevelTotal,
    cumulative_total,
    decimals_of,
    figure,
    parse_figure,
    parse_level_total,
    parse_time,
    percent,
)
from evaluations.keys import TargetKey
from evaluations.progress import Figures, Formula, target_progress
from tokku.figures import Figure, is_unit, why_other_unit
from tokku.japanese import fiscal_year_name, fold, loose, parse_number


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
        level = parse_level_total(printed_total)
        total = self._total(level.total if level else printed_total)
        unit = total.unit
        years = self._years(unit)
        of_level = self._level(level, unit) if level else {}
        of_level = self._baseline_column(unit) | of_level
        texts = [level.baseline, level.total] if level else [printed_total]
        texts += sheet.values[labels.TARGET_VALUE]
        for text in sheet.values[labels.ACTUAL_VALUE]:
            texts += parts_of_actual(text)
        target = NumericTarget(
            number=self.key.number,
            name=self.in_body.name,
            unit=unit,
            total=total,
            nature="level" if level else self._nature(total, years),
            decimals=max(map(decimals_of, texts)),
            weight=sheet.weight,
            years=years,
            assessment=Assessment(qualitative=self.in_body.qualitative, **sheet.texts),
            **of_level,
        )
        return replace(target, total_in_man=self._is_in_man(target), formula=self._formula(target))

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

    def _years(self, unit: str) -> tuple[YearFigures, ...]:
        years = []
        for year, target_text, actual_text in zip(
            self.sheet.years,
            self.sheet.values[labels.TARGET_VALUE],
            self.sheet.values[labels.ACTUAL_VALUE],
            strict=True,
        ):
            target = self._figure(target_text, labels.TARGET_VALUE, unit)
            actual, before = (
                self._figure(text, labels.ACTUAL_VALUE, unit)
                for text in parts_of_actual(actual_text)
            )
            if year > self.year and actual is not None:
                self.report.notice(
                    self.sheet.lines[labels.ACTUAL_VALUE],
                    f"{fiscal_year_name(year)}の実績値は、評価書の年度より後のため、取り込みません。",
                )
                actual = before = None
            years.append(YearFigures(year=year, target=target, actual=actual, before=before))
        return tuple(years)

    def _total(self, text: str) -> Figure:
        line = self.sheet.title_line
        total = self.report.attempt(line, parse_figure, text, None)
        if total is None:
            self.report.error(
                line, "別紙1の数値目標に、計画期間の目標がありません（例：580億円(累計)）。"
            )
        elif total.answer:
            self.report.error(line, f"別紙1の計画期間の目標が「{total}」です。数値が要ります。")
        return total if total and total.digits else Figure.of(0)

    def _figure(self, text: str, label: FormHeading, unit: str) -> Figure | None:
        """A figure of the sheet; one that cannot be read as a figure of this target is left to a person."""
        text, line = _without_cumulative(text), self.sheet.lines[label]
        place = f"数値目標（{self.key}）の{self.report.words(label)}"
        try:
            value = parse_figure(text)
        except ValueError as error:
            self.report.unplaced_figure(line, f"{place}：{error}")
            return None
        if value and not value.answer and not is_unit(value.unit, unit):
            self.report.unplaced_figure(line, f"{place}：「{text}」は{why_other_unit(value, unit)}")
            return None
        if value and value.answer and not self.sheet.is_marked:
            self.report.notice(line, f"{place}「{text}」は、数値の代わりの答えとして取り込みます。")
        return value

    def _level(self, level: LevelTotal, unit: str) -> dict[str, Any]:
        """Baseline and times of a level; its own words for a time that is not written as 令和8年度."""
        year, time = self._time(level.time)
        values = {"goal_time": time, "goal_year": None if year == self.sheet.years[-1] else year}
        baseline = self.report.attempt(self.sheet.title_line, parse_figure, level.baseline, None)
        if baseline is None:
            return values
        if baseline.answer:
            self.report.unplaced_figure(
                self.sheet.title_line,
                f"数値目標（{self.key}）の基準値「{level.baseline}」が数値ではありません。",
            )
            return values
        if not is_unit(baseline.unit, unit):
            self.report.error(
                self.sheet.title_line,
                f"「{level.baseline}」の単位が、数値目標の単位「{unit}」と違います。",
            )
        year, time = self._time(level.baseline_time)
        return values | {"baseline": baseline, "baseline_year": year, "baseline_time": time}

    def _baseline_column(self, unit: str) -> dict[str, Any]:
        """What a column of the time before the plan says, which forms of some years have."""
        sheet = self.sheet
        for label in (labels.ACTUAL_VALUE, labels.TARGET_VALUE):
            if not (text := sheet.baseline.get(label)):
                continue
            baseline = self._figure(text, label, unit)
            if baseline and baseline.digits and sheet.baseline_time:
                year, time = self._time(sheet.baseline_time)
                return {"baseline": baseline, "baseline_year": year, "baseline_time": time}
            if baseline:
                self.report.unplaced_figure(
                    sheet.lines[label],
                    f"数値目標（{self.key}）の基準値の列の「{text}」は、数値と年度がそろわないため取り込みません。",
                )
        return {}

    def _time(self, text: str) -> tuple[int | None, str]:
        line = self.sheet.title_line
        if not text.strip():
            self.report.error(
                line,
                f"数値目標（{self.key}）の水準に、年度がありません（例：7%（平成22年度）→17%（平成28年度））。",
            )
            return None, ""
        year = self.report.attempt(line, parse_time, text, None)
        as_printed = year and fold(fiscal_year_name(year, self.year))
        is_in_short = re.fullmatch(r"[RHS](\d+|元)年度", fold(text))
        return year, "" if is_in_short or fold(text) == as_printed else text.strip()

    def _nature(self, total: Figure, years: tuple[YearFigures, ...]) -> str:
        """Whether the yearly figures are running totals, which reach the total in the last year."""
        targets = [number_of(figures.target) for figures in years]
        if None in targets or targets != sorted(targets) or len(set(targets)) == 1:
            return "flow"
        if targets[-1] != total.number or sum(targets) == total.number:
            return "flow"
        self.report.notice(
            self.sheet.lines[labels.TARGET_VALUE],
            f"数値目標（{self.key}）の目標値は、最後の年度に計画期間の目標に達するため、"
            "計画期間の初めからの累計として取り込みます。",
        )
        return "running"

    def _formula(self, target: NumericTarget) -> str:
        """The formula from which the printed progress follows, 実績値÷目標値 where several or none do."""
        progress = self.sheet.values[labels.PROGRESS]
        printed = {
            year: fold(text)
            for year, text in zip(self.sheet.years, progress, strict=True)
            if year <= self.year and fold(text)
        }
        numbers = {year: text for year, text in printed.items() if text != fold(NONE)}

        def prints(formula: Formula, texts: dict[int, str]) -> bool:
            computed = replace(target, formula=formula.value)
            return all(fold(percent(computed.progress(y))) == text for y, text in texts.items())

        fitting = [
            formula
            for formula in Formula
            if (formula is not Formula.IMPROVEMENT or target.baseline) and prints(formula, numbers)
        ]
        # People write — for many reasons, so it only chooses among formulas that the numbers leave.
        fitting = [formula for formula in fitting if prints(formula, printed)] or fitting
        if not fitting or Formula.RATIO in fitting:
            return Formula.RATIO.value
        others = "".join(f"「{formula.label}」" for formula in fitting[1:])
        self.report.notice(
            self.sheet.lines[labels.PROGRESS],
            f"数値目標（{self.key}）の進捗度は「{fitting[0].label}」で計算されているため、この算式で取り込みます。"
            + (f"{others}でも同じ進捗度になります。確かめてください。" if others else ""),
        )
        return fitting[0].value

    def _is_in_man(self, target: NumericTarget) -> bool:
        """Whether the body prints the total in 万."""
        if target.nature == "level":
            return False
        printed = self.report.figure(self.in_body.total.replace(":", "：").rpartition("：")[2])
        in_man = cumulative_total(replace(target, total_in_man=True))
        return fold(printed) == fold(in_man) != fold(figure(target.total, target))

    # Comparing with 3①

    def _compare_bracket(self) -> None:
        if self.year not in self.sheet.years:
            return
        place = self.sheet.years.index(self.year)
        for name, label in (("target", labels.TARGET_VALUE), ("actual", labels.ACTUAL_VALUE)):
            in_body = _without_cumulative(self.in_body.figures[name])
            in_sheet = _without_cumulative(self.sheet.values[label][place])
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
        formulas = [Formula.RATIO, Formula.LESS_IS_BETTER]
        in_body = self.in_body.figures.get("target" if label == labels.TARGET_VALUE else "actual")
        for year, target, actual, printed_progress, value in zip(
            self.sheet.years, targets, actuals, progress, values, strict=True
        ):
            if year == self.year and in_body and fold(in_body) != fold(value):
                return False
            if fold(printed_progress) not in ("", fold(NONE)):
                formulas = [
                    formula
                    for formula in formulas
                    if _progress_agrees(formula, target, actual, printed_progress)
                ]
        return bool(formulas)

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


_CUMULATIVE = re.compile(loose("（累計）") + r"\s*$")


def _without_cumulative(text: str) -> str:
    """A running total as the form prints it: that it is one, the total says."""
    return _CUMULATIVE.sub("", text)


def _progress_agrees(formula: Formula, target: str, actual: str, printed_progress: str) -> bool:
    texts = target, parts_of_actual(actual)[0]
    try:
        parsed = (number_of(parse_figure(_without_cumulative(text))) for text in texts)
        figures = Figures(*parsed, formula)
    except ValueError:
        return False
    return fold(percent(target_progress(figures))) == fold(printed_progress)
