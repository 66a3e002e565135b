"""The page that removes a row from the year's evaluation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evaluations.addresses import entry_address, page_address
from evaluations.entry.removal import Removal
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models import Evaluation
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.actions import was_removed


@require_http_methods(["GET", "HEAD", "POST"])
def entry_remove(request, zone, fiscal_year, key):
    """Show what will be deleted and what stays; on POST, remove the row."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    row_key = RowKey.parse(key)
    if request.method != "POST":
        removal = _removal(EntryScope(request.user, evaluation), row_key)
    else:
        with transaction.atomic():
            scope = EntryScope(request.user, Evaluation.objects.locked(evaluation.pk))
            removal = _removal(scope, row_key)
            if removal and request.POST.get("revision") == removal.revisions:
                removal.row.delete()
                messages.success(request, f"{removal.label}を、この年度の評価書から削除しました。")
                page = removal.row.row_kind.page
                return redirect(page_address(evaluation, f"entry-{page}"))
    if not removal:
        messages.info(request, "この行は、既に削除されています。")
        return redirect(page_address(evaluation, "entry"))
    context = {
        "evaluation": evaluation,
        "removal": removal,
        "back": entry_address(evaluation, row_key),
        "changed": request.method == "POST",
    }
    return render(request, "evaluations/entry/remove.html", context)


def _removal(scope: EntryScope, key: RowKey | None) -> Removal | None:
    """The removal of the row; None when somebody has removed it already."""
    row = next((row for row in scope.rows if row.key == key), None)
    if row is None and was_removed(scope, key):
        return None
    if row is None or not row.row_kind.is_listed:
        raise Http404
    if why := scope.access.why_not_edit(row.owner_ids):
        raise PermissionDenied(why)
    return Removal(row)
