"""Taking a row out of the year's evaluation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from evaluations.items import part_of, row_items, row_key, row_label
from evaluations.models import Achievement, Approach, Evaluation
from evaluations.views.common import visible_evaluation
from evaluations.views.entry.actions import was_removed
from evaluations.views.entry.desk import REMOVABLE, Desk, address
from supports.models import SchemeResult


@require_http_methods(["GET", "HEAD", "POST"])
def entry_remove(request, zone, fiscal_year, key):
    """Says what will be gone and what stays, and takes the row out of this year's evaluation."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    with transaction.atomic():
        if request.method == "POST":
            evaluation = Evaluation.objects.locked(evaluation.pk)
        desk = Desk(request.user, evaluation)
        row = next((one for one in desk.rows if row_key(one) == key), None)
        if row is None and was_removed(desk, key):
            messages.info(request, "この行は、既に削除されています。")
            return redirect("evaluations:entry", *address(evaluation))
        if not isinstance(row, REMOVABLE):
            raise Http404
        if why := desk.reach.why_not_edit(row.owner_ids):
            raise PermissionDenied(why)
        back = reverse(f"evaluations:entry-{part_of(type(row))}", args=address(evaluation))
        changed = False
        if request.method == "POST":
            changed = request.POST.get("revision") != _seen(row)
            if not changed:
                label = row_label(row)
                row.delete()
                messages.success(request, f"{label}を、この年度の評価書から削除しました。")
                return redirect(back)
    context = {
        "evaluation": evaluation,
        "revision": _seen(row),
        "label": row_label(row),
        "items": [item for item in row_items(row) if item.text],
        "is_scheme": isinstance(row, SchemeResult),
        "is_joint": len(row.owner_ids) > 1,
        "achievements": _achievements(row),
        "back": f"{back}#{key}",
        "changed": changed,
    }
    return render(request, "evaluations/entry/remove.html", context)


def _seen(row) -> str:
    """What the person has before them: the revision, also of what goes with the row."""
    return " ".join(str(one.revision) for one in [row, *_achievements(row)])


def _achievements(row) -> list[Achievement]:
    """What goes with the row."""
    return (
        list(row.achievement_set.select_related("municipality"))
        if isinstance(row, Approach)
        else []
    )
