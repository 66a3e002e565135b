"""Forms for the rows that people fill in. They notice when someone else has saved in between.

Two people, one row: a form carries the revision it was made from. Where both changed the same field, the
form is not valid until the person has chosen which of the two to keep; everything else is merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from evaluations.items import FIELDS, as_text, row_key
from evaluations.models.targets import FigureField
from tokku.japanese import number, parse_number
from tokku.records import Record


class FigureFormField(forms.DecimalField):
    """A figure as officials type it: １，２３４ and △5 are understood, and a blank is not entered."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return super().to_python(str(parse_number(str(value))))
        except ValueError:
            raise ValidationError(
                f"「{value}」は数値として読み取れません。数字で入力してください（例：1,234）。"
            ) from None

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else number(value)


@dataclass(frozen=True)
class Conflict:
    """What someone else stored in a field while this person was typing."""

    stored: str
    by: str
    at: datetime | None


class RecordForm(forms.ModelForm):
    """The form of one row; its names in a page begin with the row's key."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, instance: Record, **kwargs: Any):
        super().__init__(data, instance=instance, prefix=row_key(instance), **kwargs)
        # Validation writes what was typed into the instance.
        self.stored = {name: getattr(instance, name) for name in self.fields}
        self.stored_texts = {name: as_text(instance, name) for name in self.fields}
        self.conflicts: dict[str, Conflict] = {}

    @property
    def revision_name(self) -> str:
        """The name of the hidden input that carries the revision that the person saw."""
        return self.add_prefix("revision")

    @property
    def was_sent(self) -> bool:
        return self.revision_name in self.data

    def clean(self):
        cleaned = super().clean()
        base = self._seen()
        for name in self.fields:
            if name not in cleaned:
                continue
            typed, stored, seen = cleaned[name], self.stored[name], base[name]
            if self.add_prefix(f"{name}-conflict") in self.data:
                self._choose(name, cleaned)
            elif typed == seen:
                cleaned[name] = stored
            elif stored not in (seen, typed):
                self._conflict(name, "ほかの人が先に保存しました。どちらを残すか選んでください。")
        return cleaned

    def has_changed(self) -> bool:
        """Whether what was typed differs from what is stored. Only known once it is clean."""
        return any(self.cleaned_data.get(name) != self.stored[name] for name in self.fields)

    def _seen(self) -> dict[str, Any]:
        """The values of the revision that the person saw."""
        revision = str(self.data.get(self.revision_name, ""))
        if not revision.isdigit() or int(revision) == self.instance.revision:
            return self.stored
        seen = self.instance.history.filter(revision=int(revision)).first()
        return {name: getattr(seen, name) for name in self.fields} if seen else self.stored

    def _choose(self, name: str, cleaned: dict[str, Any]) -> None:
        match self.data.get(self.add_prefix(f"{name}-keep")):
            case "stored":
                cleaned[name] = self.stored[name]
            case "typed":
                pass
            case _:
                self._conflict(name, "どちらを残すか選んでください。")

    def _conflict(self, name: str, sentence: str) -> None:
        latest = self.instance.history.select_related("history_user").first()
        self.conflicts[name] = Conflict(
            stored=self.stored_texts[name],
            by=str(latest.history_user or "") if latest else "",
            at=latest.history_date if latest else None,
        )
        self.add_error(name, sentence)


def form_for(row: Record, data: Mapping[str, Any] | None = None, fields=None) -> RecordForm:
    """The form of a row, with its entry fields (items.FIELDS)."""
    fields = fields or FIELDS[type(row)]
    figures = {
        name: FigureFormField
        for name in fields
        if isinstance(row._meta.get_field(name), FigureField)
    }
    kind = forms.modelform_factory(type(row), form=RecordForm, fields=fields, field_classes=figures)
    return kind(data, instance=row)
