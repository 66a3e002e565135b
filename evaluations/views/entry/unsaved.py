"""Input that was sent and is not stored, for people to read and copy, so that nothing typed is lost."""

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import models
from django.http import QueryDict

from evaluations import catalogue
from evaluations.entry.drafts import typed_rows
from evaluations.entry.scope import EntryScope
from evaluations.keys import InputName, RowKey
from evaluations.views.entry.remark_answers import answers_to_open, late_answers
from tokku.document.tree import clean_lines


class UnsavedText(NamedTuple):
    """An input that is not stored: its row or form, label and text, and whether its field can still be edited."""

    of: str
    label: str
    text: str
    is_open: bool


def typed_and_not_stored(scope: EntryScope, page: str, data: QueryDict) -> Iterator[UnsavedText]:
    rows = {row.key: row for row in scope.rows_of_page(page)}
    new_row_forms = {form.prefix for form in scope.new_row_forms(page)}
    for of, typed in typed_rows(data).items():
        for text in late_answers(scope, typed):
            yield UnsavedText(of, "指摘への回答（ほかの人が先に回答しました）", text, False)
        row = rows.get(RowKey.parse(of))
        for text in answers_to_open(scope, typed):
            is_open = row is not None and not scope.access.why_not_edit_row(row)
            yield UnsavedText(of, "指摘への回答", text, is_open)
    for input_name, values in data.lists():
        name = InputName.parse(input_name)
        if name is None or not any(value.strip() for value in values):
            continue
        kind = name.kind
        if kind not in catalogue.amount_on_page(page) or name.field not in kind.entered:
            continue
        model = apps.get_model(kind.model)
        field = model._meta.get_field(name.field)
        text = _as_read(scope, field, values)
        if name.row is None:
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                label = f"追加しようとした行の{field.verbose_name}"
                yield UnsavedText(name.of, label, text, name.of in new_row_forms)
            continue
        row = rows.get(name.row)
        if row is None:
            label = f"{model._meta.verbose_name}　{field.verbose_name}"
            yield UnsavedText(name.of, label, text, False)
        elif clean_lines(text) != row.text_of(name.field):
            is_open = name.field in row.asked_fields and not scope.access.why_not_edit_row(row)
            yield UnsavedText(name.of, f"{row.label}　{field.verbose_name}", text, is_open)


def _as_read(scope: EntryScope, field: models.Field, values: list[str]) -> str:
    """The sent values of a field, as people read them."""
    if field.many_to_many:
        chosen = sorted((row for row in scope.targets if str(row.pk) in values), key=lambda r: r.pk)
        return "、".join(map(str, chosen))
    if field.choices:
        names = {str(value): str(label) for value, label in field.flatchoices}
        return names.get(values[-1], values[-1])
    return "はい" if isinstance(field, models.BooleanField) else values[-1]


def unsaved_texts(scope: EntryScope, page: str, data: QueryDict) -> list[UnsavedText]:
    """Input to rows that were deleted or closed meanwhile."""
    return [unsaved for unsaved in typed_and_not_stored(scope, page, data) if not unsaved.is_open]
