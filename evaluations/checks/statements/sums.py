"""Sums within a text: a whole and its parts, as 内訳, うち and 合わせて state them."""

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
# The words before a part: 横浜市の, 新規は. うち40件, 前年度の6件 and 申請15件 are no parts.
_LABEL = (
    r"(?!うち|主[にな]|目標|前年|昨年|定員|申請|応募|実数)(?:(?!から|より|まで)[^を、。\d]){1,30}"
)
_FIRST_LABEL = re.compile(_LABEL)
_NEXT_LABEL = re.compile(
    rf"[^、。\d増減]{{0,12}}?(?:[、,・]|及び|並びに|と)(?:また、)?(?:それぞれ)?{_LABEL}"
)
# From 38件 to the first part: であり、継続; （継続; 。内訳は継続.
_TO_PARTS = re.compile(rf"[^、。(\d増減]{{0,10}}(?:[、(:]|[、。(]?{_BREAKDOWN}){_LABEL}")
# After 横浜市では2件が新規である the parts need not be all.
_LIST_END = re.compile(r"(?:[。、)」\n]|で[あし、]|と|だ|の(?:内訳|計|合計)|$)")
_PARTICLE = re.compile(r"[がは]?、?")
_SEPARATOR = re.compile(r"[、,・]|及び|並びに|と")
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
# In quantities: the whole of a breakdown may stand some sentences before it.
_MOST_BEFORE = 12
_ADVICE = "足し合わせて確かめ、誤っている数を直してください。"


@check("全体と内訳の合計", Level.BLOCKING)
def parts_and_whole(picture: Picture) -> Iterator[Finding]:
    """全体で38件であり、継続32件、新規6件 and 38件（継続32件、新規6件）: the parts add up to the whole."""
    for passage in picture.prose:
        end = 0
        for index, whole in enumerate(passage.quantities):
            # A listed part is not taken for a whole.
            if whole.start < end or not _may_be_whole(passage, whole):
                continue
            parts = _listed(passage, index + 1, whole.unit, whole.end, _TO_PARTS)
            if not parts or not _is_whole(passage, whole, parts):
                continue
            end = parts[-1].end
            approximate = any(
                is_approximate(passage.flat, quantity) for quantity in (whole, *parts)
            )
            if len(parts) > 1 and not agrees(whole, _sum(parts), approximate=approximate):
                yield _sum_finding(parts_and_whole, passage, whole, parts, _sum(parts))


@check("内訳の合計", Level.BLOCKING)
def breakdown(picture: Picture) -> Iterator[Finding]:
    """実績値は64件であった。内訳は神奈川県40件、横浜市24件: the parts add up to a number before them."""
    for passage in picture.prose:
        for match in re.finditer(_BREAKDOWN, passage.flat):
            index = _index_from(passage, match.end())
            if index == len(passage.quantities):
                continue
            first = passage.quantities[index]
            parts = _listed(passage, index, first.unit, match.end(), _FIRST_LABEL)
            total = _sum(parts)
            if passage.flat.startswith("ずつ", first.end):
                parts, total = (
                    (first,),
                    first.value * _number_listed(passage.flat[match.end() : first.start]),
                )
            elif len(parts) < 2:
                continue
            candidates = [
                quantity
                for quantity in passage.quantities[max(index - _MOST_BEFORE, 0) : index]
                if same_unit(quantity.unit, first.unit)
            ]
            if candidates and total not in [quantity.value for quantity in candidates]:
                yield _sum_finding(breakdown, passage, candidates[0], parts, total)


@check("合わせた数", Level.BLOCKING)
def together(picture: Picture) -> Iterator[Finding]:
    """A市の24件とB県の40件を合わせて64件: the numbers before it add up to it."""
    for passage in picture.prose:
        totals: set[int] = set()
        for match in _TOGETHER.finditer(passage.flat):
            index = _index_from(passage, match.end())
            if index == len(passage.quantities) or not index:
                continue
            whole = passage.quantities[index]
            totals.add(whole.start)
            parts: list[Quantity] = []
            end, gap = match.start(), _TO_TOGETHER
            for quantity in reversed(passage.quantities[max(index - 5, 0) : index]):
                if whole.start != match.end() or not same_unit(quantity.unit, whole.unit):
                    break
                if quantity.start in totals:
                    break
                if not gap.fullmatch(passage.flat[max(quantity.end, end - 60) : end]):
                    break
                parts.insert(0, quantity)
                end, gap = quantity.start, _NEXT_LABEL
            # The first numbers of the sentence need not be parts.
            sums = [_sum(parts[n:]) for n in range(len(parts) - 1)]
            if sums and whole.value not in sums:
                yield _sum_finding(together, passage, whole, parts, sums[0])


@check("全体より大きい内数", Level.BLOCKING)
def part_of_whole(picture: Picture) -> Iterator[Finding]:
    """206件、そのうち新規は40件: a part is no greater than its whole, in any unit (23の診療科)."""
    for passage in picture.prose:
        if "うち" not in passage.flat:
            continue
        numbers = [*_NUMBER.finditer(passage.flat)]
        for match in _AMONG.finditer(passage.flat):
            unit = match["unit"]
            index = bisect_left(numbers, match.start(), key=lambda number: number.start())
            wholes = [
                number for number in numbers[max(index - 8, 0) : index] if number["unit"] == unit
            ]
            if _NOT_COUNTED.match(unit) or not wholes:
                continue
            # Without a whole in the same sentence, any number before may be the whole.
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
    """Whether the text calls it a whole (全体で), or has all the parts in brackets after it."""
    return _is_called_whole(passage, whole) or passage.flat.startswith(")", parts[-1].end)


def _is_called_whole(passage: Passage, whole: Quantity) -> bool:
    return bool(_WHOLE.search(passage.flat[max(whole.start - 10, 0) : whole.start]))


def _index_from(passage: Passage, start: int) -> int:
    """The index of the first quantity of the passage from `start` on."""
    return bisect_left(passage.quantities, start, key=lambda quantity: quantity.start)


def _listed(
    passage: Passage, index: int, unit: str, start: int, opening: re.Pattern[str]
) -> tuple[Quantity, ...]:
    """The quantities of one unit from `index` on that are listed in a row; () where the list goes on otherwise.

    `opening` matches the words between `start` and the first quantity.
    """
    listed: list[Quantity] = []
    for quantity in passage.quantities[index : index + 12]:
        gap = _NEXT_LABEL if listed else opening
        between = passage.flat[start : min(quantity.start, start + 80)]
        if not same_unit(quantity.unit, unit) or not gap.fullmatch(between):
            break
        listed.append(quantity)
        start = quantity.end
    return tuple(listed) if listed and _LIST_END.match(passage.flat, start) else ()


def _sum(parts) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))


def _number_listed(listed: str) -> int:
    """How many names are listed: 3 in 神奈川県、横浜市及び川崎市が."""
    return len([name for name in _SEPARATOR.split(listed) if _PARTICLE.sub("", name)])


def _sum_finding(
    failed_check: Check, passage: Passage, whole: Quantity, parts, total: Decimal
) -> Finding:
    start = min(whole.start, parts[0].start)
    end = max(whole.end, parts[-1].end)
    stated = passage.words(whole.start, whole.end)
    expected = whole.formatted_like(total)
    return failed_check.finding(
        passage,
        f"内訳を足すと{expected}になり、全体の{stated}と合いません。{_ADVICE}",
        words=passage.words(start, end),
        found=stated,
        expected=expected,
    )


def _value(match: re.Match[str]) -> Decimal:
    return Decimal(match["number"].replace(",", ""))
