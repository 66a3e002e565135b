"""The table of actuals, and the progress computed while figures are typed."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.views.decorators.http import require_GET

from evaluations.entry.forms import NewCorrection
from evaluations.entry.scope import EntryScope
from evaluations.form.contents import Contents, NumericTarget
from evaluations.form.printed_figures import figure, percent, target_number
from evaluations.keys import RowKey
from evaluations.models import Actual, Correction
from evaluations.models.targets import Aggregation
from evaluations.progress import Formula
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.portions import PageSection, Portion, PortionUnit
from evaluations.views.entry.row_display import DisplayedRow, find_form
from tokku.fields import FigureFormField
from tokku.figures import Figure, total_of

LATER = "入力後に計算"
LATER_OF_ALL = f"全作成主体の{LATER}"


@dataclass
class ActualLine:
    """A line of the table: one actual with last year's figures and its progress."""

    entry: DisplayedRow
    target: NumericTarget
    contents: Contents
    with_target: bool = True

    @property
    def year(self) -> int:
        return self.contents.fiscal_year

    def _figures_of(self, year: int):
        return next((figures for figures in self.target.years if figures.year == year), None)

    @property
    def unit(self) -> str:
        return self.target.unit

    @property
    def last_target(self) -> str:
        last_year = self._figures_of(self.year - 1)
        return figure(last_year.target, self.target) if last_year else ""

    @property
    def last_zone(self) -> str:
        last_year = self._figures_of(self.year - 1)
        return figure(last_year.actual, self.target) if last_year else ""

    @property
    def last_own(self) -> str:
        last_year, municipality = self._figures_of(self.year - 1), self.entry.row.municipality
        if not last_year or not municipality:
            return ""
        name = self.entry.row.loaded_with.name_of(municipality)
        return figure(dict(last_year.by_municipality).get(name), self.target)

    @property
    def this_target(self) -> str:
        this_year = self._figures_of(self.year)
        return figure(this_year.target, self.target) if this_year else ""

    @property
    def progress(self) -> str:
        return progress_text(self.entry.row, self.target, self.year, self._zone_actual)

    @property
    def waits_for_others(self) -> bool:
        """Whether the value is entered but the zone's actual still lacks other municipalities' values."""
        row = self.entry.row
        return bool(row.municipality_id and row.value and self._zone_actual is None)

    @property
    def _zone_actual(self):
        this_year = self._figures_of(self.year)
        return this_year.actual if this_year else None


def progress_text(row: Actual, target: NumericTarget, year: int, actual: Figure | None) -> str:
    """The zone's progress for this actual; a hint when it cannot be computed yet."""
    of_year = replace(target.of_year(year), actual=actual)
    progress = replace(target, years=(of_year,)).progress(year)
    adds_up = row.municipality_id and target.aggregation == Aggregation.SUM
    return percent(progress) or (LATER_OF_ALL if adds_up else LATER)


def _targets(contents: Contents) -> dict[tuple[int, int], tuple[str, NumericTarget]]:
    return {
        (key.indicator, key.number): (target_number(indicator, target), target)
        for key, indicator, target in contents.targets()
    }


def actuals_sections(scope: EntryScope, entries: list[DisplayedRow]) -> list[PageSection]:
    """One unit for each target, because its progress is computed from all its lines."""
    actuals = (entry for entry in entries if isinstance(entry.row, Actual))
    by_target = groupby(actuals, key=lambda entry: entry.row.target)
    units = [
        PortionUnit(list(target_entries), heading_row=target)
        for target, target_entries in by_target
    ]
    corrections = [PortionUnit([entry]) for entry in entries if isinstance(entry.row, Correction)]
    sections = [PageSection("actuals", "数値目標", units)]
    if corrections or (scope.evaluation.earlier_years and not scope.why_not_enter):
        sections.append(PageSection("corrections", "前年度までの実績値の修正", corrections))
    return sections


@dataclass
class CorrectionLine:
    """A correction that this evaluation tells, with what the figure was before."""

    entry: DisplayedRow
    number: str
    target: NumericTarget
    before: str


@dataclass
class StandingFigures:
    """The figures of a target in earlier years as the form prints them now: of the zone, and those that make it up."""

    number: str
    target: NumericTarget
    years: list[tuple[str, list[tuple[str, str]]]]


def _correction_lines(scope: EntryScope, portion: Portion) -> list[CorrectionLine]:
    targets, lines = _targets(scope.loaded.contents), []
    for entry in portion.entries("corrections"):
        row = entry.row
        number, target = targets[row.target.indicator.number, row.target.number]
        owner = scope.year.name_of(row.municipality) if row.municipality else None
        told = target.of_year(row.fiscal_year).corrections
        before = next((other.before for other in told if other.municipality == owner), None)
        lines.append(CorrectionLine(entry, number, target, figure(before, target)))
    return lines


def _standing_figures(scope: EntryScope) -> list[StandingFigures]:
    own = scope.year.name_of(scope.user.municipality) if scope.is_official else None
    return [
        StandingFigures(
            number,
            target,
            [
                (
                    figure(target.of_year(year).actual, target),
                    [
                        (name, figure(value, target))
                        for name, value in target.of_year(year).by_municipality
                        if value is not None and own in (None, name)
                    ],
                )
                for year in scope.evaluation.earlier_years
            ],
        )
        for number, target in _targets(scope.loaded.contents).values()
    ]


def actuals_context(scope: EntryScope, portion: Portion, new_row_forms) -> dict[str, Any]:
    new_correction = find_form(new_row_forms, NewCorrection)
    return {
        "groups": _groups(scope, portion),
        "corrections": _correction_lines(scope, portion),
        "new_correction": new_correction,
        "standing": _standing_figures(scope) if new_correction else [],
        "earlier_years": scope.evaluation.earlier_years,
    }


def _groups(scope: EntryScope, portion: Portion) -> list[dict[str, Any]]:
    contents = scope.loaded.contents
    targets = _targets(contents)
    groups = []
    for unit in portion.sections.get("actuals", ()):
        target_row = unit.heading_row
        number, target = targets[target_row.indicator.number, target_row.number]
        groups.append(
            {
                "number": number,
                "name": target_row.name,
                "indicator": target_row.indicator.name,
                "unit": target_row.unit,
                "formula": Formula(target_row.formula).label,
                "lines": [ActualLine(entry, target, contents) for entry in unit.entries],
            }
        )
    return groups


@require_GET
def entry_progress(request, zone, fiscal_year):
    """The progress for figures that are still being typed, as JSON: {"progress": "80%"}.

    The query has `row` and `value` for each row of one target on the page.
    """
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    rows = {row.key: row for row in scope.rows if isinstance(row, Actual)}
    field = FigureFormField(required=False)
    typed: dict[Actual, Any] = {}
    for key_text, value in zip(
        request.GET.getlist("row"), request.GET.getlist("value"), strict=False
    ):
        if (key := RowKey.parse(key_text)) not in rows:
            raise Http404
        try:
            typed[rows[key]] = field.clean(value)
        except ValidationError:
            return JsonResponse({"progress": ""})
        if rows[key].why_not_enter("value", typed[rows[key]]):
            return JsonResponse({"progress": ""})
    if len({row.target_id for row in typed}) != 1:
        raise Http404
    contents = scope.loaded.contents
    row = next(iter(typed))
    _, target = _targets(contents)[row.target.indicator.number, row.target.number]
    actual = _zone_actual_with(typed, target, contents)
    return JsonResponse({"progress": progress_text(row, target, fiscal_year, actual)})


def _zone_actual_with(typed: dict[Actual, Any], target: NumericTarget, contents: Contents):
    """The zone's actual with the typed values in place of the stored ones."""
    this_year = next(
        (figures for figures in target.years if figures.year == contents.fiscal_year), None
    )
    names = {
        row.loaded_with.name_of(row.municipality): value
        for row, value in typed.items()
        if row.municipality
    }
    if len(names) < len(typed):
        return next(value for row, value in typed.items() if not row.municipality)
    stored = dict(this_year.by_municipality if this_year else ())
    if target.aggregation == Aggregation.ONCE:
        return next((value for value in (stored | names).values() if value is not None), None)
    return total_of((dict.fromkeys(contents.zone.municipalities) | stored | names).values())
