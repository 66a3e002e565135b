"""Model fields that keep text clean, as documents need it, whoever writes it."""

from django import forms
from django.db import models

from tokku.document.tree import clean_line, clean_lines


class LineField(models.CharField):
    """One line of text: no line breaks, control characters or white space at its ends."""

    def to_python(self, value):
        value = super().to_python(value)
        return value if value is None else clean_line(value)

    def pre_save(self, instance, add):
        value = self.to_python(getattr(instance, self.attname))
        setattr(instance, self.attname, value)
        return value


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
