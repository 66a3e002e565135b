"""Actions of an entry page besides saving: order, taking out and putting back, reporting a scheme again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.http import urlencode

from evaluations import catalogue
from evaluations.addresses import in_page_address, page_address
from evaluations.entry.forms import next_position
from evaluations.entry.removal import remove, removed_row
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models.row import EntryRow
from supports.models import SchemeResult

REMOVED = "removed"  # the query that tells a page which row was taken out, to be put back


def carry_out(request, scope: EntryScope, page: str, action: str) -> str:
    """Carry out the action of a button, such as "up:KEY"; return the address to go on to, or "".

    An action that somebody else has done meanwhile counts as done. Raises Http404 for what the page does not offer.
    """
    verb, _, subject = action.partition(":")
    if not action:
        return ""
    if verb == "resume" and page == "supports":
        return in_page_address(scope.evaluation, _current_result(scope, subject).key)
    key = RowKey.parse(subject)
    row = next((row for row in scope.rows_of_page(page) if row.key == key), None)
    if verb not in ("up", "down", "remove", "put-back"):
        raise Http404
    removed = removed_row(scope, key)
    if verb == "put-back":
        return _put_back(request, scope, removed, key)
    if removed:
        return ""
    if row is None or not row.row_kind.is_listed:
        raise Http404
    if verb == "remove":
        return _remove(scope, row)
    if not row.row_kind.is_ordered:
        raise Http404
    _reorder(scope, row, -1 if verb == "up" else 1)
    return in_page_address(scope.evaluation, key)


def _remove(scope: EntryScope, row: EntryRow) -> str:
    if refusal := scope.access.why_not_edit(row.owner_ids):
        raise PermissionDenied(refusal)
    key = row.key
    remove(row)
    page = page_address(scope.evaluation, f"entry-{key.kind.page}")
    return f"{page}?{urlencode({REMOVED: key})}"


def _put_back(request, scope: EntryScope, removed, key: RowKey | None) -> str:
    if removed is None:
        if key is None or key not in scope.year.by_key:
            raise Http404
    elif refusal := removed.why_not:
        messages.error(request, refusal)
        return page_address(scope.evaluation, f"entry-{key.kind.page}")
    else:
        removed.put_back()
        messages.success(request, f"{removed.label}を元に戻しました。")
    return in_page_address(scope.evaluation, key)


def _reorder(scope: EntryScope, row: EntryRow, step: int) -> None:
    """Move a row among the person's rows of its list; others' rows keep their positions."""
    rows = [*scope.list_of(row)]
    place = rows.index(row)
    if not 0 <= place + step < len(rows):
        return
    positions = sorted(other.position for other in rows)
    rows[place], rows[place + step] = rows[place + step], rows[place]
    last_position = 0
    for other, position in zip(rows, positions, strict=True):
        last_position = max(position, last_position + 1)
        if other.position != last_position:
            other.position = last_position
            other.save(update_fields=["position"])


def unreported(scope: EntryScope) -> list[SchemeResult]:
    """The person's schemes that this year's evaluation does not report, as they were reported last."""
    evaluation = scope.evaluation
    reported = {row.scheme_id for row in scope.year.of_kind(catalogue.SCHEME_RESULT)}
    earlier = (
        SchemeResult.objects.filter(
            evaluation__zone=evaluation.zone_id, evaluation__fiscal_year__lt=evaluation.fiscal_year
        )
        .exclude(scheme__in=reported)
        .defer("outline", "result")
        .prefetch_related("municipalities")
        .order_by("evaluation__fiscal_year")
    )
    newest = {row.scheme_id: row for row in earlier}
    return [row for _, row in sorted(newest.items()) if scope.is_mine(row)]


def _current_result(scope: EntryScope, key: str) -> SchemeResult:
    """The scheme's row in this year's evaluation, created unless somebody else has done so."""
    for row in scope.year.of_kind(catalogue.SCHEME_RESULT):
        if scope.is_mine(row) and str(row.scheme_id) == key:
            return row
    last = next((row for row in unreported(scope) if str(row.scheme_id) == key), None)
    if last is None:
        raise Http404
    return _report_again(scope, last)


def _report_again(scope: EntryScope, last: SchemeResult) -> SchemeResult:
    """Report a scheme again as it was reported last, without the result."""
    row = SchemeResult(
        scheme_id=last.scheme_id,
        evaluation=scope.evaluation,
        position=next_position(SchemeResult.objects.filter(evaluation=scope.evaluation)),
        **{
            name: getattr(last, name)
            for name in ("category", "name", "other_bodies", "outline", "all_targets")
        },
    )
    row.save()
    row.municipalities.set(last.municipalities.all())
    threads = {target.thread for target in last.targets.all()}
    row.targets.set([target for target in scope.targets if target.thread in threads])
    return row
