"""Remarks on single items: written by the secretariat, answered by officials."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evaluations import moves
from evaluations.addresses import entry_address
from evaluations.keys import ItemKey
from evaluations.models import Evaluation, Remark
from evaluations.permissions import Access, why_not_answer, why_not_remark
from evaluations.review.comparison import field_label, labels
from evaluations.views.common import RefusedInput, visible_evaluation
from evaluations.views.review import managed_submission, municipality_page
from evaluations.years.rows import rows_of_year
from tokku.accounts.unsent_posts import keeps_unsent
from tokku.fields import ProseField


class RemarkForm(forms.ModelForm):
    class Meta:
        model = Remark
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"text": {"required": "指摘の内容を入力してください。"}}


class AnswerForm(forms.Form):
    answer = ProseField("回答", blank=False).formfield(
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "回答を入力してください。"},
    )


@require_safe
def remarks(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    return remarks_page(request, evaluation)


def remarks_page(request, evaluation, sent_forms=None, refused=None, status=200):
    """`sent_forms` are answers with errors, by the remark's primary key; `refused` is input that came too late."""
    sent_forms = sent_forms or {}
    access = Access(request.user, evaluation)
    visible_remarks = list(
        Remark.objects.visible_to(request.user)
        .filter(submission__evaluation=evaluation)
        .select_related("submission__municipality", "written_by", "answered_by")
    )
    items = {item.key: item for item in rows_of_year(evaluation).items()} if visible_remarks else {}
    names = labels(
        {key.row for remark in visible_remarks if (key := remark.item_key) and key not in items}
    )
    entries = []
    for remark in sorted(visible_remarks, key=lambda remark: not remark.is_open):
        key = remark.item_key
        item = items.get(key)
        refusal = why_not_answer(access, remark)
        entries.append(
            {
                "remark": remark,
                "row_label": item.row_label if item else names[key.row] if key else remark.record,
                "label": item.label if item else field_label(key) if key else remark.field,
                "item": item,
                "entry": entry_address(evaluation, *key)
                if item and not access.why_not_edit(item.row.owner_ids)
                else "",
                "refusal": refusal,
                "form": sent_forms.get(remark.pk) or AnswerForm(prefix=f"remark-{remark.pk}"),
            }
        )
    context = {"evaluation": evaluation, "entries": entries, "refused": refused}
    return render(request, "evaluations/review/remarks.html", context, status=status)


@keeps_unsent("指摘に回答する", answer="指摘への回答")
@require_POST
def remark_answer(request, zone, fiscal_year, pk):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    of_evaluation = Remark.objects.visible_to(request.user).filter(
        submission__evaluation=evaluation
    )
    form = AnswerForm(request.POST, prefix=f"remark-{pk}")
    with transaction.atomic():
        evaluation = Evaluation.objects.locked(evaluation.pk)
        remark = get_object_or_404(of_evaluation, pk=pk)
        refusal = why_not_answer(Access(request.user, evaluation), remark)
        if not refusal and form.is_valid():
            moves.answer_remark(remark, form.cleaned_data["answer"], by=request.user)
    if refusal:
        refused = RefusedInput(refusal, form, None if remark.is_open else remark)
        status = 403 if remark.is_open else 409
        return remarks_page(request, evaluation, refused=refused, status=status)
    if form.errors:
        return remarks_page(request, evaluation, {pk: form})
    messages.success(request, "指摘に回答しました。")
    path = reverse("evaluations:remarks", args=[zone, fiscal_year])
    return redirect(f"{path}#remark-{pk}")


@keeps_unsent("指摘を残す", text="指摘")
@require_POST
def remark_add(request, zone, fiscal_year, code):
    submission = managed_submission(request.user, zone, fiscal_year, code)
    key = ItemKey.parse(request.POST.get("item", ""))
    form = RemarkForm(request.POST)
    with transaction.atomic():
        submission.evaluation = Evaluation.objects.locked(submission.evaluation_id)
        items = rows_of_year(submission.evaluation).items(submission.municipality_id)
        item = next((item for item in items if item.key == key), None)
        refusal = why_not_remark(request.user, submission)
        if item and not refusal and form.is_valid():
            remark = form.save(commit=False)
            remark.submission, remark.written_by = submission, request.user
            remark.record, remark.field = str(item.row.key), item.field
            is_new = moves.add_remark(remark)
    if refusal:
        refused = RefusedInput(refusal, form)
        return municipality_page(request, submission, refused=refused, status=403)
    if not item:
        refused = RefusedInput(
            "指摘しようとした欄がありません。ほかの人が削除した可能性があります。", form
        )
        return municipality_page(request, submission, refused=refused, status=404)
    if form.errors:
        return municipality_page(request, submission, remark={key: form})
    if is_new:
        messages.success(request, f"{item.row_label}「{item.label}」に指摘を書きました。")
    else:
        messages.info(
            request,
            f"{item.row_label}「{item.label}」には、あなたの同じ指摘が既にあります。回答待ちのため、追加していません。",
        )
    path = reverse("evaluations:review-municipality", args=[zone, fiscal_year, code])
    return redirect(f"{path}#{key}")
