"""The figures of a numeric target into its rows: whose word counts for a year, and what contradicts it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from evaluations import models as m
from evaluations.form import contents as c
from evaluations.permissions import why_closed
from evaluations.records.load import stored_zone_actual
from evaluations.records.row_writer import RowWriter
from tokku.accounts.models import Municipality
from tokku.japanese import era_date, fiscal_year_name, number
from tokku.records import author_of

TARGET, ACTUAL = "目標値", "実績値"


class FigureWriter:
    """Writes the figures that one evaluation prints, also those of other years.

    A year's own evaluation has the last word on it; on a year that has none, the newest that prints
    it. Others fill what is blank. So several years say the same, in whatever order they are read in.
    Figures of a sealed year stay. A figure that says something else is told with both sources.
    """

    def __init__(
        self,
        rows: RowWriter,
        fiscal_year: int,
        others: Collection[m.Evaluation],
        municipalities: Mapping[str, Municipality],
        authors: list[Municipality],
    ) -> None:
        self.rows = rows
        self.fiscal_year = fiscal_year
        self.municipalities = municipalities
        self.authors = authors
        self._sealed = {one.fiscal_year for one in others if why_closed(one)}
        self._with_evaluation = {one.fiscal_year for one in others}

    def write(self, target: m.NumericTarget, stated: c.NumericTarget) -> None:
        yearly = {row.fiscal_year: row for row in target.yearlytarget_set.all()}
        actuals: dict[int, list[m.Actual]] = defaultdict(list)
        for row in target.actual_set.all():
            actuals[row.fiscal_year].append(row)
        for figures in stated.years:
            year, row = figures.year, yearly.get(figures.year)
            if year in self._sealed:
                self._compare_sealed(target, figures, row, actuals[year])
                continue
            key = {"target": target, "fiscal_year": year}
            self._write_figure(row, m.YearlyTarget, key, figures.target)
            if year <= self.fiscal_year:
                self._write_actuals(target, figures, actuals[year])

    def _has_last_word(self, year: int) -> bool:
        if year == self.fiscal_year:
            return True
        is_newest = all(other < self.fiscal_year for other in self._with_evaluation)
        return is_newest and year not in self._with_evaluation

    def _compare_sealed(
        self,
        target: m.NumericTarget,
        figures: c.YearFigures,
        yearly: m.YearlyTarget | None,
        actuals: list[m.Actual],
    ) -> None:
        stored = stored_zone_actual(target, actuals, self.authors)
        pairs = (
            (TARGET, figures.target, yearly and yearly.value, [yearly] if yearly else []),
            (ACTUAL, figures.actual, stored, actuals),
        )
        for label, said, known, rows in pairs:
            if said is not None and said != known:
                about = f"{target}：{fiscal_year_name(figures.year)}の{label}"
                self._tell(about, said, known, rows, "確定した値を残しました。")

    def _write_actuals(
        self, target: m.NumericTarget, figures: c.YearFigures, known: list[m.Actual]
    ) -> None:
        of_year = {"target": target, "fiscal_year": figures.year}
        by_name = {row.municipality and row.municipality.name: row for row in known}
        if figures.by_municipality:
            for name, value in figures.by_municipality:
                key = of_year | {"municipality": self.municipalities[name]}
                self._write_figure(by_name.get(name), m.Actual, key, value)
        elif known and None not in by_name:
            stored = stored_zone_actual(target, known, self.authors)
            if figures.actual is not None and figures.actual != stored:
                about = f"{target}：{fiscal_year_name(figures.year)}の{ACTUAL}"
                kept = "自治体ごとの実績値を残しました。"
                self._tell(about, figures.actual, stored, known, kept)
        else:
            key = of_year | {"municipality": None}
            self._write_figure(by_name.get(None), m.Actual, key, figures.actual)

    def _write_figure(
        self,
        row: m.YearlyTarget | m.Actual | None,
        model: type[m.YearlyTarget | m.Actual],
        key: dict[str, Any],
        value: Decimal | None,
    ) -> None:
        """Set a figure where this evaluation has the last word; a blank leaves the one that is stored."""
        if row is None or row.value is None:
            if value is not None:
                self.rows.save(row, model, key, {"value": value})
        elif value is None:
            self.rows.changes.notices.append(
                f"{row}：文書では空ですが、登録されている {number(row.value)} を残しました。"
            )
        elif value != row.value:
            is_taken = self._has_last_word(row.fiscal_year)
            outcome = "文書の値にしました。" if is_taken else "登録されている値を残しました。"
            self._tell(str(row), value, row.value, [row], outcome)
            if is_taken:
                self.rows.save(row, model, key, {"value": value})

    def _tell(
        self,
        about: str,
        said: Decimal,
        stored: Decimal | None,
        rows: Iterable[m.YearlyTarget | m.Actual],
        outcome: str,
    ) -> None:
        """A contradiction, with both figures and where they are from."""
        known = "空" if stored is None else number(stored)
        sources = list(dict.fromkeys(filter(None, map(_source, rows))))
        where = f"（{'、'.join(sources)}）" if sources else ""
        self.rows.changes.contradictions.append(
            f"{about}は、文書（{fiscal_year_name(self.fiscal_year)}の評価書）では {number(said)}、"
            f"登録では {known}{where}です。{outcome}"
        )


def _source(row: m.YearlyTarget | m.Actual) -> str:
    """Who or what made the row say its figure, and when; "" when its history does not tell."""
    author = author_of(row, "value", row.value)
    if author is None:
        return ""
    by = author.history_change_reason or str(author.history_user or "記録なし")
    return f"{era_date(timezone.localtime(author.history_date).date())} {by}"
