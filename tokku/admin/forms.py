"""The form of a record in the admin, which notices another person's save."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from tokku.admin.values import display, is_rows, same
from tokku.records import value_of


class SeenRevision(forms.IntegerField):
    """The revision that a person has before them."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class AdminRecordForm(forms.ModelForm):
    """The form of a record in the admin.

    Where somebody else has saved in between, what the two changed in different fields is merged; where they
    changed the same field, nothing is saved, both values are shown, and what was typed is kept.
    """

    seen_revision = SeenRevision(required=False)
    model_admin: Any = None  # whose `refusals` are asked
    request: Any = None

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
            if name not in cleaned:
                continue
            field = self.instance._meta.get_field(name)
            typed = cleaned[name]
            base = value_of(seen, name) if seen else None
            if seen and same(typed, base):
                cleaned[name] = stored
                if not same(typed, stored):
                    self.merged.add(name)
                    self._retype(name, stored)
            elif same(typed, stored) or (seen and same(stored, base)):
                continue
            else:
                conflicts[name] = (display(field, stored), display(field, typed))
        who = self._latest()
        for name, (stored_text, typed_text) in conflicts.items():
            self.add_error(
                name,
                f"{who}が先に保存しました。保存されている内容は「{stored_text}」、あなたの入力は「{typed_text}」です。"
                "あなたの入力を残すときは、もう一度保存してください。",
            )
        self.data[self.add_prefix("seen_revision")] = str(self.instance.revision)

    def _retype(self, name: str, stored: Any) -> None:
        """Show what is stored where only the other person has changed the field."""
        bound = self[name]
        value = stored
        if isinstance(stored, models.Model):
            value = stored.pk
        if is_rows(stored):
            self.data.setlist(bound.html_name, [str(row.pk) for row in stored])
            return
        value = bound.field.prepare_value(value)
        if value is None or value is False:
            self.data.pop(bound.html_name, None)
        else:
            self.data[bound.html_name] = str(value)

    def _latest(self) -> str:
        latest = self.instance.history.select_related("history_user").first()
        if not latest:
            return "ほかの人"
        at = timezone.localtime(latest.history_date)
        return f"{latest.history_user or 'ほかの人'}（{at.month}月{at.day}日{at:%H:%M}）"

    def _post_clean(self):
        super()._post_clean()
        if self.model_admin and not self._errors:
            if self.instance._state.adding:
                self.model_admin.lock_before_adding(self.request, self.instance)
            for field, reason in self.model_admin.refusals(
                self.request, self.instance, self.cleaned_data
            ):
                self.add_error(field, reason)
