"""What the secretariat enters of the result that comes back: score, remarks, and the parts of the score."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from evaluations.entry.forms import NewRowForm, form_for
from evaluations.keys import RowKey
from evaluations.models import Evaluation, ResultPart
from tokku.accounts.models import User
from tokku.revisions import why_stale

RESULT = ("score", "remarks")
PART = ("name", "score", "weight")
ROWS_TO_ADD = 3


class NewResultPart(NewRowForm):
    class Meta:
        model = ResultPart
        fields = PART

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["weight"] = ""
        self.fields["weight"].required = False
        self.fields["weight"].label = "重み（空欄は1）"

    def clean_weight(self):
        return self.cleaned_data["weight"] or "1"


class ResultForms:
    """The forms of a year's result, which are saved together: its own, and those of its parts, stored and new.

    Under the lock of the evaluation, since a name is compared with the stored ones.
    """

    def __init__(
        self, evaluation: Evaluation, user: User, data: Mapping[str, Any] | None = None
    ) -> None:
        self.data = data or {}
        self.stored_parts = list(evaluation.resultpart_set.order_by("position", "pk"))
        self.form = form_for(evaluation, data, fields=RESULT)
        self.parts = [form_for(part, data, fields=PART) for part in self.stored_parts]
        self.new_parts = [
            NewResultPart(data, user=user, evaluation=evaluation, prefix=f"new-part-{number}")
            for number in range(1, ROWS_TO_ADD + 1)
        ]
        for form in self.parts:
            form.removal = f"{form.prefix}-remove"
            form.is_removed = form.removal in self.data

    def __iter__(self) -> Iterator[forms.BoundField]:
        """The fields of all forms, of blank rows none."""
        for form in (self.form, *self.parts, *(form for form in self.new_parts if form.is_open)):
            yield from form

    @property
    def _kept(self) -> list[forms.ModelForm]:
        """The forms of the parts that will be there."""
        stored = [form for form in self.parts if not form.is_removed]
        return [*stored, *(form for form in self.new_parts if form.is_open)]

    def is_valid(self) -> bool:
        # Each is asked, so that a person sees all errors at once.
        are_valid = [form.is_valid() for form in (self.form, *self._kept)]
        if not all(are_valid):
            return False
        refused = [*self._stale_removals(), *self._names_twice()]
        for form, field, sentence in refused:
            form.add_error(field, sentence)
        return not refused

    def _stale_removals(self) -> Iterator[tuple[forms.ModelForm, str | None, str]]:
        for form in self.parts:
            if form.is_removed and self.data.get(form.revision_name) != str(form.row.revision):
                yield form, None, why_stale(form.row)

    def _names_twice(self) -> Iterator[tuple[forms.ModelForm, str | None, str]]:
        """Parts that would have the name of another, as it is stored or typed."""
        names = {form: form.cleaned_data["name"] for form in self._kept}
        for form, name in names.items():
            stored = (
                each.row.name for each in self.parts if each is not form and not each.is_removed
            )
            typed = (other for each, other in names.items() if each is not form)
            if name in {*stored, *typed}:
                yield form, "name", "同じ名称の内訳が既にあります。"

    @property
    def has_deleted_parts(self) -> bool:
        """Whether a part was shown that somebody else has removed since."""
        keys = {RowKey.parse(name.rpartition("-")[0]) for name in self.data}
        shown = {key for key in keys if key and key.model_class is ResultPart}
        return bool(shown - {form.row.key for form in self.parts})

    def save(self) -> Evaluation:
        """Save what was changed, and return the evaluation."""
        for form in self.parts:
            if form.is_removed:
                form.row.delete()
        for form in self.parts:
            if not form.is_removed and form.has_changed():
                form.save()
        for form in self.new_parts:
            if form.is_open:
                form.create()
        return self.form.save() if self.form.has_changed() else self.form.row
