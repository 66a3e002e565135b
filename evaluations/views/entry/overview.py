"""The entry overview: progress, what is missing, remarks and findings; and handing in."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluations import catalogue, moves
from evaluations.addresses import entry_address, page_address
from evaluations.entry.scope import EntryScope
from evaluations.inspection import InspectedFinding, by_level, worst_first
from evaluations.keys import ItemKey
from evaluations.permissions import why_not_move
from evaluations.review.completeness import why_not_complete
from evaluations.review.hand_in_progress import Amount
from evaluations.views.common import visible_evaluation
from evaluations.workflow import SUBMISSION_MOVES, EvaluationState


class PageProgress(NamedTuple):
    """How far one entry page is filled in; `optional` counts the optional fields with text."""

    title: str
    url: str
    amount: Amount
    optional: int


@require_safe
def entry(request, zone, fiscal_year):
    """The overview; with `item` (`RowItem.key`), a redirect to the field where it is filled in."""
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    if item := request.GET.get("item"):
        key = ItemKey.parse(item)
        if key is None or not (address_of_item := entry_address(evaluation, *key)):
            raise Http404
        return redirect(address_of_item)
    return _overview(request, scope)


@require_POST
def entry_submit(request, zone, fiscal_year):
    evaluation = visible_evaluation(request.user, zone, fiscal_year)
    scope = EntryScope(request.user, evaluation)
    if not scope.is_official:
        raise PermissionDenied("提出は、作成主体の担当者が行います。")
    submission = scope.submission
    if not submission.pk and evaluation.state == EvaluationState.OPEN:
        submission.save()
    try:
        moves.move(submission, "submit", by=request.user)
    except PermissionDenied as refusal:
        if not moves.was_just_moved(submission, "submit", by=request.user):
            evaluation.refresh_from_db()
            return _overview(request, EntryScope(request.user, evaluation), refusal=str(refusal))
    messages.success(request, f"{request.user.municipality}の入力を提出しました。")
    return redirect(page_address(evaluation, "entry"))


def _overview(request, scope: EntryScope, refusal: str = ""):
    evaluation = scope.evaluation
    findings = _findings(scope)
    submission, why_not_submit = None, ""
    if scope.is_official:
        submission = scope.submission
        why_not_submit = why_not_move(request.user, submission, "submit") or why_not_complete(
            submission, scope.progress.items
        )
    context = {
        "evaluation": evaluation,
        "scope": scope,
        "submission": submission,
        "submit": SUBMISSION_MOVES["submit"],
        "returned": submission and submission.last_return,
        "parts": [_part(scope, page) for page in catalogue.PAGES],
        "missing": [
            (
                row.label,
                [(item.label, entry_address(evaluation, row.key, item.field)) for item in items],
            )
            for row, items in groupby(scope.progress.missing, key=lambda item: item.row)
        ],
        "missing_count": len(scope.progress.missing),
        "draft_places": _draft_places(scope),
        "remarks": list(_remarks(scope)),
        "finding_links": [(finding, finding.address(scope.access)) for finding in findings],
        "counts": by_level(findings),
        "has_blocking": any(finding.blocks for finding in findings),
        "why_not_submit": why_not_submit,
        "refusal": refusal,
    }
    return render(
        request, "evaluations/entry/overview.html", context, status=403 if refusal else 200
    )


def _draft_places(scope: EntryScope) -> list[tuple[str, str]]:
    """Label and address of the rows that the person has typed into and not saved."""
    rows = {str(row.key): row for row in scope.rows}
    places = []
    for page in catalogue.PAGES:
        for of in scope.drafts.of_page(page):
            row = rows.get(of)
            places.append(
                (row.label, entry_address(scope.evaluation, row.key))
                if row
                else (
                    f"{catalogue.PAGES[page]}の追加など",
                    page_address(scope.evaluation, f"entry-{page}"),
                )
            )
    return places


def _findings(scope: EntryScope) -> list[InspectedFinding]:
    """The open findings in the person's rows, the most severe first; for the secretariat all open findings."""
    inspection = scope.inspection
    findings = (
        inspection.open_findings_of(scope.user.municipality_id)
        if scope.is_official
        else inspection.open_findings
    )
    return worst_first(findings)


def _part(scope: EntryScope, page: str) -> PageProgress:
    items = [item for row in scope.rows_of_page(page) for item in row.items()]
    return PageProgress(
        catalogue.PAGES[page],
        page_address(scope.evaluation, f"entry-{page}"),
        scope.progress.amounts[page],
        sum(not item.is_required and bool(item.text) for item in items),
    )


def _remarks(scope: EntryScope) -> Iterator[dict[str, Any]]:
    rows = {row.key: row for row in scope.rows}
    for item, remarks in scope.remarks.items():
        row = item and rows.get(item.row)
        label = row.label if row else "（削除された欄）"
        if row and item.field in row.row_kind.entered:
            label += f" {row.field_label(item.field)}"
        for remark in remarks:
            yield {
                "remark": remark,
                "label": label,
                "answer": page_address(scope.evaluation, "remarks") + f"#remark-{remark.pk}",
                "url": entry_address(scope.evaluation, *item) if row else "",
            }
