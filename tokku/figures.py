"""A figure as people state it: a number with its digits, what qualifies it, or the answer that there is none.

Read and written in one notation everywhere: `約1,234.50以上（速報値）※1`, `未集計（令和7年12月公表予定）`, `調査なし`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce

from tokku.japanese import (
    DASH,
    fold,
    has_invisible_character,
    is_finer,
    number,
    parse_number,
    plain,
    round_half_up,
    why_finer,
    why_no_number,
)

DECIMALS = 4  # the most that a figure has
MOST_DIGITS = 15  # of a whole number, as Excel keeps them exactly
LONGEST = 100  # in letters, unit included

ABOUT = "約"
AT_LEAST, AT_MOST = "以上", "以下"
# Said of a value that is going to change.
PRELIMINARY = ("速報値", "速報", "暫定値", "暫定", "見込値", "見込み", "見込", "推計値", "概数")
# Answers in place of a number: it is not known yet; nobody surveys it in this year.
NOT_YET = ("未集計", "集計中", "未公表", "未確定", "調査中")
NOT_SURVEYED = ("調査なし", "調査のない年", "調査対象外", "調査年度外")


def _one_of(words: Iterable[str]) -> str:
    return "|".join(words)


# Units are prose (㎡, t-CO2), so only what stands around them is recognised.
_NUMBER = re.compile(
    rf"\s*(?P<about>{ABOUT})?\s*(?P<number>(?:[△▲]|{DASH})?\s*\d[\d,，]*(?:[.．]\d+)?)"
    rf"\s*(?P<unit>[^\d\s.,．，:：/／~〜～+＋−－-].*?)??\s*(?P<bound>{AT_LEAST}|{AT_MOST})?"
    rf"\s*(?:[（(]\s*(?P<status>{_one_of(PRELIMINARY)})\s*[）)]|(?P<bare_status>{_one_of(PRELIMINARY)}))?"
    r"\s*(?P<mark>[（(]?(?:[※＊*]|注)\s*[\d０-９]{0,2}[）)]?)?\s*"
)
_ANSWER = re.compile(
    rf"\s*(?P<answer>{_one_of((*NOT_YET, *NOT_SURVEYED))})\s*(?:[（(]\s*(?P<until>[^（()）]*?)\s*[）)])?\s*"
)


# A number in two scales: 2兆8,500億円, 3万5,000人.
_SCALES = re.compile(
    r"(?P<more>\d[\d,，]*)(?P<scale>[兆億万])(?P<less>\d[\d,，]*(?:[.．]\d+)?)(?P<last>千万|百万|[億万千]?)(?=[^\d,，.．兆億万千百]|$)"
)
_POWERS = {"兆": 12, "億": 8, "千万": 7, "百万": 6, "万": 4, "千": 3, "": 0}
# What is left of a number in more scales, which would be taken for its unit.
_SCALE_LEFT = re.compile(r"[兆億万千百]+[\d０-９]")


def _in_last_scale(match: re.Match[str]) -> str:
    """28500億円 for 2兆8,500億円: nothing is rounded. Left as it is where the parts overlap (2億30000万)."""
    more, less = parse_number(match["more"]), parse_number(match["less"])
    factor = Decimal(10) ** (_POWERS[match["scale"]] - _POWERS[match["last"]])
    if less >= factor:
        return match[0]
    return f"{more * factor + less:f}{match['last']}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or an answer in place of one. Figures are equal when they say the same with the same digits."""

    digits: str = ""  # plain: -1234.50; "" where there is an answer instead
    about: bool = False
    bound: str = ""  # AT_LEAST or AT_MOST
    status: str = ""  # of PRELIMINARY
    mark: str = ""  # of a note: ※1
    answer: str = ""  # of NOT_YET or NOT_SURVEYED
    until: str = ""  # when it is going to be known, in words
    unit: str = field(default="", compare=False)  # as it was typed behind the number

    @classmethod
    def of(cls, value: "Figure | Decimal | int | str | None") -> "Figure | None":
        """The figure of a number with the digits that it has, of a text, or of nothing."""
        if isinstance(value, str):
            return cls.parse(value)
        if value is None or isinstance(value, Figure):
            return value
        value = Decimal(value)
        return cls(f"{value.copy_abs() if value.is_zero() else value:f}")

    @classmethod
    def parse(cls, text: str) -> "Figure | None":
        """The figure that a text states; None for a blank. ValueError carries the rest of 「…」は."""
        if re.fullmatch(r"-?[1-9][0-9]{,9}", text):
            return cls(text)
        if not text.strip():
            return None
        if match := _ANSWER.fullmatch(text[:LONGEST]):
            return cls(answer=match["answer"], until=match["until"] or "")
        text = _SCALES.sub(_in_last_scale, text)
        match = _NUMBER.fullmatch(text) if len(text) <= LONGEST else None
        is_read = match and not _SCALE_LEFT.match(match["unit"] or "")
        if has_invisible_character(text) or not (is_read or len(text) > LONGEST):
            raise ValueError(why_no_number(text))
        try:
            value = parse_number(match["number"] if match else text)
        except ValueError:
            raise ValueError(why_no_number(text)) from None
        if match is None or value.adjusted() >= MOST_DIGITS:
            raise ValueError(f"桁が多すぎます。整数部は{MOST_DIGITS}桁までです。")
        if is_finer(value, DECIMALS):
            raise ValueError(why_finer(DECIMALS))
        if value.as_tuple().exponent < -DECIMALS:
            value = Decimal(plain(value))
        status = match["status"] or match["bare_status"] or ""
        mark = "".join((match["mark"] or "").split())
        of_number = cls.of(value)
        return replace(
            of_number,
            about=bool(match["about"]),
            bound=match["bound"] or "",
            status=status,
            mark=mark,
            unit=(match["unit"] or "").strip(),
        )

    @property
    def number(self) -> Decimal | None:
        """None where there is an answer instead."""
        return Decimal(self.digits) if self.digits else None

    @property
    def decimals(self) -> int:
        return len(self.digits.partition(".")[2])

    def is_same_as(self, other: "Figure | None") -> bool:
        """Whether both say the same, whatever digits they say it with."""
        return (
            other is not None
            and self.number == other.number
            and replace(self, digits="") == replace(other, digits="")
        )

    @property
    def is_not_yet(self) -> bool:
        return self.answer in NOT_YET

    @property
    def is_plain(self) -> bool:
        """Whether it is a number and nothing else."""
        return self == Figure(self.digits) != Figure()

    @property
    def stored(self) -> str:
        """As it is kept and exchanged: without commas, and with a minus sign."""
        return self._said(self.digits)

    def __str__(self) -> str:
        """As people read and type it, without its unit."""
        return self.printed()

    def printed(self, unit: str = "", decimals: int | None = None) -> str:
        """With its unit, and with its own digits but no more than `decimals`, rounded half up."""
        if not self.digits:
            return self._said("")
        shown = self.decimals if decimals is None else min(self.decimals, decimals)
        return self._said(number(self.number, shown) + unit)

    def rounded(self, decimals: int) -> "Figure":
        """With no more than `decimals`, rounded half up."""
        if self.decimals <= decimals:
            return self
        return replace(self, digits=Figure.of(round_half_up(self.number, decimals)).digits)

    def _said(self, digits: str) -> str:
        status = f"（{self.status}）" if self.status else ""
        until = f"（{self.until}）" if self.until else ""
        about = ABOUT if self.about else ""
        return f"{about}{digits}{self.bound}{status}{self.mark}{self.answer}{until}"


def total_of(figures: Iterable[Figure | None]) -> Figure | None:
    """The sum of figures: None while one is blank, or where 以上 and 以下 contradict each other.

    It is 約, 以上, 速報値 or an answer in place of a number where a part is; its digits are the most of its parts.
    """
    parts = list(figures)
    if not parts or None in parts:
        return None
    answers = sorted(filter(lambda part: part.answer, parts), key=lambda part: not part.is_not_yet)
    if answers:
        same = [part.until for part in answers if part.answer == answers[0].answer and part.until]
        return Figure(answer=answers[0].answer, until="、".join(dict.fromkeys(same)))
    bounds = {part.bound for part in parts} - {""}
    if len(bounds) > 1:
        return None
    return Figure(
        Figure.of(reduce(Decimal.__add__, (part.number for part in parts))).digits,
        about=any(part.about for part in parts),
        bound="".join(bounds),
        status=next((part.status for part in parts if part.status), ""),
        mark="".join(dict.fromkeys(part.mark for part in parts)),
    )


def is_unit(typed: str, unit: str) -> bool:
    """Whether what was typed behind a number is its unit, or nothing."""
    return fold(typed) in ("", fold(unit))


def why_other_unit(figure: Figure, unit: str) -> str:
    """The rest of 「…」は, on a figure with another unit behind it."""
    return f"単位が「{figure.unit}」で、この数値目標の単位（{unit}）ではありません。{unit}を単位とする数字で入力してください。"
