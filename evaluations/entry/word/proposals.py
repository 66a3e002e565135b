"""The changes of an edited file as proposals, field by field, and saving the ticked ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict

from evaluations.catalogue import words
from evaluations.entry.forms import ALL_TARGETS, TARGETS, RecordForm, form_for
from evaluations.keys import RowKey
from evaluations.models import Evaluation
from evaluations.models.row import EntryRow
from evaluations.permissions import Access
from tokku.differences import Difference, difference
from tokku.records import reason_of_file
from tokku.revisions import CHOOSE, STALE, Conflict

MOST_SHOWN = 40
UNSAVEABLE = (
    "取り込めない項目があるため、何も取り込んでいません。内容を確かめて、もう一度選んでください。"
)

# Key in the form data for the rows whose match with the file is not sure.
DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Leftover:
    """A change that cannot be imported: where it is, its text, and why."""

    label: str
    text: str
    why: str


@dataclass
class Proposal:
    """One changed answer, which can be ticked where it `is_offered`.

    `values` is the form data by field: one field, or the two of a relation to targets.
    """

    row: EntryRow
    row_label: str
    field: str
    revision: str
    values: dict[str, list[str]]
    difference: Difference
    refusal: str = ""
    conflict: Conflict | None = None
    errors: tuple[str, ...] = ()
    is_doubtful: bool = False
    is_ticked: bool = False

    def __str__(self) -> str:
        old, new = (_short(text) for text in (self.difference.old, self.difference.new))
        return f"{self.label}：{old} → {new}"

    @property
    def is_offered(self) -> bool:
        """Whether it may be imported, when a person says so; of a conflict, the stored version can be kept in any case."""
        return not self.refusal and (not self.errors or self.conflict is not None)

    @property
    def is_safe(self) -> bool:
        """Whether it may be imported without a person's confirmation."""
        is_asked = self.conflict or self.errors or self.is_doubtful or self.is_emptied
        return not (self.refusal or is_asked)

    @property
    def is_emptied(self) -> bool:
        """Whether the file leaves the field empty, as also happens when a text was moved in Word."""
        return not self.difference.new

    @property
    def why_not(self) -> str:
        if self.refusal or self.errors:
            return self.refusal or "".join(self.errors)
        if self.conflict:
            return "文書を書き出した後に、この欄が変更されています。"
        if self.is_doubtful:
            return "文書のどの行に当たるか、画面で確かめてください。"
        return "文書では空になっています。画面で確かめてください。" if self.is_emptied else ""

    @property
    def row_key(self) -> RowKey:
        return self.row.key

    @property
    def key(self) -> str:
        return f"{self.row_key}-{self.field}"

    @property
    def label(self) -> str:
        return f"{self.row_label}　{self.row._meta.get_field(self.field).verbose_name}"

    @property
    def hidden_inputs(self) -> Iterator[tuple[str, str]]:
        """The proposal as inputs of the page, since nothing is kept on the server."""
        yield f"{self.row_key}-revision", self.revision
        if self.is_doubtful:
            yield DOUBTFUL, str(self.row_key)
        for name, values in self.values.items():
            yield f"{self.row_key}-fields", name
            yield from ((f"{self.row_key}-{name}", value) for value in values)


def proposals(access: Access, typed: QueryDict) -> list[Proposal]:
    """The proposals for values that differ from what is stored, in the order of the form."""
    return [proposal for form in _forms(access, typed) for proposal in _proposals_of(access, form)]


def leftovers_of_deleted_rows(access: Access, typed: QueryDict) -> list[Leftover]:
    """The values for rows that have been deleted meanwhile."""
    rows = visible_rows(access)
    keys = [name.removesuffix("-revision") for name in typed if name.endswith("-revision")]
    return [
        Leftover(
            "削除された行",
            "\n".join(
                _typed_text(access, typed, key, name) for name in typed.getlist(f"{key}-fields")
            ),
            "この画面を開いた後に削除されたため、取り込めません。",
        )
        for key in keys
        if RowKey.parse(key) not in rows
    ]


def _typed_text(access: Access, typed: QueryDict, key: str, name: str) -> str:
    """The value for a field of a deleted row, as people read it."""
    values = typed.getlist(f"{key}-{name}")
    if name == ALL_TARGETS:
        return words.ALL_TARGETS if values else ""
    if name == TARGETS:
        targets = access.year.targets.values()
        return "、".join(str(target) for target in targets if str(target.pk) in values)
    return "".join(values)


def _forms(
    access: Access, typed: QueryDict, only: Iterable[str] | None = None
) -> Iterator[RecordForm]:
    """A validated form for each row with values in `typed`, limited to the fields in `only`."""
    targets = access.year.targets.values()
    for key, row in visible_rows(access).items():
        fields = [
            name
            for name in row.asked_fields
            if name in typed.getlist(f"{key}-fields")
            and (only is None or f"{key}-{_answer_field(name)}" in only)
        ]
        if fields:
            form = form_for(row, typed, fields=fields, targets=targets)
            form.is_valid()
            yield form


def _answer_field(name: str) -> str:
    """The field that an answer is named by: 全ての数値目標に関連 belongs to 関連する数値目標."""
    return TARGETS if name == ALL_TARGETS else name


def _proposals_of(access: Access, form: RecordForm) -> Iterator[Proposal]:
    row = form.row
    for name in form.fields:
        if name == ALL_TARGETS and TARGETS in form.fields:
            continue
        names = [field for field in form.fields if _answer_field(field) == name] or [name]
        answer = form.typed_answer(names)
        if answer.typed == answer.stored:
            continue
        yield Proposal(
            row=row,
            row_label=row.label,
            field=name,
            revision=str(row.revision),
            values={field: form.data.getlist(form.add_prefix(field)) for field in names},
            difference=difference(answer.stored, answer.typed),
            refusal=access.why_not_edit_row(row),
            conflict=answer.conflict,
            errors=tuple(answer.field_errors),
            is_doubtful=str(row.key) in form.data.getlist(DOUBTFUL),
        )


class NotApplied(Exception):
    """A ticked proposal cannot be saved, so nothing was. The message is a sentence for the person."""


@transaction.atomic
def apply(
    evaluation: Evaluation, typed: QueryDict, ticked: Iterable[str], *, by, file_name: str
) -> int:
    """Save the ticked fields and the chosen versions of conflicts, all or nothing; return their number.

    Raises NotApplied when one cannot be saved.
    """
    access = Access(by, Evaluation.objects.locked(evaluation.pk))
    count = 0
    conflicted = {name.removesuffix("-conflict") for name in typed if name.endswith("-conflict")}
    wanted = {*ticked, *conflicted}
    for form in _forms(access, typed, wanted):
        if access.why_not_edit_row(form.row):
            raise NotApplied(STALE)
        if not form.is_valid():
            raise NotApplied(_why_not_saved(form))
        wanted -= {form.add_prefix(name) for name in form.fields}
        if form.has_changed():
            count += len({_answer_field(name) for name in form.changed_data})
            form.instance._change_reason = reason_of_file(file_name)
            form.instance._history_user = (
                by  # A management command has no request to take the user from.
            )
            form.save()
    if wanted:
        raise NotApplied(STALE)
    return count


def _why_not_saved(form: RecordForm) -> str:
    conflicts = form.conflicts.values()
    if any(conflict.is_unseen for conflict in conflicts):
        return STALE
    return CHOOSE if any(conflict.sentence for conflict in conflicts) else UNSAVEABLE


def visible_rows(access: Access) -> dict[RowKey, EntryRow]:
    """The rows of the year by key, without drafts of others that the person may not see."""
    return {
        key: row
        for key, row in access.year.by_key.items()
        if not row.owner_ids or row.owner_ids - access.hidden
    }


def _short(text: str) -> str:
    """The text in one line of at most MOST_SHOWN characters."""
    line = text.replace("\n", " ") or "（空）"
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"
