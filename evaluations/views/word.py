"""Importing an edited Word file: its changes are shown item by item, and the ticked ones are saved."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations.entry.word.changes import EditedFile, read_word_file
from evaluations.entry.word.proposals import (
    NotApplied,
    apply,
    leftovers_of_deleted_rows,
    proposals,
)
from evaluations.form import UnreadableForm
from evaluations.models import Evaluation
from evaluations.permissions import Access
from evaluations.views.common import file_field, not_imported, visible_evaluation
from tokku.accounts.models import Role
from tokku.accounts.restored_input import forget_input, kept_input, restores_input, typed_by
from tokku.document.docx import UnreadableWordFile
from tokku.revisions import RESTORED

# Ten times the Word file of a large zone.
LARGEST_FILE = 5 * 1024 * 1024


class WordUploadForm(forms.Form):
    too_large = "ファイルが大きすぎます（上限は{}MBです）。"
    file = file_field("編集したWord文書", "Word文書", ".docx", LARGEST_FILE, too_large)


@restores_input
@require_http_methods(["GET", "HEAD", "POST"])
def word(request, zone, fiscal_year):
    """The start page; after an upload the preview of changes; after ticking, the import."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    access = Access(request.user, evaluation)
    why = _why_not_import(access)
    if request.user.role == Role.READER:
        raise PermissionDenied(why)
    if request.method != "POST":
        kept = kept_input(request)
        if kept is None or why or "file-name" not in kept:
            return _start(request, evaluation, WordUploadForm(), why)
        edited, ticked = EditedFile.from_post(kept), kept.getlist("tick")
        name = kept["file-name"]
        return _preview(request, access, edited, name, ticked=ticked, refusal=RESTORED)
    forget_input(request)
    if "cancel" in request.POST:
        return redirect(request.get_full_path())
    if why:
        return _start(request, evaluation, WordUploadForm(), why, status=403)
    if "file-name" in request.POST:
        return _apply(request, evaluation)
    form = WordUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, evaluation, form, why)
    file = form.cleaned_data["file"]
    try:
        edited = read_word_file(access, file.read())
    except (UnreadableForm, UnreadableWordFile) as unreadable:
        form.add_error("file", str(unreadable).split("\n"))
        return _start(request, evaluation, form, why)
    return _preview(request, access, edited, file.name)


def _why_not_import(access: Access) -> str:
    owners = [access.user.municipality_id] if access.user.role == Role.OFFICIAL else ()
    return access.why_not_edit(owners)


def _start(request, evaluation, form, why, status=200):
    context = {"evaluation": evaluation, "form": form, "why": why}
    return render(request, "evaluations/word/word.html", context, status=status)


def _preview(request, access, edited, name, *, ticked=None, refusal=""):
    """`ticked` are the keys chosen in the sent page; None ticks the proposals that need no confirmation."""
    field_proposals = proposals(access, edited.typed)
    for proposal in field_proposals:
        proposal.is_ticked = proposal.is_safe if ticked is None else proposal.key in ticked
    context = {
        "evaluation": access.evaluation,
        "name": name,
        "proposals": [proposal for proposal in field_proposals if proposal.is_offered],
        "refused": [proposal for proposal in field_proposals if not proposal.is_offered],
        "leftovers": edited.leftovers + leftovers_of_deleted_rows(access, edited.typed),
        "edited": edited,
        "refusal": refusal,
        "typed_by": typed_by(request.user),
    }
    return render(request, "evaluations/word/preview.html", context)


def _preview_again(request, evaluation, edited, name, ticked, refusal):
    """The preview compared with what is stored now."""
    evaluation = visible_evaluation(request.user, evaluation.zone.slug, evaluation.fiscal_year)
    access = Access(request.user, evaluation)
    return _preview(request, access, edited, name, ticked=ticked, refusal=refusal)


def _apply(request, evaluation: Evaluation):
    edited, name = EditedFile.from_post(request.POST), request.POST["file-name"]
    ticked = set(edited.typed.getlist("tick"))
    if not ticked and not any(key.endswith("-keep") for key in edited.typed):
        sentence = "取り込む項目が選ばれていません。"
        return _preview_again(request, evaluation, edited, name, ticked, sentence)
    try:
        count = apply(evaluation, edited.typed, ticked, by=request.user, file_name=name)
    except NotApplied as refusal:
        return _preview_again(request, evaluation, edited, name, ticked, str(refusal))
    if count:
        at = timezone.localtime()
        time = f"{at.hour}時{at.minute:02}分"
        messages.success(request, f"{count}件を取り込みました（{time}、{name}）。")
    else:
        messages.info(request, f"「{name}」からは取り込まず、登録されている内容を残しました。")
    if left_out := _left_out(request, evaluation, edited):
        sentence = f"取り込まなかった違いが{len(left_out)}件あります。"
        messages.warning(request, not_imported(sentence, left_out))
    return redirect("evaluations:entry", evaluation.zone.slug, evaluation.fiscal_year)


def _left_out(request, evaluation: Evaluation, edited: EditedFile) -> list[str]:
    """What the file says else and cannot be imported, with the reasons; not what was not ticked."""
    access = Access(request.user, evaluation)
    refused = [change for change in proposals(access, edited.typed) if not change.is_offered]
    leftovers = edited.leftovers + leftovers_of_deleted_rows(access, edited.typed)
    return [f"{change}　{change.why_not}" for change in refused] + [
        f"{change.label}：{change.why}" for change in leftovers
    ]
