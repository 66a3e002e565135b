"""What people read of a value, and when two values are the same."""

from typing import Any

from django.db import models
from django.utils import timezone

from tokku.japanese import number

EMPTY = "―"  # where there is nothing to show


def display(field: models.Field, value: Any) -> str:
    """What a field's value says, as people read it. Rows of a relation are given as rows."""
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


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same. Rows of a relation are a tuple, in any order."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return {row.pk for row in one} == {row.pk for row in other}
    return one == other or (is_blank(one) and is_blank(other))


def is_blank(value: Any) -> bool:
    """Whether nothing is entered; 0 and いいえ are."""
    return value is None or value in ("", ())


def is_rows(value: Any) -> bool:
    """Whether it is what a relation to many holds."""
    return isinstance(value, tuple | models.QuerySet)
