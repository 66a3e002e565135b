"""References to numeric targets and indicators that do not exist, or that are about another one."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from evaluations.checks.mentions import same_width
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.form.contents import Relation
from evaluations.form.printed_figures import target_numbers
from evaluations.keys import RecordKey, TargetKey
from tokku.japanese import circled, parse_circled

_CIRCLED = "①-⑳㉑-㉟㊱-㊿"
_NUMBER = (
    rf"(?P<open>\() ?(?P<indicator>\d{{1,2}}) ?\)(?: ?[-ー] ?(?P<target>[{_CIRCLED}]|\d{{1,2}}))?"
)
_REFERENCE = re.compile(rf"(?P<kind>数値目標|評価指標) ?{_NUMBER}")
# 数値目標（2）、（4）及び（6）
_MORE = re.compile(rf" ?(?:、|,|・|~|から|及び|並びに|又は|と) ?{_NUMBER}")
# 評価指標の進捗度は、（1）が129%、（2）が100%
_KIND = re.compile("数値目標|評価指標")
_LISTED = re.compile(rf"(?<=[、はが]){_NUMBER}(?=[がはのを])")
_SERVES = re.compile("(?:の達成|の実現|の向上|の増加)?に(?:大きく|直接)?(?:寄与|資す|貢献)")
# What may come between a number and the name that goes with it.
_NAME_AFTER = re.compile("(?:である|たる|の|:)?[「(]?")
_NAME_BEFORE = re.compile("[」)]?(?:である|たる)?[(「]?$")
_LONGEST_NAME = 80


class Reference(NamedTuple):
    """数値目標（1）－② or 評価指標（2）; `target` is None where none is named."""

    start: int
    end: int
    kind: str
    indicator: int
    target: int | None


def references(passage: Passage) -> list[Reference]:
    """References by number to numeric targets and indicators, also the further ones of a list, in order."""
    by_start = {reference.start: reference for reference in _references(passage)}
    return [by_start[start] for start in sorted(by_start)]


def _references(passage: Passage) -> Iterator[Reference]:
    flat = passage.flat
    for first in _REFERENCE.finditer(flat):
        match: re.Match[str] | None = first
        while match:
            yield _reference(match, first["kind"])
            match = _MORE.match(flat, match.end())
    if "(" not in flat or not _KIND.search(flat):
        return
    for sentence in passage.sentences:
        if kind := _KIND.search(sentence.text):
            for match in _LISTED.finditer(flat, sentence.start + kind.end(), sentence.end):
                yield _reference(match, kind[0])


def _reference(match: re.Match[str], kind: str) -> Reference:
    target = match["target"]
    if target:
        target = int(target) if target.isdecimal() else parse_circled(target)
    start = match.start() if "kind" in match.groupdict() else match.start("open")
    return Reference(start, match.end(), kind, int(match["indicator"]), target or None)


@check("数値目標・評価指標の番号", Level.BLOCKING)
def numbers_of_targets(picture: Picture) -> Iterator[Finding]:
    """数値目標（7） or 数値目標（1）－④ where there is none."""
    targets = {
        indicator.number: len(indicator.targets) for indicator in picture.contents.indicators
    }
    for passage in picture.prose_without_remarks:
        for reference in references(passage):
            if (
                reference.indicator in targets
                and (reference.target or 1) <= targets[reference.indicator]
            ):
                continue
            words = passage.words(reference.start, reference.end)
            if (count := targets.get(reference.indicator)) == 1:
                expected = f"（{reference.indicator}）だけ"
            elif count:
                expected = f"（{reference.indicator}）－①から{circled(count)}まで"
            else:
                expected = f"（1）から（{max(targets, default=0)}）まで"
            yield numbers_of_targets.finding(
                passage,
                f"「{words}」に当たる{reference.kind}はありません（{expected}）。番号を確かめ、直してください。",
                words=words,
                found=words,
                expected=expected,
            )


@check("番号と名称", Level.BLOCKING)
def names_beside_numbers(picture: Picture) -> Iterator[Finding]:
    """数値目標（3） next to the name of 数値目標（4）."""
    for passage in picture.prose_without_remarks:
        for reference in references(passage):
            for start, end, key in _names_beside(picture, passage, reference):
                if key.indicator == reference.indicator and reference.target in (None, key.number):
                    continue
                number = target_numbers((key,), picture.contents)
                name = passage.words(start, end)
                yield names_beside_numbers.finding(
                    passage,
                    f"「{name}」は{number}ですが、「{passage.words(reference.start, reference.end)}」と書かれています。"
                    "番号か名称を直してください。",
                    words=passage.words(min(start, reference.start), max(end, reference.end)),
                    found=passage.words(reference.start, reference.end),
                    expected=number,
                )


def _names_beside(
    picture: Picture, passage: Passage, reference: Reference
) -> Iterator[tuple[int, int, TargetKey]]:
    """Start, end and key of the targets named right after a number, or right before it."""
    flat = passage.flat
    after = flat[reference.end : reference.end + _LONGEST_NAME]
    first = _NAME_AFTER.match(after).end()
    for start, end, key in picture.targets_in(after):
        if start == first:
            yield reference.end + start, reference.end + end, key
    origin = max(0, reference.start - _LONGEST_NAME)
    before = flat[origin : reference.start]
    last = _NAME_BEFORE.search(before).start()
    if last < len(before):  # 投資額（数値目標（2））, but not 投資額 数値目標（2）
        for start, end, key in picture.targets_in(before):
            if end == last:
                yield origin + start, origin + end, key


@check("成果の見出しの数値目標", Level.CAUTION)
def result_lines_of_others(picture: Picture) -> Iterator[Finding]:
    """3④: the result line under an approach names the numeric target that it serves."""
    for number, approach in enumerate(picture.contents.approaches, 1):
        label = same_width(approach.result_label)[:300]
        named_targets = picture.targets_in(label)
        if (
            not approach.targets
            or not named_targets
            or {key for *_, key in named_targets} & {*approach.targets}
        ):
            continue
        start, end, key = named_targets[0]
        serves = target_numbers(approach.targets, picture.contents)
        yield result_lines_of_others.finding(
            picture.place_of(RecordKey("approach", number), "result_label"),
            f"解決策{number}は{serves}に寄与しますが、成果の行には{target_numbers((key,), picture.contents)}の名称が"
            "書かれています。行を直してください。",
            words=approach.result_label[start:end],
            found=target_numbers((key,), picture.contents),
            expected=serves,
        )


@check("関連する数値目標と文", Level.CAUTION)
def served_targets(picture: Picture) -> Iterator[Finding]:
    """A text that says 数値目標（4）に寄与する, against the targets to which its record is related."""
    relations = dict(_relations(picture))
    for passage in picture.prose_without_remarks:
        relation = relations.get(passage.record)
        if relation is None:
            continue
        for reference in references(passage):
            if not _SERVES.match(passage.flat, reference.end) or any(
                key.indicator == reference.indicator and reference.target in (None, key.number)
                for key in relation.targets
            ):
                continue
            words = passage.words(reference.start, reference.end)
            expected = target_numbers(relation.targets, picture.contents) or "—"
            yield served_targets.finding(
                passage,
                f"「{words}」に寄与すると書かれていますが、関連する数値目標は「{expected}」です。どちらかを直してください。",
                words=words,
                found=words,
                expected=expected,
            )


def _relations(picture: Picture) -> Iterator[tuple[RecordKey, Relation]]:
    """The relations of approaches, and of those entries of 別紙2 and 別紙3 that list targets."""
    contents = picture.contents
    for number, approach in enumerate(contents.approaches, 1):
        yield RecordKey("approach", number), Relation(targets=approach.targets)
    for source, entries, group in (
        ("measure", contents.measures, "kind"),
        ("scheme", contents.schemes, "category"),
    ):
        numbers: Counter[str] = Counter()
        for entry in entries:
            kind = getattr(entry, group)
            numbers[kind] += 1
            if entry.relation.targets:
                yield RecordKey(source, kind, numbers[kind]), entry.relation
