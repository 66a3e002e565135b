"""The three entry pages: show, save, and show again what could not be saved."""

from django.contrib import messages
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations.addresses import entry_address, page_address
from evaluations.catalogue import PAGES
from evaluations.entry.forms import NewRowForm
from evaluations.entry.scope import EntryScope, withdraw_not_applicable
from evaluations.keys import RowKey
from evaluations.models import Evaluation
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.actions import carry_out
from evaluations.views.entry.actuals import actuals_context, actuals_sections
from evaluations.views.entry.portions import Portion, choose, divide, others
from evaluations.views.entry.row_display import DisplayedRow, entries_of
from evaluations.views.entry.supports import supports_context, supports_sections
from evaluations.views.entry.texts import texts_context, texts_sections
from evaluations.views.entry.unsaved import typed_and_not_stored, unsaved_texts
from evaluations.years.rows import rows_of_year
from supports.models import NOT_APPLICABLE
from tokku.accounts.restored_input import forget_input, kept_input, restores_input, typed_by

NOT_APPLICABLE_ACTION = "not-applicable"
SECTIONS = {"actuals": actuals_sections, "texts": texts_sections, "supports": supports_sections}
CONTEXTS = {"actuals": actuals_context, "texts": texts_context, "supports": supports_context}


@restores_input
@require_http_methods(["GET", "HEAD", "POST"])
def entry_page(request, zone, fiscal_year, part):
    """One of catalogue.PAGES."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    if request.method == "POST":
        return _save(request, evaluation, part)
    scope = EntryScope(request.user, evaluation)
    kept = kept_input(request)
    if kept is not None and scope.why_not_enter:
        forget_input(request)
        return _refused(request, scope, part, kept)
    entries, new_row_forms = entries_of(scope, part, kept), scope.new_row_forms(part, kept)
    unsaved = []
    if kept is not None:
        for form in [*(entry.form for entry in entries if entry.form), *new_row_forms]:
            form.is_valid()
        unsaved = unsaved_texts(scope, part, kept)
    return _show(
        request, scope, part, entries, new_row_forms, kept=kept is not None, unsaved=unsaved
    )


def _save(request, evaluation: Evaluation, part: str):
    """Save the valid forms, and show the others again as they were typed."""
    data = _answering_not_applicable(request.POST)
    if data.get("action") == "discard":
        forget_input(request)
        return redirect(request.get_full_path())
    with transaction.atomic():
        scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
        if scope.why_not_enter:
            forget_input(request)
            return _refused(request, scope, part, data)
        entries, new_row_forms = entries_of(scope, part, data), scope.new_row_forms(part, data)
        saved, added = [], []
        for entry in entries:
            if (
                entry.form
                and entry.form.is_bound
                and entry.form.is_valid()
                and entry.form.has_changed()
            ):
                saved.append(entry.form.save().label)
        for new_row_form in new_row_forms:
            if new_row_form.is_bound and new_row_form.has_changed() and new_row_form.is_valid():
                if new_row_form.was_just_added:
                    saved.append("追加した行")
                else:
                    added.append(new_row_form.create())
                    saved.append(added[-1].label)
        forms = [*(entry.form for entry in entries if entry.form), *new_row_forms]
        failed = sum(bool(form.errors) for form in forms)
        unsaved = unsaved_texts(scope, part, data)
        if failed or unsaved or data.get("action") or part == "supports":
            # As it is saved now.
            scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
        if not failed and not unsaved:
            url = carry_out(scope, part, data.get("action", "")) or (
                entry_address(evaluation, added[0].key) if added else request.get_full_path()
            )
        if part == "supports":
            # The action may have added a row.
            withdraw_not_applicable(
                rows_of_year(scope.evaluation) if data.get("action") else scope.year
            )
    forget_input(request)
    if not failed and not unsaved:
        if saved or not data.get("action"):
            level = messages.SUCCESS if saved else messages.INFO
            messages.add_message(request, level, _saved_message(part, saved))
        return redirect(url)
    forms_with_errors = {
        entry.key: entry.form for entry in entries if entry.form and entry.form.errors
    }
    entries = entries_of(scope, part)
    for entry in entries:
        entry.form = forms_with_errors.get(entry.key, entry.form)
    forms_with_errors = {
        new_row_form.prefix: new_row_form for new_row_form in new_row_forms if new_row_form.errors
    }
    new_row_forms = [
        forms_with_errors.get(new_row_form.prefix, new_row_form)
        for new_row_form in scope.new_row_forms(part)
    ]
    notice = _saved_message(part, saved) if saved else ""
    notice += f"{failed + len(unsaved)}件は保存していません。"
    if data.get("action"):
        notice += "選んだ操作は行っていません。誤りを直してから、もう一度操作してください。"
    return _show(request, scope, part, entries, new_row_forms, notice=notice, unsaved=unsaved)


def _saved_message(part: str, saved: list[str]) -> str:
    """The message about what was saved. It has the time, for people who come back to an open page."""
    now = timezone.localtime()
    at = f"{now.hour}時{now.minute:02}分"
    if not saved:
        return f"変更がないため、何も保存していません（{at}）。"
    subject = saved[0] if len(saved) == 1 else f"{PAGES[part]}{len(saved)}件"
    return f"{at}に、{subject}を保存しました。"


def _answering_not_applicable(data: QueryDict) -> QueryDict:
    """The sent data, with 該当なし in the field whose button was pressed, if that is blank."""
    verb, _, name = data.get("action", "").partition(":")
    if verb != NOT_APPLICABLE_ACTION:
        return data
    data = data.copy()
    data["action"] = ""
    if name in data and not data[name].strip():
        data[name] = NOT_APPLICABLE
    return data


def _show(
    request,
    scope: EntryScope,
    part: str,
    entries,
    new_row_forms,
    *,
    notice="",
    kept=False,
    unsaved=(),
):
    named_sections = SECTIONS[part](scope, entries)
    other_sections = others(entries, named_sections)
    sections = named_sections + other_sections
    portions = divide(sections)
    row = RowKey.parse(request.GET.get("row", ""))
    portion = choose(portions, sections, request.GET.get("portion", ""), row)
    context = {
        "evaluation": scope.evaluation,
        "scope": scope,
        "part": part,
        "body_template": f"evaluations/entry/_{part}.html",
        "others": [
            (section, portion.entries(section.id))
            for section in other_sections
            if section.id in portion.sections
        ],
        "title": PAGES[part],
        "parts": [
            (name, title, page_address(scope.evaluation, f"entry-{name}"))
            for name, title in PAGES.items()
        ],
        "next_part": _next_part(scope.evaluation, part, portions, portion),
        "sections": sections,
        "portions": portions if len(portions) > 1 else [],
        "portion": portion,
        "notice": notice,
        "kept": kept,
        "typed_by": typed_by(request.user),
        "lost": unsaved,
        "has_errors": bool(notice),
        "restored": _places(entries, new_row_forms, "changed_data") if kept else (),
        "problems": _places(entries, new_row_forms, "errors"),
    }
    context |= CONTEXTS[part](scope, portion, new_row_forms)
    return render(request, "evaluations/entry/page.html", context)


def _next_part(evaluation: Evaluation, part: str, portions: list[Portion], portion: Portion):
    """Title and address of the next step: the next portion, the next page, or the overview to hand in."""
    place = portions.index(portion) + 1
    if place < len(portions):
        return {"title": portions[place].title, "url": f"?portion={portions[place].id}"}
    names = list(PAGES)
    place = names.index(part) + 1
    if place == len(names):
        url = page_address(evaluation, "entry")
        return {"title": "入力の状況と提出", "url": url}
    url = page_address(evaluation, f"entry-{names[place]}")
    return {"title": PAGES[names[place]], "url": url}


def _places(
    entries: list[DisplayedRow], new_row_forms: list[NewRowForm], attribute: str
) -> list[tuple[str, str]]:
    """Label and anchor of the fields in this attribute of the forms, such as `errors`; of the row for errors as a whole."""
    places = []
    forms = [(entry.label, entry.key, entry.form) for entry in entries if entry.form]
    forms += [("追加しようとした行", "", form) for form in new_row_forms]
    for label, row, form in forms:
        for name in getattr(form, attribute) if form.is_bound else ():
            is_field = name in form.fields
            element_id = (
                (form[name].id_for_label or f"{form[name].auto_id}-choices") if is_field else row
            )
            places.append(
                (f"{label} {form.fields[name].label if is_field else ''}".strip(), element_id)
            )
    return places


def _refused(request, scope: EntryScope, part: str, data: QueryDict):
    """The page that says why nothing can be saved, with all that was typed, to be copied."""
    context = {
        "evaluation": scope.evaluation,
        "why": scope.why_not_enter,
        "title": PAGES[part],
        "typed": [(label, text) for label, text, _ in typed_and_not_stored(scope, part, data)],
        "back": page_address(scope.evaluation, f"entry-{part}"),
    }
    return render(request, "evaluations/entry/refused.html", context, status=403)
