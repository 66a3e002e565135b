"""What a person has typed and not saved, kept for that person row by row.

One mechanism for everything that keeps typed input from being stored: the browser was closed, the session ended, the
input was refused, the row was removed meanwhile. Kept as it was sent, it is put into the forms again as if just typed.
"""

from collections.abc import Collection, Iterable, Mapping

from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from evaluations.keys import InputName
from evaluations.models import Draft, Evaluation
from tokku.accounts.models import User

MOST_CHARACTERS = 500_000  # of one row; its longest texts are a fraction of it
MOST_ROWS = 5_000  # of one person in a year

Typed = Mapping[str, list[str]]  # the values sent for one row, by name without the row


def typed_rows(data: MultiValueDict) -> dict[str, dict[str, list[str]]]:
    """What was sent, by row or form (`InputName.of`), in the order of the page."""
    rows: dict[str, dict[str, list[str]]] = {}
    for name, values in data.lists():
        if parsed := InputName.parse(name):
            # PostgreSQL stores no NUL; no form accepts one.
            rows.setdefault(parsed.of, {})[parsed.field] = [v.replace("\0", "") for v in values]
    return rows


def _joined(earlier: Typed | None, later: Typed) -> Typed:
    """What was typed into a row in two places that show different fields of it: a list and the row's own page, say.

    The revision that was seen is the earlier one, so that nothing saved since is overwritten unasked.
    """
    shown = later.get("shown")
    if not earlier or not shown or "shown" not in earlier:
        return later
    rest = {
        name: values
        for name, values in earlier.items()
        if name.partition("-")[0] not in shown and name not in later
    }
    if not rest:  # the later one has all of it
        return later
    joined = {**rest, **later, "shown": [*dict.fromkeys([*earlier["shown"], *shown])]}
    revisions = [*earlier.get("revision", ()), *later.get("revision", ())]
    if all(revision.isdecimal() for revision in revisions):
        joined["revision"] = [min(revisions, key=int)]
    return joined


class Drafts:
    """The drafts of one person in one evaluation."""

    def __init__(self, user: User, evaluation: Evaluation) -> None:
        self.user = user
        self.evaluation = evaluation

    @property
    def _rows(self):
        return Draft.objects.filter(user=self.user, evaluation=self.evaluation)

    @cached_property
    def by_row(self) -> dict[str, Typed]:
        return dict(self._rows.order_by("pk").values_list("row", "data"))

    def of_page(self, page: str) -> list[str]:
        """The rows with drafts that are shown on this entry page."""
        kinds = {of: InputName(of, "").kind for of in self.by_row}
        return [of for of, kind in kinds.items() if kind and kind.page == page]

    def as_sent(self, rows: Collection[str]) -> QueryDict:
        """The drafts of these rows under the names of the page's inputs."""
        data = QueryDict(mutable=True)
        for of in rows:
            for name, values in self.by_row.get(of, {}).items():
                data.setlist(f"{of}-{name}", values)
        return data

    def keep(self, typed: Mapping[str, Typed]) -> bool:
        """Keep what was typed, in place of earlier drafts of these rows. False when it is too much."""
        lengths = (sum(len(v) for vs in row.values() for v in vs) for row in typed.values())
        if any(length > MOST_CHARACTERS for length in lengths):
            return False
        if self._rows.exclude(row__in=typed).count() + len(typed) > MOST_ROWS:
            return False
        typed = {of: _joined(self.by_row.get(of), data) for of, data in typed.items()}
        now = timezone.now()
        Draft.objects.bulk_create(
            [
                Draft(user=self.user, evaluation=self.evaluation, row=of, data=data, typed_at=now)
                for of, data in typed.items()
            ],
            update_conflicts=True,
            unique_fields=["user", "evaluation", "row"],
            update_fields=["data", "typed_at"],
        )
        self.__dict__.pop("by_row", None)
        return True

    def forget(self, rows: Iterable[str]) -> None:
        if rows := [of for of in rows if of in self.by_row]:
            self._rows.filter(row__in=rows).delete()
            self.__dict__.pop("by_row", None)
