"""What a button of an entry page asks for beside saving: another order, a scheme reported again."""

from django.http import Http404

from evaluations import catalogue
from evaluations.addresses import entry_address, page_address
from evaluations.entry.forms import next_position
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models.row import EntryRow
from supports.models import Scheme, SchemeResult


def carry_out(scope: EntryScope, part: str, action: str) -> str:
    """What the button asked for beside saving. The address to go on to, or "".

    What somebody has done already in the meantime is done. Http404 for what the page does not offer.
    """
    verb, _, of = action.partition(":")
    if not action:
        return ""
    if verb == "resume" and part == "supports":
        return entry_address(scope.evaluation, _resumed(scope, of).key)
    key = RowKey.parse(of)
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
    """Whether somebody has taken out the row that was there under this key."""
    if key is None or not key.kind.is_listed or key in scope.year.by_key:
        return False
    return key.model_class.history.filter(id=key.pk, history_type="-").exists()


def _reorder(scope: EntryScope, row: EntryRow, step: int) -> None:
    """Move a row among the person's own of its list; others' rows stay where they are."""
    rows = [*scope.lists[row.list_key]]
    place = rows.index(row)
    if not 0 <= place + step < len(rows):
        return
    positions = sorted(other.position for other in rows)
    rows[place], rows[place + step] = rows[place + step], rows[place]
    last = 0
    for other, position in zip(rows, positions, strict=True):
        last = max(position, last + 1)
        if other.position != last:
            other.position = last
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


def _resumed(scope: EntryScope, key: str) -> SchemeResult:
    """The scheme's row in this year's evaluation, made unless somebody has been quicker."""
    for row in scope.year.of_kind(catalogue.SCHEME_RESULT):
        if scope.is_mine(row) and str(row.scheme_id) == key:
            return row
    scheme = next((one for one in unreported(scope) if str(one.pk) == key), None)
    if scheme is None:
        raise Http404
    return _resume(scope, scheme)


def _resume(scope: EntryScope, scheme: Scheme) -> SchemeResult:
    """Report a scheme again, with the outline and the relation that it had last."""
    last = (
        scheme.schemeresult_set.filter(evaluation__fiscal_year__lt=scope.evaluation.fiscal_year)
        .order_by("-evaluation__fiscal_year")
        .first()
    )
    result = SchemeResult(
        scheme=scheme,
        evaluation=scope.evaluation,
        position=next_position(SchemeResult.objects.filter(evaluation=scope.evaluation)),
        outline=last.outline if last else "",
        all_targets=last.all_targets if last else False,
    )
    result.save()
    if last:
        result.targets.set(last.targets.all())
    return result
