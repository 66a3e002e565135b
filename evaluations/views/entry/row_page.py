"""The page of one row, which also opens beside the form, the checks and the lists: fields, remarks, figures, past."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.addresses import in_page_address, page_address
from evaluations.catalogue import PAGES
from evaluations.entry.removal import removed_row
from evaluations.entry.scope import EntryScope
from evaluations.form.contents import NumericTarget
from evaluations.form.printed_figures import figure, percent
from evaluations.keys import RowKey
from evaluations.models import Achievement, Actual, TargetAssessment
from evaluations.models.row import EntryRow
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.actions import REMOVED
from evaluations.views.entry.actuals import line_of, targets_by_place
from evaluations.views.entry.pages import (
    bar_context,
    refusal_notice,
    refused,
    save_and_act,
    take_over_kept,
)
from evaluations.views.entry.row_display import displayed_row
from evaluations.views.entry.walk import NAMES, end_of, next_place, places
from tokku.accounts.restored_input import restores_input

VERSIONS_SHOWN = 3
NEXT = "next"  # the button that saves and goes on to the next row of the walk


@dataclass(frozen=True)
class FiguresOfYear:
    """A target's figures of the year, shown beside a text that speaks of them."""

    number: str
    target: NumericTarget
    year: int

    @property
    def _figures(self):
        return self.target.of_year(self.year)

    @property
    def planned(self) -> str:
        return figure(self._figures.target, self.target)

    @property
    def actual(self) -> str:
        return figure(self._figures.actual, self.target)

    @property
    def progress(self) -> str:
        return percent(self.target.progress(self.year))


@restores_input
@require_http_methods(["GET", "HEAD", "POST"])
def entry_row(request, zone, fiscal_year, key):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    row_key = RowKey.parse(key)
    if row_key is None or not row_key.kind.page:
        raise Http404
    page = row_key.kind.page
    if request.method != "POST":
        scope = EntryScope(request.user, evaluation)
        take_over_kept(request, scope)
        return _show(request, scope, row_key)
    if not _exists(EntryScope(request.user, evaluation), row_key):
        raise Http404
    if request.POST.get("action") == "discard":
        EntryScope(request.user, evaluation).drafts.forget([str(row_key)])
        return redirect(request.get_full_path())
    scope, outcome, url = save_and_act(request, evaluation, page)
    if scope.why_not_enter:
        return refused(request, scope, page)
    if not url:
        return _show(request, scope, row_key, refusal_notice(page, outcome, request.POST))
    if NEXT in request.POST:
        return redirect(next_place(scope, _walk(request), after=row_key) or end_of(scope))
    return redirect(url)


def _exists(scope: EntryScope, key: RowKey) -> bool:
    """Whether the person has, or has had, such a row in the evaluation."""
    rows = (row for row in scope.year.of_kind(key.kind) if row.key == key)
    return any(scope.is_mine(row) for row in rows) or removed_row(scope, key) is not None


@require_safe
def entry_next(request, zone, fiscal_year):
    """On to the first row of the walk that the query names; to handing in where there is nothing to do."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    page = request.GET.get("page", "")
    return redirect(next_place(scope, _walk(request), page=page) or end_of(scope))


@require_safe
def last_year_text(request, zone, fiscal_year, key):
    """Last year's text of the field named by the query, with the year in it renamed, as plain text."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    row_key = RowKey.parse(key)
    if row_key is None or not row_key.kind.page or not _exists(scope, row_key):
        raise Http404
    text = scope.text_to_copy(row_key, request.GET.get("field", ""))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _walk(request) -> str:
    walk = request.GET.get("walk", "")
    return walk if walk in NAMES else next(iter(NAMES))


def _show(request, scope: EntryScope, key: RowKey, notice: str = ""):
    row = next((row for row in scope.rows if row.key == key), None)
    if row is None:
        if removed_row(scope, key):
            return redirect(
                f"{page_address(scope.evaluation, f'entry-{key.kind.page}')}?{REMOVED}={key}"
            )
        raise Http404
    displayed, walk = displayed_row(scope, row), _walk(request)
    following = next_place(scope, walk, after=key)
    versions = row.history.select_related("history_user")
    context = bar_context(request, scope, key.kind.page, [displayed]) | {
        "row": displayed,
        "title": displayed.label,
        "page_title": PAGES[key.kind.page],
        "part": key.kind.page,
        "in_page": in_page_address(scope.evaluation, key),
        "notice": notice,
        "line": line_of(scope, displayed) if isinstance(row, Actual) else None,
        "figures": _figures_spoken_of(scope, row),
        "versions": versions[:VERSIONS_SHOWN],
        "version_count": versions.count(),
        "walk": walk,
        "walk_name": NAMES[walk],
        "walk_count": len([place for place in places(scope, walk) if place[0] != key]),
        "following": following,
        "end": end_of(scope),
    }
    return render(request, "evaluations/entry/row.html", context)


def _figures_spoken_of(scope: EntryScope, row: EntryRow) -> list[FiguresOfYear]:
    """The year's figures of the targets that the texts of the row speak of."""
    if not row.row_kind.speaks_of_figures:
        return []
    by_place = targets_by_place(scope.loaded.contents)
    match row:
        case TargetAssessment():
            chosen = [row.target]
        case Achievement():
            chosen = scope.year.approaches[row.approach_id].targets.all()
        case _:
            chosen = scope.targets
    chosen_places = {(target.indicator.number, target.number) for target in chosen}
    return [
        FiguresOfYear(number, target, scope.evaluation.fiscal_year)
        for place, (number, target) in by_place.items()
        if place in chosen_places
    ]
