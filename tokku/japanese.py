"""Eras, fiscal years, numbers and the typography of Japanese official documents. No models."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

# (name, first day, fiscal year that is 元年度 as a whole), newest first.
ERAS = (
    ("令和", date(2019, 5, 1), 2019),
    ("平成", date(1989, 1, 8), 1989),
    ("昭和", date(1926, 12, 25), 1926),
)

# Everything that prints like a dash, as a class of regular expressions.
DASH = "[－ー―‐‑‒–—−ｰ-]"
_DASHES = dict.fromkeys(map(ord, DASH[1:-2]), "-") | {ord("〜"): "~"}
_ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和"}
_ERA_YEAR = r"(令和|平成|昭和|[RHS])(元|0?[1-9]|[1-9][0-9])"
_DIGITS = frozenset("0123456789０１２３４５６７８９")
_NUMBER = re.compile(r"\s*([△▲-]?)\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*")
_SPACE_IN_NUMBER = re.compile(r"(?<=[\d,，.．])\s+(?=[\d,，.．])")
# Letters and marks that print nothing: fillers of Hangul, a joiner, variation selectors, a blank of Braille.
_BLANK_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
)
# A whole run of white space that is not between digits.
_SPACE_OUTSIDE_NUMBER = re.compile(r"(?<![\d,.\s])\s+|\s+(?![\d,.\s])")
_KATAKANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
_CIRCLED = (
    "".join(map(chr, range(0x2460, 0x2474)))
    + "".join(map(chr, range(0x3251, 0x3260)))
    + "".join(map(chr, range(0x32B1, 0x32C0)))
)


# Eras and fiscal years


def era_year(fiscal_year: int, written_in: int | None = None) -> str:
    """令和5 for 2023, 令和元 for 2019: a fiscal year (April to March) without 年度.

    What was written of the fiscal year `written_in` knows no later era: 平成33 for 2021 in 2018.
    """
    for era, _, first in ERAS:
        if fiscal_year >= first and (written_in is None or written_in >= first):
            return f"{era}{_first_is_gannen(fiscal_year - first + 1)}"
    raise ValueError(f"年度が古すぎます：{fiscal_year}")


def fiscal_year_name(fiscal_year: int, written_in: int | None = None) -> str:
    """令和5年度 for 2023."""
    return f"{era_year(fiscal_year, written_in)}年度"


def parse_era_year(text: str) -> int:
    """The fiscal year that 令和5, R5年度 or 令和元 names. ValueError when it is none."""
    match = re.fullmatch(_ERA_YEAR + r"(年度?)?", fold(text))
    if not match:
        raise ValueError(f"年度として読み取れません：{text}")
    (_, _, first), year = _era_and_year(match)
    return first + year - 1


def era_date(day: date) -> str:
    """平成23年12月22日 for 2011-12-22."""
    for era, first_day, _ in ERAS:
        if day >= first_day:
            year = _first_is_gannen(day.year - first_day.year + 1)
            return f"{era}{year}年{day.month}月{day.day}日"
    raise ValueError(f"日付が古すぎます：{day}")


def era_time(moment: datetime) -> str:
    """令和6年5月10日 15時04分, in the time zone of `moment`."""
    return f"{era_date(moment.date())} {moment.hour}時{moment.minute:02}分"


def parse_era_date(text: str) -> date:
    """The day that 平成23年12月22日 names. ValueError when there is no such day."""
    match = re.fullmatch(_ERA_YEAR + r"年(\d{1,2})月(\d{1,2})日", fold(text))
    if not match:
        raise ValueError(f"日付として読み取れません：{text}")
    (_, first_day, _), year = _era_and_year(match)
    try:
        return date(first_day.year + year - 1, int(match[3]), int(match[4]))
    except ValueError as error:
        raise ValueError(f"存在しない日付です：{text}") from error


def _era_and_year(match: re.Match[str]) -> tuple[tuple[str, date, int], int]:
    era_name = _ERA_LETTERS.get(match[1], match[1])
    year = 1 if match[2] == "元" else int(match[2])
    return next(era for era in ERAS if era[0] == era_name), year


def _first_is_gannen(year: int) -> str:
    return "元" if year == 1 else str(year)


# Numbers


def round_half_up(value: Decimal | Fraction, decimals: int = 0) -> Decimal:
    """四捨五入, away from zero at the half: 0.5 → 1, -0.5 → -1. Exact for fractions."""
    if isinstance(value, Decimal) and value.as_tuple().exponent == -decimals:
        return value
    scaled = Fraction(value) * Fraction(10) ** decimals
    half_up = int(abs(scaled) + Fraction(1, 2))
    # scaleb() rounds to the context's precision, like abs() and -; building from the digits never does.
    digits = tuple(map(int, str(half_up)))
    return Decimal((int(scaled < 0 < half_up), digits, -decimals))


def number(value: Decimal, decimals: int | None = None) -> str:
    """1,234.5 with commas and △ for a negative value; `decimals` None prints the digits it has."""
    if decimals is None:
        text = f"{value.copy_abs():,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{round_half_up(value, decimals).copy_abs():,f}"
    return f"△{text}" if value < 0 and text.strip("0.,") else text


def parse_number(text: str) -> Decimal:
    """The number that `1,234`, `１２．５` or `△ 5` means. ValueError when it is none.

    Digits with white space between them are refused: they may be two numbers.
    """
    # ①, ⁴ and ½ are no digits, though NFKC would make some of them.
    foreign = any(unicodedata.category(c).startswith("N") and c not in _DIGITS for c in text)
    match = None if foreign else _NUMBER.fullmatch(_half_width(text))
    if not match:
        raise ValueError(f"数値として読み取れません：{text}{hint_on_unreadable(text)}")
    value = Decimal(match[2].replace(",", "") + (match[3] or ""))
    return value.copy_negate() if match[1] and value else value


def why_no_number(text: str) -> str:
    """The rest of a sentence that begins with 「…」は, on input that `parse_number` refuses."""
    advice = "数字で入力して"
    if has_space_in_number(text):
        advice = "数字の間の空白を除いて入力して"
    elif has_invisible_character(text):
        advice = "目に見えない文字が入っています。数字だけを入力し直して"
    return f"数値として読み取れません。{advice}ください（例：1,234）。"


def hint_on_unreadable(text: str) -> str:
    """In brackets, why a figure cannot be read, where that is hard to see; "" elsewhere."""
    if has_space_in_number(text):
        return "（数字の間に空白があります）"
    return "（目に見えない文字が入っています）" if has_invisible_character(text) else ""


def has_space_in_number(text: str) -> bool:
    return _SPACE_IN_NUMBER.search(text) is not None


def has_invisible_character(text: str) -> bool:
    """Whether a character is invisible without being white space, such as one of zero width."""
    return any(
        not c.isspace() and (unicodedata.category(c) in ("Cc", "Cf") or c in _BLANK_LETTERS)
        for c in text
    )


def plain(value: Decimal) -> str:
    """The digits of a number without commas, and without zeros behind the last decimal: 1234.5.

    Exact, as Decimal.normalize() is up to 28 digits only.
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def without_spaces_in_numbers(text: str) -> str:
    """Remove white space between digits. Only for text converted from print, which has such spaces by mistake."""
    return _SPACE_IN_NUMBER.sub("", text)


def is_finer(value: Decimal, decimals: int) -> bool:
    """Whether a number has more decimals, other than zeros at its end."""
    return round_half_up(value, decimals) != value


def why_finer(decimals: int) -> str:
    """The rest of a sentence that begins with 「…」は, on a number with more decimals than these."""
    return f"小数が{decimals}桁を超えています。四捨五入してください。"


# Marks and characters


def circled(number: int) -> str:
    """① for 1, up to ㊿."""
    if not 1 <= number <= len(_CIRCLED):
        raise ValueError(f"丸数字にできません：{number}")
    return _CIRCLED[number - 1]


def parse_circled(character: str) -> int:
    """1 for ①. ValueError when it is no circled number."""
    if len(character) != 1 or character not in _CIRCLED:
        raise ValueError(f"丸数字ではありません：{character}")
    return _CIRCLED.index(character) + 1


def katakana(number: int) -> str:
    """ア for 1, イ for 2, up to ン, then アア."""
    letters = ""
    while number > 0:
        number, index = divmod(number - 1, len(_KATAKANA))
        letters = _KATAKANA[index] + letters
    return letters


def fold(text: str) -> str:
    """One spelling for numbers, codes and labels: half width, no white space, one kind of dash.

    For comparing only. Never for prose, which would lose ① ㈱ ㎡.
    """
    # Once more, for a mark that stood apart from its letter: か ゛.
    return unicodedata.normalize("NFKC", "".join(_half_width(text).split()))


def fold_but_numbers(text: str) -> str:
    """As `fold`, but white space between digits stays, however much: 4 5 is not 45."""
    return _SPACE_OUTSIDE_NUMBER.sub("", _half_width(text))


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def loose(label: str) -> str:
    """A regular expression for a label with any width of brackets, any dash, and spaces anywhere."""
    variants = {
        "(": "[（(]",
        ")": "[）)]",
        "（": "[（(]",
        "）": "[）)]",
        "%": "[％%]",
        ":": "[：:]",
        "：": "[：:]",
    }
    return r"\s*".join(variants.get(character, re.escape(character)) for character in label)
