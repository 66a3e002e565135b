"""Reading the contents of an evaluation from a document that was exported, edited or published."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from evaluations.catalogue import annex1_targets as target_labels
from evaluations.catalogue import part2_plan as plan_labels
from evaluations.catalogue import part3_progress as progress_labels
from evaluations.catalogue import part4_measures as measure_labels
from evaluations.catalogue import part5_national as national_labels
from evaluations.catalogue import part6_regional as regional_labels
from evaluations.form import (
    annex1_targets,
    annex2_measures,
    annex3_schemes,
    part1_name,
    part2_plan,
    part3_approaches,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
    published,
)
from evaluations.form.annex1_targets import TargetSheet
from evaluations.form.contents import (
    Contents,
    EvaluationTexts,
    Indicator,
    Plan,
    Zone,
)
from evaluations.form.omissions import without_omissions
from evaluations.form.outline import ReadingProblem, ReadingReport, UnreadableForm, outline
from evaluations.form.part3_progress import PrintedIndicator
from evaluations.form.targets import PrintedFigure, TargetReader, common_years
from evaluations.keys import TargetKey
from tokku.document.tree import Document, Table
from tokku.japanese import fold


@dataclass(frozen=True)
class Interpretation:
    contents: Contents
    notices: list[ReadingProblem]
    unplaced: list[ReadingProblem]
    printed: list[PrintedFigure]
    municipality_lines: dict[str, int | None]


def interpret(document: Document, known_authors: Collection[str] = ()) -> Interpretation:
    """The contents of the document. UnreadableForm, with a sentence for each problem, when it is no evaluation.

    `known_authors` are names that are not parted, whatever stands in them.
    """
    first = next(document.blocks)
    title = None if isinstance(first, Table) else _read_title(document)
    if title is None:
        raise UnreadableForm(
            [
                ReadingProblem(
                    1,
                    "評価書ではありません。"
                    "「令和○年度 国際戦略総合特別区域評価書」という表題で始まる文書を指定してください。",
                )
            ]
        )
    return _Interpreter(document, *title, known_authors).run()


def _read_title(document: Document) -> tuple[int, str] | None:
    """Fiscal year and kind of zone from the first line, or from two where the title was broken."""
    lines = [block.text for block in islice(document.blocks, 2) if not isinstance(block, Table)]
    return part1_name.read_title(lines[0]) or part1_name.read_title("".join(lines))


class _Interpreter:
    def __init__(
        self, document: Document, fiscal_year: int, kind: str, known_authors: Collection[str]
    ) -> None:
        self.year = fiscal_year
        self.report = ReadingReport(fiscal_year, kind, known_authors=known_authors)
        document = without_omissions(document)
        root = outline(published.regular(document, self.report).blocks)
        self.form = root.children.pop(0)
        # Annexes are headings of the second level too, below the title.
        self.form.children += root.children
        self.form.blocks += root.blocks
        self.printed: list[PrintedFigure] = []

    def run(self) -> Interpretation:
        form, report = self.form, self.report
        zone = part1_name.read(form, report)
        dates, plan, texts = part2_plan.read(form.take(plan_labels.PART, report), report)
        part3 = form.take(progress_labels.PART, report)
        indicators, progress_texts = part3_progress.read(part3, report)
        approaches, counts = part3_approaches.read(part3, report)
        report.unplace(part3.leftovers())
        part4 = form.take(measure_labels.PART, report)
        measures_of_body, no_measures_reason = part4_measures.read(part4, report)
        report.unplace(part4.leftovers())
        part5 = form.take(national_labels.PART, report)
        national_supports, counts_of_support = part5_national.read(part5, report)
        report.unplace(part5.leftovers())
        regional_texts = part6_regional.read(form.take_text(regional_labels.PART, report))
        overall_texts = form.take_texts(regional_labels.OF_EVALUATION, report)
        sheets = self._sheets(indicators)
        measures_node = form.take(measure_labels.ANNEX, report)
        measures = annex2_measures.read(measures_node, measures_of_body, report)
        schemes, more_regional_texts = annex3_schemes.read(
            form.take(regional_labels.ANNEX, report), zone["municipalities"], report
        )
        report.unplace(form.leftovers())
        self._check_keys(indicators)
        if report.errors:
            raise UnreadableForm(report.errors)

        years = common_years(list(sheets.values()), report)
        if years and self.year not in years:
            report.error(1, "評価書の年度が、別紙1の年度の中にありません。")
        if report.errors:
            raise UnreadableForm(report.errors)
        contents = Contents(
            fiscal_year=self.year,
            zone=Zone(kind=report.kind, **zone, **dates),
            plan=Plan(first_year=years[0], last_year=years[-1], **plan),
            texts=EvaluationTexts(
                **texts,
                **progress_texts,
                **counts_of_support,
                no_measures_reason=no_measures_reason,
                **overall_texts,
            ),
            indicators=tuple(self._indicator(indicator, sheets) for indicator in indicators),
            approaches=approaches,
            measures=measures,
            national_supports=national_supports,
            schemes=schemes,
            regional_texts=(*regional_texts, *more_regional_texts),
        )
        self._compare_totals(contents, indicators)
        self._compare_counts(contents, counts)
        if report.errors:
            raise UnreadableForm(report.errors)
        return Interpretation(
            contents, report.notices, report.unplaced, self.printed, report.municipality_lines
        )

    def _sheets(self, indicators: list[PrintedIndicator]) -> dict[TargetKey, TargetSheet]:
        sheets: dict[TargetKey, TargetSheet] = {}
        for node in list(self.form.children):
            if fold(node.text) == fold(self.report.words(target_labels.ANNEX)):
                self.form.children.remove(node)
                if (sheet := annex1_targets.read(node, self.report)) and sheet.key:
                    if sheet.key in sheets:
                        self.report.error(
                            sheet.line, f"数値目標（{sheet.key}）の別紙1が二つあります。"
                        )
                    sheets[sheet.key] = sheet
        lines_in_body = {
            key: printed.line
            for indicator in indicators
            for key, printed in indicator.targets.items()
        }
        for key in sorted(lines_in_body.keys() - sheets.keys()):
            self.report.error(
                lines_in_body[key],
                f"数値目標（{key}）の別紙1がありません。途中で切れたファイルではありませんか。",
            )
        for key in sorted(sheets.keys() - lines_in_body.keys()):
            self.report.error(sheets[key].line, f"別紙1の数値目標（{key}）が、本文3①にありません。")
        return sheets

    def _check_keys(self, indicators: list[PrintedIndicator]) -> None:
        keys_in_body = {key for indicator in indicators for key in indicator.targets}
        for key, line in self.report.key_lines.items():
            if key not in keys_in_body:
                self.report.error(line, f"数値目標（{key}）が、本文3①にありません。")

    def _indicator(
        self, printed: PrintedIndicator, sheets: dict[TargetKey, TargetSheet]
    ) -> Indicator:
        self.printed.append(
            PrintedFigure(printed.number, self.year, printed.progress, printed.line)
        )
        targets = []
        for key, in_body in printed.targets.items():
            reader = TargetReader(key, in_body, sheets[key], self.year, self.report)
            targets.append(reader.read())
            self.printed += reader.printed()
        return Indicator(number=printed.number, name=printed.name, targets=tuple(targets))

    def _compare_totals(self, contents: Contents, indicators: list[PrintedIndicator]) -> None:
        """Compare the line of 3① with the target of the whole term with the plan and 別紙1."""
        for indicator in indicators:
            for key, in_body in indicator.targets.items():
                expected = part3_progress.total_line(contents, contents.target(key))
                if fold(in_body.total) != fold(expected):
                    self.report.notice(
                        in_body.total_line,
                        f"本文3①の「{in_body.total}」は、別紙1からは「{expected}」です。"
                        "別紙1の値を取り込みます。",
                    )

    def _compare_counts(
        self, contents: Contents, counts: dict[int, tuple[int | None, str]]
    ) -> None:
        """Compare the count at the end of a result line with the target's actual, which alone is stored."""
        for number, (line, count) in counts.items():
            expected = part3_approaches.result_count(contents, contents.approaches[number - 1])
            if fold(count) != fold(expected.removeprefix("：")):
                self.report.notice(
                    line,
                    f"解決策{number}の成果「{count}」が、実績値「{expected[1:]}」と違います。実績値を取り込みます。",
                )
