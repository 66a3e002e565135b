"""The form of a record in the admin, which notices another person's save."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from tokku.admin.values import display, is_rows, same
from tokku.records import author_of, value_of


class SeenRevision(forms.IntegerField):
    """The revision that a person has before them."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class RuledForm(forms.ModelForm):
    """A form that asks the rules of its admin before saving."""

    model_admin: Any = None  # whose `refusals` are asked
    request: Any = None

    def _post_clean(self):
        super()._post_clean()
        if self.model_admin and not self._errors:
            if self.instance._state.adding:
                self.model_admin.lock_before_adding(self.request, self.instance)
            for field, reason in self.model_admin.refusals(
                self.request, self.instance, self.cleaned_data
            ):
                self.add_error(field, reason)


class AdminRecordForm(RuledForm):
    """The form of a record in the admin.

    Where somebody else has saved in between, what the two changed in different fields is merged; where they
    changed the same field, nothing is saved, both values are shown, and what was typed is kept.
    """

    seen_revision = SeenRevision(label="版", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen_revision"] = self.instance.revision
        self.merged: set[str] = set()
        self.stored = {}
        if self.is_bound and self.instance.pk:
            # Validation writes what was typed into the instance.
            self.stored = {
                name: value_of(self.instance, name)
                for name in self.fields
                if name in self._recorded
            }

    @property
    def _recorded(self) -> set[str]:
        options = self._meta.model._meta
        fields = [*options.fields, *options.many_to_many]
        return {field.name for field in fields if not field.primary_key}

    @property
    def changed_data(self):
        """What differs from what is stored: not what a text area makes of line ends, nor what was merged."""
        cleaned = getattr(self, "cleaned_data", {})
        return [
            name
            for name in super().changed_data
            if name not in self.merged
            and not (name in self.stored and same(cleaned.get(name, self), self.stored[name]))
        ]

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        for name in self._recorded & cleaned.keys():
            field = self._meta.model._meta.get_field(name)
            if isinstance(field, models.CharField | models.TextField):
                cleaned[name] = field.to_python(cleaned[name])
        revision = cleaned.pop("seen_revision", None)
        if self.instance.pk and revision is None:
            raise ValidationError("保存する前に、画面を開き直してください。")
        if self.instance.pk and revision != self.instance.revision:
            self._merge(cleaned, revision)
        return cleaned

    def _merge(self, cleaned: dict[str, Any], revision: int) -> None:
        seen = self.instance.history.filter(revision=revision).first()
        conflicts = {}
        self.data = self.data.copy()
        for name, stored in self.stored.items():
            base = value_of(seen, name) if seen else None
            is_theirs = not seen or not same(stored, base)
            if name not in cleaned:
                # What was typed cannot be read; the next save is made from what is stored now.
                if is_theirs and name in self._errors:
                    conflicts[name] = str(self[name].data or "") or "（空）"
                continue
            typed = cleaned[name]
            if seen and same(typed, base):
                cleaned[name] = stored
                if is_theirs:
                    self.merged.add(name)
                    self._retype(name, stored)
            elif is_theirs and not same(typed, stored):
                conflicts[name] = display(self.instance._meta.get_field(name), typed)
        for name, typed_text in conflicts.items():
            field = self.instance._meta.get_field(name)
            self.add_error(
                name,
                f"{self._author(name)}が先に保存しました。"
                f"保存されている内容は「{display(field, self.stored[name])}」、あなたの入力は「{typed_text}」です。"
                "あなたの入力を残すときは、もう一度保存してください。",
            )
        self.data[self.add_prefix("seen_revision")] = str(self.instance.revision)

    def _retype(self, name: str, stored: Any) -> None:
        """Show what is stored where only the other person has changed the field."""
        bound = self[name]
        value = bound.field.prepare_value(stored)
        if is_rows(stored):
            self.data.setlist(bound.html_name, [str(key) for key in value])
        elif isinstance(bound.field.widget, forms.CheckboxInput) and not value:
            self.data.pop(bound.html_name, None)  # a box without a tick is not sent
        else:
            self.data[bound.html_name] = "" if value is None else str(value)

    def _author(self, name: str) -> str:
        save = author_of(self.instance, name, self.stored[name])
        if not save:
            return "ほかの人"
        at = timezone.localtime(save.history_date)
        return f"{save.history_user or 'ほかの人'}（{at.month}月{at.day}日{at:%H:%M}）"

    def _post_clean(self):
        super()._post_clean()
        for name in self.changed_data:
            if name in self.cleaned_data and (
                why := self.instance.why_not_enter(name, self.cleaned_data[name])
            ):
                self.add_error(name, why)
