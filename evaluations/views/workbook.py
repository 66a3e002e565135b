"""The workbook for entry: downloaded, sent back, looked at line by line, and taken over.

What was uploaded is kept nowhere: the page that shows what becomes of it carries the lines that say something,
signed for the person, with a digest of what was shown. To confirm is to take them once more, under the lock;
when what comes of it is not what was shown, nothing is saved and it is shown anew.
"""

from django import forms
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.addresses import page_address
from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.download import workbook_for, workbook_scope
from evaluations.entry.workbook.importing import take
from evaluations.entry.workbook.outcome import WorkbookOutcome, compared
from evaluations.entry.workbook.upload import UploadedWorkbook, read_workbook
from evaluations.models import Evaluation
from evaluations.sealed.media import file_name
from evaluations.views.common import download, file_field, visible_evaluation
from tokku.japanese import fiscal_year_name
from tokku.records import reason_of_file
from tokku.revisions import CHOOSE, STALE
from tokku.spreadsheets.files import KINDS
from tokku.spreadsheets.sheet import MOST_BYTES, SheetError

SALT = "evaluations.views.workbook"
OLDEST = 8 * 60 * 60  # seconds that a preview can be confirmed: a working day, as a session
TOO_LATE = "確かめてから時間がたったため、取り込めません。もう一度ファイルを選んでください。"


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
    """The workbook of an official's municipality; for the secretariat of the one that it names, or of the zone."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    own = EntryScope(request.user, evaluation)
    municipality = request.user.municipality if own.is_official else None
    if code := request.GET.get("municipality"):
        offered = evaluation.zone.authors
        offered = offered.filter(pk=municipality.pk) if own.is_official else offered
        municipality = get_object_or_404(offered, code=code)
    content = workbook_for(workbook_scope(own, municipality), municipality)
    whose = f"{fiscal_year_name(evaluation.fiscal_year)} 入力用（{municipality or '特区全体'}）"
    return download(content, KINDS["xlsx"].content_type, file_name(f"{whose}.xlsx"))


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request, zone, fiscal_year):
    """What to do; after a file was sent, what becomes of it; after confirming, taken over."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    if request.method != "POST":
        return _start(request, scope, WorkbookUploadForm())
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
    returned: UploadedWorkbook,
    choices=None,
    refusal: str = "",
):
    outcome = take(scope, returned, choices=choices)
    context = {
        "evaluation": scope.evaluation,
        "name": name,
        "outcome": outcome,
        "changed": compared(outcome.changed),
        "notices": returned.notices + outcome.notices,
        "refusal": refusal,
        "seen": _sign(request, scope, name, returned, outcome) if outcome.is_ready else "",
    }
    return render(request, "evaluations/workbook/preview.html", context)


def _sign(
    request, scope: EntryScope, name: str, returned: UploadedWorkbook, outcome: WorkbookOutcome
) -> str:
    said = [
        request.user.pk,
        scope.evaluation.pk,
        name,
        outcome.digest,
        returned.with_lines(outcome.meant).as_json(),
    ]
    return signing.dumps(said, salt=SALT, compress=True)


def _confirm(request, evaluation: Evaluation):
    try:
        said = signing.loads(request.POST["seen"], salt=SALT, max_age=OLDEST)
    except signing.BadSignature:
        said = [None] * 5
    user, of, name, digest, carried = said
    if (user, of) != (request.user.pk, evaluation.pk):
        scope = EntryScope(request.user, evaluation)
        return _start(request, scope, WorkbookUploadForm(), refusal=TOO_LATE)
    returned = UploadedWorkbook.from_json(carried)
    with transaction.atomic():
        scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
        outcome = take(
            scope, returned, choices=request.POST, reason=reason_of_file(name), saves=True
        )
        is_as_shown = outcome.digest == digest
        if not (is_as_shown and outcome.is_settled):
            transaction.set_rollback(True)
    if not outcome.meant:
        messages.info(request, f"「{name}」の内容は、既に取り込まれています。")
        return redirect(page_address(evaluation, "entry"))
    if not (is_as_shown and outcome.is_settled):
        scope = EntryScope(request.user, Evaluation.objects.get(pk=evaluation.pk))
        refusal = CHOOSE if is_as_shown else STALE
        return _preview(request, scope, name, returned, request.POST, refusal)
    if not (outcome.saved or outcome.new or outcome.deleted):
        messages.info(request, f"「{name}」からは取り込まず、登録されている内容を残しました。")
        return redirect(page_address(evaluation, "entry"))
    at = timezone.localtime()
    messages.success(
        request,
        f"「{name}」から取り込みました（変更{len(outcome.saved)}行、追加{len(outcome.new)}行、"
        f"削除{len(outcome.deleted)}行、{at.hour}時{at.minute:02}分）。",
    )
    return redirect(page_address(evaluation, "entry"))
