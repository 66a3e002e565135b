"""For reviewers: every item compared with the hand-in before and with last year. No views."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import prefetch_related_objects

from evaluations.keys import ItemKey, RowKey
from evaluations.models import Remark, StatusChange, Submission
from evaluations.models.row import EntryRow, RowItem
from evaluations.workflow import HANDED_IN
from evaluations.years.rows import YearRows, rows_of_years
from tokku.differences import Difference, difference

# All municipalities at a glance


def changed_since_hand_in(year: YearRows) -> Counter[int]:
    """The number of items that differ from the hand-in, for each municipality that has handed in."""
    hand_ins = StatusChange.objects.filter(
        evaluation=year.evaluation, move="submit", submission__state__in=HANDED_IN
    ).order_by("pk")
    latest = dict(hand_ins.values_list("submission__municipality", "snapshot"))
    counts: Counter[int] = Counter()
    for municipality, snapshot in latest.items():
        texts = {str(item.key): item.text for item in year.items(municipality)}
        keys = texts.keys() | snapshot
        counts[municipality] = sum(texts.get(key, "") != snapshot.get(key, "") for key in keys)
    return counts


# One municipality, item by item


@dataclass(frozen=True)
class ReviewedItem:
    """An item with its differences; None where there is nothing to compare it with."""

    item: RowItem
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
        """Whether it is blank, may be, has not changed and has no remarks: nothing to show."""
        changed = self.changed or self.changed_since_last_year
        return not (self.item.text or self.is_missing or changed or self.remarks)

    @property
    def has_open_remark(self) -> bool:
        return any(remark.is_open for remark in self.remarks)


@dataclass(frozen=True)
class ReviewedRow:
    """`remarks` are those on the row and not on one of its items."""

    key: RowKey
    label: str
    items: list[ReviewedItem]
    remarks: list[Remark]

    @property
    def silent(self) -> list[ReviewedItem]:
        return [item for item in self.items if item.is_silent]


@dataclass(frozen=True)
class RemovedRow:
    """A row of the hand-in that has been deleted since, with its texts."""

    label: str
    texts: list[tuple[str, Difference]]
    remarks: list[Remark]


@dataclass(frozen=True)
class Review:
    submission: Submission
    compared_with: StatusChange | None
    last_year: int | None
    rows: list[ReviewedRow]
    removed: list[RemovedRow]

    def rows_where(self, name: str) -> list[ReviewedRow]:
        """The rows with only those items of which the property `name` is true."""
        rows = (
            replace(row, items=[item for item in row.items if getattr(item, name)])
            for row in self.rows
        )
        return [row for row in rows if row.items]


def review_of(submission: Submission) -> Review:
    """Every item of a submission's municipality, compared with the hand-in before and with last year."""
    evaluation = submission.evaluation
    last_evaluation = evaluation.last_year
    years = rows_of_years([evaluation, last_evaluation] if last_evaluation else [evaluation])
    year, last_year = years[evaluation.pk], years[last_evaluation.pk] if last_evaluation else None
    hand_in = hand_in_before(submission)
    snapshot_texts = hand_in.snapshot if hand_in else {}
    snapshot = {item: text for key, text in snapshot_texts.items() if (item := ItemKey.parse(key))}
    remarks = defaultdict(list)
    for remark in submission.remark_set.select_related("written_by", "answered_by"):
        remarks[remark.item_key].append(remark)

    def reviewed(item: RowItem, earlier: EntryRow | None) -> ReviewedItem:
        return ReviewedItem(
            item,
            difference(snapshot.get(item.key, ""), item.text) if hand_in else None,
            difference(earlier.text_of(item.field), item.text) if earlier else None,
            item.is_missing,
            remarks.pop(item.key, []),
        )

    rows = [
        ReviewedRow(
            row.key,
            row.label,
            [reviewed(item, last_year and last_year.counterpart_of(row)) for item in row.items()],
            remarks.pop(ItemKey(row.key), []),
        )
        for row in year.of_municipality(submission.municipality_id)
    ]
    # Remarks and texts on a kind of row that no longer exists go under their stored key.
    unknown = [RemovedRow(remark.record, [], [remark]) for remark in remarks.pop(None, [])]
    unknown += [
        RemovedRow(key, [("", difference(text, ""))], [])
        for key, text in snapshot_texts.items()
        if text and ItemKey.parse(key) is None
    ]
    removed = [*_removed({row.key for row in rows}, snapshot, remarks), *unknown]
    return Review(
        submission, hand_in, last_evaluation.fiscal_year if last_evaluation else None, rows, removed
    )


def hand_in_before(submission: Submission) -> StatusChange | None:
    """The hand-in to compare with: the one before that under review, else the last."""
    latest = list(
        submission.statuschange_set.filter(move="submit").select_related("changed_by")[:2]
    )
    return latest[-1] if latest and submission.state in HANDED_IN else next(iter(latest), None)


def _removed(
    kept_rows: Collection[RowKey],
    snapshot: dict[ItemKey, str],
    remarks: dict[ItemKey, list[Remark]],
) -> list[RemovedRow]:
    items = sorted(item for item in {*snapshot, *remarks} if item.row not in kept_rows)
    removed = {key: list(of_row) for key, of_row in groupby(items, key=lambda item: item.row)}
    names = labels(removed)
    return [
        RemovedRow(
            names[key],
            [
                (field_label(item), difference(snapshot[item], ""))
                for item in of_row
                if snapshot.get(item)
            ],
            [remark for item in of_row for remark in remarks.get(item, [])],
        )
        for key, of_row in removed.items()
    ]


# Names of items by their keys, also of deleted rows


def field_label(item: ItemKey) -> str:
    if item.field not in item.row.kind.entered:
        return item.field
    return str(item.row.model_class._meta.get_field(item.field).verbose_name)


def labels(keys: Iterable[RowKey]) -> dict[RowKey, str]:
    """What officials call the rows, from their histories. A few queries for each kind of row."""
    names = {key: str(key.model_class._meta.verbose_name if key.kind.page else key) for key in keys}
    entry_keys = sorted(key for key in names if key.kind.page)
    for model, of_kind in groupby(entry_keys, key=lambda key: key.model_class):
        versions = model.history.filter(id__in=[key.pk for key in of_kind]).order_by("history_id")
        rows = list({version.id: version.instance for version in versions}.values())
        relations = [field.name for field in model._meta.fields if field.is_relation]
        prefetch_related_objects(rows, *relations)
        for row in rows:
            # If its parent is deleted too, the row goes by the name of its kind.
            with suppress(ObjectDoesNotExist):
                names[row.key] = row.label
    return names
