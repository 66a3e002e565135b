"""How a number in a sentence relates to a value: equal, approximate, or a bound above or below it."""

import re
from decimal import Decimal

from evaluations.checks.mentions import Quantity
from evaluations.checks.statements.subjects import agrees, is_approximate, is_denied
from tokku.japanese import round_half_up

_ADVERB = r"、?(?:既に|大きく|大幅に|優に|僅かに|わずかに|やや|若干|はるかに|遥かに|更に|さらに)?"
_NEGATION = r"(?:[らえさ]?な(?:い|かっ)|[らえさ]?ず|[てっし]{0,2}てい?な[いか]|ておらず|る(?:こと(?:が|は|も)?|に(?:は|も)?)?(?:でき|至ら|な(?:い|かっ)))"
_INTENTION = r"(?:る|す)(?:よう|こと|見込|ため|必要|べ|予定|目標|想定|恐れ|おそれ|可能性|水準を目)"
# 半ば of 140%台半ば is left out: 台 alone gives the bound.
_BOUND = re.compile(
    rf"(?P<over>(?:という?)?(?:の)?(?:大台|水準)?を{_ADVERB}(?:超[えす]|越え|超過し?|上回|突破し?)"
    r"|超え?(?![るたてずなら])|越え(?![るたてずなら]))"
    r"|(?P<least>以上|余り?|強|台)"
    rf"|(?P<under>未満|(?:という?)?(?:の)?(?:大台|水準)?を{_ADVERB}(?:下回|割り?込|割[りっ])"
    r"|(?:の大台)?に(?:は|も)?、?(?:わずかに|僅かに)?(?:届か|及ば|満た|達し|達せ|至ら)(?=な|ず|て(?:い|お)))"
    r"|(?P<most>以下|弱|近く)"
)
_DENIED, _TO_COME = re.compile(_NEGATION), re.compile(_INTENTION)
# 150億円から200億円の間 gives no value, nor does the first figure of 6件から8件に増えた.
_RANGE = re.compile(r"(?:から|~|-)\d")
# 140%余り, 150%弱 and 140%台 lie on one side of the number, and near it.
_NEAR = Decimal("0.9"), Decimal("1.1")

# A true bound is a round number near the value, a few times off at most; a lost digit makes it ten times off.
_FAR_OFF_FACTOR = 5


def may_say(text: str, quantity: Quantity, value: Decimal, *, compared: bool = False) -> bool:
    """Whether `quantity`, with the words after it, is true of `value`: 100%を超えた is true of 145%.

    `compared` says that を… or に… after the quantity compares another value with it, so that the quantity must be
    the value itself: in 前年度の61件を上回る, 61件 is the previous year's actual.
    """
    if is_denied(text, quantity.end) or _RANGE.match(text, quantity.end):
        return True
    bound = _BOUND.match(text, quantity.end)
    if not bound or (compared and bound[0].startswith(("を", "に"))):
        return agrees(quantity, value, approximate=is_approximate(text, quantity))
    denied = _DENIED.match(text, bound.end())
    if not denied and _TO_COME.match(text, bound.end()):
        return True
    number, bound_words = quantity.value, bound[0]
    # The printed value counts too: 144.8% is printed as 145%.
    values = (value, _rounded_like(value, quantity))
    match bound.lastgroup:
        case "over" if denied:
            return min(values) <= number
        case "over":
            return max(values) > number
        case "under" if "を" in bound_words and denied:
            return max(values) >= number
        case "under":
            return min(values) < number
        case "most":
            lowest = number * _NEAR[0] if bound_words != "以下" else min(*values, number)
            return lowest <= min(values) <= number
    highest = {"以上": max(*values, number), "台": number + _step(number)}.get(
        bound_words, number * _NEAR[1]
    )
    return number <= max(values) and min(values) <= highest


def is_far_off(text: str, quantity: Quantity, value: Decimal) -> bool:
    """Whether a bound is so far from the value that it may lack a digit: 20億円を超えた for 168億円."""
    bound = _BOUND.match(text, quantity.end)
    if not bound or not value or is_denied(text, quantity.end) or _TO_COME.match(text, bound.end()):
        return False
    return not value / _FAR_OFF_FACTOR <= quantity.value <= value * _FAR_OFF_FACTOR


def _rounded_like(value: Decimal, quantity: Quantity) -> Decimal:
    """Round `value` to the decimals in which `quantity` is written."""
    unit = Decimal(1).scaleb(quantity.value.as_tuple().exponent)
    return round_half_up(value / unit) * unit


def _step(number: Decimal) -> Decimal:
    """The width of 台 after a number: 140%台 ends before 150%, 160億円台 before 170億円."""
    return Decimal(1).scaleb(number.normalize().as_tuple().exponent)
