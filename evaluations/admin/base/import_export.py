"""Export and import of the rows of a list, under the rules of their admin.

An upload is not stored: the preview page carries the cells, signed for the person and the kind of record, and a
digest of the previewed result. Confirming imports them again under the lock; if the result differs from the
preview, nothing is saved. So it does not grow old, and outlives the session that it was made in.
"""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from evaluations.admin.base.access import lock, open_evaluations
from evaluations.admin.base.lists import BEGINNING
from evaluations.models import Evaluation
from tokku.accounts.restored_input import forget_input, kept_input, restores_input, typed_by
from tokku.differences import differences_within
from tokku.revisions import RESTORED, STALE, UNKNOWN_PREVIEW
from tokku.spreadsheets import files
from tokku.spreadsheets.resources import SheetResource
from tokku.spreadsheets.results import LineResult, SheetResult
from tokku.spreadsheets.sheet import MOST_BYTES, MOST_LINES, Sheet, SheetError, SheetLine

SALT = "tokku.admin.spreadsheets"  # another one with each change of what a preview carries
SECONDS = 1  # for comparing texts in a preview; each takes up to a tenth


def as_changes(lines: Iterable[LineResult]) -> Iterator[tuple[LineResult, list[dict]]]:
    """The lines with their changes as the history shows them; longer texts by difference, as far as SECONDS allows."""
    compare = differences_within(SECONDS)
    for line in lines:
        changes = []
        for field, old, new in line.changes:
            is_rewritten = old and max(len(old), len(new)) > BEGINNING
            parts = compare(old, new).parts if is_rewritten else ()
            changes.append({"field": field, "old": old or "（空）", "new": new, "parts": parts})
        yield line, changes


def flattened(rows: Iterable) -> Iterator:
    """The items of nested lists, in order."""
    for row in rows:
        if isinstance(row, list):
            yield from flattened(row)
        else:
            yield row


class AdminRules:
    """The rules of the admin's forms for a sheet: which rows a person sees and may save."""

    def __init__(self, model_admin: "SpreadsheetAdmin", request):
        self.model_admin = model_admin
        self.request = request

    def rows(self, model):
        return self.model_admin.admin_site.get_model_admin(model).get_queryset(self.request)

    def why_not_change(self, row):
        return self.model_admin.why_not_change(self.request, row)

    def refusals(self, row, values):
        return self.model_admin.refusals(self.request, row, values)

    def why_not_delete(self, row):
        if refusal := self.model_admin.why_not_delete(self.request, row):
            return refusal
        _, _, lacking, protected = self.model_admin.get_deleted_objects([row], self.request)
        if lacking:
            return "".join(lacking)
        if protected:
            return f"使われているため、削除できません（{len(protected)}件）。"
        return ""

    def deleted_with(self, row):
        """The rows that would be deleted with it, as the page that confirms a deletion names them."""
        (_, *others), *_ = self.model_admin.get_deleted_objects([row], self.request)
        return [str(other) for other in flattened(others)]

    def after_adding(self, row):
        self.model_admin.after_adding(self.request, row)


class SpreadsheetAdmin:
    """Adds export to sheets and import from them to a Ruled admin."""

    resource_class: type[SheetResource]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("export/<str:kind>/", view(self.export_view), name=f"{name}_export"),
            path("import/", view(self.import_view), name=f"{name}_import"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        context = {"sheet_kinds": files.KINDS, "may_import": not self.why_not_import(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def resource(self, request) -> SheetResource:
        return self.resource_class(AdminRules(self, request))

    # Export

    def export_view(self, request, kind):
        """The rows of the list with its filters."""
        if refusal := self.why_not_see(request):
            raise PermissionDenied(refusal)
        if kind not in files.KINDS:
            raise Http404
        changelist = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(changelist)
        columns, lines = self.resource(request).sheet(rows)
        title = self.opts.verbose_name_plural
        try:
            content = files.KINDS[kind].write(title, columns, lines)
        except SheetError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(f"{changelist}?{request.GET.urlencode()}")
        name = f"{title}_{timezone.localdate():%Y%m%d}.{kind}"
        return HttpResponse(
            content,
            content_type=files.KINDS[kind].content_type,
            headers={"Content-Disposition": content_disposition_header(True, name)},
        )

    # Import

    def why_not_import(self, request) -> str:
        return self.why_not_change(request)

    def notes_on_import(self, request) -> Iterable[str]:
        """What people should know of this kind of sheet, as sentences."""
        return []

    @restores_input
    def import_view(self, request):
        """Ask for the file, show its preview, and import what was previewed."""
        if refusal := self.why_not_import(request):
            raise PermissionDenied(refusal)
        if request.method != "POST":
            return self._restore(request, kept_input(request) or {})
        forget_input(request)
        if "cancel" in request.POST:
            return redirect(request.get_full_path())
        if "seen" in request.POST:
            return self._confirm(request)
        upload = request.FILES.get("sheet")
        if upload is None:
            return self._import_page(request, problem="ファイルを選んでください。")
        try:
            if upload.size > MOST_BYTES:
                raise SheetError(f"ファイルは{MOST_BYTES // 1024**2}MBまでです。")
            sheet = files.read(upload.name, upload.read())
            return self._preview(request, upload.name, sheet)
        except SheetError as error:
            return self._import_page(request, problem=f"「{upload.name}」：{error}")

    def _preview(self, request, name: str, sheet: Sheet, problem: str = ""):
        resource = self.resource(request)
        unknown = resource.unknown_columns(sheet)
        sheet = resource.only_read_columns(sheet)
        result = resource.import_sheet(sheet, dry_run=True)
        has_changes = bool(result.new or result.changed or result.deleted)
        is_ready = has_changes and not result.refused
        return self._import_page(
            request,
            problem=problem,
            result=result,
            changed=list(as_changes(result.changed)),
            file_name=name,
            notices=sheet.notices,
            unknown=unknown,
            seen=self._sign(request, name, sheet, result) if is_ready else "",
        )

    def _restore(self, request, kept):
        """Show again the preview that was confirmed after the session had ended; without one, the empty page."""
        try:
            name, sheet, _ = self._signed_preview(request, kept.get("seen", ""))
        except signing.BadSignature:
            return self._import_page(request)
        return self._preview(request, name, sheet, problem=RESTORED)

    def _confirm(self, request):
        try:
            name, sheet, digest = self._signed_preview(request, request.POST["seen"])
        except signing.BadSignature:
            return self._import_page(request, problem=UNKNOWN_PREVIEW)
        with transaction.atomic():
            self.lock_sheet(request, sheet)
            if refusal := self.why_not_import(request):
                raise PermissionDenied(refusal)
            result = self.resource(request).import_sheet(
                sheet, dry_run=False, reason=f"「{name}」から取り込み"
            )
            is_as_shown = result.digest == digest
            is_imported_already = len(result.unchanged) == len(result.rows)
            if is_as_shown:
                self._log(request, result, name)
            else:
                transaction.set_rollback(True)
        if is_imported_already:
            self.message_user(request, f"「{name}」の内容は、既に取り込まれています。")
            return redirect(self.address_after_import(result))
        if not is_as_shown:
            return self._preview(request, name, sheet, problem=STALE)
        self.message_user(
            request,
            f"「{name}」から取り込みました（追加{len(result.new)}行、変更{len(result.changed)}行、"
            f"削除{len(result.deleted)}行、変更なし{len(result.unchanged)}行）。",
            messages.SUCCESS,
        )
        return redirect(self.address_after_import(result))

    def address_after_import(self, result: SheetResult) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def lock_sheet(self, request, sheet: Sheet) -> None:
        """Lock what the import of a sheet affects, until it is done."""
        lock(request, self._evaluations_of(request, sheet))

    def _evaluations_of(self, request, sheet: Sheet) -> list[Evaluation]:
        """The open evaluations of the zones in the sheet; all of them when its rows belong to no zone."""
        zones = self.resource(request).cells_of(sheet, "zone_slug")
        evaluations = open_evaluations(request)
        return [
            evaluation
            for evaluation in evaluations
            if zones is None or evaluation.zone.slug in zones
        ]

    def _log(self, request, result: SheetResult, name: str) -> None:
        for flag, lines in (
            (ADDITION, result.new),
            (CHANGE, result.changed),
            (DELETION, result.deleted),
        ):
            rows = [line.instance for line in lines]
            if rows:
                LogEntry.objects.log_actions(
                    request.user.pk, rows, flag, f"「{name}」から取り込みました。"
                )

    def _sign(self, request, name: str, sheet: Sheet, result: SheetResult) -> str:
        lines = [(line.number, line.cells) for line in sheet.lines]
        preview_of = [request.user.pk, self.opts.label, name]
        payload = [*preview_of, sheet.columns, lines, sheet.notices, result.digest]
        return signing.dumps(payload, salt=SALT, compress=True)

    def _signed_preview(self, request, seen: str) -> tuple[str, Sheet, str]:
        """File name, sheet and digest of the preview. BadSignature when it is another person's, or of another list."""
        payload = signing.loads(seen, salt=SALT)
        user, label, name, columns, lines, notices, digest = payload
        if (user, label) != (request.user.pk, self.opts.label):
            raise signing.BadSignature
        numbered = tuple(SheetLine(number, tuple(cells)) for number, cells in lines)
        return name, Sheet(tuple(columns), numbered, tuple(notices)), digest

    def _import_page(self, request, **context):
        resource = self.resource(request)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.opts.verbose_name}の取り込み",
            "opts": self.opts,
            "keys": [field.column_name for field in resource.keys],
            "contents": [field.column_name for field in resource.contents],
            "most_lines": f"{MOST_LINES:,}",
            "notes": self.notes_on_import(request),
            "may_delete": not self.why_not_delete(request),
            "problem": "",
            "result": None,
            "seen": "",
            "typed_by": typed_by(request.user),
            **context,
        }
        return render(request, "admin/import.html", context)
