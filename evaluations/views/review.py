"""Review: the overview of a year, one municipality item by item, and the moves of both."""

from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluations import moves
from evaluations.addresses import entry_address, page_address
from evaluations.charts.series import target_series
from evaluations.charts.visible_figures import VisibleFigures
from evaluations.inspection import by_level, inspect_page
from evaluations.models import StatusChange, Submission
from evaluations.permissions import (
    Access,
    why_not_manage,
    why_not_move,
    why_not_now,
    why_not_remark,
)
from evaluations.records.load import load_for
from evaluations.review.comparison import changed_since_hand_in, review_of
from evaluations.review.completeness import why_not_seal
from evaluations.review.hand_in_progress import hand_in_progress
from evaluations.views.common import RefusedInput, visible_evaluation
from evaluations.workflow import EVALUATION_MOVES, SEALED, SUBMISSION_MOVES, Side
from tokku.accounts.models import Municipality
from tokku.accounts.unsent_posts import keeps_unsent
from tokku.fields import ProseField

REVIEWER_MOVES = [name for name, move in SUBMISSION_MOVES.items() if move.side is Side.SECRETARIAT]
# Filters of a municipality's items: the name in the address, the property of an item, the label.
FILTERS = {
    "changed": ("changed", "前回の提出から変わった欄"),
    "last-year": ("changed_since_last_year", "前年度から変わった欄"),
    "remarks": ("has_open_remark", "未回答の指摘がある欄"),
    "missing": ("is_missing", "未入力の必須欄"),
    "blank": ("is_silent", "記入のない任意の欄"),
}


class MoveForm(forms.Form):
    """The input that a move needs: a reason, a day, or nothing."""

    def __init__(self, name, move, data=None):
        super().__init__(data, prefix=name)
        self.move = move
        if move.needs_reason or name == "seal":
            self.fields["reason"] = ProseField("理由").formfield(
                label="理由" if move.needs_reason else "確定版に残す説明（任意）",
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if move.needs_day:
            today = timezone.localdate()
            self.fields["sent_on"] = forms.DateField(
                label="内閣府へ提出した日",
                required=False,
                initial=today,
                widget=forms.DateInput(
                    format="%Y-%m-%d", attrs={"type": "date", "max": today.isoformat()}
                ),
            )

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            sentence = moves.why_not_with_input(
                self.move, cleaned.get("reason", ""), cleaned.get("sent_on")
            )
            if sentence:
                self.add_error(next(iter(self.fields)), sentence)
        return cleaned


class OfferedMove(NamedTuple):
    """A move that leads on from the present state, with a refusal while something is in its way."""

    form: MoveForm
    url: str
    refusal: str = ""


# The overview of a year


@require_safe
def review(request, zone, fiscal_year):
    evaluation = managed_evaluation(request.user, zone, fiscal_year)
    return review_page(request, evaluation)


def review_page(request, evaluation, sent_forms=None, refused=None, status=200):
    """`sent_forms` are forms with errors, by the name of the move; `refused` is input that came too late."""
    forms = {name: MoveForm(name, move) for name, move in EVALUATION_MOVES.items()} | (
        sent_forms or {}
    )
    access = Access(request.user, evaluation)
    progress = hand_in_progress([access.year])[evaluation.pk]
    changed = changed_since_hand_in(access.year)
    loaded = load_for(access)
    inspection = inspect_page(access, loaded)
    context = {
        "evaluation": evaluation,
        "authors": [
            (
                author,
                by_level(inspection.open_findings_of(author.municipality.pk)),
                changed[author.municipality.pk],
            )
            for author in progress.authors
        ],
        # The figures of a sealed year are shown on the pages of charts, from the sealed version.
        "all_series": []
        if evaluation.state in SEALED
        else list(target_series(VisibleFigures(loaded.contents))),
        "zone_progress": progress.zone_progress,
        "missing": [
            (item, entry_address(evaluation, *item.key)) for item in progress.zone_progress.missing
        ],
        "of_whole": by_level(
            finding for finding in inspection.open_findings if not finding.owner_ids
        ),
        "blocking": [
            (finding, finding.address(access)) for finding in inspection.blocking_findings
        ],
        "moves": [
            OfferedMove(
                form,
                page_address(evaluation, "evaluation-move", name),
                why_not_seal(access.year, inspection) if name == "seal" else "",
            )
            for name, form in forms.items()
            if not why_not_now(evaluation, name)
        ],
        "log": StatusChange.objects.for_log(evaluation)[:5],
        "is_newest": evaluation.is_newest,
        "is_settled": evaluation.state in SEALED,
        "refused": refused,
    }
    return render(request, "evaluations/review/review.html", context, status=status)


def _move_label(moves):
    """A function that gives the label and consequence of a move, by its name in the address."""

    def move_label(name, **address):
        return f"「{moves[name].label}」　{moves[name].consequence}" if name in moves else ""

    return move_label


@keeps_unsent(_move_label(EVALUATION_MOVES), reason="理由・説明", sent_on="内閣府へ提出した日")
@require_POST
def evaluation_move(request, zone, fiscal_year, name):
    evaluation = managed_evaluation(request.user, zone, fiscal_year)
    form = _move_form(EVALUATION_MOVES, name, request.POST)
    if not form.is_valid() and not why_not_move(request.user, evaluation, name):
        return review_page(request, evaluation, {name: form})
    if refusal := _carry_out(request, evaluation, name, form):
        evaluation = visible_evaluation(request.user, zone, fiscal_year)
        return review_page(request, evaluation, refused=RefusedInput(refusal, form), status=403)
    return redirect("evaluations:review", zone, fiscal_year)


def managed_evaluation(user, zone, fiscal_year):
    """The evaluation at this address. Raises PermissionDenied, with a sentence, for people who do not manage it."""
    evaluation = visible_evaluation(user, zone, fiscal_year)
    if refusal := why_not_manage(user):
        raise PermissionDenied(refusal)
    return evaluation


def _move_form(moves, name, data):
    if name not in moves:
        raise Http404
    return MoveForm(name, moves[name], data)


def _carry_out(request, subject, name, form):
    """Make the move; return why not, or "". The second click of a double click counts as done."""
    try:
        moves.move(subject, name, by=request.user, **form.cleaned_data)
    except PermissionDenied as refusal:
        reason = form.cleaned_data.get("reason", "")
        if not moves.was_just_moved(subject, name, by=request.user, reason=reason):
            return str(refusal)
    subject.refresh_from_db()
    moved = subject.municipality if isinstance(subject, Submission) else "評価書"
    messages.success(request, form.move.done_to(moved))
    return ""


# One municipality, item by item


@require_safe
def review_municipality(request, zone, fiscal_year, code):
    submission = managed_submission(request.user, zone, fiscal_year, code)
    return municipality_page(request, submission)


def municipality_page(request, submission, sent_forms=None, remark=None, refused=None, status=200):
    """`sent_forms` are moves' forms with errors; `remark` is a remark's, by its item's key; `refused` is input that came too late."""
    evaluation = submission.evaluation
    forms = {name: MoveForm(name, SUBMISSION_MOVES[name]) for name in REVIEWER_MOVES}
    forms |= sent_forms or {}
    submission_review = review_of(submission)
    show = request.GET.get("show", "")
    if show not in FILTERS:
        show = ""
    rows = submission_review.rows_where(FILTERS[show][0]) if show else submission_review.rows
    context = {
        "evaluation": evaluation,
        "submission": submission,
        "review": submission_review,
        "rows": rows,
        "show": show,
        "filters": [
            (name, words, sum(len(row.items) for row in submission_review.rows_where(condition)))
            for name, (condition, words) in FILTERS.items()
        ],
        "count": sum(len(row.items) for row in submission_review.rows),
        "open_remarks": submission.remark_set.open().count(),
        "why_not_remark": why_not_remark(request.user, submission),
        "key_with_errors": next(iter(remark or {}), ""),
        "remark_form": next(iter((remark or {}).values()), None),
        "moves": [
            OfferedMove(
                form,
                page_address(evaluation, "submission-move", submission.municipality.slug, name),
            )
            for name, form in forms.items()
            if not why_not_now(submission, name)
        ],
        "log": StatusChange.objects.for_log(evaluation).filter(submission=submission),
        "refused": refused,
    }
    return render(request, "evaluations/review/municipality.html", context, status=status)


@keeps_unsent(_move_label(SUBMISSION_MOVES), reason="理由")
@require_POST
def submission_move(request, zone, fiscal_year, code, name):
    submission = managed_submission(request.user, zone, fiscal_year, code)
    if name not in REVIEWER_MOVES:
        raise Http404
    form = _move_form(SUBMISSION_MOVES, name, request.POST)
    if not form.is_valid() and not why_not_move(request.user, submission, name):
        return municipality_page(request, submission, sent_forms={name: form})
    if refusal := _carry_out(request, submission, name, form):
        submission = managed_submission(request.user, zone, fiscal_year, code)
        return municipality_page(
            request, submission, refused=RefusedInput(refusal, form), status=403
        )
    return redirect("evaluations:review-municipality", zone, fiscal_year, code)


def managed_submission(user, zone, fiscal_year, code):
    evaluation = managed_evaluation(user, zone, fiscal_year)
    submissions = Submission.objects.select_related("municipality", "submitted_by")
    municipalities = Municipality.objects.at(code)
    submission = get_object_or_404(
        submissions, evaluation=evaluation, municipality__in=municipalities
    )
    submission.evaluation = evaluation
    return submission
