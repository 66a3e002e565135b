"""Rows and fields as entry shows them: what is to be written open, what stands as last year folded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from evaluations.addresses import anchor, row_address
from evaluations.catalogue.structure import Carryover
from evaluations.checks import Level
from evaluations.entry.drafts import Typed, typed_rows
from evaluations.entry.forms import NewRowForm, RecordForm
from evaluations.entry.scope import EntryScope, ShownFinding
from evaluations.keys import ItemKey, RowKey
from evaluations.models import Actual, Remark, TargetAssessment
from evaluations.models.row import EntryRow, RowItem
from evaluations.permissions import why_not_answer
from evaluations.views.entry.remark_answers import ANSWER, DONE, answer_in
from tokku.document.tree import clean_lines
from tokku.fields import FigureField

SHOWN = "shown"  # the name of the inputs that say which fields of a row a page shows
# Written anew each year, so there is nothing to leave as it is.
WRITTEN_ANEW = (Carryover.BESIDE, Carryover.EMPTIED, Carryover.LEFT)
FIELDS_OF_ONE_PLACE = 4  # of a row with more open fields, the list beside names each
NAMED_FIELDS = 2  # that a folded line names; of more it says how many


def has_doubts(findings: Iterable[ShownFinding]) -> bool:
    """Whether a finding asks for something; 参考 only tells."""
    return any(finding.level is not Level.NOTE for finding in findings)


@dataclass(frozen=True)
class DisplayedRemark:
    """An open remark with the answer to it that is being typed, where the person may answer."""

    remark: Remark
    row: EntryRow
    may_answer: bool
    typed: Typed

    @property
    def _prefix(self) -> str:
        return str(self.row.key)

    @property
    def answer_name(self) -> str:
        return f"{self._prefix}-{ANSWER}-{self.remark.pk}"

    @property
    def done_name(self) -> str:
        return f"{self._prefix}-{DONE}-{self.remark.pk}"

    @property
    def answer(self) -> str:
        return "".join(self.typed.get(f"{ANSWER}-{self.remark.pk}", ()))

    @property
    def is_done(self) -> bool:
        return f"{DONE}-{self.remark.pk}" in self.typed

    @property
    def is_unsaved(self) -> bool:
        return self.may_answer and bool(answer_in(self.typed, self.remark))


@dataclass
class DisplayedField:
    """A field of a row as an entry page shows it; `bound` is None where it can only be read."""

    item: RowItem
    bound: Any = None
    last_year: str = ""
    has_last_year: bool = False
    remarks: list[DisplayedRemark] = field(default_factory=list)
    findings: list[ShownFinding] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor(self.item.row.key, self.item.field)

    @property
    def _kind(self) -> models.Field:
        return self.item.row._meta.get_field(self.item.field)

    @property
    def _next_year(self) -> Carryover:
        return self.item.row.row_kind[self.item.field].next_year

    @property
    def mark(self) -> str:
        """How it stands: what keeps the person busy first."""
        if self.remarks:
            return "remark"
        if self.item.is_missing:
            return "missing"
        return "caution" if has_doubts(self.findings) else "done"

    @property
    def is_to_write(self) -> bool:
        """Whether the page shows it open: it is written anew each year, missing, or spoken of."""
        return (
            self._next_year in WRITTEN_ANEW
            or self.item.is_missing
            or bool(self.remarks)
            or has_doubts(self.findings)
        )

    @property
    def is_as_last_year(self) -> bool:
        return self.has_last_year and self.last_year == self.item.text

    @property
    def is_prose(self) -> bool:
        return isinstance(self._kind, models.TextField)

    @property
    def is_tick(self) -> bool:
        return isinstance(self._kind, models.BooleanField) and not self._kind.choices

    @property
    def has_place_in_form(self) -> bool:
        """Whether the form prints the field itself, and not only something that depends on it."""
        is_note = isinstance(self.item.row, Actual) and self.item.field == "note"
        return not (self.is_tick or is_note or self.item.field in ("category", "reason"))

    @property
    def previous(self) -> str:
        """Last year's answer as a model for a new one; "" for names and relations, which are carried over.

        Also for a figure: last year's stands beside it in a place of its own.
        """
        if self.is_as_last_year or self.item.field.startswith("previous_"):
            return ""  # It is last year's itself.
        if isinstance(self._kind, FigureField):
            return ""
        goes_on = (
            self.is_tick or self._kind.many_to_many or isinstance(self._kind, models.CharField)
        )
        return "" if goes_on else self.last_year

    @property
    def may_answer_not_applicable(self) -> bool:
        """Whether the field has a button that enters 該当なし."""
        return bool(self.bound and self.item.may_be_not_applicable and not self.bound.value())

    @property
    def characters(self) -> int:
        """The number of characters as stored, without line ends."""
        text = self.bound.value() if self.bound else self.item.text
        return len(clean_lines(str(text or "")).replace("\n", ""))

    @property
    def rows(self) -> int:
        """The height of its box in lines, for browsers that do not fit a box to its text."""
        lines = str((self.bound and self.bound.value()) or "").split("\n")
        return min(max(2, sum(1 + len(line) // 45 for line in lines)), 20)


@dataclass
class DisplayedRow:
    """A row as entry shows it; its form is None where it can only be read.

    `sent` is what the person has typed and not saved, under the names of the inputs. `shows_all` opens every field,
    as the row's own page does.
    """

    row: EntryRow
    scope: EntryScope
    sent: Mapping[str, Any] | None = None
    shows_all: bool = False
    is_light: bool = False  # folded as a whole, since the page has too many rows

    @property
    def key(self) -> RowKey:
        return self.row.key

    @property
    def label(self) -> str:
        return self.row.label

    @property
    def name(self) -> str:
        """What it is called among the others of its list, whose heading says of what kind it is."""
        if isinstance(self.row, TargetAssessment):
            return self.row.target.name
        named_by = self.row.row_kind.named_by
        is_name = named_by and isinstance(self.row._meta.get_field(named_by), models.CharField)
        return getattr(self.row, named_by) if is_name else self.label

    @property
    def places(self) -> list[tuple[str, str, str]]:
        """Anchor, name and mark for the list beside: of the row, or of each open field where it has many."""
        if len(self.open_fields) <= FIELDS_OF_ONE_PLACE:
            return [(str(self.key), self.name, self.mark)]
        return [(each.anchor, each.item.label, each.mark) for each in self.open_fields]

    @cached_property
    def items(self) -> list[RowItem]:
        """Its fields; those that are changed on its own page alone only there."""
        quiet = self.row.quiet_fields if self.shows_all else ()
        texts = (RowItem(self.row, name, self.row.text_of(name)) for name in quiet)
        return [*self.row.items(), *texts]

    @cached_property
    def may_edit(self) -> bool:
        return bool(self.items) and not self.scope.access.why_not_edit_row(self.row)

    @cached_property
    def _fields(self) -> list[DisplayedField]:
        """All its fields, without inputs."""
        last_year_values = self.scope.last_year_values(self.row)
        return [
            DisplayedField(
                item,
                last_year=last_year_values.get(item.field, ""),
                has_last_year=item.field in last_year_values,
                remarks=self._remarks(item.key),
                findings=self.scope.findings.get(item.key, []),
            )
            for item in self.items
        ]

    @cached_property
    def fields(self) -> list[DisplayedField]:
        """All its fields; those that are open have an input if the person may edit the row."""
        for form in filter(None, (self.form, self._untyped_form)):
            for each in self._fields:
                if each.item.field in form.fields:
                    each.bound = form[each.item.field]
        return self._fields

    @cached_property
    def _shown(self) -> frozenset[str]:
        """The names of the open fields: those to write, and those that were sent. One answer is open as a whole."""
        names = frozenset(item.field for item in self.items)
        if self.shows_all or not self.may_edit:
            return names
        if self.is_light:
            return self._sent
        shown = {each.item.field for each in self._fields if each.is_to_write}
        together = {*self.row.answer_fields}
        return names & (shown | together if shown & together else shown) | self._sent

    @cached_property
    def _sent(self) -> frozenset[str]:
        """The names of the fields that were sent."""
        if self.sent is None:
            return frozenset()
        return frozenset(shown_fields(self.row, self.sent))

    @cached_property
    def form(self) -> RecordForm | None:
        """The form of what was sent, or else of the open fields."""
        names = self._sent or self._shown
        if not self.may_edit or not names:
            return None
        return self.scope.form(self.row, self.sent, names)

    @cached_property
    def _untyped_form(self) -> RecordForm | None:
        """The form of open fields that stand beside those that were sent."""
        names = self._shown - self._sent
        if not self.may_edit or not self._sent or not names:
            return None
        return self.scope.form(self.row, None, names)

    @cached_property
    def open_fields(self) -> list[DisplayedField]:
        return [each for each in self.fields if each.item.field in self._shown]

    @property
    def fields_to_write(self) -> list[DisplayedField]:
        return [each for each in self.fields if each.is_to_write]

    @property
    def standing_fields(self) -> list[DisplayedField]:
        return [each for each in self.fields if not each.is_to_write]

    @cached_property
    def folded_fields(self) -> list[DisplayedField]:
        return [each for each in self.fields if each.item.field not in self._shown]

    @property
    def folded_label(self) -> str:
        """What the folded fields are, and whether they are as last year's."""
        folded = self.folded_fields
        names = [each.item.label for each in folded if each.is_prose] or [
            each.item.label for each in folded
        ]
        label = "、".join(names[:NAMED_FIELDS])
        if len(folded) > NAMED_FIELDS:
            label += f"など{len(folded)}欄"
        known = [each for each in folded if each.has_last_year]
        if not known:
            return label
        return label + (
            "は前年度と同じ"
            if all(each.is_as_last_year for each in known)
            else "（前年度から変更）"
        )

    @property
    def is_joint(self) -> bool:
        return len(self.row.owner_ids) > 1

    @property
    def owners(self) -> str:
        """Whose row it is, in words: 横浜市、川崎市, 特区全体."""
        if bodies := getattr(self.row, "bodies", ()):
            return "、".join(bodies)
        return str(getattr(self.row, "municipality", None) or "特区全体")

    @property
    def address(self) -> str:
        return row_address(self.scope.evaluation, self.key)

    def _remarks(self, item: ItemKey) -> list[DisplayedRemark]:
        typed = self.sent and typed_rows(self.sent).get(str(self.key)) or {}
        return [
            DisplayedRemark(remark, self.row, not why_not_answer(self.scope.access, remark), typed)
            for remark in self.scope.remarks.get(item, ())
        ]

    @cached_property
    def remarks(self) -> list[DisplayedRemark]:
        """The remarks on the row as a whole."""
        return self._remarks(ItemKey(self.row.key))

    @property
    def findings(self) -> list[ShownFinding]:
        """The findings on the row as a whole."""
        return self.scope.findings.get(ItemKey(self.row.key), [])

    @property
    def all_remarks(self) -> list[DisplayedRemark]:
        """Those on the row and on its fields."""
        if not self.scope.remarks_on(self.row):
            return []
        return [*self.remarks, *(remark for each in self._fields for remark in each.remarks)]

    @property
    def all_findings(self) -> list[ShownFinding]:
        of_fields = (
            found for item in self.items for found in self.scope.findings.get(item.key, ())
        )
        return [*self.findings, *of_fields]

    @property
    def is_missing(self) -> bool:
        return any(item.is_missing for item in self.items)

    @property
    def is_unsaved(self) -> bool:
        """Whether it shows something typed that is not stored."""
        return self.sent is not None

    @property
    def holds_something_unsaved(self) -> bool:
        """Whether saving what was sent would change something or be refused."""
        return (
            self.form is not None
            and (not self.form.is_valid() or self.form.has_changed())
            or any(remark.is_unsaved for remark in self.all_remarks)
        )

    @property
    def mark(self) -> str:
        """How it stands, for the list beside: what keeps the person busy first."""
        if self.all_remarks:
            return "remark"
        if self.is_missing:
            return "missing"
        return "caution" if has_doubts(self.all_findings) else "done"

    @property
    def is_first(self) -> bool:
        """Whether it is the first of the person's rows in its list."""
        return self.row == self.scope.list_of(self.row)[0]

    @property
    def is_last(self) -> bool:
        return self.row == self.scope.list_of(self.row)[-1]

    @property
    def is_ordered(self) -> bool:
        return self.may_edit and self.row.row_kind.is_ordered

    @property
    def may_remove(self) -> bool:
        return self.may_edit and self.row.row_kind.is_listed


def shown_fields(row: EntryRow, sent: Mapping[str, Any]) -> list[str]:
    """The fields of a row that the page has shown whose input was `sent`: those it names, or all."""
    shown = sent.getlist(f"{row.key}-{SHOWN}")
    names = (*row.asked_fields, *row.quiet_fields)
    return [name for name in names if name in shown] if shown else [*row.asked_fields]


def displayed_rows(scope: EntryScope, page: str) -> list[DisplayedRow]:
    """The rows of a page, with what the person has typed and not saved in their fields."""
    scope.findings  # noqa: B018  before any rows are loaded
    sent = scope.drafts.as_sent(scope.drafts.of_page(page))
    rows = []
    for row in scope.rows_of_page(page):
        displayed = DisplayedRow(row, scope)
        if displayed.items:
            rows.append(_with_typed(displayed, sent))
    return rows


def displayed_row(scope: EntryScope, row: EntryRow) -> DisplayedRow:
    """One row with all its fields, as its own page shows it."""
    sent = scope.drafts.as_sent([str(row.key)])
    return _with_typed(DisplayedRow(row, scope, shows_all=True), sent)


def _with_typed(displayed: DisplayedRow, sent) -> DisplayedRow:
    """With a form bound to what was typed, unless that is what is stored by now."""
    if f"{displayed.key}-revision" not in sent or not displayed.may_edit:
        return displayed
    bound = DisplayedRow(displayed.row, displayed.scope, sent, displayed.shows_all)
    return bound if bound.holds_something_unsaved else displayed


def find_form(new_row_forms: list[NewRowForm], form_class: type[NewRowForm]) -> NewRowForm | None:
    return next(
        (new_row_form for new_row_form in new_row_forms if isinstance(new_row_form, form_class)),
        None,
    )
