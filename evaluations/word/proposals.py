"""What may be taken over from an edited file, field by field, and taking over what was ticked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict

from evaluations.differences import Difference, difference
from evaluations.forms import Conflict, RecordForm, form_for
from evaluations.items import entry_rows, fields_of, row_key, row_label
from evaluations.models import Evaluation, NumericTarget
from evaluations.permissions import Reach
from tokku.records import Record

# The column of a history for why a row was changed, and what it says after the name of a file.
LONGEST_REASON = 100
ENDING = " から取込み"
MOST_SHOWN = 40


@dataclass
class Proposal:
    """One field that the file says otherwise: to be ticked, or with a refusal that says why not."""

    row: Record
    row_label: str
    field: str
    revision: str
    values: list[str]
    difference: Difference
    refusal: str = ""
    conflict: Conflict | None = None
    errors: tuple[str, ...] = ()
    is_ticked: bool = False

    def __str__(self) -> str:
        old, new = (_short(text) for text in (self.difference.old, self.difference.new))
        return f"{self.label}：{old} → {new}"

    @property
    def is_safe(self) -> bool:
        """Whether it may be taken over unseen."""
        return not (self.refusal or self.conflict or self.errors)

    @property
    def why_not(self) -> str:
        conflict = "文書を書き出した後に、この欄が変更されています。" if self.conflict else ""
        return self.refusal or conflict or "".join(self.errors)

    @property
    def row_key(self) -> str:
        return row_key(self.row)

    @property
    def key(self) -> str:
        return f"{self.row_key}-{self.field}"

    @property
    def label(self) -> str:
        return f"{self.row_label}　{self.row._meta.get_field(self.field).verbose_name}"


def proposals(reach: Reach, typed: QueryDict) -> list[Proposal]:
    """What of the typed is not stored already, in the order of the form."""
    return [
        one for label, form in _forms(reach, typed) for one in _proposals_of(reach, label, form)
    ]


def _forms(
    reach: Reach, typed: QueryDict, only: Iterable[str] | None = None
) -> Iterator[tuple[str, RecordForm]]:
    """A form for each row that something was typed into, with what the row is called."""
    targets = targets_of(reach.evaluation)
    for key, row in visible_rows(reach).items():
        fields = [
            name
            for name in fields_of(row)
            if name in typed.getlist(f"{key}-fields") and (only is None or f"{key}-{name}" in only)
        ]
        if fields:
            label = row_label(row)  # Validation writes what was typed into the row.
            form = form_for(row, typed, fields=fields, targets=targets)
            form.is_valid()
            yield label, form


def _proposals_of(reach: Reach, label: str, form: RecordForm) -> Iterator[Proposal]:
    row = form.instance
    for name in form.fields:
        stored, says = form.stored_texts[name], form.typed_text(name)
        if says == stored:
            continue
        conflict = form.conflicts.get(name)
        yield Proposal(
            row=row,
            row_label=label,
            field=name,
            revision=form.seen_revision,
            values=form.data.getlist(form.add_prefix(name)),
            difference=difference(stored, says),
            refusal=reach.why_not_edit_row(row),
            conflict=conflict,
            errors=() if conflict else tuple(form.errors.get(name, ())),
        )


class NotApplied(Exception):
    """Something ticked cannot be applied, so nothing was."""


@transaction.atomic
def apply(
    evaluation: Evaluation, typed: QueryDict, ticked: Iterable[str], *, by, file_name: str
) -> int:
    """Save the ticked fields, all or nothing, and say how many. NotApplied when one cannot be saved."""
    reason = file_name[: LONGEST_REASON - len(ENDING)] + ENDING
    reach = Reach(by, Evaluation.objects.locked(evaluation.pk))
    count = 0
    wanted = set(ticked)
    for _, form in _forms(reach, typed, wanted):
        if reach.why_not_edit_row(form.instance) or not form.is_valid():
            raise NotApplied
        wanted -= {form.add_prefix(name) for name in form.fields}
        if form.has_changed():
            count += sum(form.cleaned_data[name] != form.stored[name] for name in form.fields)
            form.instance._change_reason = reason
            form.instance._history_user = by  # A command has no request that tells.
            form.save()
    if wanted:
        raise NotApplied
    return count


def visible_rows(reach: Reach) -> dict[str, Record]:
    """The rows that are filled in, by key, without others' drafts."""
    return {
        row_key(row): row
        for row in entry_rows(reach.evaluation)
        if not row.owner_ids or row.owner_ids - reach.hidden
    }


def targets_of(evaluation: Evaluation) -> list[NumericTarget]:
    of_plan = NumericTarget.objects.filter(indicator__plan=evaluation.plan_id)
    return list(of_plan.select_related("indicator").order_by("indicator__number", "number"))


def _short(text: str) -> str:
    """A text in a line of a list."""
    line = text.replace("\n", " ") or "（空）"
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"
