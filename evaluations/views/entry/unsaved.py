"""Input that was sent and is not stored, for people to read and copy, so that nothing typed is lost."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.http import QueryDict

from evaluations import catalogue
from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from tokku.document.tree import clean_lines

_NEW = re.compile(r"new-([a-z-]+?)(?:-\d+)?-([a-z_]+)")


def typed_and_not_stored(
    scope: EntryScope, part: str, data: QueryDict
) -> Iterator[tuple[str, str, bool]]:
    """Label and text of input that is not stored, and whether its field can still be edited."""
    rows = {row.key: row for row in scope.rows_of_page(part)}
    kinds = catalogue.amount_on_page(part)
    new_row_forms = [new_row_form.prefix for new_row_form in scope.new_row_forms(part)]
    for name, values in data.lists():
        if not any(value.strip() for value in values):
            continue
        if match := _NEW.fullmatch(name):
            if label := _label_of_new(match[1], match[2]):
                is_open = any(name.startswith(f"{new_row_form}-") for new_row_form in new_row_forms)
                yield f"追加しようとした行の{label}", values[-1], is_open
            continue
        of_row, _, name = name.rpartition("-")
        key = RowKey.parse(of_row)
        if key is None or key.kind not in kinds or name not in key.kind.entered:
            continue
        model = key.model_class
        row, field = rows.get(key), model._meta.get_field(name)
        text = _as_read(scope, field, values)
        if row is None:
            yield f"{model._meta.verbose_name}　{field.verbose_name}", text, False
        elif clean_lines(text) != row.text_of(name):
            is_open = name in row.asked_fields and not scope.access.why_not_edit_row(row)
            yield f"{row.label}　{field.verbose_name}", text, is_open


def _label_of_new(new_row_form: str, name: str) -> str:
    """The label of a text field in a form that adds a row (national-support, outline); "" for other fields."""
    for kind in catalogue.of_source(new_row_form.replace("-", "_")):
        if name in kind.entered:
            field = apps.get_model(kind.model)._meta.get_field(name)
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            return str(field.verbose_name) if is_text else ""
    return ""


def _as_read(scope: EntryScope, field: models.Field, values: list[str]) -> str:
    """The sent values of a field, as people read them."""
    if field.many_to_many:
        chosen = sorted((row for row in scope.targets if str(row.pk) in values), key=lambda r: r.pk)
        return "、".join(map(str, chosen))
    if field.choices:
        names = {str(value): str(label) for value, label in field.flatchoices}
        return names.get(values[-1], values[-1])
    return "はい" if isinstance(field, models.BooleanField) else values[-1]


def unsaved_texts(scope: EntryScope, part: str, data: QueryDict) -> list[tuple[str, str]]:
    """Label and text of input to rows that were deleted or closed meanwhile."""
    unsaved_texts = typed_and_not_stored(scope, part, data)
    return [(label, text) for label, text, is_open in unsaved_texts if not is_open]
