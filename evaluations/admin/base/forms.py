"""Forms of the admin: they ask its rules, and detect what another person has saved meanwhile."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from evaluations.entry.forms import CountFormField
from tokku.japanese import fold, parse_era_date
from tokku.records import YEAR_WANTED
from tokku.revision_form import RevisionBoundField, RevisionForm


class DayFormField(forms.DateField):
    """A day as officials write it: 平成23年12月22日, 2011/12/22 or 2011-12-22."""

    input_formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]

    def to_python(self, value):
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return parse_era_date(value)
        except ValueError:
            pass
        try:
            return super().to_python(fold(value))
        except ValidationError:
            raise ValidationError(
                f"「{value}」は日付として読み取れません。"
                "「2011-12-22」又は「平成23年12月22日」のように入力してください。"
            ) from None


class FiscalYearFormField(CountFormField):
    """A fiscal year: 2023 or ２０２３."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(f"「{value}」は年度として読み取れません。{YEAR_WANTED}") from None


class SeenRevision(forms.Field):
    """The revision that the page was rendered with; a page shown again carries the current one."""

    widget = forms.HiddenInput

    def bound_data(self, data, initial):
        return initial

    def has_changed(self, initial, data):
        return False


class AdminBoundField(RevisionBoundField):
    """Shows above its widget the choice between two versions, in a form and in its inline rows."""

    def as_widget(self, *args, **kwargs):
        widget = super().as_widget(*args, **kwargs)
        if not self.conflict:
            return widget
        context = {"conflict": self.conflict, "name": self.html_name, "label": self.label}
        return render_to_string("_conflict.html", context) + widget


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


class AdminRecordForm(RuledForm, RevisionForm):
    """The form of a record in the admin."""

    bound_field_class = AdminBoundField
    revision_field = "seen_revision"
    seen_revision = SeenRevision(label="版", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen_revision"] = self.instance.revision
