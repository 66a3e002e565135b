"""The workbook for entry: download, upload, preview line by line, and import.

The upload is not stored: the preview page carries the lines that are not unchanged, signed for the person, with a
digest of what it shows. Confirming imports them again under the lock; when the outcome differs from what was shown,
nothing is saved and the preview is shown again. So it does not grow old, and outlives the session that it was made in.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.addresses import page_address
from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.download import workbook_for, workbook_scope
from evaluations.entry.workbook.importing import import_workbook
from evaluations.entry.workbook.outcome import WorkbookOutcome, compared
from evaluations.entry.workbook.upload import UploadedWorkbook, read_workbook
from evaluations.models import Evaluation
from evaluations.sealed.media import file_name
from evaluations.views.common import download, file_field, not_imported, visible_evaluation
from tokku.accounts.restored_input import forget_input, kept_input, restores_input, typed_by
from tokku.japanese import fiscal_year_name
from tokku.records import reason_of_file
from tokku.revisions import CHOOSE, RESTORED, STALE, UNKNOWN_PREVIEW
from tokku.spreadsheets.files import KINDS
from tokku.spreadsheets.sheet import MOST_BYTES, SheetError, quoted

SALT = "evaluations.views.workbook.2"  # another one with each change of what a preview carries


class WorkbookUploadForm(forms.Form):
    file = file_field("入力したブック", "ブック", ".xlsx", MOST_BYTES, "ファイルは{}MBまでです。")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.name.lower().endswith(".csv"):
            raise forms.ValidationError(
                "CSVは、この画面では取り込めません。Excelブック（.xlsx）で保存してください。"
                "一覧ごとのCSVは、管理画面で取り込めます。"
            )
        return file


@require_safe
def workbook_file(request, zone, fiscal_year):
    """The workbook of an official's municipality; for the secretariat, of the requested municipality or the zone."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    own_scope = EntryScope(request.user, evaluation)
    municipality = request.user.municipality if own_scope.is_official else None
    if code := request.GET.get("municipality"):
        offered = evaluation.authors
        offered = offered.filter(pk=municipality.pk) if own_scope.is_official else offered
        municipality = get_object_or_404(offered.at(code))
    content = workbook_for(workbook_scope(own_scope, municipality), municipality)
    title = f"{fiscal_year_name(evaluation.fiscal_year)} 入力用（{municipality or '特区全体'}）"
    name = file_name(f"{title}_{timezone.localdate():%Y%m%d}.xlsx")
    return download(content, KINDS["xlsx"].content_type, name)


@restores_input
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request, zone, fiscal_year):
    """The start page; after an upload the preview; after confirming, the import."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    if request.method != "POST":
        kept = kept_input(request)
        if kept is None or scope.why_not_enter:
            return _start(request, scope, WorkbookUploadForm())
        return _restore(request, scope, kept)
    forget_input(request)
    if "cancel" in request.POST:
        return redirect(request.get_full_path())
    if scope.why_not_enter:
        return _start(request, scope, WorkbookUploadForm(), status=403)
    if "seen" in request.POST:
        return _confirm(request, evaluation)
    form = WorkbookUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, scope, form)
    file = form.cleaned_data["file"]
    try:
        return _preview(request, scope, file.name, read_workbook(scope, file.read()))
    except SheetError as error:
        form.add_error("file", str(error))
        return _start(request, scope, form)


def _start(
    request, scope: EntryScope, form: WorkbookUploadForm, refusal: str = "", status: int = 200
):
    context = {
        "evaluation": scope.evaluation,
        "scope": scope,
        "form": form,
        "authors": [] if scope.is_official else scope.year.authors,
        "refusal": refusal,
    }
    return render(request, "evaluations/workbook/workbook.html", context, status=status)


def _preview(
    request,
    scope: EntryScope,
    name: str,
    uploaded: UploadedWorkbook,
    choices=None,
    refusal: str = "",
):
    outcome = import_workbook(scope, uploaded, choices=choices)
    context = {
        "evaluation": scope.evaluation,
        "name": name,
        "outcome": outcome,
        "changed": compared(outcome.changed),
        "notices": uploaded.notices + outcome.notices,
        "refusal": refusal,
        "seen": _sign(request, scope, name, uploaded, outcome) if outcome.is_ready else "",
        "typed_by": typed_by(request.user),
    }
    return render(request, "evaluations/workbook/preview.html", context)


def _sign(
    request, scope: EntryScope, name: str, uploaded: UploadedWorkbook, outcome: WorkbookOutcome
) -> str:
    payload = [
        request.user.pk,
        scope.evaluation.pk,
        name,
        outcome.digest,
        len(outcome.refusals),
        uploaded.with_lines(outcome.intended_lines).as_json(),
    ]
    return signing.dumps(payload, salt=SALT, compress=True)


def _carried(request, evaluation: Evaluation, seen: str) -> list[Any] | None:
    """What the preview carries after person and evaluation; None when it is another person's, or not of this page."""
    try:
        user, evaluation_key, *carried = signing.loads(seen, salt=SALT)
    except signing.BadSignature:
        return None
    return carried if (user, evaluation_key) == (request.user.pk, evaluation.pk) else None


def _restore(request, scope: EntryScope, kept: QueryDict):
    """Show again the preview that was confirmed after the session had ended."""
    carried = _carried(request, scope.evaluation, kept.get("seen", ""))
    if carried is None:
        forget_input(request)
        return _start(request, scope, WorkbookUploadForm())
    name, *_, lines = carried
    return _preview(request, scope, name, UploadedWorkbook.from_json(lines), kept, RESTORED)


def _confirm(request, evaluation: Evaluation):
    carried = _carried(request, evaluation, request.POST["seen"])
    if carried is None:
        scope = EntryScope(request.user, evaluation)
        return _start(request, scope, WorkbookUploadForm(), refusal=UNKNOWN_PREVIEW)
    name, digest, refusal_count, lines = carried
    uploaded = UploadedWorkbook.from_json(lines)
    with transaction.atomic():
        scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
        outcome = import_workbook(
            scope, uploaded, choices=request.POST, reason=reason_of_file(name), saves=True
        )
        is_as_shown = outcome.digest == digest
        if not (is_as_shown and outcome.is_settled):
            transaction.set_rollback(True)
    if not outcome.is_ready and len(outcome.refusals) == refusal_count:
        messages.info(request, f"「{name}」の内容は、既に取り込まれています。")
        return redirect(page_address(evaluation, "entry"))
    if not (is_as_shown and outcome.is_settled):
        scope = EntryScope(request.user, Evaluation.objects.get(pk=evaluation.pk))
        refusal = CHOOSE if is_as_shown else STALE
        return _preview(request, scope, name, uploaded, request.POST, refusal)
    if outcome.saved or outcome.new or outcome.deleted:
        at = timezone.localtime()
        messages.success(
            request,
            f"「{name}」から取り込みました（変更{len(outcome.saved)}行、追加{len(outcome.new)}行、"
            f"削除{len(outcome.deleted)}行、{at.hour}時{at.minute:02}分）。",
        )
    else:
        messages.info(request, f"「{name}」からは取り込まず、登録されている内容を残しました。")
    if outcome.refused:
        messages.warning(request, _not_imported(outcome))
    return redirect(page_address(evaluation, "entry"))


def _not_imported(outcome: WorkbookOutcome) -> str:
    """Names the cells that were not imported, as the preview did."""
    lines = [
        f"{refusal.place}：{refusal.sentence}"
        if refusal.text in refusal.sentence
        else f"{refusal.place}{quoted(refusal.text)}：{refusal.sentence}"
        for refusal in outcome.refusals
    ]
    return not_imported(f"取り込まなかったセルが{len(lines)}か所あります。", lines)
