"""The score that experts give a year's evaluation: a number with its digits, or a letter. No queries, no models.

There is no scale: 5.0 has been the best so far, letters have been given too.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from tokku.japanese import (
    DASH,
    fold,
    has_invisible_character,
    has_space_in_number,
    hint_on_unreadable,
    round_half_up,
)

_NUMBER = r"(?P<number>(?:[0０]|[1-9１-９][0-9０-９]{0,2})(?:[.．][0-9０-９]{1,3})?)"
# A letter, perhaps repeated and with signs behind it (ＡＡ, A+), or a grade in words.
_GRADE = (
    rf"(?P<grade>(?P<letter>[A-Za-zＡ-Ｚａ-ｚ])(?P=letter){{0,2}}(?:[+＋]|{DASH}){{0,2}}"
    "|不可|[秀優良可])"
)
_SCORE = re.compile(rf"\s*(?:{_NUMBER}\s*点?|{_GRADE})\s*")
# What may stand behind a score in its line: （分野の平均 3.9点）, ／5点満点. Not what would continue a number.
_PRINTED = re.compile(
    rf"\s*(?:{_NUMBER}\s*点?|{_GRADE})(?P<rest>(?:\s(?!\s*[\d.．,，])|[（(〔［\[【／/、，・；;。※]).*|\s*)"
)


def parse_score(text: str) -> str:
    """The score as it is stored: 3.95 for ３．９５点, Ａ for Ａ. ValueError when it is none.

    Numbers are of half width and keep their digits, also zeros at their end; letters stay as they are.
    """
    match = _SCORE.fullmatch(text)
    if not match:
        raise ValueError(f"評価点として読み取れません：{text}{hint_on_unreadable(text)}")
    return _value(match)


def leading_score(text: str) -> tuple[str, str] | None:
    """The score at the beginning of a printed text, and the words behind it; None without one."""
    match = _PRINTED.fullmatch(text)
    return (_value(match), match["rest"].strip()) if match else None


def _value(match: re.Match[str]) -> str:
    number = match["number"]
    return unicodedata.normalize("NFKC", number) if number else match["grade"]


def why_no_score(text: str) -> str:
    """The sentence on input that `parse_score` refuses."""
    advice = "通知のとおり、数字（例：3.95）か、Ａや優などの評語を入力してください。"
    if has_space_in_number(text):
        advice = "数字の間の空白を除いて入力してください（例：3.95）。"
    elif has_invisible_character(text):
        advice = "目に見えない文字が入っています。数字か評語だけを入力し直してください。"
    return f"「{text}」は評価点として読み取れません。{advice}"


def number_of(score: str) -> Decimal | None:
    """The number that a stored score is; None for a letter."""
    return Decimal(score) if score[0].isdigit() else None


def printed_score(score: str) -> str:
    """As the form prints it: 3.95点, Ａ."""
    return score if number_of(score) is None else f"{score}点"


def same_score(first: str, second: str) -> bool:
    """Whether two scores say the same: 4.5 and 4.50, Ａ and A."""
    numbers = number_of(first), number_of(second)
    if numbers == (None, None):
        return fold(first) == fold(second)
    return numbers[0] == numbers[1]


def parse_weight(text: str) -> str:
    """A weight as it is stored: 2 for ２. ValueError when it is no number above zero."""
    match = re.fullmatch(rf"\s*{_NUMBER}\s*", text)
    if not match or not Decimal(_value(match)):
        raise ValueError(f"重みとして読み取れません：{text}{hint_on_unreadable(text)}")
    return _value(match)


def why_no_weight(text: str) -> str:
    """The sentence on input that `parse_weight` refuses."""
    return f"「{text}」は重みとして読み取れません。0より大きい数を入力してください（1:1:2 なら、1、1、2）。"


def weighed_mean(parts: Iterable[tuple[str, str]], decimals: int) -> Decimal | None:
    """The mean of scores by their weights, rounded half up; None without parts or with a letter among them."""
    numbers = [(number_of(score), Fraction(weight)) for score, weight in parts]
    if not numbers or any(number is None for number, _ in numbers):
        return None
    total = sum(Fraction(number) * weight for number, weight in numbers)
    return round_half_up(total / sum(weight for _, weight in numbers), decimals)


def differing_mean(score: str, parts: Iterable[tuple[str, str]]) -> Decimal | None:
    """The weighed mean of the parts, to the digits of the whole score, where it is another figure than that."""
    announced = number_of(score)
    if announced is None:
        return None
    mean = weighed_mean(parts, -announced.as_tuple().exponent)
    return None if mean == announced else mean
