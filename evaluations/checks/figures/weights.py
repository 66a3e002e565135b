"""寄与度: the weights of an indicator's numeric targets (3①, 3②, 別紙1)."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from evaluations.catalogue.words import NOT_APPLICABLE
from evaluations.checks.mentions import names_another_year
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.form.contents import Indicator, NumericTarget
from evaluations.form.printed_figures import target_number, weight
from evaluations.keys import RecordKey, TargetKey
from tokku.document.tree import Source
from tokku.japanese import fold, round_half_up

_WHOLE = Decimal(100)
# The most decimals to which equal shares are rounded: 33.333.
_MOST_DECIMALS = 3


@check("寄与度の合計", Level.CAUTION)
def weights_sum(picture: Picture) -> Iterator[Finding]:
    """The weights of an indicator add up to 100, or are equal shares of it (33 × 3)."""
    for indicator in picture.contents.indicators:
        weights = [target.weight for target in indicator.targets]
        if len(weights) < 2 or None in weights or sum(weights) == _WHOLE or _are_equal(weights):
            continue
        target = _odd_one(indicator)
        yield weights_sum.finding(
            _at_weight(picture, indicator, target),
            f"評価指標（{indicator.number}）の寄与度の合計が{weight(sum(weights))}%です。"
            "合計が100%になるように直してください。",
            words=weight(target.weight),
            found=weight(sum(weights)),
            expected="100",
        )


def _at_weight(picture: Picture, indicator: Indicator, target: NumericTarget) -> Passage | Source:
    return picture.place_of(
        RecordKey("target", TargetKey(indicator.number, target.number)), "weight"
    )


def _are_equal(weights: list[Decimal]) -> bool:
    """Whether the weights are equal shares of 100, rounded up or down."""
    if len(set(weights)) > 1:
        return False
    decimals = min(max(-weights[0].normalize().as_tuple().exponent, 0), _MOST_DECIMALS)
    share = _WHOLE / len(weights)
    return abs(weights[0] - share) < Decimal(1).scaleb(-decimals)


def _odd_one(indicator: Indicator) -> NumericTarget:
    """The one target whose weight differs from all others, else the last target."""
    times = Counter(target.weight for target in indicator.targets)
    alone = [target for target in indicator.targets if times[target.weight] == 1]
    return alone[0] if len(alone) == 1 and len(indicator.targets) > 2 else indicator.targets[-1]


@check("寄与度の記入漏れ", Level.BLOCKING)
def weights_in_part(picture: Picture) -> Iterator[Finding]:
    """Where only some targets of an indicator have a weight, its progress cannot be computed."""
    for indicator in picture.contents.indicators:
        missing = [target for target in indicator.targets if target.weight is None]
        if len(missing) == len(indicator.targets):
            continue
        for target in missing:
            yield weights_in_part.finding(
                _at_weight(picture, indicator, target),
                f"数値目標{target_number(indicator, target)}の寄与度がなく、"
                f"評価指標（{indicator.number}）の進捗度を計算できません。寄与度を記入してください。",
            )


@check("寄与度の未記入", Level.CAUTION)
def weights_absent(picture: Picture) -> Iterator[Finding]:
    """Note of 別紙1: several numeric targets of one indicator each have a weight."""
    for indicator in picture.contents.indicators:
        targets = indicator.targets
        if len(targets) > 1 and all(target.weight is None for target in targets):
            yield weights_absent.finding(
                _at_weight(picture, indicator, targets[0]),
                f"評価指標（{indicator.number}）には数値目標が{len(targets)}つありますが、寄与度がありません。"
                "それぞれの寄与度を記入してください。",
            )


@check("寄与度の要らない数値目標", Level.NOTE)
def weight_of_the_only_target(picture: Picture) -> Iterator[Finding]:
    """Only indicators of several numeric targets have weights; a single target counts in full."""
    for indicator in picture.contents.indicators:
        target = indicator.targets[0] if len(indicator.targets) == 1 else None
        if target and target.weight not in (None, _WHOLE):
            yield weight_of_the_only_target.finding(
                _at_weight(picture, indicator, target),
                f"評価指標（{indicator.number}）の数値目標は一つですが、寄与度があります。"
                "数値目標が一つのときは、寄与度を空にしてください。",
                words=weight(target.weight),
                found=weight(target.weight),
            )


def _printed_weights(picture: Picture) -> set[Decimal]:
    return {
        target.weight
        for indicator in picture.contents.indicators
        if len(indicator.targets) > 1
        for target in indicator.targets
        if target.weight is not None
    }


@check("寄与度の考え方の未記入", Level.CAUTION, finds_blanks=True)
def weights_unexplained(picture: Picture) -> Iterator[Finding]:
    """3② explains the weights that 3① prints."""
    rationale = picture.contents.texts.weight_rationale
    if fold(rationale) in ("", NOT_APPLICABLE) and _printed_weights(picture):
        yield weights_unexplained.finding(
            picture.place_of(RecordKey("evaluation"), "weight_rationale"),
            "3①に寄与度がありますが、3②に考え方がありません。寄与度をどう決めたかを書いてください。",
            words=rationale,
            found=rationale,
        )


_PERCENT = re.compile(r"寄与度[^。\n]{0,30}?(?<![\d.,])(\d{1,3}(?:\.\d{1,3})?) ?%")


@check("寄与度の考え方と寄与度", Level.CAUTION)
def weights_explained_otherwise(picture: Picture) -> Iterator[Finding]:
    """3② names the weights that 3① prints."""
    printed_weights = _printed_weights(picture)
    passages = picture.passages_of(RecordKey("evaluation"), "weight_rationale")
    for passage in passages if printed_weights else ():
        for sentence in passage.sentences:
            if names_another_year(sentence.text, picture.year):
                continue
            for match in _PERCENT.finditer(sentence.text):
                if not any(_rounds_to(value, Decimal(match[1])) for value in printed_weights):
                    start, end = (sentence.start + place for place in match.span(1))
                    yield weights_explained_otherwise.finding(
                        passage,
                        f"3②に寄与度{match[1]}%とありますが、3①にその寄与度はありません。"
                        "どちらかを直してください。",
                        words=passage.words(start, end),
                        found=match[1],
                        expected="、".join(map(weight, sorted(printed_weights))),
                    )


def _rounds_to(value: Decimal, stated_value: Decimal) -> bool:
    decimals = max(-stated_value.as_tuple().exponent, 0)
    return round_half_up(value, decimals) == stated_value
