"""Acts of hand-in and review: moves of an evaluation or a submission, remarks and their answers.

Each locks its evaluation, checks the rules, acts, logs, and carries out what follows, all in one transaction.
The rules alone are in `permissions` and `completeness`.
"""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from evaluations.inspection import inspect_loaded
from evaluations.models import Evaluation, Remark, StatusChange, Submission
from evaluations.permissions import Access, why_not_answer, why_not_move, why_not_remark
from evaluations.records.load import load_for
from evaluations.review.completeness import why_not_complete, why_not_seal
from evaluations.sealed.sealing import seal
from evaluations.workflow import DOUBLE_CLICK_TIME, Move
from evaluations.years.rows import rows_of_year
from evaluations.years.rows_at_opening import prepare_rows
from tokku.accounts.models import User
from tokku.document.tree import clean_lines
from tokku.japanese import era_date
from tokku.service.audit import audit
from tokku.service.models import Act


@transaction.atomic
def move(
    subject: Evaluation | Submission,
    name: str,
    *,
    by: User,
    reason: str = "",
    sent_on: date | None = None,
) -> None:
    """Carry out a move of EVALUATION_MOVES or SUBMISSION_MOVES and log it. PermissionDenied says why not.

    `sent_on` is needed by "send" alone, and is logged with the reason.
    """
    if isinstance(subject, Submission):
        _move_submission(subject, name, by, reason)
    else:
        _move_evaluation(subject, name, by, reason, sent_on)


def _move_evaluation(
    evaluation: Evaluation, name: str, by: User, reason: str, sent_on: date | None
) -> None:
    """Opening also creates the rows to fill in; sealing keeps the document and its findings."""
    current = Evaluation.objects.locked(evaluation.pk)
    evaluation.refresh_from_db()
    step = evaluation.moves[name]
    refusal = why_not_move(by, current, name) or why_not_with_input(step, reason, sent_on)
    if not refusal and name == "seal":
        access = Access(by, current)
        loaded = load_for(access)
        inspection = inspect_loaded(access, loaded)
        refusal = why_not_seal(access.year, inspection)
    if refusal:
        raise PermissionDenied(refusal)
    if step.needs_day:
        reason = f"提出日：{era_date(sent_on)}\n{reason}"
    _log(evaluation, evaluation, name, by, reason)
    evaluation.state = step.target
    evaluation.sent_on = sent_on if step.needs_day else None
    evaluation.save()
    if name in ("open", "reopen"):
        prepare_rows(evaluation)
    if name == "seal":
        seal(evaluation, loaded.contents, inspection.as_data(), by=by, reason=reason)


def _move_submission(submission: Submission, name: str, by: User, reason: str) -> None:
    """Handing in keeps the text of every item, to show the reviewer what changes afterwards."""
    evaluation = Evaluation.objects.locked(submission.evaluation_id)
    submission.refresh_from_db()
    submission.evaluation = evaluation
    step = submission.moves[name]
    refusal = why_not_move(by, submission, name) or why_not_with_input(step, reason)
    snapshot = {}
    if not refusal and name == "submit":
        items = rows_of_year(evaluation).items(submission.municipality_id)
        refusal = why_not_complete(submission, items)
        snapshot = {str(item.key): item.text for item in items}
    if refusal:
        raise PermissionDenied(refusal)
    if name == "submit":
        submission.submitted_at, submission.submitted_by = timezone.now(), by
    _log(evaluation, submission, name, by, reason, submission=submission, snapshot=snapshot)
    submission.state = step.target
    submission.save()


def _log(
    evaluation: Evaluation,
    subject: Evaluation | Submission,
    name: str,
    by: User,
    reason: str,
    **more: Any,
) -> None:
    change = StatusChange.objects.create(
        evaluation=evaluation,
        move=name,
        from_state=subject.state,
        to_state=subject.moves[name].target,
        reason=reason,
        changed_by=by,
        **more,
    )
    audit(Act.MOVE, str(change), user=by)


def why_not_with_input(step: Move, reason: str, day: date | None = None) -> str:
    """Why a move lacks what it needs: a reason, or a day that is not in the future."""
    if step.needs_reason and not clean_lines(reason):
        return f"「{step.label}」には理由を入力してください。"
    if step.needs_day and not day:
        return f"「{step.label}」には日付を入力してください。"
    if step.needs_day and day > timezone.localdate():
        return f"「{step.label}」の日付には、今日までの日を入力してください。"
    return ""


def was_just_moved(
    subject: Evaluation | Submission, name: str, *, by: User, reason: str = ""
) -> bool:
    """Whether the same person has just made this move: a double click."""
    last = subject.log.defer("snapshot").first()
    return (
        last is not None
        and (last.move, last.changed_by_id) == (name, by.pk)
        and (not reason or reason == last.reason)
        and timezone.now() - last.changed_at < DOUBLE_CLICK_TIME
    )


@transaction.atomic
def add_remark(remark: Remark) -> bool:
    """Save a remark and return True; False when the same person's same remark is open already (a double click).

    PermissionDenied says why not.
    """
    submission = remark.submission
    submission.evaluation = Evaluation.objects.locked(submission.evaluation_id)
    if refusal := why_not_remark(remark.written_by, submission):
        raise PermissionDenied(refusal)
    values = {name: getattr(remark, name) for name in ("record", "field", "text", "written_by")}
    if submission.remark_set.open().filter(**values).exists():
        return False
    remark.save()
    return True


@transaction.atomic
def answer_remark(remark: Remark, answer: str, *, by: User) -> None:
    """Answer a remark, once. PermissionDenied says why not."""
    evaluation = Evaluation.objects.locked(remark.submission.evaluation_id)
    remark.refresh_from_db()
    if refusal := why_not_answer(Access(by, evaluation), remark):
        raise PermissionDenied(refusal)
    remark.answer, remark.answered_at, remark.answered_by = answer, timezone.now(), by
    remark.save()
