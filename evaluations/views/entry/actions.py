"""Actions of an entry page besides saving: reordering, removing, reporting a scheme again."""

from django.http import Http404

from evaluations import catalogue
from evaluations.addresses import entry_address, page_address
from evaluations.entry.forms import next_position
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models.row import EntryRow
from supports.models import Scheme, SchemeResult


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


def unreported(scope: EntryScope) -> list[Scheme]:
    """The person's schemes that this year's evaluation does not report."""
    schemes = (
        Scheme.objects.filter(zone=scope.evaluation.zone_id)
        .exclude(schemeresult__evaluation=scope.evaluation)
        .prefetch_related("municipalities")
        .order_by("pk")
    )
    return [scheme for scheme in schemes if scope.is_mine(scheme)]


def _current_result(scope: EntryScope, key: str) -> SchemeResult:
    """The scheme's row in this year's evaluation, created unless somebody else has done so."""
    for row in scope.year.of_kind(catalogue.SCHEME_RESULT):
        if scope.is_mine(row) and str(row.scheme_id) == key:
            return row
    scheme = next((scheme for scheme in unreported(scope) if str(scheme.pk) == key), None)
    if scheme is None:
        raise Http404
    return _report_again(scope, scheme)


def _report_again(scope: EntryScope, scheme: Scheme) -> SchemeResult:
    """Report a scheme again, with the outline and the targets of its last report."""
    last_result = (
        scheme.schemeresult_set.filter(evaluation__fiscal_year__lt=scope.evaluation.fiscal_year)
        .order_by("-evaluation__fiscal_year")
        .first()
    )
    result = SchemeResult(
        scheme=scheme,
        evaluation=scope.evaluation,
        position=next_position(SchemeResult.objects.filter(evaluation=scope.evaluation)),
        outline=last_result.outline if last_result else "",
        all_targets=last_result.all_targets if last_result else False,
    )
    result.save()
    if last_result:
        result.targets.set(last_result.targets.all())
    return result
