"""Dates and times as Excel in Japanese shows them, by the number format of their cell.

No package in use does it: openpyxl reads the value alone, and ssf fails with the present Babel.
"""

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from tokku.japanese import ERAS

_ERA_DAY, _DAY = '[$-411]ggge"年"m"月"d"日"', 'yyyy"年"m"月"d"日"'
# Formats that a file names by number alone (ECMA-376 Part 1, 18.8.30, of Japanese). openpyxl knows those of English.
_BY_NUMBER = {
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    30: "m/d/yy",
    31: _DAY,
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    **dict.fromkeys((27, 36, 50, 57), "[$-411]ge.m.d"),
    **dict.fromkeys((28, 29, 51, 54, 58), _ERA_DAY),
    **dict.fromkeys((34, 52, 55), 'yyyy"年"m"月"'),
    **dict.fromkeys((35, 53, 56), 'm"月"d"日"'),
}
# What follows the settings of Windows.
_OF_SYSTEM = {"[$-F800]": _DAY, "[$-F400]": "h:mm:ss"}
_ERA_LETTERS = {"令和": "R", "平成": "H", "昭和": "S"}
_WEEKDAYS = "月火水木金土日"
_FIRST_DAY = WINDOWS_EPOCH

_PART = re.compile(
    r'"(?P<words>[^"]*)"|\\(?P<letter>.)|[_*].|\[(?P<span>h+|m+|s+)\]|\[[^\]]*\]|General'
    r"|(?P<half>AM/PM)|(?P<weekday>aaaa?)|(?P<fraction>\.0+)|(?P<unit>g+|e+|y+|m+|d+|h+|s+)"
    r"|(?P<end>;.*)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


def format_of(cell) -> str:
    """The number format of a cell, also where the file has its number alone."""
    number = cell.style_array.numFmtId
    named = _BY_NUMBER.get(number) if number < BUILTIN_FORMATS_MAX_SIZE else None
    return named or cell.number_format


def as_date(value: float, number_format: str, epoch: datetime) -> datetime | time | None:
    """The date or time that Excel shows of a number which openpyxl takes for no date; None when it shows a number."""
    units = {unit for unit, _ in _parts(number_format)}
    is_date = number_format in _BY_NUMBER.values() or not units.isdisjoint({"g", "weekday"})
    if value < 0 or not is_date:
        return None
    try:
        return from_excel(value, epoch)
    except (OverflowError, ValueError):
        return None


def shown(value: date | time | timedelta, number_format: str) -> str:
    """How a cell with this number format shows a date, a time or a span of time."""
    for mark, of_system in _OF_SYSTEM.items():
        if number_format.startswith(mark):
            number_format = of_system
    parts = _parts(number_format)
    units = [unit for unit, _ in parts if unit]
    if not units:
        parts = _parts("yyyy/m/d" if isinstance(value, date) else "h:mm:ss")
    match value:
        case timedelta():
            moment = _FIRST_DAY + value
        case time():
            moment = datetime.combine(_FIRST_DAY, value)
        case datetime():
            moment = value
        case _:
            moment = datetime.combine(value, time())
    is_gannen = "gannen" in number_format.lower()
    texts, before = [], ""
    for place, (unit, letters) in enumerate(parts):
        if unit == "m" and len(letters) <= 2:
            after = next((later for later, _ in parts[place + 1 :] if later), "")
            unit = "minute" if before in ("h", "span") or after == "s" else "m"
        texts.append(_text(unit, letters, moment, "half" in units, is_gannen))
        before = unit or before
    return "".join(texts)


@lru_cache
def _parts(number_format: str) -> list[tuple[str, str]]:
    """The parts of the first section of a format: their unit, "" for what stands as it is, and their letters."""
    return list(_split(number_format))


def _split(number_format: str) -> Iterator[tuple[str, str]]:
    for match in _PART.finditer(number_format):
        if match["end"]:
            return
        for name in ("half", "weekday", "fraction", "span"):
            if match[name]:
                yield name, match[name].lower()
        if match["unit"]:
            yield match["unit"][0].lower(), match["unit"]
        if literal := match["words"] or match["letter"] or match["other"]:
            yield "", literal


def _text(unit: str, letters: str, moment: datetime, is_half: bool, is_gannen: bool) -> str:
    width = len(letters)
    match unit:
        case "":
            return letters
        case "g":
            era = _era(moment)[0]
            return (_ERA_LETTERS.get(era, ""), era[:1], era)[min(width, 3) - 1]
        case "e":
            year = _era(moment)[1]
            return "元" if is_gannen and year == 1 else f"{year:0{min(width, 2)}}"
        case "y":
            return f"{moment.year % 100:02}" if width <= 2 else str(moment.year)
        case "m" | "d" if width > 2:
            names = (month_abbr, month_name) if unit == "m" else (day_abbr, day_name)
            return names[width > 3][moment.month if unit == "m" else moment.weekday()]
        case "weekday":
            return _WEEKDAYS[moment.weekday()] + ("曜日" if width > 3 else "")
        case "half":
            return "AM" if moment.hour < 12 else "PM"
        case "fraction":
            return f".{moment.microsecond:06}"[:width]
        case "span":
            seconds = (moment - _FIRST_DAY) // timedelta(seconds=1)
            return f"{seconds // {'h': 3600, 'm': 60, 's': 1}[letters[0]]:0{width}}"
    hour = (moment.hour - 1) % 12 + 1 if is_half else moment.hour
    numbers = {"m": moment.month, "d": moment.day, "h": hour}
    numbers |= {"minute": moment.minute, "s": moment.second}
    return f"{numbers[unit]:0{min(width, 2)}}"


def _era(moment: datetime) -> tuple[str, int]:
    """The era and its year; before the first that is known here, no era and the year as the West counts it."""
    for era, first_day, _ in ERAS:
        if moment.date() >= first_day:
            return era, moment.year - first_day.year + 1
    return "", moment.year
