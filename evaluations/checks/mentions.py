"""What sentences mention: numbers with their units, years and days, and where sentences end.

All functions take text in half width (`same_width`) and return positions in it, which are also the positions
in the text as it was written. Expressions look back and ahead over a bounded length only, so that the cost is
linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tokku.japanese import DASH, ERAS, number

# One character for one, so that positions stay the same. U+FF01…FF5E are ASCII in full width.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("　"): " ", ord("〜"): "~"}
_WIDTHS |= dict.fromkeys(map(ord, DASH[1:-2].replace("ー", "")), "-") | {ord("～"): "~"}


def same_width(text: str) -> str:
    """Convert digits, letters and marks to half width, one character for one. ー stays."""
    return text.translate(_WIDTHS)


# Sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    text: str


# A full stop within brackets ends no sentence: 「…。」 is part of the sentence around it.
_OPENING, _CLOSING = "「『(【〔[〈《", "」』)】〕]〉》"


def sentences(flat: str) -> Iterator[Sentence]:
    """Split a text into sentences, each with its full stop. A line end always ends a sentence."""
    start = depth = 0
    for place, letter in enumerate(flat):
        if letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth = max(depth - 1, 0)
        elif letter == "\n" or (letter == "。" and not depth):
            if flat[start : place + 1].strip():
                yield Sentence(start, place + 1, flat[start : place + 1])
            start, depth = place + 1, 0
    if flat[start:].strip():
        yield Sentence(start, len(flat), flat[start:])


# Quantities


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: 1.5億円 has the value 150000000 and the unit 円."""

    start: int
    end: int
    value: Decimal
    unit: str
    decimals: int  # as it was written; 1.5億円 has one
    scale: str = ""  # 億 of 1.5億円

    def formatted_like(self, value: Decimal) -> str:
        """Write another value with the scale and unit of this one."""
        return f"{number(value.scaleb(-_SCALES[self.scale]))}{self.scale}{self.unit}"


_SCALES = {"": 0, "千": 3, "万": 4, "百万": 6, "億": 8, "兆": 12}
_UNITS = (
    "円",
    "%",
    "倍",
    "割",
    "項目",
    "件",
    "人",
    "名",
    "社",
    "者",
    "機関",
    "団体",
    "企業",
    "施設",
    "事業",
    "回",
    "か所",
    "ヶ所",
    "カ所",
    "箇所",
    "棟",
    "区画",
    "台",
    "種類",
    "診療科",
    "テーマ",
    "プロジェクト",
    "つ",
    "点",
    "トン",
    "ha",
    "㎡",
    "県市",
)
_KANJI = dict(zip("〇一二三四五六七八九", range(10), strict=True))
_QUANTITY = re.compile(
    r"(?<![\d.,])(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(?P<part>\d{1,9}))? ?"
    r"(?P<scale>百万|千|万|億|兆)? ?(?P<unit>"
    + "|".join(sorted(_UNITS, key=len, reverse=True))
    + ")"
    r"|(?P<kanji>(?<![〇一二三四五六七八九十百千万])[一二三四五六七八九十]{1,3})(?P<counted>つ|件|項目|社|機関|か所|箇所)"
)


def quantities(flat: str) -> Iterator[Quantity]:
    """The numbers of a text that have a unit, also 漢数字 before a counter. Years and days are not among them."""
    for match in _QUANTITY.finditer(flat):
        if match["kanji"]:
            value = _kanji(match["kanji"])
            if value is not None:
                yield Quantity(match.start(), match.end(), Decimal(value), match["counted"], 0)
            continue
        digits = match["digits"].replace(",", "") + (f".{match['part']}" if match["part"] else "")
        scale, decimals = match["scale"] or "", len(match["part"] or "")
        value = Decimal(digits).scaleb(_SCALES[scale])
        yield Quantity(match.start(), match.end(), value, match["unit"], decimals, scale)


def _kanji(text: str) -> int | None:
    """The value of 漢数字 from 1 to 99; None if the text is no such number."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _KANJI[tens] if len(tens) == 1 else None
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (_KANJI[tens] if tens else 1) * 10 + (_KANJI[ones] if ones else 0)


# Years and days


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year or day as a text names it: 令和5年度, 令和5年11月, 2023年, 前年度.

    `year` is the fiscal year where `is_fiscal`, else the calendar year. Relative words have an `offset` to the
    evaluated year instead: -1 for 前年度, 0 for 本年度.
    """

    start: int
    end: int
    year: int | None
    is_fiscal: bool
    era: str = ""
    month: int | None = None
    day: int | None = None
    offset: int | None = None

    @property
    def fiscal_year(self) -> int | None:
        """The fiscal year that it lies in; None for a calendar year without a month."""
        if self.year is None or (not self.is_fiscal and self.month is None):
            return None
        if self.is_fiscal:
            return self.year
        return self.year - (self.month < 4)

    @property
    def is_possible(self) -> bool:
        """Whether the calendar has such a day, and the era such a year."""
        if self.year is None:
            return True
        try:
            day = date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            return False
        for place, (name, first_day, first_year) in enumerate(ERAS):
            if name == self.era:
                next_era = ERAS[place - 1] if place else None
                if self.is_fiscal:
                    return self.year >= first_year and not (next_era and self.year >= next_era[2])
                if self.day or self.month:
                    is_after_era = next_era and (day.year, day.month) > (
                        next_era[1].year,
                        next_era[1].month,
                    )
                    if self.day:
                        return first_day <= day and not (next_era and day >= next_era[1])
                    return (day.year, day.month) >= (
                        first_day.year,
                        first_day.month,
                    ) and not is_after_era
                return self.year >= first_day.year and not (
                    next_era and self.year > next_era[1].year
                )
        return True


_RELATIVE = {
    "一昨年度": -2,
    "前々年度": -2,
    "前年度": -1,
    "昨年度": -1,
    "本年度": 0,
    "今年度": 0,
    "当年度": 0,
    "当該年度": 0,
    "評価対象年度": 0,
    "次年度": 1,
    "翌年度": 1,
    "来年度": 1,
}
_FIRST_YEARS = {name: first for name, _, first in ERAS}
_YEAR = re.compile(
    r"(?:(?P<era>令和|平成|昭和) ?(?P<n>元|\d{1,2})|(?<!\d)(?P<western>(?:19|20)\d\d)) ?(?P<kind>年度|年)"
    r"(?: ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?日)?)?"
    r"|(?P<relative>" + "|".join(_RELATIVE) + ")"
)


def year_of(era: str, number: str) -> int:
    """The western year: 2023 for 令和 and 5. The era need not have had that year."""
    return _FIRST_YEARS[era] - 1 + (1 if number == "元" else int(number))


def year_mentions(flat: str) -> Iterator[YearMention]:
    """The years and days that a text names, in the order of the text."""
    for match in _YEAR.finditer(flat):
        start, end = match.span()
        if match["relative"]:
            yield YearMention(start, end, None, True, offset=_RELATIVE[match["relative"]])
            continue
        era = match["era"] or ""
        year = year_of(era, match["n"]) if era else int(match["western"])
        yield YearMention(
            start,
            end,
            year,
            match["kind"] == "年度",
            era,
            int(match["month"]) if match["month"] else None,
            int(match["day"]) if match["day"] else None,
        )


def names_another_year(flat: str, year: int) -> bool:
    """Whether a sentence names a fiscal year other than `year`, also in words (前年度)."""
    return any(
        mention.offset or mention.fiscal_year not in (None, year) for mention in year_mentions(flat)
    )
