"""Sums within a text: wholes and their parts, 内訳, うち, 合わせて."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal

from evaluations.checks.mentions import Quantity
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Check, Finding, Level, check
from evaluations.checks.statements.subjects import agrees, is_approximate, same_unit

_WHOLE = re.compile(
    r"(?:全体|合計|総数|総計|総件数|全部|合わせて|併せて|計)(?:で|は|が|数は)?、?(?:約|延べ)?$"
)
_BREAKDOWN = r"(?:その|この)?内訳(?:は|として|:)、?"
# What a part counts: 横浜市の, 新規は. うち40件, 前年度の6件 and 申請15件 are no parts.
_LABEL = (
    r"(?!うち|主[にな]|目標|前年|昨年|定員|申請|応募|実数)(?:(?!から|より|まで)[^を、。\d]){1,30}"
)
_FIRST = re.compile(_LABEL)
_NEXT = re.compile(
    rf"[^、。\d増減]{{0,12}}?(?:[、,・]|及び|並びに|と)(?:また、)?(?:それぞれ)?{_LABEL}"
)
# From 38件 to the first part: であり、継続; （継続; 。内訳は継続.
_TO_PARTS = re.compile(rf"[^、。(\d増減]{{0,10}}(?:[、(:]|[、。(]?{_BREAKDOWN}){_LABEL}")
# After 横浜市では2件が新規である the parts need not be all.
_LAST = re.compile(r"(?:[。、)」\n]|で[あし、]|と|だ|の(?:内訳|計|合計)|$)")
_EACH = re.compile(r"[がは]?、?")
_SEVERAL = re.compile(r"[、,・]|及び|並びに|と")
_TOGETHER = re.compile(
    r"(?:を|と)?(?:合わせ(?:て|ると)|併せて|合計(?:で|して|すると|は)?|(?<![累設会統推])計(?:で|は)?)、?"
    r"(?:合計|計)?(?:で|は)?(?=\d)"
)
_TO_TOGETHER = re.compile(r"[^、。\d増減]{0,20}[、(]?")
_AMONG = re.compile(
    r"(?:^|(?<=[、。(の\s件]))(?:その|この)?うち(?!わけ)、?[^。\n\d]{0,30}?"
    r"(?P<number>\d[\d,]{0,12}(?:\.\d{1,3})?) ?(?P<unit>(?:千|百万|万|億|兆)?(?:の[一-龥ァ-ヴ]{2}|[一-龥ァ-ヴ%]))"
)
_NUMBER = re.compile(_AMONG.pattern[_AMONG.pattern.index("(?P<number>") :])
_NOT_COUNTED = re.compile(r"[年月日期時分歳類号条章階]")
# Of a breakdown its whole may have been said some sentences before.
_MOST_BEFORE = 12
_WHICH = "足し合わせて確かめ、誤っている数を直してください。"


@check("全体と内訳の合計", Level.BLOCKING)
def parts_and_whole(picture: Picture) -> Iterator[Finding]:
    """全体で38件であり、継続32件、新規6件; 38件（継続32件、新規6件）: the parts make up the whole."""
    for passage in picture.prose:
        end = 0
        for place, whole in enumerate(passage.quantities):
            # What is listed as a part is no whole of its own.
            if whole.start < end or not _may_be_whole(passage, whole):
                continue
            parts = _listed(passage, place + 1, whole.unit, whole.end, _TO_PARTS)
            if not parts or not _is_whole(passage, whole, parts):
                continue
            end = parts[-1].end
            about = any(is_approximate(passage.flat, one) for one in (whole, *parts))
            if len(parts) > 1 and not agrees(whole, _sum(parts), approximate=about):
                yield _not_the_sum(parts_and_whole, passage, whole, parts, _sum(parts))


@check("内訳の合計", Level.BLOCKING)
def breakdown(picture: Picture) -> Iterator[Finding]:
    """実績値は64件であった。内訳は神奈川県40件、横浜市24件: what is broken down was said before."""
    for passage in picture.prose:
        for match in re.finditer(_BREAKDOWN, passage.flat):
            place = _place(passage, match.end())
            if place == len(passage.quantities):
                continue
            first = passage.quantities[place]
            parts = _listed(passage, place, first.unit, match.end(), _FIRST)
            total = _sum(parts)
            if passage.flat.startswith("ずつ", first.end):
                parts, total = (
                    (first,),
                    first.value * _names(passage.flat[match.end() : first.start]),
                )
            elif len(parts) < 2:
                continue
            before = [
                one
                for one in passage.quantities[max(place - _MOST_BEFORE, 0) : place]
                if same_unit(one.unit, first.unit)
            ]
            if before and total not in [one.value for one in before]:
                yield _not_the_sum(breakdown, passage, before[0], parts, total)


@check("合わせた数", Level.BLOCKING)
def together(picture: Picture) -> Iterator[Finding]:
    """A市の24件とB県の40件を合わせて64件: the sum of what stands before it."""
    for passage in picture.prose:
        totals: set[int] = set()
        for match in _TOGETHER.finditer(passage.flat):
            place = _place(passage, match.end())
            if place == len(passage.quantities) or not place:
                continue
            whole = passage.quantities[place]
            totals.add(whole.start)
            parts: list[Quantity] = []
            end, gap = match.start(), _TO_TOGETHER
            for one in reversed(passage.quantities[max(place - 5, 0) : place]):
                if whole.start != match.end() or not same_unit(one.unit, whole.unit):
                    break
                if one.start in totals:
                    break
                if not gap.fullmatch(passage.flat[max(one.end, end - 60) : end]):
                    break
                parts.insert(0, one)
                end, gap = one.start, _NEXT
            # What stands first in the sentence need not be a part.
            sums = [_sum(parts[n:]) for n in range(len(parts) - 1)]
            if sums and whole.value not in sums:
                yield _not_the_sum(together, passage, whole, parts, sums[0])


@check("全体より大きい内数", Level.BLOCKING)
def part_of_whole(picture: Picture) -> Iterator[Finding]:
    """206件、そのうち新規は40件: a part is no greater than its whole. Any unit, also 23の診療科."""
    for passage in picture.prose:
        if "うち" not in passage.flat:
            continue
        numbers = [*_NUMBER.finditer(passage.flat)]
        for match in _AMONG.finditer(passage.flat):
            unit = match["unit"]
            place = bisect_left(numbers, match.start(), key=lambda one: one.start())
            wholes = [one for one in numbers[max(place - 8, 0) : place] if one["unit"] == unit]
            if _NOT_COUNTED.match(unit) or not wholes:
                continue
            # Without a whole in its own sentence it is any of those before.
            if "。" not in passage.flat[wholes[-1].end() : match.start()]:
                wholes = wholes[-1:]
            if max(map(_value, wholes)) >= _value(match):
                continue
            whole = f"{wholes[-1]['number']}{unit.removeprefix('の')}"
            yield part_of_whole.finding(
                passage,
                f"内数の{match['number']}{unit.removeprefix('の')}が、全体の{whole}より大きくなっています。"
                "二つの数を確かめ、誤っている方を直してください。",
                words=passage.words(wholes[-1].start(), match.end()),
                found=passage.words(match.start("number"), match.end()),
                expected=f"{whole}以下",
            )


def _may_be_whole(passage: Passage, whole: Quantity) -> bool:
    return _is_called_whole(passage, whole) or passage.flat.startswith("(", whole.end)


def _is_whole(passage: Passage, whole: Quantity, parts: tuple[Quantity, ...]) -> bool:
    """Whether a text calls it so, or has all the parts in brackets after it."""
    return _is_called_whole(passage, whole) or passage.flat.startswith(")", parts[-1].end)


def _is_called_whole(passage: Passage, whole: Quantity) -> bool:
    return bool(_WHOLE.search(passage.flat[max(whole.start - 10, 0) : whole.start]))


def _place(passage: Passage, start: int) -> int:
    """Of the first quantity from `start` on."""
    return bisect_left(passage.quantities, start, key=lambda one: one.start)


def _listed(
    passage: Passage, place: int, unit: str, start: int, opening: re.Pattern[str]
) -> tuple[Quantity, ...]:
    """The quantities of one unit from `place` on that stand one after another."""
    listed: list[Quantity] = []
    for quantity in passage.quantities[place : place + 12]:
        gap = _NEXT if listed else opening
        between = passage.flat[start : min(quantity.start, start + 80)]
        if not same_unit(quantity.unit, unit) or not gap.fullmatch(between):
            break
        listed.append(quantity)
        start = quantity.end
    return tuple(listed) if listed and _LAST.match(passage.flat, start) else ()


def _sum(parts) -> Decimal:
    return sum((one.value for one in parts), Decimal(0))


def _names(listed: str) -> int:
    """How many are listed in 神奈川県、横浜市及び川崎市が."""
    return len([name for name in _SEVERAL.split(listed) if _EACH.sub("", name)])


def _not_the_sum(by: Check, passage: Passage, whole: Quantity, parts, total: Decimal) -> Finding:
    start = min(whole.start, parts[0].start)
    end = max(whole.end, parts[-1].end)
    said = passage.words(whole.start, whole.end)
    right = whole.like_this(total)
    return by.finding(
        passage,
        f"内訳を足すと{right}になり、全体の{said}と合いません。{_WHICH}",
        words=passage.words(start, end),
        found=said,
        expected=right,
    )


def _value(match: re.Match[str]) -> Decimal:
    return Decimal(match["number"].replace(",", ""))
