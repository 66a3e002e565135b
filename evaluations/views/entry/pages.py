"""The three entry pages: shown, saved, and shown again with whatever could not be saved."""

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
from evaluations.views.entry.unsaved import lost_rows, typed_and_not_stored
from evaluations.years.rows import rows_of_year
from supports.models import NOT_APPLICABLE
from tokku.accounts.restored_input import forget_typed, keeps_typed, kept_typed, typed_by

NOT_APPLICABLE_ACTION = "not-applicable"
SECTIONS = {"actuals": actuals_sections, "texts": texts_sections, "supports": supports_sections}
CONTEXTS = {"actuals": actuals_context, "texts": texts_context, "supports": supports_context}


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def entry_page(request, zone, fiscal_year, part):
    """One of catalogue.PAGES."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    if request.method == "POST":
        return _save(request, evaluation, part)
    scope = EntryScope(request.user, evaluation)
    kept = kept_typed(request)
    if kept is not None and scope.why_not_enter:
        forget_typed(request)
        return _refused(request, scope, part, kept)
    entries, adders = entries_of(scope, part, kept), scope.adders(part, kept)
    unsaved = []
    if kept is not None:
        for form in [*(entry.form for entry in entries if entry.form), *adders]:
            form.is_valid()
        unsaved = lost_rows(scope, part, kept)
    return _show(request, scope, part, entries, adders, kept=kept is not None, unsaved=unsaved)


def _save(request, evaluation: Evaluation, part: str):
    """Save what can be saved, and show the rest again as it was typed."""
    data = _answering_not_applicable(request.POST)
    if data.get("action") == "discard":
        forget_typed(request)
        return redirect(request.get_full_path())
    with transaction.atomic():
        scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
        if scope.why_not_enter:
            forget_typed(request)
            return _refused(request, scope, part, data)
        entries, adders = entries_of(scope, part, data), scope.adders(part, data)
        saved, added = [], []
        for one in entries:
            if one.form and one.form.is_bound and one.form.is_valid() and one.form.has_changed():
                saved.append(one.form.save().label)
        for adder in adders:
            if adder.is_bound and adder.has_changed() and adder.is_valid():
                if adder.was_just_added:
                    saved.append("追加した行")
                else:
                    added.append(adder.create())
                    saved.append(added[-1].label)
        forms = [*(one.form for one in entries if one.form), *adders]
        failed = sum(bool(form.errors) for form in forms)
        unsaved = lost_rows(scope, part, data)
        scope = EntryScope(
            request.user, Evaluation.objects.locked(evaluation.pk)
        )  # as it is saved now
        if not failed and not unsaved:
            url = carry_out(scope, part, data.get("action", "")) or (
                entry_address(evaluation, added[0].key) if added else request.get_full_path()
            )
        if part == "supports":
            # Also for what the action has made.
            withdraw_not_applicable(
                rows_of_year(scope.evaluation) if data.get("action") else scope.year
            )
    forget_typed(request)
    if not failed and not unsaved:
        if saved or not data.get("action"):
            level = messages.SUCCESS if saved else messages.INFO
            messages.add_message(request, level, _told(part, saved))
        return redirect(url)
    wrong = {one.key: one.form for one in entries if one.form and one.form.errors}
    entries = entries_of(scope, part)
    for one in entries:
        one.form = wrong.get(one.key, one.form)
    wrong = {adder.prefix: adder for adder in adders if adder.errors}
    adders = [wrong.get(adder.prefix, adder) for adder in scope.adders(part)]
    notice = _told(part, saved) if saved else ""
    notice += f"{failed + len(unsaved)}件は保存していません。"
    if data.get("action"):
        notice += "選んだ操作は行っていません。誤りを直してから、もう一度操作してください。"
    return _show(request, scope, part, entries, adders, notice=notice, unsaved=unsaved)


def _told(part: str, saved: list[str]) -> str:
    """What was saved, and when: people come back to the page and wonder."""
    now = timezone.localtime()
    at = f"{now.hour}時{now.minute:02}分"
    if not saved:
        return f"変更がないため、何も保存していません（{at}）。"
    what = saved[0] if len(saved) == 1 else f"{PAGES[part]}{len(saved)}件"
    return f"{at}に、{what}を保存しました。"


def _answering_not_applicable(data: QueryDict) -> QueryDict:
    """What was sent, with 該当なし in the blank field whose button was pressed. What was typed stays."""
    verb, _, name = data.get("action", "").partition(":")
    if verb != NOT_APPLICABLE_ACTION:
        return data
    data = data.copy()
    data["action"] = ""
    if name in data and not data[name].strip():
        data[name] = NOT_APPLICABLE
    return data


def _show(
    request, scope: EntryScope, part: str, entries, adders, *, notice="", kept=False, unsaved=()
):
    named = SECTIONS[part](scope, entries)
    more = others(entries, named)
    sections = named + more
    portions = divide(sections)
    row = RowKey.parse(request.GET.get("row", ""))
    portion = choose(portions, sections, request.GET.get("portion", ""), row)
    context = {
        "evaluation": scope.evaluation,
        "scope": scope,
        "part": part,
        "body_template": f"evaluations/entry/_{part}.html",
        "others": [(one, portion.entries(one.id)) for one in more if one.id in portion.sections],
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
        "restored": _places(entries, adders, "changed_data") if kept else (),
        "problems": _places(entries, adders, "errors"),
    }
    context |= CONTEXTS[part](scope, portion, adders)
    return render(request, "evaluations/entry/page.html", context)


def _next_part(evaluation: Evaluation, part: str, portions: list[Portion], portion: Portion):
    """Where people go on to when this is filled in: the next portion, the next page, handing in."""
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
    entries: list[DisplayedRow], adders: list[NewRowForm], which: str
) -> list[tuple[str, str]]:
    """Label and anchor of the fields that a list of the forms names, and of rows that are wrong as a whole."""
    found = []
    forms = [(one.label, one.key, one.form) for one in entries if one.form]
    forms += [("追加しようとした行", "", form) for form in adders]
    for label, row, form in forms:
        for name in getattr(form, which) if form.is_bound else ():
            known = name in form.fields
            where = (form[name].id_for_label or f"{form[name].auto_id}-choices") if known else row
            found.append((f"{label} {form.fields[name].label if known else ''}".strip(), where))
    return found


def _refused(request, scope: EntryScope, part: str, data: QueryDict):
    """Why nothing can be saved, with everything that was typed, to be copied."""
    context = {
        "evaluation": scope.evaluation,
        "why": scope.why_not_enter,
        "title": PAGES[part],
        "typed": [(label, text) for label, text, _ in typed_and_not_stored(scope, part, data)],
        "back": page_address(scope.evaluation, f"entry-{part}"),
    }
    return render(request, "evaluations/entry/refused.html", context, status=403)
