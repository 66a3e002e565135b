"""The contents of a document: the way back from a form that was printed, edited or published."""

from dataclasses import dataclass
from decimal import Decimal

from evaluations.form import (
    annex1_targets,
    annex2_measures,
    annex3_schemes,
    labels,
    part1_name,
    part2_plan,
    part3_approaches,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
    published,
)
from evaluations.form.annex1_targets import Sheet
from evaluations.form.contents import (
    Assessment,
    Contents,
    EvaluationTexts,
    Indicator,
    NumericTarget,
    Plan,
    TargetKey,
    YearFigures,
    Zone,
)
from evaluations.form.figures import MAN, decimals_of, parse_figure, parse_level_total
from evaluations.form.part3_progress import Printed, PrintedIndicator
from evaluations.form.reading import Problem, Report, UnreadableForm, outline
from tokku.document.tree import Document, Table
from tokku.japanese import fold, parse_number


@dataclass(frozen=True)
class PrintedFigure:
    """A figure that the document prints and that can be computed: to be compared, never stored.

    `key` is a numeric target, or the number of an indicator.
    """

    key: TargetKey | int
    year: int
    text: str
    line: int | None


@dataclass(frozen=True)
class Interpretation:
    contents: Contents
    notices: list[Problem]
    unplaced: list[Problem]
    printed: list[PrintedFigure]
    municipality_lines: dict[str, int | None]


def interpret(document: Document) -> Interpretation:
    """What the document says. UnreadableForm, with a sentence for each reason, when it is no evaluation."""
    first = next(document.blocks)
    title = None if isinstance(first, Table) else part1_name.read_title(first.text)
    if title is None:
        raise UnreadableForm(
            [
                Problem(
                    1,
                    "評価書ではありません。"
                    "「令和○年度 国際戦略総合特別区域評価書」という表題で始まる文書を指定してください。",
                )
            ]
        )
    return _Interpreter(published.regular(document), *title).run()


class _Interpreter:
    def __init__(self, document: Document, fiscal_year: int, kind: str) -> None:
        self.year, self.kind = fiscal_year, kind
        self.report = Report()
        root = outline(document.blocks)
        self.form = root.children.pop(0)
        # Annexes are headings of the second level too, below the title.
        self.form.children += root.children
        self.form.blocks += root.blocks
        self.printed: list[PrintedFigure] = []

    def run(self) -> Interpretation:
        form, kind, report = self.form, self.kind, self.report
        zone = part1_name.read(form, kind, report)
        dates, plan, texts = part2_plan.read(form.take(labels.PART_2, report), kind, report)
        part3 = form.take(labels.PART_3, report)
        indicators, more_texts = part3_progress.read(part3, report)
        approaches, counts = part3_approaches.read(part3, report)
        report.unplace(part3.leftovers())
        part4 = form.take(labels.PART_4, report)
        measures_of_body, no_measures_reason = part4_measures.read(part4, kind, report)
        report.unplace(part4.leftovers())
        part5 = form.take(labels.PART_5, report)
        national_supports, counts_of_support = part5_national.read(part5, report)
        report.unplace(part5.leftovers())
        regional_texts = part6_regional.read(form.take_text(labels.PART_6, report))
        overall = form.take_text(labels.PART_7, report)
        sheets = self._sheets(indicators)
        measures = annex2_measures.read(form.take(labels.ANNEX_2, report), measures_of_body, report)
        schemes, more_regional_texts = annex3_schemes.read(
            form.take(labels.ANNEX_3, report), report
        )
        report.unplace(form.leftovers())
        self._check_keys(indicators, approaches, measures, schemes)
        if report.errors:
            raise UnreadableForm(report.errors)

        years = next(iter(sheets.values())).years
        contents = Contents(
            fiscal_year=self.year,
            zone=Zone(kind=kind, **zone, **dates),
            plan=Plan(first_year=years[0], last_year=years[-1], **plan),
            texts=EvaluationTexts(
                **texts,
                **more_texts,
                **counts_of_support,
                no_measures_reason=no_measures_reason,
                overall=overall,
            ),
            indicators=tuple(self._indicator(indicator, sheets) for indicator in indicators),
            approaches=approaches,
            measures=measures,
            national_supports=national_supports,
            schemes=schemes,
            regional_texts=(*regional_texts, *more_regional_texts),
        )
        self._compare_years(contents, sheets)
        self._compare_counts(contents, counts)
        if report.errors:
            raise UnreadableForm(report.errors)
        return Interpretation(
            contents, report.notices, report.unplaced, self.printed, report.municipality_lines
        )

    def _sheets(self, indicators: list[PrintedIndicator]) -> dict[TargetKey, Sheet]:
        sheets: dict[TargetKey, Sheet] = {}
        for node in list(self.form.children):
            if fold(node.text) == fold(labels.ANNEX_1):
                self.form.children.remove(node)
                if (sheet := annex1_targets.read(node, self.report)) and sheet.key:
                    sheets[sheet.key] = sheet
        described = {key for indicator in indicators for key in indicator.targets}
        for key in sorted(described - sheets.keys()):
            self.report.error(
                None,
                f"数値目標（{key}）の別紙1がありません。途中で切れたファイルではありませんか。",
            )
        for key in sorted(sheets.keys() - described):
            self.report.error(sheets[key].line, f"別紙1の数値目標（{key}）が、本文3①にありません。")
        return sheets

    def _check_keys(self, indicators, approaches, measures, schemes) -> None:
        known = {key for indicator in indicators for key in indicator.targets}
        used = [("本文3④", approach.targets) for approach in approaches]
        used += [("別紙2", measure.relation.targets) for measure in measures]
        used += [("別紙3", scheme.relation.targets) for scheme in schemes]
        for where, keys in used:
            for key in keys:
                if key not in known:
                    self.report.error(
                        None, f"{where}にある数値目標（{key}）が、本文3①にありません。"
                    )

    def _indicator(self, printed: PrintedIndicator, sheets: dict[TargetKey, Sheet]) -> Indicator:
        self.printed.append(
            PrintedFigure(printed.number, self.year, printed.progress, printed.line)
        )
        targets = tuple(
            self._target(key, found, sheets[key]) for key, found in printed.targets.items()
        )
        return Indicator(number=printed.number, name=printed.name, targets=targets)

    def _target(self, key: TargetKey, printed: Printed, sheet: Sheet) -> NumericTarget:
        target_values = self._values(sheet, labels.TARGET_VALUE)
        actual_values = self._values(sheet, labels.ACTUAL_VALUE)
        for year, text in zip(sheet.years, sheet.values[labels.PROGRESS], strict=True):
            self.printed.append(PrintedFigure(key, year, text, sheet.lines[labels.PROGRESS]))
        if printed.figures:
            self._compare_bracket(key, printed, sheet)
        level = parse_level_total(sheet.total)
        total, unit = self._figure(level[2] if level else sheet.total, sheet.line)
        if total is None:
            self.report.error(
                sheet.line, "別紙1の数値目標に、計画期間の目標がありません（例：580億円(累計)）。"
            )
            total = Decimal(0)
        baseline = self._figure(level[0], sheet.line)[0] if level else None
        return NumericTarget(
            number=key.number,
            name=printed.name,
            unit=unit,
            total=total,
            nature="level" if level else "flow",
            total_in_man=not level and self._is_in_man(printed, total, unit),
            decimals=decimals_of(level[2] if level else sheet.total),
            weight=sheet.weight,
            baseline=baseline,
            baseline_year=level[1] if level else None,
            years=tuple(
                YearFigures(year=year, target=target, actual=actual)
                for year, target, actual in zip(
                    sheet.years, target_values, actual_values, strict=True
                )
            ),
            assessment=Assessment(qualitative=printed.qualitative, **sheet.texts),
        )

    def _values(self, sheet: Sheet, label: str) -> list[Decimal | None]:
        return [self._figure(text, sheet.lines[label])[0] for text in sheet.values[label]]

    def _figure(self, text: str, line: int | None) -> tuple[Decimal | None, str]:
        return self.report.attempt(line, parse_figure, text, (None, ""))

    def _is_in_man(self, printed: Printed, total: Decimal, unit: str) -> bool:
        """Whether the body prints the total in 万; an error when it prints another total."""
        text = printed.total.replace(":", "：").rpartition("：")[2]
        value, printed_unit = self._figure(text, printed.total_line)
        if value is not None and value * MAN == total and printed_unit == "万" + unit:
            return True
        if value != total:
            self.report.notice(
                printed.total_line,
                f"本文3①の累計「{text}」が別紙1と違います。別紙1の値を取り込みます。",
            )
        return False

    def _compare_bracket(self, key: TargetKey, printed: Printed, sheet: Sheet) -> None:
        """3① prints once more what 別紙1 prints for the year; 別紙1 is taken over."""
        if self.year not in sheet.years:
            return
        place = sheet.years.index(self.year)
        for name, label in (("target", labels.TARGET_VALUE), ("actual", labels.ACTUAL_VALUE)):
            in_body, in_sheet = printed.figures[name], sheet.values[label][place]
            if fold(in_body) != fold(in_sheet):
                self.report.notice(
                    printed.figures_line,
                    f"数値目標（{key}）の{label}が、本文3①では「{in_body}」、別紙1では「{in_sheet}」です。"
                    "別紙1の値を取り込みます。",
                )
        progress = printed.figures["progress"]
        self.printed.append(PrintedFigure(key, self.year, progress, printed.figures_line))
        weight = fold(printed.figures["weight"]).removesuffix("%")
        if (
            weight
            and self.report.attempt(printed.figures_line, parse_number, weight, None)
            != sheet.weight
        ):
            self.report.notice(
                printed.figures_line, f"数値目標（{key}）の寄与度が、本文3①と別紙1で違います。"
            )

    def _compare_years(self, contents: Contents, sheets: dict[TargetKey, Sheet]) -> None:
        years = list(contents.plan.years)
        for key, sheet in sheets.items():
            if sheet.years != years:
                self.report.error(
                    sheet.line, f"数値目標（{key}）の別紙1の年度が、他の別紙1と違います。"
                )
            level = parse_level_total(sheet.total)
            if level and level[3] != contents.plan.last_year:
                self.report.notice(
                    sheet.line, f"数値目標（{key}）の最終年度が、計画の最終年度と違います。"
                )
        if self.year not in years:
            self.report.error(1, "評価書の年度が、別紙1の年度の中にありません。")

    def _compare_counts(
        self, contents: Contents, counts: dict[int, tuple[int | None, str]]
    ) -> None:
        """The count at the end of a result line is the actual of the target; a figure is stored once."""
        for number, (line, count) in counts.items():
            expected = part3_approaches.result_count(contents, contents.approaches[number - 1])
            if fold(count) != fold(expected.removeprefix("：")):
                self.report.notice(
                    line,
                    f"解決策{number}の成果「{count}」が、実績値「{expected[1:]}」と違います。実績値を取り込みます。",
                )
