"""Forms for rows that two people may edit at once: field by field, what was typed is merged into what is stored.

The rules of merging are in `tokku.revisions`.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import cached_property

from tokku.records import Record, in_order, value_of, version_since, who
from tokku.revisions import (
    REOPEN,
    Conflict,
    ConflictChoice,
    FieldValues,
    MergedField,
    MissingValue,
    merge,
)
from tokku.values import display, is_blank, is_rows, is_same


class RevisionBoundField(forms.BoundField):
    """A field that, where the form is shown again, has the stored value if the person left it alone."""

    @property
    def conflict(self) -> Conflict | None:
        return self.form.conflicts.get(self.name)

    def value(self):
        if self.name in self.form.unchanged_fields:
            return self.field.prepare_value(self.form.stored[self.name])
        return super().value()


class RevisionForm(forms.ModelForm):
    """A form that merges what was typed into what is stored, and asks where both changed a field.

    Names sent beside the fields: `revision_field`, the revision that the page showed; and for a field whose two versions
    were shown, `…-conflict`, the revision of the stored one, and `…-keep`, "typed" or "stored". Shown again, the page is
    one of the row's present revision: fields left alone say what is stored, the others what was typed.

    `row` is the row as it is stored, None for one to add. What was typed is written into a copy of it, `instance`.
    """

    bound_field_class = RevisionBoundField
    revision_field = "revision"

    def __init__(self, *args: Any, instance: Record | None = None, **kwargs: Any):
        self.row = instance
        super().__init__(*args, instance=copy(instance), **kwargs)
        options = self._meta.model._meta
        recorded = {field.name for field in (*options.fields, *options.many_to_many)}
        self.recorded = [name for name in self.fields if name in recorded]
        self.conflicts: dict[str, Conflict] = {}
        self.unchanged_fields: set[str] = set()
        self._versions: dict[str, dict[str, Any]] = {}

    @property
    def revision_name(self) -> str:
        """The name of the hidden input that says which revision the page shows."""
        return self.add_prefix(self.revision_field)

    @property
    def was_sent(self) -> bool:
        return self.revision_name in self.data

    @cached_property
    def stored(self) -> dict[str, Any]:
        return {name: value_of(self.row, name) for name in self.recorded}

    @property
    def changed_data(self):
        """The fields whose stored value is to change, and those whose input is refused."""
        if self.row is None:
            return super().changed_data
        if not self.is_bound:
            return []
        if self._errors is None:
            self.full_clean()
        cleaned = self.cleaned_data
        return [
            name
            for name in self.recorded
            if name not in cleaned or not is_same(cleaned[name], self.stored[name])
        ]

    def field_errors(self, name: str) -> list[str]:
        """The errors of a field, without the one that somebody else has saved."""
        conflict = self.conflicts.get(name)
        return [
            error
            for error in self.errors.get(name, ())
            if not conflict or error != conflict.sentence
        ]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        for name in self.recorded:
            if name in cleaned:
                cleaned[name] = self.as_stored(name, cleaned[name])
        if self.row is not None:
            if not self.was_sent:
                self.add_error(None, REOPEN)
            for names in self._answer_fields():
                self._merge(names)
            self.unchanged_fields = {*self.recorded} - {*self.changed_data, *self.conflicts}

    def as_stored(self, name: str, value: Any) -> Any:
        """A cleaned value as it will be stored: text without the CR of a text area's line ends, rows in order."""
        field = self._meta.model._meta.get_field(name)
        if is_rows(value):
            return in_order(value)
        is_text = isinstance(field, models.CharField | models.TextField)
        return field.to_python(value) if is_text else value

    def _post_clean(self):
        # A row that stays as it is needs no checks, which ask the database for each row.
        if self.row is None or self.has_changed():
            super()._post_clean()
        cleaned = self.cleaned_data
        for name in self.changed_data:  # asked of the row with all of its new values
            if name in cleaned and (refusal := self.instance.why_not_enter(name, cleaned[name])):
                self.add_error(name, refusal)

    def _answer_fields(self) -> Iterator[tuple[str, ...]]:
        """The fields that are merged together: each alone, and those of `answer_fields` as one."""
        together = tuple(name for name in self.row.answer_fields if name in self.recorded)
        yield from ((name,) for name in self.recorded if name not in together)
        if together:
            yield together

    def _merge(self, names: tuple[str, ...]) -> None:
        conflict_field = names[-1]  # where the person is asked
        typed = _answer_of(self.cleaned_data, names) or MissingValue.UNREADABLE
        seen = (
            _answer_of(self._values_in(self.data.get(self.revision_name)), names)
            or MissingValue.UNKNOWN
        )
        merged = merge(seen, _answer_of(self.stored, names), typed, self._choice(names))
        if merged.is_contested:
            self.conflicts[conflict_field] = self._conflict(names, merged)
        if merged.value is not MissingValue.UNREADABLE:
            for name, value in zip(names, merged.value.values, strict=True):
                self.cleaned_data[name] = value
                self._errors.pop(name, None)
        if merged.sentence:
            self.add_error(conflict_field, merged.sentence)

    def _choice(self, names: tuple[str, ...]) -> ConflictChoice | None:
        shown = self._values_in(self.data.get(self.add_prefix(f"{names[-1]}-conflict")))
        keep = self.data.get(self.add_prefix(f"{names[-1]}-keep"), "")
        answer = _answer_of(shown, names)
        return ConflictChoice(answer, keep) if answer else None

    def _values_in(self, revision: str | None) -> dict[str, Any]:
        """The values of the fields in a revision of the row; {} where the row has no such revision."""
        revision = str(revision)
        if revision == str(self.row.revision):
            return self.stored
        if revision not in self._versions:
            is_number = revision.isdecimal() and len(revision) < 10
            version = self.row.history.filter(revision=int(revision)).first() if is_number else None
            values = {name: value_of(version, name) for name in self.recorded} if version else {}
            self._versions[revision] = values
        return self._versions[revision]

    def _conflict(self, names: tuple[str, ...], merged: MergedField) -> Conflict:
        *ticks, name = names
        ticked = [tick for tick in ticks if self.stored[tick]]
        stored, label = self.stored[name], self.row.field_label
        version = version_since(
            self.row, ticked[0] if ticked else name, self.stored[(*ticked, name)[0]]
        )
        text = "" if is_blank(stored) else display(self.row._meta.get_field(name), stored)
        return Conflict(
            stored=label(ticked[0]) if ticked else text,
            by=who(version),
            at=version.history_date if version else None,
            revision=self.row.revision,
            chosen=merged.chosen,
            sentence=merged.sentence,
        )


def _answer_of(values: Mapping[str, Any], names: tuple[str, ...]) -> FieldValues | None:
    """The values of these fields as one; None unless each is among `values`."""
    are_all_there = all(name in values for name in names)
    return FieldValues(tuple(values[name] for name in names)) if are_all_there else None
