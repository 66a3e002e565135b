"""Model fields that keep text clean, as documents need it, and figures as they were stated, whoever writes them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from tokku.document.tree import clean_line, clean_lines
from tokku.figures import Figure


class LineField(models.CharField):
    """One line of text: no line breaks, control characters or white space at its ends."""

    default_error_messages = {
        "max_length": "%(limit_value)d文字までです（入力した文字は%(show_value)d文字）。"
    }

    def to_python(self, value):
        value = super().to_python(value)
        return value if value is None else clean_line(value)

    def pre_save(self, instance, add):
        value = self.to_python(getattr(instance, self.attname))
        setattr(instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        return super().formfield(**{"error_messages": self.default_error_messages} | kwargs)


class ProseField(models.TextField):
    """Text of the form: clean lines, each of them a paragraph, without blank ones. "" means that nothing is entered."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"blank": True, "default": ""} | kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return value if value is None else clean_lines(value)

    def pre_save(self, instance, add):
        value = self.to_python(getattr(instance, self.attname))
        setattr(instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        return super().formfield(**{"widget": forms.Textarea(attrs={"rows": 6})} | kwargs)


class FigureFormField(forms.CharField):
    """A figure as officials type it. Understands １，２３４, △5, 約8, 8（速報値） and 未集計; a blank is None."""

    widget = forms.TextInput(attrs={"inputmode": "text"})

    def __init__(self, **kwargs):
        super().__init__(**kwargs, strip=False, empty_value=None)

    def to_python(self, value):
        if isinstance(value, Figure):
            return value
        value = super().to_python(value)
        try:
            return value if value is None else Figure.parse(value)
        except ValueError as error:
            raise ValidationError(f"「{value}」は{error}") from None

    def prepare_value(self, value):
        return str(value) if isinstance(value, Figure) else value


class _FigureAttribute(DeferredAttribute):
    """Makes figures of numbers and texts that are assigned."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = (
            Figure.of(value) if isinstance(value, Figure | Decimal | int | str) else value
        )


class FigureField(models.Field):
    """A figure of the form as it was stated (`tokku.figures`). None is not entered, 0 is a value."""

    descriptor_class = _FigureAttribute

    def get_internal_type(self):
        return "TextField"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Figure.parse(value)

    def to_python(self, value):
        try:
            return Figure.of(value)
        except ValueError as error:
            raise ValidationError(f"「{value}」は{error}") from None

    def get_prep_value(self, value):
        figure = Figure.of(value)
        return None if figure is None else figure.stored

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return "" if value is None else value.stored

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": FigureFormField} | kwargs)
