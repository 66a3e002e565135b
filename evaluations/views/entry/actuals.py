"""The grid of actuals, and what is said beside figures while they are typed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET

from evaluations.entry.beside_figure import BesideFigure, beside
from evaluations.entry.forms import NewCorrection
from evaluations.entry.scope import EntryScope
from evaluations.form.contents import Contents, NumericTarget
from evaluations.form.printed_figures import figure, percent, target_number
from evaluations.keys import RowKey
from evaluations.models import Actual, Correction
from evaluations.models.targets import Aggregation
from evaluations.progress import Formula
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.row_display import DisplayedRow, find_form
from tokku.fields import FigureFormField
from tokku.figures import Figure, total_of

MOST_LINES = (
    120  # with boxes on one page; further ones are shown as text, with a link to their own page
)
LATER = "入力後に計算"


@dataclass
class ActualLine:
    """A line of the grid: one actual with last year's figures, this year's target and the zone's progress."""

    entry: DisplayedRow
    number: str
    target: NumericTarget
    contents: Contents

    @property
    def year(self) -> int:
        return self.contents.fiscal_year

    def _figures_of(self, year: int):
        return next((figures for figures in self.target.years if figures.year == year), None)

    @property
    def unit(self) -> str:
        return self.target.unit

    @property
    def formula(self) -> str:
        return Formula(self.target.formula).label

    @property
    def last_target(self) -> str:
        last_year = self._figures_of(self.year - 1)
        return self._plain(last_year.target) if last_year else ""

    def _plain(self, value: Figure | None) -> str:
        """As the form prints it, without the unit, which stands once in the line."""
        return value.printed("", self.target.decimals) if value else ""

    @property
    def last_zone(self) -> str:
        last_year = self._figures_of(self.year - 1)
        return self._plain(last_year.actual) if last_year else ""

    @cached_property
    def last_value(self) -> Figure | None:
        """Last year's value of the row's own municipality, or of the zone where the row is the zone's."""
        last_year, municipality = self._figures_of(self.year - 1), self.entry.row.municipality
        if not last_year:
            return None
        if not municipality:
            return last_year.actual
        name = self.entry.row.loaded_with.name_of(municipality)
        return dict(last_year.by_municipality).get(name)

    @property
    def last_own(self) -> str:
        return self._plain(self.last_value)

    @property
    def this_target(self) -> str:
        this_year = self._figures_of(self.year)
        return self._plain(this_year.target) if this_year else ""

    @property
    def beside(self) -> BesideFigure:
        """What is said of the value in the box; nothing of one that is refused, which says why itself."""
        form = self.entry.form
        if form and form.is_bound:
            return beside(form.cleaned_data.get("value"), self.last_value, self.target)
        return beside(self.entry.row.value, self.last_value, self.target)

    @property
    def progress(self) -> str:
        return progress_text(self.entry.row, self.target, self.contents, self._zone_actual)

    @property
    def zone_actual(self) -> str:
        return self._plain(self._zone_actual)

    @property
    def _zone_actual(self):
        this_year = self._figures_of(self.year)
        return this_year.actual if this_year else None


def progress_text(
    row: Actual, target: NumericTarget, contents: Contents, actual: Figure | None
) -> str:
    """The zone's progress for this actual; where it cannot be computed yet, what it waits for."""
    of_year = replace(target.of_year(contents.fiscal_year), actual=actual)
    if text := percent(replace(target, years=(of_year,)).progress(contents.fiscal_year)):
        return text
    if not row.municipality_id or target.aggregation != Aggregation.SUM:
        return LATER
    own, entered = row.loaded_with.name_of(row.municipality), dict(of_year.by_municipality)
    waiting = [
        name for name in contents.zone.municipalities if name != own and entered.get(name) is None
    ]
    if not waiting:
        return LATER
    return f"{waiting[0] if len(waiting) == 1 else f'{len(waiting)}作成主体'} 待ち"


def targets_by_place(contents: Contents) -> dict[tuple[int, int], tuple[str, NumericTarget]]:
    return {
        (key.indicator, key.number): (target_number(indicator, target), target)
        for key, indicator, target in contents.targets()
    }


def line_of(scope: EntryScope, entry: DisplayedRow) -> ActualLine:
    contents = scope.loaded.contents
    target_row = entry.row.target
    number, target = targets_by_place(contents)[target_row.indicator.number, target_row.number]
    return ActualLine(entry, number, target, contents)


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


def _correction_lines(scope: EntryScope, rows: Iterable[DisplayedRow]) -> list[CorrectionLine]:
    targets, lines = targets_by_place(scope.loaded.contents), []
    for entry in rows:
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
        for number, target in targets_by_place(scope.loaded.contents).values()
    ]


def actuals_context(scope: EntryScope, rows: list[DisplayedRow], new_row_forms) -> dict[str, Any]:
    new_correction = find_form(new_row_forms, NewCorrection)
    actuals = [row for row in rows if isinstance(row.row, Actual)]
    corrections = [row for row in rows if isinstance(row.row, Correction)]
    contents = scope.loaded.contents
    by_place = targets_by_place(contents)
    for row in actuals[MOST_LINES:]:
        row.is_light = not (row.is_unsaved or row.all_remarks)
    groups = []
    for target_row, of_target in groupby(actuals, key=lambda row: row.row.target):
        number, target = by_place[target_row.indicator.number, target_row.number]
        groups.append([ActualLine(row, number, target, contents) for row in of_target])
    return {
        "groups": groups,
        "shown_rows": [*actuals, *corrections],
        "corrections": _correction_lines(scope, corrections),
        "new_correction": new_correction,
        "standing": _standing_figures(scope) if new_correction else [],
        "earlier_years": scope.evaluation.earlier_years,
        "line_count": len(actuals),
    }


@require_GET
def entry_progress(request, zone, fiscal_year):
    """What is said beside figures that are still being typed, as JSON, by the key of the row:

    {"rows": {"evaluations.actual/3": {"sentence": "前年度の9.4倍です", "level": "caution", "progress": "80%"}}}

    The query has `row` and `value` for each row of one target on the page. A value that is refused says why, and
    then there is no progress.
    """
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    rows = {row.key: row for row in scope.rows if isinstance(row, Actual)}
    field = FigureFormField(required=False)
    typed: dict[Actual, Figure | None] = {}
    errors: dict[Actual, str] = {}
    for key_text, value in zip(
        request.GET.getlist("row"), request.GET.getlist("value"), strict=False
    ):
        if (key := RowKey.parse(key_text)) not in rows:
            raise Http404
        row = rows[key]
        try:
            typed[row] = field.clean(value)
        except ValidationError as error:
            errors[row] = " ".join(error.messages)
            continue
        if refusal := typed[row] != row.value and row.why_not_enter("value", typed[row]):
            errors[row] = refusal
    asked = {*typed, *errors}
    if len({row.target_id for row in asked}) != 1:
        raise Http404
    contents = scope.loaded.contents
    row = next(iter(asked))
    _, target = targets_by_place(contents)[row.target.indicator.number, row.target.number]
    progress = ""
    if not errors:
        actual = _zone_actual_with(typed, target, contents)
        progress = progress_text(row, target, contents, actual)
    return JsonResponse(
        {
            "rows": {
                str(row.key): {
                    "progress": progress,
                    **asdict(_said_of(scope, row, errors.get(row), typed.get(row))),
                }
                for row in asked
            }
        }
    )


def _said_of(scope: EntryScope, row: Actual, error: str | None, value: Figure | None):
    if error:
        return BesideFigure(error, "error")
    line = line_of(scope, DisplayedRow(row, scope))
    return beside(value, line.last_value, line.target)


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
