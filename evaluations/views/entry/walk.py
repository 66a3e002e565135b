"""From one thing to do to the next: what is missing, and what remarks ask for."""

from evaluations.addresses import entry_address, page_address
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey

MISSING, REMARKS = "missing", "remarks"
NAMES = {MISSING: "未入力", REMARKS: "指摘"}


def places(scope: EntryScope, walk: str) -> list[tuple[RowKey, str]]:
    """The person's rows with something to do of this kind, each with the first field of it, in the order of entry."""
    if walk == REMARKS:
        asked = {item.row: item.field for item in reversed(scope.remarks) if item}
        return [(row.key, asked[row.key]) for row in scope.rows if row.key in asked]
    first: dict[RowKey, str] = {}
    for item in scope.progress.missing:
        first.setdefault(item.row.key, item.field)
    return [*first.items()]


def next_place(
    scope: EntryScope, walk: str = MISSING, *, after: RowKey | None = None, page: str = ""
) -> str:
    """The address of the next row of a walk, around to the first; "" when there is no other.

    Begins `after` a row, or with what is on an entry page.
    """
    if scope.why_not_enter:
        return ""
    order = {row.key: number for number, row in enumerate(scope.rows)}
    found = [place for place in places(scope, walk) if place[0] != after]
    ahead = [
        (key, field)
        for key, field in found
        if (key.kind.page == page if page else order[key] > order.get(after, -1))
    ]
    for key, field in ahead or found:
        address, _, anchor = entry_address(scope.evaluation, key, field).partition("#")
        return f"{address}?walk={walk}#{anchor}"
    return ""


def end_of(scope: EntryScope) -> str:
    """Where a walk ends: the page to check everything and hand in."""
    return page_address(scope.evaluation, "entry")
