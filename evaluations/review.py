"""What a reviewer goes by: how far each municipality is, what every item says, and what changed. No views."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max, prefetch_related_objects

from evaluations import catalogue
from evaluations.differences import Difference, difference
from evaluations.items import (
    Item,
    as_text,
    entry_rows,
    identity,
    items_of,
    missing_items,
    row_items,
    row_key,
    row_label,
)
from evaluations.models import (
    Actual,
    Evaluation,
    Remark,
    StatusChange,
    Submission,
)
from evaluations.workflow import HANDED_IN
from tokku.accounts.models import Municipality, Role

# All municipalities at a glance


@dataclass(frozen=True)
class Stand:
    """How far one author is, or the zone as a whole (no municipality)."""

    municipality: Municipality | None
    submission: Submission | None
    required: int
    missing: list[Item]
    open_remarks: int = 0
    changed: int = 0  # items that say something else than when they were handed in

    @property
    def filled(self) -> int:
        return self.required - len(self.missing)


def stands(evaluation: Evaluation) -> list[Stand]:
    """Every author in the order of the zone, then the zone as a whole."""
    items = items_of(evaluation)
    authors = Municipality.objects.filter(zonemunicipality__zone=evaluation.zone_id)
    submissions = {
        submission.municipality_id: submission
        for submission in evaluation.submission_set.select_related("submitted_by")
    }
    remarks = defaultdict(int)
    opened = Remark.objects.open().filter(submission__evaluation=evaluation)
    for municipality in opened.values_list("submission__municipality", flat=True):
        remarks[municipality] += 1
    known = {author.pk for author in authors}
    handed_in = _handed_in(evaluation)
    found = [
        _stand(
            [item for item in items if author.pk in item.row.owner_ids],
            author,
            submissions.get(author.pk),
            remarks[author.pk],
            handed_in.get(author.pk),
        )
        for author in authors.order_by("zonemunicipality__position", "zonemunicipality__pk")
    ]
    # Rows of a municipality that has left the zone are the secretariat's to settle.
    return [*found, _stand([item for item in items if not item.row.owner_ids & known])]


def _stand(
    items: list[Item], municipality=None, submission=None, open_remarks=0, snapshot=None
) -> Stand:
    required = sum(item.is_required for item in items)
    changed = 0
    if snapshot is not None:
        now = {item.key: item.text for item in items}
        changed = sum(now.get(key, "") != snapshot.get(key, "") for key in now.keys() | snapshot)
    return Stand(municipality, submission, required, missing_items(items), open_remarks, changed)


def _handed_in(evaluation: Evaluation) -> dict[int, dict[str, str]]:
    """What each municipality whose work is with the secretariat has handed in last."""
    hand_ins = StatusChange.objects.filter(
        evaluation=evaluation, move="submit", submission__state__in=HANDED_IN
    )
    in_order = hand_ins.order_by("changed_at", "pk")
    return dict(in_order.values_list("submission__municipality", "snapshot"))


def last_saves(evaluations: Collection[Evaluation]) -> dict[tuple[int, int], datetime]:
    """When officials of a municipality saved something of an evaluation last, by both.

    Schemes go on from year to year and tell nothing of one; what was carried over nobody has saved.
    """
    of_kinds = [
        _saves(apps.get_model(kind.model), **{f"{kind.evaluation}__in": evaluations}).values_list(
            kind.evaluation, "history_user__municipality", Max("history_date")
        )
        for kind in catalogue.KINDS.values()
        if kind.evaluation
    ]
    actuals = _saves(
        Actual,
        target__indicator__plan__in={one.plan_id for one in evaluations},
        fiscal_year__in={one.fiscal_year for one in evaluations},
    ).values_list(
        "target__indicator__plan",
        "fiscal_year",
        "history_user__municipality",
        Max("history_date"),
    )
    found = defaultdict(list)
    for evaluation, municipality, moment in of_kinds[0].union(*of_kinds[1:], all=True):
        found[evaluation, municipality].append(moment)
    for plan, fiscal_year, municipality, moment in actuals:
        for one in evaluations:
            if (one.plan_id, one.fiscal_year) == (plan, fiscal_year):
                found[one.pk, municipality].append(moment)
    return {key: max(moments) for key, moments in found.items()}


def _saves(kind, **of_evaluations):
    # In no order, which would keep the database from grouping.
    return kind.history.filter(history_user__role=Role.OFFICIAL, **of_evaluations).order_by()


# One municipality, item by item


@dataclass(frozen=True)
class ReviewedItem:
    """An item with what became of it; None where there is nothing to compare it with."""

    item: Item
    since_hand_in: Difference | None
    since_last_year: Difference | None
    is_missing: bool
    remarks: list[Remark]

    @property
    def changed(self) -> bool:
        return bool(self.since_hand_in and self.since_hand_in.is_change)

    @property
    def changed_since_last_year(self) -> bool:
        return bool(self.since_last_year and self.since_last_year.is_change)

    @property
    def is_silent(self) -> bool:
        """Whether it is left blank as it may be, and nothing is to be told of it."""
        changed = self.changed or self.changed_since_last_year
        return not (self.item.text or self.is_missing or changed or self.remarks)

    @property
    def has_open_remark(self) -> bool:
        return any(remark.is_open for remark in self.remarks)


@dataclass(frozen=True)
class ReviewedRow:
    """`remarks` are those on the row and not on one of its items."""

    key: str
    label: str
    items: list[ReviewedItem]
    remarks: list[Remark]

    @property
    def silent(self) -> list[ReviewedItem]:
        return [one for one in self.items if one.is_silent]


@dataclass(frozen=True)
class Removed:
    """A row that was there at the hand-in and is not there any more, with what it said."""

    key: str
    label: str
    texts: list[tuple[str, Difference]]
    remarks: list[Remark]


@dataclass(frozen=True)
class Review:
    submission: Submission
    compared_with: StatusChange | None
    last_year: int | None
    rows: list[ReviewedRow]
    removed: list[Removed]

    def rows_where(self, name: str) -> list[ReviewedRow]:
        """The rows with only those items of which the property `name` is true."""
        kept = (
            replace(row, items=[one for one in row.items if getattr(one, name)])
            for row in self.rows
        )
        return [row for row in kept if row.items]


def review_of(submission: Submission) -> Review:
    """Every item of a submission's municipality, compared with the hand-in before and with last year."""
    evaluation = submission.evaluation
    rows = [row for row in entry_rows(evaluation) if submission.municipality_id in row.owner_ids]
    items = {row: list(row_items(row)) for row in rows}
    missing = {item.key for item in missing_items(item for row in rows for item in items[row])}
    base = hand_in_before(submission)
    before = _last_year(evaluation)
    remarks = defaultdict(list)
    for remark in submission.remark_set.select_related("written_by", "answered_by"):
        remarks[remark.item_key].append(remark)

    def reviewed(item: Item, earlier) -> ReviewedItem:
        return ReviewedItem(
            item,
            difference(base.snapshot.get(item.key, ""), item.text) if base else None,
            difference(as_text(earlier, item.field), item.text) if earlier else None,
            item.key in missing,
            remarks.pop(item.key, []),
        )

    found = [
        ReviewedRow(
            row_key(row),
            row_label(row),
            [reviewed(item, before and before.get(identity(row))) for item in items[row]],
            remarks.pop(f"{row_key(row)}/", []),
        )
        for row in rows
    ]
    gone = _removed({row.key for row in found}, base.snapshot if base else {}, remarks)
    last_year = evaluation.fiscal_year - 1 if before is not None else None
    return Review(submission, base, last_year, found, gone)


def hand_in_before(submission: Submission) -> StatusChange | None:
    """The hand-in to compare with: the one before the one under review, else the last there was."""
    latest = list(
        submission.statuschange_set.filter(move="submit").select_related("changed_by")[:2]
    )
    return latest[-1] if latest and submission.state in HANDED_IN else next(iter(latest), None)


def _last_year(evaluation: Evaluation):
    """Last year's rows by what makes them the same, None when the zone has no such evaluation."""
    last = Evaluation.objects.filter(
        zone=evaluation.zone_id, fiscal_year=evaluation.fiscal_year - 1
    ).first()
    return last and {identity(row): row for row in entry_rows(last)}


def _removed(
    there: Collection[str], snapshot: dict[str, str], remarks: dict[str, list[Remark]]
) -> list[Removed]:
    keys = sorted({*snapshot, *remarks}, key=row_of)
    gone = {key: list(of_row) for key, of_row in groupby(keys, key=row_of) if key not in there}
    names = labels(gone)
    return [
        Removed(
            key,
            names[key],
            [
                (field_label(item), difference(snapshot[item], ""))
                for item in of_row
                if snapshot.get(item)
            ],
            [remark for item in of_row for remark in remarks.get(item, [])],
        )
        for key, of_row in gone.items()
    ]


# Names of items by their keys, also of rows that are gone


def row_of(item_key: str) -> str:
    return item_key.rpartition("/")[0]


def field_label(item_key: str) -> str:
    kind, _, rest = item_key.partition("/")
    field = rest.rpartition("/")[2]
    if kind not in catalogue.KINDS or field not in catalogue.KINDS[kind].entered:
        return field
    return str(apps.get_model(kind)._meta.get_field(field).verbose_name)


def labels(keys: Iterable[str]) -> dict[str, str]:
    """What officials call the rows, from their histories. A few queries for each kind of row."""
    found = {}
    kinds = defaultdict(set)
    for key in keys:
        found[key] = key
        kind, _, pk = key.partition("/")
        if pk.isdecimal() and kind in catalogue.KINDS and catalogue.KINDS[kind].page:
            model = apps.get_model(kind)
            found[key] = str(model._meta.verbose_name)
            kinds[model].add(int(pk))
    for kind, pks in kinds.items():
        past = kind.history.filter(id__in=pks).order_by("history_id")
        rows = list({old.id: old.instance for old in past}.values())
        relations = [field.name for field in kind._meta.fields if field.is_relation]
        prefetch_related_objects(rows, *relations)
        for row in rows:
            # What the row belonged to may be gone too: then it goes by the name of its kind.
            with suppress(ObjectDoesNotExist):
                found[row_key(row)] = row_label(row)
    return found
