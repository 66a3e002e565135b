"""The score and remarks that the Cabinet Office returns after the evaluation was sent."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evaluations.entry.forms import form_for
from evaluations.models import Evaluation
from evaluations.permissions import why_not_enter_result
from evaluations.views.common import RefusedInput, visible_evaluation
from evaluations.years.rows_at_opening import copy_results_forward
from tokku.accounts.unsent_posts import keeps_unsent
from tokku.differences import difference
from tokku.records import as_text

RESULT = ("score", "remarks")


@keeps_unsent("評価結果を保存する", score="評価点", remarks="専門家所見")
@require_http_methods(["GET", "HEAD", "POST"])
def result(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    if request.method != "POST":
        return _show(request, evaluation, form_for(evaluation, fields=RESULT))
    with transaction.atomic():
        evaluation = Evaluation.objects.locked(evaluation.pk)
        refusal = why_not_enter_result(request.user, evaluation)
        form = form_for(evaluation, request.POST, fields=RESULT)
        is_valid = not refusal and form.is_valid()
        if is_valid and form.has_changed():
            copy_results_forward(form.save())
    if is_valid:
        messages.success(request, "評価結果を保存しました。")
        return redirect("evaluations:result", zone, fiscal_year)
    return _show(request, evaluation, form, RefusedInput(refusal, form) if refusal else None)


def _show(request, evaluation, form, refused=None):
    context = {
        "evaluation": evaluation,
        "form": form,
        "refusal": why_not_enter_result(request.user, evaluation),
        "refused": refused,
        "history": _result_history(evaluation),
    }
    status = 403 if refused else 200
    return render(request, "evaluations/review/result.html", context, status=status)


def _result_history(evaluation):
    """Every change of the returned score and remarks: who, when and the difference; the latest first."""
    history, previous = [], Evaluation()
    saved = evaluation.history.select_related("history_user").order_by("revision", "history_id")
    for row in saved.only(*RESULT, "history_date", "history_user"):
        changes = [
            {
                "label": Evaluation._meta.get_field(name).verbose_name,
                "difference": difference(as_text(previous, name), as_text(row, name)),
            }
            for name in RESULT
            if getattr(previous, name) != getattr(row, name)
        ]
        if changes:
            history.append({"by": row.history_user, "at": row.history_date, "changes": changes})
        previous = row
    return history[::-1]
