"""What people read of a value, and when two values are the same."""

from typing import Any

from django.db import models
from django.utils import timezone
from simple_history.utils import get_m2m_reverse_field_name

from tokku.japanese import number


def display(field: models.Field, value: Any) -> str:
    """What a field's value says, as people read it. Rows of a relation are given as rows."""
    if value is None or value == "" or value == []:
        return "（空）"
    if isinstance(value, list | models.QuerySet):
        return "、".join(map(str, value)) or "（空）"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(field, models.DecimalField):
        return number(value)
    if isinstance(field, models.DateTimeField):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value)


def value_of(row: models.Model, field: models.Field) -> Any:
    """The value of a field, with rows for relations; of a record or of a version in its history."""
    if not isinstance(field, models.ManyToManyField):
        return getattr(row, field.name)
    related = getattr(row, field.name).all()
    if hasattr(row, "history_id"):  # in a history, a relation is kept as rows of its own
        name = get_m2m_reverse_field_name(field)
        return [getattr(one, name) for one in related.select_related(name)]
    return list(related)


def same(one: Any, other: Any) -> bool:
    if isinstance(listed(one), list):
        return {row.pk for row in listed(one)} == {row.pk for row in listed(other) or []}
    return one == other or (one in (None, "") and other in (None, ""))


def listed(value: Any) -> Any:
    return list(value) if isinstance(value, models.QuerySet) else value
