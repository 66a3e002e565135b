"""Values of fields: how people read them, and when two are the same."""

from typing import Any

from django.db import models
from django.utils import timezone

from tokku.japanese import number

EMPTY = "―"  # where there is nothing to show


def display(field: models.Field, value: Any) -> str:
    """A field's value as people read it. The value of a many-to-many relation is its rows."""
    if is_blank(value):
        return "（空）"
    if is_rows(value):
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


def is_same(value: Any, other: Any) -> bool:
    """Whether two values of a field are the same. Rows of a relation are a tuple, in any order."""
    if isinstance(value, tuple) and isinstance(other, tuple):
        return {row.pk for row in value} == {row.pk for row in other}
    return value == other or (is_blank(value) and is_blank(other))


def is_blank(value: Any) -> bool:
    """Whether the value means that nothing is entered. 0 and いいえ are entered."""
    return value is None or value in ("", ())


def is_rows(value: Any) -> bool:
    """Whether the value is the rows of a many-to-many relation."""
    return isinstance(value, tuple | models.QuerySet)
