"""How far a person is, what is still missing, and handing in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluations import catalogue, moves
from evaluations.addresses import entry_address, page_address
from evaluations.completeness import why_not_complete
from evaluations.desk import Desk
from evaluations.hand_in_progress import Amount
from evaluations.inspection import Inspected, by_level, worst_first
from evaluations.keys import ItemKey
from evaluations.models import Evaluation, Submission
from evaluations.models.row import Item
from evaluations.permissions import why_not_move
from evaluations.views.common import visible_evaluation
from evaluations.workflow import SUBMISSION_MOVES, EvaluationState


@dataclass
class Part:
    """How far one entry page is filled in; `optional` counts what is there besides."""

    title: str
    url: str
    amount: Amount
    optional: int


@require_safe
def entry(request, zone, fiscal_year):
    """How far the person is; with `item` (`Item.key`), on to the field where it is filled in."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    desk = Desk(request.user, evaluation)
    if item := request.GET.get("item"):
        key = ItemKey.parse(item)
        if key is None or not (address_of_item := entry_address(evaluation, *key)):
            raise Http404
        return redirect(address_of_item)
    return _overview(request, desk)


@require_POST
def entry_submit(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    desk = Desk(request.user, evaluation)
    if not desk.is_official:
        raise PermissionDenied("提出は、自治体の担当者が行います。")
    submission = _submission(desk)
    try:
        moves.move(submission, "submit", by=request.user)
    except PermissionDenied as refusal:
        if not moves.was_just_moved(submission, "submit", by=request.user):
            evaluation.refresh_from_db()
            return _overview(request, Desk(request.user, evaluation), refusal=str(refusal))
    messages.success(request, f"{request.user.municipality}の入力を提出しました。")
    return redirect(page_address(evaluation, "entry"))


def _submission(desk: Desk) -> Submission:
    """The official's own; made with its first move where the zone has gained a municipality since."""
    of = {"evaluation": desk.evaluation, "municipality": desk.user.municipality}
    found = Submission.objects.filter(**of).select_related("municipality", "submitted_by").first()
    submission = found or Submission(**of)
    submission.evaluation = desk.evaluation
    if not found and desk.evaluation.state == EvaluationState.OPEN:
        submission.save()
    return submission


def _overview(request, desk: Desk, refusal: str = ""):
    evaluation = desk.evaluation
    items = [item for row in desk.rows for item in row.items()]
    missing = [item for item in items if item.is_missing]
    found = _found(desk)
    submission, why_not_submit = None, ""
    if desk.is_official:
        submission = evaluation.submission_set.filter(
            municipality=request.user.municipality_id
        ).select_related("municipality", "submitted_by").first() or Submission(
            evaluation=evaluation, municipality=request.user.municipality
        )
        submission.evaluation = evaluation
        why_not_submit = why_not_move(request.user, submission, "submit")
        why_not_submit = why_not_submit or why_not_complete(submission, items)
    context = {
        "evaluation": evaluation,
        "desk": desk,
        "submission": submission,
        "submit": SUBMISSION_MOVES["submit"],
        "returned": submission and submission.last_return,
        "parts": [_part(evaluation, part, items) for part in catalogue.PAGES],
        "missing": [
            (
                row.label,
                [(item.label, entry_address(evaluation, row.key, item.field)) for item in found],
            )
            for row, found in groupby(missing, key=lambda item: item.row)
        ],
        "missing_count": len(missing),
        "remarks": list(_remarks(desk)),
        "found": [(one, one.address(desk.reach)) for one in found],
        "counts": by_level(found),
        "has_blocking": any(one.blocks for one in found),
        "why_not_submit": why_not_submit,
        "refusal": refusal,
    }
    return render(
        request, "evaluations/entry/overview.html", context, status=403 if refusal else 200
    )


def _found(desk: Desk) -> list[Inspected]:
    """What the checks find in the person's own rows, the worst first; for the secretariat everything."""
    inspection = desk.inspection
    own = inspection.open_of(desk.user.municipality_id) if desk.is_official else inspection.open
    return worst_first(own)


def _part(evaluation: Evaluation, part: str, items: list[Item]) -> Part:
    own = [item for item in items if item.row.described.page == part]
    return Part(
        catalogue.PAGES[part],
        page_address(evaluation, f"entry-{part}"),
        Amount.of(own),
        sum(not item.is_required and bool(item.text) for item in own),
    )


def _remarks(desk: Desk) -> Iterator[dict[str, Any]]:
    rows = {row.key: row for row in desk.rows}
    for item, remarks in desk.remarks.items():
        row = item and rows.get(item.row)
        label = row.label if row else "（削除された欄）"
        if row and item.field in row.described.entered:
            label += f" {row._meta.get_field(item.field).verbose_name}"
        for remark in remarks:
            yield {
                "remark": remark,
                "label": label,
                "answer": page_address(desk.evaluation, "remarks") + f"#remark-{remark.pk}",
                "url": entry_address(desk.evaluation, *item) if row else "",
            }
