"""The three entry pages: show, save, and show again what could not be saved."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations.addresses import in_page_address, page_address
from evaluations.catalogue import PAGES
from evaluations.entry.drafts import typed_rows
from evaluations.entry.forms import NewRowForm
from evaluations.entry.removal import removed_row
from evaluations.entry.scope import EntryScope, withdraw_not_applicable
from evaluations.keys import RowKey
from evaluations.models import Evaluation
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.actions import REMOVED, carry_out
from evaluations.views.entry.actuals import actuals_context
from evaluations.views.entry.drafts import keep_unsaved
from evaluations.views.entry.lists import (
    Section,
    fold_the_rest,
    other_sections,
    supports_sections,
    texts_sections,
)
from evaluations.views.entry.row_display import DisplayedRow, displayed_rows
from evaluations.views.entry.saving import SavedInput, save_input, with_action_on_field
from evaluations.views.entry.unsaved import typed_and_not_stored, unsaved_texts
from evaluations.years.rows import rows_of_year
from tokku.accounts.restored_input import forget_input, kept_input, restores_input, typed_by

SECTIONS = {"texts": texts_sections, "supports": supports_sections}
SAVED_AT = "saved-at"  # the key of the session under which the time of the last save stands
# What a page shows of its rows, by the query `show`.
FILTERS = {"": "全て", "missing": "未入力のみ", "remark": "指摘あり"}


@restores_input
@require_http_methods(["GET", "HEAD", "POST"])
def entry_page(request, zone, fiscal_year, part):
    """One of catalogue.PAGES."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    if request.method != "POST":
        scope = EntryScope(request.user, evaluation)
        take_over_kept(request, scope)
        return _show(request, scope, part)
    scope, outcome, url = save_and_act(request, evaluation, part)
    if scope.why_not_enter:
        return refused(request, scope, part)
    if url:
        return redirect(url)
    return _show(request, scope, part, notice=refusal_notice(part, outcome, request.POST))


def take_over_kept(request, scope: EntryScope) -> None:
    """Make drafts of what was typed into this page and lost its session."""
    kept = kept_input(request)
    if kept is not None:
        keep_unsaved(scope, kept)
        forget_input(request)


def save_and_act(
    request, evaluation: Evaluation, page: str
) -> tuple[EntryScope, SavedInput | None, str]:
    """Save what was sent and carry out its action; return the address to go on to, "" if something was refused.

    The scope is that of what is stored afterwards.
    """
    action = request.POST.get("action", "")
    forget_input(request)
    with transaction.atomic():
        scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
        if scope.why_not_enter:
            scope.drafts.keep(
                {
                    of: typed
                    for of, typed in typed_rows(request.POST).items()
                    if of
                    in {unsaved.of for unsaved in typed_and_not_stored(scope, page, request.POST)}
                }
            )
            return scope, None, ""
        if action == "discard":
            scope.drafts.forget(scope.drafts.of_page(page))
            return scope, SavedInput(), request.get_full_path()
        data = with_action_on_field(scope, request.POST)
        outcome = save_input(scope, page, data)
        scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
        url = ""
        if not outcome.unsaved:
            url = carry_out(request, scope, page, data.get("action", ""))
            if not url and outcome.added:
                url = in_page_address(evaluation, outcome.added[0].key)
            url = url or request.get_full_path()
        if page == "supports":
            # The action may have added a row.
            withdraw_not_applicable(rows_of_year(scope.evaluation) if action else scope.year)
    if outcome.saved or outcome.answered:
        request.session[SAVED_AT] = timezone.now().isoformat()
    if url and (outcome.saved or outcome.answered or not action):
        level = messages.SUCCESS if outcome.saved or outcome.answered else messages.INFO
        messages.add_message(request, level, outcome.sentence(page))
    return scope, outcome, url


def refusal_notice(page: str, outcome: SavedInput, data: QueryDict) -> str:
    notice = outcome.sentence(page) if outcome.saved else ""
    notice += f"{len(outcome.unsaved)}件は保存していません。"
    if data.get("action"):
        notice += "選んだ操作は行っていません。誤りを直してから、もう一度操作してください。"
    return notice


def _show(request, scope: EntryScope, page: str, notice: str = ""):
    rows = displayed_rows(scope, page)
    new_row_forms = scope.new_row_forms(page, scope.drafts.as_sent(scope.drafts.of_page(page)))
    for form in new_row_forms:
        form.is_valid()
    context = bar_context(request, scope, page, rows, new_row_forms) | {
        "part": page,
        "title": PAGES[page],
        "notice": notice,
        "removed": _removed(request, scope),
        "counts": _counts(rows),
        "next_missing": f"{page_address(scope.evaluation, 'entry-next')}?page={page}",
    }
    if page == "actuals":
        context |= actuals_context(scope, rows, new_row_forms)
        context["others"] = other_sections(rows, context["shown_rows"])
        template = "actuals"
    else:
        sections = SECTIONS[page](scope, rows, new_row_forms)
        sections += other_sections(rows, [row for section in sections for row in section.rows])
        fold_the_rest(scope, (row for section in sections for row in section.rows))
        show = request.GET.get("show", "")
        context |= {
            "sections": _filtered(sections, show if show in FILTERS else ""),
            "show": show,
            "filters": [
                (kind, label, context["counts"][kind])
                for kind, label in FILTERS.items()
                if kind != "remark" or context["counts"][kind]
            ],
        }
        template = "lists"
    return render(request, f"evaluations/entry/{template}.html", context)


def _counts(rows: list[DisplayedRow]) -> dict[str, int]:
    return {
        "": len(rows),
        "missing": sum(row.is_missing for row in rows),
        "remark": sum(bool(row.all_remarks) for row in rows),
    }


def _filtered(sections: list[Section], show: str) -> list[Section]:
    """Only the rows that are asked for; those with something typed that is not saved stay."""
    if not show:
        return sections
    for section in sections:
        for group in section.groups:
            group.rows = [
                row
                for row in group.rows
                if row.is_unsaved or (row.is_missing if show == "missing" else row.all_remarks)
            ]
        section.groups = [group for group in section.groups if group.rows]
    return [section for section in sections if section.groups]


def bar_context(
    request,
    scope: EntryScope,
    page: str,
    rows: list[DisplayedRow],
    new_row_forms: list[NewRowForm] = (),
) -> dict[str, Any]:
    """What the bar at the foot says: what is not saved, what is wrong, and when was saved last."""
    sent = scope.drafts.as_sent(scope.drafts.of_page(page))
    return {
        "evaluation": scope.evaluation,
        "scope": scope,
        "typed_by": typed_by(request.user),
        "lost": unsaved_texts(scope, page, sent) if sent else [],
        "problems": _places(rows, new_row_forms, "errors"),
        "unsaved": _places(rows, new_row_forms, "changed_data"),
        "saved_at": _saved_at(request),
    }


def _saved_at(request):
    saved_at = request.session.get(SAVED_AT)
    return timezone.datetime.fromisoformat(saved_at) if saved_at else None


def _removed(request, scope: EntryScope):
    removed = removed_row(scope, RowKey.parse(request.GET.get(REMOVED, "")))
    return removed if removed and not removed.why_not else None


def _places(
    rows: list[DisplayedRow], new_row_forms: list[NewRowForm], attribute: str
) -> list[tuple[str, str]]:
    """Label and anchor of the fields in this attribute of the forms, such as `errors`; of the row for errors as a whole."""
    places = []
    forms = [(row.label, row.key, row.form) for row in rows if row.is_unsaved]
    forms += [("追加しようとした行", "", form) for form in new_row_forms if form.is_bound]
    for label, row, form in forms:
        for name in getattr(form, attribute):
            is_field = name in form.fields
            element_id = (
                (form[name].id_for_label or f"{form[name].auto_id}-choices") if is_field else row
            )
            places.append(
                (f"{label} {form.fields[name].label if is_field else ''}".strip(), element_id)
            )
    return places


def refused(request, scope: EntryScope, page: str):
    """The page that says why nothing can be saved, with all that was typed, to be copied."""
    typed = typed_and_not_stored(scope, page, request.POST)
    context = {
        "evaluation": scope.evaluation,
        "why": scope.why_not_enter,
        "title": PAGES[page],
        "typed": [(unsaved.label, unsaved.text) for unsaved in typed],
        "back": page_address(scope.evaluation, f"entry-{page}"),
    }
    return render(request, "evaluations/entry/refused.html", context, status=403)
