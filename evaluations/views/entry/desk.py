"""What one person fills in in one evaluation: rows, their forms, and what stands beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse

from evaluations.form.records import Loaded, load_with_rows
from evaluations.forms import (
    NewAchievement,
    NewApproach,
    NewMeasure,
    NewNationalSupport,
    NewRowForm,
    NewScheme,
    RecordForm,
    form_for,
)
from evaluations.inspection import Inspected, Inspection, inspect_loaded
from evaluations.items import (
    PARTS,
    Item,
    anchor,
    entry_rows,
    fields_of,
    identity,
    row_items,
    row_key,
    row_label,
)
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    NumericTarget,
    Remark,
)
from evaluations.permissions import Reach
from supports.models import NationalSupport, RegulatoryMeasure, Scheme, SchemeResult
from tokku.accounts.models import Role
from tokku.document.tree import clean_lines
from tokku.records import Record

# The rows that can be taken out and put in another order.
REMOVABLE = (Achievement, Approach, NationalSupport, RegulatoryMeasure, SchemeResult)


@dataclass
class EntryField:
    """A field of a row as an entry page shows it; `bound` is None where it can only be read."""

    item: Item
    bound: Any = None
    last_year: str = ""
    conflict: Any = None
    remarks: list[Remark] = field(default_factory=list)
    findings: list[Inspected] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor(row_key(self.item.row), self.item.field)

    @property
    def _kind(self) -> models.Field:
        return self.item.row._meta.get_field(self.item.field)

    @property
    def is_prose(self) -> bool:
        return isinstance(self._kind, models.TextField)

    @property
    def is_tick(self) -> bool:
        return isinstance(self._kind, models.BooleanField) and not self._kind.choices

    @property
    def has_place_in_form(self) -> bool:
        """Whether the form prints what it says, and not only what follows from it."""
        return not self.is_tick and self.item.field != "category"

    @property
    def previous(self) -> str:
        """Last year's answer to write from. Names and relations go on, and need none."""
        if self.item.field.startswith("previous_"):
            return ""  # It is last year's result itself.
        goes_on = (
            self.is_tick or self._kind.many_to_many or isinstance(self._kind, models.CharField)
        )
        return "" if goes_on else self.last_year

    @property
    def may_answer_not_applicable(self) -> bool:
        """Whether a button that answers 該当なし stands beside it."""
        return bool(self.bound and self.item.may_be_not_applicable and not self.bound.value())

    @property
    def characters(self) -> int:
        """As clean lines, without their ends."""
        text = self.bound.value() if self.bound else self.item.text
        return len(clean_lines(str(text or "")).replace("\n", ""))


@dataclass
class Entry:
    """A row as an entry page shows it; `form` is None where it can only be read."""

    row: Record
    items: list[Item]
    form: RecordForm | None
    desk: "Desk"

    @property
    def key(self) -> str:
        return row_key(self.row)

    @property
    def label(self) -> str:
        return row_label(self.row)

    @cached_property
    def fields(self) -> list[EntryField]:
        before = self.desk.before(self.row)
        return [
            EntryField(
                item,
                bound=self.form[item.field] if self.form else None,
                last_year=before.get(item.field, ""),
                conflict=self.form.conflicts.get(item.field) if self.form else None,
                remarks=self.desk.remarks.get((self.key, item.field), []),
                findings=self.desk.findings.get((self.key, item.field), []),
            )
            for item in self.items
        ]

    @property
    def remarks(self) -> list[Remark]:
        """On the row as a whole."""
        return self.desk.remarks.get((self.key, ""), [])

    @property
    def findings(self) -> list[Inspected]:
        """In what the row says besides its fields."""
        return self.desk.findings.get((self.key, ""), [])

    @property
    def has_findings(self) -> bool:
        return bool(self.findings) or any(one.findings for one in self.fields)

    @property
    def is_first(self) -> bool:
        """Of its list, among the person's own rows."""
        return self.row in self.desk.ends[0]

    @property
    def is_last(self) -> bool:
        return self.row in self.desk.ends[1]

    @property
    def removal(self) -> str:
        """Where the row can be taken out, or ""."""
        return self.desk.removal(self.row) if self.form and isinstance(self.row, REMOVABLE) else ""


class Desk:
    """What one person fills in in one evaluation, and why they may not. PermissionDenied for readers."""

    def __init__(self, user, evaluation: Evaluation) -> None:
        self.user = user
        self.evaluation = evaluation
        self.reach = Reach(user, evaluation)
        self.is_official = self.reach.is_official
        self.why = self.reach.why_not_enter
        if user.role not in (Role.OFFICIAL, Role.SECRETARIAT):
            raise PermissionDenied(self.why)

    @cached_property
    def all_rows(self) -> list[Record]:
        return entry_rows(self.evaluation)

    @cached_property
    def rows(self) -> list[Record]:
        return [row for row in self.all_rows if self.is_mine(row)]

    def is_mine(self, row: Record) -> bool:
        return not self.is_official or self.user.municipality_id in row.owner_ids

    @cached_property
    def ends(self) -> tuple[list[Record], list[Record]]:
        """The first row of each list that can be put in another order, and the last."""
        firsts: dict[Any, Record] = {}
        lasts: dict[Any, Record] = {}
        for row in self.rows:
            if isinstance(row, REMOVABLE):
                firsts.setdefault(list_of(row), row)
                lasts[list_of(row)] = row
        return list(firsts.values()), list(lasts.values())

    def part(self, part: str) -> list[Record]:
        return [row for row in self.rows if isinstance(row, PARTS[part])]

    def entries(self, part: str, data: Mapping[str, Any] | None = None) -> list[Entry]:
        """The rows of a page; those that `data` names are bound to it."""
        entries = []
        for row in self.part(part):
            items = list(row_items(row))
            form = None
            if items and not self.reach.why_not_edit_row(row):
                sent = data is not None and f"{row_key(row)}-revision" in data
                form = self.form(row, data if sent else None)
            entries.append(Entry(row, items, form, self))
        return entries

    def form(self, row: Record, data: Mapping[str, Any] | None = None) -> RecordForm:
        return form_for(row, data, targets=self.targets if "targets" in fields_of(row) else ())

    @cached_property
    def targets(self) -> list[NumericTarget]:
        """Those that a row can be related to."""
        of_plan = NumericTarget.objects.filter(indicator__plan=self.evaluation.plan_id)
        return list(of_plan.select_related("indicator").order_by("indicator__number", "number"))

    def adders(self, part: str, data: Mapping[str, Any] | None = None) -> list[NewRowForm]:
        """The forms of a page that add rows."""
        return [] if self.why else list(self._adders(part, data))

    def _adders(self, part: str, data: Mapping[str, Any] | None) -> Iterator[NewRowForm]:
        of = {"user": self.user, "evaluation": self.evaluation}
        if part == "texts":
            for row in self.all_rows:
                if isinstance(row, Approach):
                    prefix = f"new-achievement-{row.pk}"
                    yield NewAchievement(data, approach=row, prefix=prefix, **of)
            if not self.is_official:
                yield NewApproach(data, targets=self.targets, prefix="new-approach", **of)
                yield NewMeasure(data, prefix="new-measure", **of)
        if part == "supports":
            yield NewScheme(data, targets=self.targets, prefix="new-scheme", **of)
            yield NewNationalSupport(data, prefix="new-national-support", **of)

    @cached_property
    def _previous(self) -> dict[Any, Record]:
        previous = (
            Evaluation.objects.filter(
                zone=self.evaluation.zone_id, fiscal_year=self.evaluation.fiscal_year - 1
            )
            .select_related("zone", "plan")
            .first()
        )
        found: dict[Any, Record] = {}
        for row in entry_rows(previous) if previous else ():
            if self.is_mine(row):
                found.setdefault(identity(row), row)
        return found

    def before(self, row: Record) -> dict[str, str]:
        """What the same row said in the year before, field by field.

        The grid has its own columns; a scheme is the same row in both years.
        """
        if isinstance(row, Actual | Scheme):
            return {}
        previous = self._previous.get(identity(row))
        return {item.field: item.text for item in row_items(previous)} if previous else {}

    @cached_property
    def remarks(self) -> dict[tuple[str, str], list[Remark]]:
        """Those that are not answered yet, by row and field."""
        open_remarks = (
            Remark.objects.visible_to(self.user)
            .open()
            .filter(submission__evaluation=self.evaluation)
        )
        found: dict[tuple[str, str], list[Remark]] = {}
        for remark in open_remarks.select_related("written_by", "submission__municipality"):
            found.setdefault((remark.record, remark.field), []).append(remark)
        return found

    @cached_property
    def loaded(self) -> Loaded:
        """What is stored, whatever was typed into the rows of a page."""
        evaluations = Evaluation.objects.select_related("zone", "plan")
        stored = evaluations.get(pk=self.evaluation.pk)
        return load_with_rows(stored, self.reach.hidden, self.reach.unseen_actuals)

    @cached_property
    def inspection(self) -> Inspection:
        return inspect_loaded(self.reach, self.loaded)

    @cached_property
    def findings(self) -> dict[tuple[str, str], list[Inspected]]:
        """Those that nobody has set aside, by row and field."""
        found: dict[tuple[str, str], list[Inspected]] = {}
        for one in self.inspection.open:
            for row in one.rows:
                found.setdefault((row_key(row), one.field), []).append(one)
        return found

    def removal(self, row: Record) -> str:
        return reverse("evaluations:entry-remove", args=[*address(self.evaluation), row_key(row)])


def list_of(row: Record) -> Any:
    """The list of the form within which a row has its place."""
    match row:
        case Achievement():
            return Achievement, row.approach_id
        case Approach():
            return Approach
        case NationalSupport() | RegulatoryMeasure():
            return type(row), row.kind
        case SchemeResult():
            return SchemeResult, row.scheme.category
    return None


def address(evaluation: Evaluation) -> list[Any]:
    return [evaluation.zone.slug, evaluation.fiscal_year]


def adder_of(adders: list[NewRowForm], kind: type[NewRowForm]) -> NewRowForm | None:
    return next((adder for adder in adders if isinstance(adder, kind)), None)
