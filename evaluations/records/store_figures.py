"""Storing the figures of a numeric target: which evaluation decides on a year, and what contradicts it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from evaluations import models as m
from evaluations.form import contents as c
from evaluations.models.corrections import standing_figures
from evaluations.permissions import why_closed
from evaluations.records.load import stored_zone_actual
from evaluations.records.row_writer import RowWriter
from tokku.accounts.models import Municipality
from tokku.figures import Figure
from tokku.japanese import era_date, fiscal_year_name
from tokku.records import version_since, who


class FigureWriter:
    """Writes the figures that one evaluation prints, also those of other years.

    Target values are the year's own edition's. On the actuals of a year its own evaluation has the last word; on a
    year that has none, the newest evaluation that prints it. Other evaluations fill blanks only, so that the order of
    imports does not matter. Figures of a sealed year are kept. A figure that differs from the stored one is noted with
    both sources; one of an earlier year is a correction where the document says so, or where `takes_corrections`.
    """

    def __init__(
        self,
        rows: RowWriter,
        fiscal_year: int,
        other_evaluations: Collection[m.Evaluation],
        municipalities: Mapping[str, Municipality],
        authors: list[Municipality],
        *,
        takes_corrections: bool = False,
    ) -> None:
        self.rows = rows
        self.fiscal_year = fiscal_year
        self.municipalities = municipalities
        self.authors = authors
        self.takes_corrections = takes_corrections
        self.target_values_are_copies = False  # of another year's edition; a blank counts then
        self._sealed_years = {
            evaluation.fiscal_year for evaluation in other_evaluations if why_closed(evaluation)
        }
        self._years_with_evaluation = {evaluation.fiscal_year for evaluation in other_evaluations}

    def write(
        self,
        evaluation: m.Evaluation,
        target: m.NumericTarget,
        document_target: c.NumericTarget,
    ) -> None:
        yearly = {row.fiscal_year: row for row in target.yearlytarget_set.all()}
        in_editions = {
            row.indicator.edition.first_year: row
            for row in m.NumericTarget.objects.filter(thread=target.thread).select_related(
                "indicator__edition"
            )
        }
        actuals: dict[int, list[m.Actual]] = defaultdict(list)
        for row in m.Actual.objects.filter(target__in=in_editions.values()):
            actuals[row.fiscal_year].append(row)
        corrections: dict[int, list[m.Correction]] = defaultdict(list)
        for row in m.Correction.objects.filter(
            target__in=in_editions.values(), evaluation__fiscal_year__lte=self.fiscal_year
        ).order_by("evaluation__fiscal_year", "pk"):
            corrections[row.fiscal_year].append(row)
        for figures in document_target.years:
            year, row = figures.year, yearly.get(figures.year)
            key = {"target": target, "fiscal_year": year}
            if figures.target is not None or (row and self.target_values_are_copies):
                self.rows.save(row, m.YearlyTarget, key, {"value": figures.target})
            told_now = [row for row in corrections[year] if row.evaluation_id == evaluation.pk]
            told_before = [row for row in corrections[year] if row.evaluation_id != evaluation.pk]
            self._offered_for = None
            if year < self.fiscal_year and not told_now:
                self._offered_for = evaluation, target
            stated = _told(figures, self.fiscal_year) if year < self.fiscal_year else ()
            if told_now and not figures.corrections:
                standing = standing_figures(target, actuals[year], corrections[year])
                self._compare(target, figures, standing, "この評価書の修正を残しました。")
                continue
            if stated:
                self._offered_for = None
                figures = _before(figures, stated)
            if year in self._sealed_years or told_before:
                standing = standing_figures(target, actuals[year], told_before)
                self._compare(target, figures, standing, "確定した値を残しました。")
            elif year <= self.fiscal_year:
                since = [first_year for first_year in in_editions if first_year <= year]
                of_year = in_editions[max(since)] if since else target
                self._write_actuals(of_year, figures, actuals[year])
            for correction in stated:
                self._tell(evaluation, target, year, correction, told_now)

    def _tell(
        self,
        evaluation: m.Evaluation,
        target: m.NumericTarget,
        year: int,
        correction: c.Correction,
        told_now: Iterable[m.Correction] = (),
    ) -> None:
        municipality = correction.municipality and self.municipalities[correction.municipality]
        owner = municipality.pk if municipality else None
        row = next((row for row in told_now if row.municipality_id == owner), None)
        key = {
            "evaluation": evaluation,
            "target": target,
            "fiscal_year": year,
            "municipality": municipality,
        }
        values = {"value": correction.value, "reason": correction.reason}
        self.rows.save(row, m.Correction, key, values)

    def _has_last_word(self, year: int) -> bool:
        if year == self.fiscal_year:
            return True
        is_newest = all(other_year < self.fiscal_year for other_year in self._years_with_evaluation)
        return is_newest and year not in self._years_with_evaluation

    def _compare(
        self,
        target: m.NumericTarget,
        figures: c.YearFigures,
        actuals: list[m.Actual | m.Correction],
        outcome: str,
    ) -> None:
        """Note a figure that is kept against the document."""
        stored_actual = stored_zone_actual(target, actuals, self.authors)
        if figures.actual is not None and not _is_printed_as(figures.actual, stored_actual, target):
            self._note_contradiction(
                f"{target}：{fiscal_year_name(figures.year)}の実績値",
                figures.actual,
                stored_actual,
                actuals,
                outcome + self._offer(figures.year, figures.actual),
            )

    def _write_actuals(
        self, target: m.NumericTarget, figures: c.YearFigures, rows: list[m.Actual]
    ) -> None:
        year_key = {"target": target, "fiscal_year": figures.year}
        by_municipality = {row.municipality_id: row for row in rows}
        if figures.by_municipality:
            for name, value in figures.by_municipality:
                municipality = self.municipalities[name]
                key = year_key | {"municipality": municipality}
                self._write_figure(by_municipality.get(municipality.pk), key, value)
        elif rows and None not in by_municipality:
            stored = stored_zone_actual(target, rows, self.authors)
            if figures.actual is not None and not _is_printed_as(figures.actual, stored, target):
                subject = f"{target}：{fiscal_year_name(figures.year)}の実績値"
                outcome = "作成主体ごとの実績値を残しました。"
                outcome += self._offer(figures.year, figures.actual)
                self._note_contradiction(subject, figures.actual, stored, rows, outcome)
        else:
            key = year_key | {"municipality": None}
            self._write_figure(by_municipality.get(None), key, figures.actual)

    def _write_figure(
        self,
        row: m.Actual | None,
        key: dict[str, Any],
        value: Figure | None,
    ) -> None:
        """Set a figure where this evaluation has the last word. A blank keeps the stored figure."""
        if row is None or row.value is None:
            if value is not None:
                self.rows.save(row, m.Actual, key, {"value": value})
        elif value is None:
            self.rows.changes.notices.append(
                f"{row}：文書では空ですが、登録されている {row.value} を残しました。"
            )
        elif value == row.value:
            return
        elif _is_printed_as(value, row.value, key["target"]):
            if value.is_same_as(row.value) and self._has_last_word(row.fiscal_year):
                self.rows.save(row, m.Actual, key, {"value": value})  # with the digits of its form
        else:
            is_taken = self._has_last_word(row.fiscal_year)
            outcome = (
                "文書の値にしました。"
                if is_taken
                else "登録されている値を残しました。" + self._offer(row.fiscal_year, value)
            )
            self._note_contradiction(str(row), value, row.value, [row], outcome)
            if is_taken:
                self.rows.save(row, m.Actual, key, {"value": value})

    def _offer(self, year: int, value: Figure) -> str:
        """Take a kept figure of an earlier year as a correction that this evaluation tells, or offer to."""
        if self._offered_for is None:
            return ""
        if not self.takes_corrections:
            self.rows.changes.offered_corrections += 1
            return "実績値の修正として取り込めます。"
        evaluation, target = self._offered_for
        self._tell(evaluation, target, year, _as_told_by(self.fiscal_year, value))
        return "文書の値は、実績値の修正として取り込みました。"

    def _note_contradiction(
        self,
        subject: str,
        stated_value: Figure,
        stored: Figure | None,
        rows: Iterable[m.Actual | m.Correction],
        outcome: str,
    ) -> None:
        """Note a contradiction, with both figures and their sources."""
        stored_text = "空" if stored is None else str(stored)
        sources = list(dict.fromkeys(filter(None, map(_figure_source, rows))))
        sources_text = f"（{'、'.join(sources)}）" if sources else ""
        self.rows.changes.contradictions.append(
            f"{subject}は、文書（{fiscal_year_name(self.fiscal_year)}の評価書）では {stated_value}、"
            f"登録では {stored_text}{sources_text}です。{outcome}"
        )


def _is_printed_as(printed: Figure, stored: Figure | None, target: m.NumericTarget) -> bool:
    """Whether a form prints the stored figure so: with other digits, or rounded to the target's."""
    return stored is not None and (
        printed.is_same_as(stored) or printed.is_same_as(stored.rounded(target.decimals))
    )


def _as_told_by(fiscal_year: int, value: Figure, before: Figure | None = None) -> c.Correction:
    reason = f"{fiscal_year_name(fiscal_year)}の評価書による"
    return c.Correction(value=value, before=before, reason=reason)


def _told(figures: c.YearFigures, fiscal_year: int) -> tuple[c.Correction, ...]:
    """The corrections that a form tells: of what it prints only the zone's figure is known."""
    if figures.corrections or None in (figures.actual, figures.before):
        return figures.corrections
    return (_as_told_by(fiscal_year, figures.actual, figures.before),)


def _before(figures: c.YearFigures, told: tuple[c.Correction, ...]) -> c.YearFigures:
    """The figures as they were before these corrections."""
    before = {correction.municipality: correction.before for correction in told}
    return replace(
        figures,
        actual=figures.before,
        by_municipality=tuple(
            (name, before.get(name, value)) for name, value in figures.by_municipality
        ),
    )


def _figure_source(row: m.Actual | m.Correction) -> str:
    """When and by whom or what the row's figure was set; "" when its history does not show it."""
    author = version_since(row, "value", row.value)
    if author is None:
        return ""
    origin = author.history_change_reason or who(author) or "記録なし"
    return f"{era_date(timezone.localtime(author.history_date).date())} {origin}"
