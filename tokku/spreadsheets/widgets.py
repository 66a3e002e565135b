"""What a cell says, and what is written into it. ValueError carries the sentence for a person.

`clean` reads a cell that is not blank; `render` gives what goes into a sheet: text, a number or nothing;
`stored` gives a record's value in the form that `clean` returns.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from import_export.widgets import Widget

from tokku.fields import FigureField
from tokku.figures import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    DECIMALS,
    MOST_DIGITS,
    NOT_SURVEYED,
    NOT_YET,
    PRELIMINARY,
    Figure,
)
from tokku.japanese import (
    era_year,
    fiscal_year_name,
    fold,
    has_space_in_number,
    is_finer,
    parse_era_year,
    parse_number,
    plain,
    why_finer,
    why_no_number,
)
from tokku.municipality_code import parse_municipality_code
from tokku.records import YEARS
from tokku.spreadsheets.sheet import quoted

LONGEST = 50  # characters of a figure: a binary fraction near nothing is written in 35


# What a cell may say in place of a plain number, as patterns of Excel's COUNTIF. Wider than what `Figure` reads: Excel
# only warns by them.
TEXTS_OF_FIGURES = (
    f"{ABOUT}*",
    *(f"*{word}*" for word in (AT_LEAST, AT_MOST, *PRELIMINARY)),
    *(f"{word}*" for word in (*NOT_YET, *NOT_SURVEYED, "△", "▲")),
    "*※*",
)


class TextWidget(Widget):
    def clean(self, value, row=None, **kwargs):
        return value

    def render(self, value, obj=None, **kwargs):
        return value

    def stored(self, value: Any) -> Any:
        return value


class FigureWidget(TextWidget):
    """A figure as it is stated: １，２３４, △5 and 約8（速報値） are understood."""

    def clean(self, value, row=None, **kwargs):
        try:
            return Figure.parse(value)
        except ValueError as error:
            raise ValueError(f"{quoted(value)}は{error}") from None

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return None
        return value.number if value.is_plain else value.stored


class NumberWidget(TextWidget):
    """A number, exact to four decimals: １，２３４ and △5 are understood."""

    def clean(self, value, row=None, **kwargs):
        try:
            number = parse_number(value)
        except ValueError:
            raise ValueError(f"{quoted(value)}は{why_no_number(value)}") from None
        if len(value) > LONGEST or number.adjusted() >= MOST_DIGITS:
            raise ValueError(f"{quoted(value)}は桁が多すぎます。整数部は{MOST_DIGITS}桁までです。")
        if is_finer(number, DECIMALS):
            raise ValueError(f"{quoted(value)}は{why_finer(DECIMALS)}")
        return Decimal(plain(number))

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return None
        return Decimal(plain(value))


class CountWidget(NumberWidget):
    """A whole number: of a target, of a place in an order."""

    def clean(self, value, row=None, **kwargs):
        number = super().clean(value)
        if number % 1:
            raise ValueError(f"{quoted(value)}は整数で入力してください。")
        return int(number)

    def render(self, value, obj=None, **kwargs):
        return value


class FiscalYearWidget(TextWidget):
    """A fiscal year: 2023 or 令和5年度."""

    def clean(self, value, row=None, **kwargs):
        folded = fold(value)
        try:
            if has_space_in_number(value):
                raise ValueError(value)
            if not re.fullmatch(r"(19|20|21)\d\d(年度?)?", folded):
                return parse_era_year(value)
            era_year(int(folded[:4]))
            return int(folded[:4])
        except ValueError:
            raise ValueError(
                f"{quoted(value)}は年度として読み取れません（例：2023、{fiscal_year_name(2023)}）。"
            ) from None


class ChoiceWidget(TextWidget):
    """One of a few values, by what people read of it."""

    def __init__(self, choices: Iterable[tuple[Any, str]]):
        super().__init__()
        self.labels = dict(choices)
        self.values = {fold(str(label)): value for value, label in self.labels.items()}

    def clean(self, value, row=None, **kwargs):
        if fold(value) not in self.values:
            offered = "".join(f"「{label}」" for label in self.labels.values())
            raise ValueError(f"{quoted(value)}は選べません。{offered}から選んでください。")
        return self.values[fold(value)]

    def render(self, value, obj=None, **kwargs):
        return self.labels.get(value)


class YesNoWidget(ChoiceWidget):
    def __init__(self):
        super().__init__([(True, "はい"), (False, "いいえ")])


class BodyKey(str):
    """What identifies a body, where a cell has been read already: its code, or the name of one without a code."""


class MunicipalityCodeWidget(TextWidget):
    """The code of a municipality, or a `BodyKey` that was put in place of a name.

    Rows that belong to no municipality have the word `whole` instead, so that a blank cell is never taken for them.
    """

    def __init__(self, whole: str = ""):
        super().__init__()
        self.whole = whole

    def clean(self, value, row=None, **kwargs):
        if self.whole and fold(value) == fold(self.whole):
            return None
        return str(value) if isinstance(value, BodyKey) else parse_municipality_code(value)

    def render(self, value, obj=None, **kwargs):
        return value or self.whole or None


class ManyWidget(TextWidget):
    """Several rows by their codes, in any order: 1-1、1-2. `code` returns the code of a row."""

    def __init__(self, code: Callable[[Any], str], clean_code: Callable[[str], str] = fold):
        super().__init__()
        self.code = code
        self.clean_code = clean_code

    def clean(self, value, row=None, **kwargs):
        # Not at dashes, which stand inside a code.
        parts = [part for part in re.split(r"[、，,・;\s]+", value) if part]
        return frozenset(self.clean_code(part) for part in parts)

    def render(self, value, obj=None, **kwargs):
        return "、".join(sorted(self.stored(value), key=_in_order))

    def stored(self, value):
        return frozenset(self.code(row) for row in value.all()) if value else frozenset()


def widget_of(field: models.Field) -> TextWidget:
    """The widget for a field of a record that is no relation."""
    match field:
        case FigureField():
            return FigureWidget()
        case models.DecimalField():
            return NumberWidget()
        case models.PositiveSmallIntegerField():
            return FiscalYearWidget() if field.name in YEARS else CountWidget()
        case models.BooleanField() if not field.choices:
            return YesNoWidget()
    return ChoiceWidget(field.flatchoices) if field.choices else TextWidget()


def _in_order(code: str) -> list[int | str]:
    return [int(part) if part.isdecimal() else part for part in code.split("-")]
