"""Actions of an entry page besides saving: reordering, removing, reporting a scheme again."""

from django.http import Http404

from evaluations import catalogue
from evaluations.addresses import entry_address, page_address
from evaluations.entry.forms import next_position
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models.row import EntryRow
from supports.models import SchemeResult


def carry_out(scope: EntryScope, part: str, action: str) -> str:
    """Carry out the action of a button, such as "up:KEY"; return the address to go on to, or "".

    An action that somebody else has done meanwhile counts as done. Raises Http404 for what the page does not offer.
    """
    verb, _, subject = action.partition(":")
    if not action:
        return ""
    if verb == "resume" and part == "supports":
        return entry_address(scope.evaluation, _current_result(scope, subject).key)
    key = RowKey.parse(subject)
    row = next((row for row in scope.rows_of_page(part) if row.key == key), None)
    if verb not in ("up", "down", "remove"):
        raise Http404
    if row is None and was_removed(scope, key):
        return ""
    if row is None or not row.row_kind.is_listed:
        raise Http404
    if verb == "remove":
        return page_address(scope.evaluation, "entry-remove", key)
    if not row.row_kind.is_ordered:
        raise Http404
    _reorder(scope, row, -1 if verb == "up" else 1)
    return entry_address(scope.evaluation, key)


def was_removed(scope: EntryScope, key: RowKey | None) -> bool:
    """Whether a row with this key existed and was removed."""
    if key is None or not key.kind.is_listed or key in scope.year.by_key:
        return False
    return key.model_class.history.filter(id=key.pk, history_type="-").exists()


def _reorder(scope: EntryScope, row: EntryRow, step: int) -> None:
    """Move a row among the person's rows of its list; others' rows keep their positions."""
    rows = [*scope.lists[row.list_key]]
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
