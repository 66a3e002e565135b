"""The score and remarks that the Cabinet Office returns after the evaluation was sent, with the parts of the score."""

from collections import defaultdict

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evaluations.entry.result_forms import RESULT, ResultForms
from evaluations.models import Evaluation, ResultPart
from evaluations.permissions import why_not_enter_result
from evaluations.views.common import RefusedInput, visible_evaluation
from evaluations.years.rows_at_opening import copy_results_forward
from tokku.accounts.unsent_posts import keeps_unsent
from tokku.differences import difference
from tokku.records import as_text

GONE = "ほかの人が削除した内訳があります。内容を確かめて、もう一度操作してください。"


@keeps_unsent(
    "評価結果を保存する", score="評価点", remarks="専門家所見", name="内訳の名称", weight="重み"
)
@require_http_methods(["GET", "HEAD", "POST"])
def result(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    if request.method != "POST":
        return _show(request, evaluation, ResultForms(evaluation, request.user))
    with transaction.atomic():
        evaluation = Evaluation.objects.locked(evaluation.pk)
        refusal = why_not_enter_result(request.user, evaluation)
        forms = ResultForms(evaluation, request.user, request.POST)
        is_valid = not refusal and forms.is_valid()
        if is_valid and forms.has_deleted_parts:
            forms.form.add_error(None, GONE)
            is_valid = False
        if is_valid:
            copy_results_forward(forms.save())
    if is_valid:
        messages.success(request, "評価結果を保存しました。")
        return redirect("evaluations:result", zone, fiscal_year)
    return _show(request, evaluation, forms, RefusedInput(refusal, forms) if refusal else None)


def _show(request, evaluation, forms, refused=None):
    context = {
        "evaluation": evaluation,
        "form": forms.form,
        "parts": forms.stored_parts,
        "part_forms": forms.parts,
        "new_part_forms": forms.new_parts,
        "why_parts_differ": evaluation.why_parts_differ(forms.stored_parts),
        "refusal": why_not_enter_result(request.user, evaluation),
        "refused": refused,
        "history": _result_history(evaluation),
    }
    status = 403 if refused else 200
    return render(request, "evaluations/review/result.html", context, status=status)


def _result_history(evaluation):
    """Every change of the result and of its parts: who, when and the difference; the latest first."""
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
    history += _history_of_parts(evaluation)
    return sorted(history, key=lambda change: change["at"], reverse=True)


def _history_of_parts(evaluation):
    texts = defaultdict(str)
    saved = ResultPart.history.filter(evaluation=evaluation).select_related("history_user")
    for row in saved.order_by("history_date", "history_id"):
        text = "" if row.history_type == "-" else f"{row.name} {row.score}（重み {row.weight}）"
        if text != texts[row.id]:
            change = {"label": "内訳", "difference": difference(texts[row.id], text)}
            yield {"by": row.history_user, "at": row.history_date, "changes": [change]}
        texts[row.id] = text
