"""The grid of actuals, and the progress that figures give while they are typed."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.views.decorators.http import require_GET

from evaluations.entry.forms import FigureFormField
from evaluations.entry.scope import EntryScope
from evaluations.form.contents import Contents, NumericTarget
from evaluations.form.printed_figures import figure, percent, target_number
from evaluations.keys import RowKey
from evaluations.models import Actual
from evaluations.models.targets import Aggregation
from evaluations.progress import Figures, Formula, target_progress, zone_actual
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.portions import PageSection, Portion, PortionUnit
from evaluations.views.entry.row_display import DisplayedRow

LATER = "入力後に計算"
LATER_OF_ALL = f"全自治体の{LATER}"


@dataclass
class ActualLine:
    """A line of the grid: one actual, between last year's figures and its progress."""

    entry: DisplayedRow
    target: NumericTarget
    contents: Contents
    with_target: bool = True

    @property
    def year(self) -> int:
        return self.contents.fiscal_year

    def _of(self, year: int):
        return next((one for one in self.target.years if one.year == year), None)

    @property
    def unit(self) -> str:
        return self.target.unit

    @property
    def last_target(self) -> str:
        last = self._of(self.year - 1)
        return figure(last.target, self.target) if last else ""

    @property
    def last_zone(self) -> str:
        last = self._of(self.year - 1)
        return figure(last.actual, self.target) if last else ""

    @property
    def last_own(self) -> str:
        last, municipality = self._of(self.year - 1), self.entry.row.municipality
        if not last or not municipality:
            return ""
        return figure(dict(last.by_municipality).get(municipality.name), self.target)

    @property
    def this_target(self) -> str:
        this = self._of(self.year)
        return figure(this.target, self.target) if this else ""

    @property
    def progress(self) -> str:
        return progress_text(self.entry.row, self.target, self.year, self._zone_actual)

    @property
    def waits(self) -> bool:
        """Whether the value is there and the form does not show it: it waits for other municipalities'."""
        row = self.entry.row
        return bool(row.municipality_id and row.value is not None and self._zone_actual is None)

    @property
    def _zone_actual(self):
        this = self._of(self.year)
        return this.actual if this else None


def progress_text(row: Actual, target: NumericTarget, year: int, actual) -> str:
    """The progress of the zone if its actual were this, or what its row waits for."""
    figures = target.figures(year)
    progress = target_progress(
        Figures(figures.target, actual, Formula(target.formula), target.baseline, target.weight)
    )
    adds_up = row.municipality_id and target.aggregation == Aggregation.SUM
    return percent(progress) or (LATER_OF_ALL if adds_up else LATER)


def _targets(contents: Contents) -> dict[tuple[int, int], tuple[str, NumericTarget]]:
    return {
        (key.indicator, key.number): (target_number(indicator, target), target)
        for key, indicator, target in contents.targets()
    }


def actuals_sections(scope: EntryScope, entries: list[DisplayedRow]) -> list[PageSection]:
    """The lines of a target stay together: its progress comes of all of them."""
    actuals = (one for one in entries if isinstance(one.row, Actual))
    by_target = groupby(actuals, key=lambda one: one.row.target)
    units = [PortionUnit(list(found), of=target) for target, found in by_target]
    return [PageSection("actuals", "数値目標", units)]


def actuals_context(scope: EntryScope, portion: Portion, adders) -> dict[str, Any]:
    contents = scope.loaded.contents
    targets = _targets(contents)
    groups = []
    for unit in portion.sections["actuals"]:
        target_row = unit.of
        number, target = targets[target_row.indicator.number, target_row.number]
        groups.append(
            {
                "number": number,
                "name": target_row.name,
                "indicator": target_row.indicator.name,
                "unit": target_row.unit,
                "formula": Formula(target_row.formula).label,
                "lines": [ActualLine(one, target, contents) for one in unit.entries],
            }
        )
    return {"groups": groups}


@require_GET
def entry_progress(request, zone, fiscal_year):
    """The progress that figures give that are still being typed: {"progress": "80%"}.

    `row` and `value`, once for each row of one target that the page shows.
    """
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    rows = {row.key: row for row in scope.rows if isinstance(row, Actual)}
    field = FigureFormField(max_digits=15, decimal_places=4, required=False)
    typed: dict[Actual, Any] = {}
    for named, value in zip(request.GET.getlist("row"), request.GET.getlist("value"), strict=False):
        if (key := RowKey.parse(named)) not in rows:
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
    """The zone's actual if these rows said what was typed."""
    this = next((one for one in target.years if one.year == contents.fiscal_year), None)
    names = {row.municipality.name: value for row, value in typed.items() if row.municipality}
    if len(names) < len(typed):
        return next(value for row, value in typed.items() if not row.municipality)
    stored = dict(this.by_municipality if this else ())
    if target.aggregation == Aggregation.ONCE:
        return next((one for one in (stored | names).values() if one is not None), None)
    return zone_actual((dict.fromkeys(contents.zone.municipalities) | stored | names).values())
