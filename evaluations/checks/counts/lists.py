"""Lists within a text: 次の3つ, ①②③, and names that are counted: X、Y及びZの3社."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evaluations.checks.mentions import Quantity
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from tokku.japanese import parse_circled


@dataclass(frozen=True, slots=True)
class _Mark:
    """The number at the head of an item of a list."""

    passage: Passage
    start: int
    end: int
    style: str
    number: int


# After a mark or a word but not after a name (評価指標(1)), and followed by words: このうち(2)は refers to an item.
_MARK = re.compile(
    r"(?:^|(?<=[\n 、。,:「ぁ-ん]))(?:\((?P<bracket>\d{1,2})\)|(?P<circle>[①-⑳])) ?(?![はがのにをとで及、。,\-~・)\s]|$)"
)


def _marks(passages: Sequence[Passage]) -> list[_Mark]:
    marks = []
    for passage in passages:
        for match in _MARK.finditer(passage.flat):
            circle = match["circle"]
            number = parse_circled(circle) if circle else int(match["bracket"])
            style = "circle" if circle else "bracket"
            marks.append(_Mark(passage, match.start(), match.end(), style, number))
    return marks


def _runs(marks: list[_Mark]) -> Iterator[list[_Mark]]:
    """Group marks into lists of one style, each starting with 1. Marks before the first 1 refer to another list."""
    for style in ("circle", "bracket"):
        run: list[_Mark] = []
        for mark in (mark for mark in marks if mark.style == style):
            if mark.number == 1:
                if run:
                    yield run
                run = [mark]
            elif run:
                run.append(mark)
        if run:
            yield run


@check("列挙の番号", Level.CAUTION)
def numbering(picture: Picture) -> Iterator[Finding]:
    """①②④: the numbers of a list go up by one."""
    for passages in picture.texts:
        for run in _runs(_marks(passages)):
            for previous, mark in pairwise(run):
                if mark.number != previous.number + 1:
                    words = mark.passage.words(mark.start, mark.end)
                    yield numbering.finding(
                        mark.passage,
                        "列挙の番号が順になっていません。番号の抜けや重なりがないか確かめて直してください。",
                        words=words,
                        found=words.strip(),
                        expected=str(previous.number + 1),
                    )
                    break


_ANNOUNCED = re.compile(r"(?:次|以下|下記)の ?$")
_COUNTERS = {"つ", "点", "項目", "件", "事業", "種類", "テーマ"}
# A count right before the first item announces the list too: 3つの柱である(1)…
_NEAR = 20


@check("列挙の数", Level.CAUTION)
def items_announced(picture: Picture) -> Iterator[Finding]:
    """次の3つ: as many items follow."""
    for passages in picture.texts:
        runs = sorted(_runs(_marks(passages)), key=_place)
        for quantity, passage in _counts(passages) if runs else ():
            following = bisect_left(runs, (passage.number, quantity.end), key=_place)
            if following == len(runs) or len(runs[following]) == quantity.value:
                continue
            run = runs[following]
            is_near = run[0].passage is passage and run[0].start - quantity.end <= _NEAR
            if is_near or _ANNOUNCED.search(
                passage.flat, max(quantity.start - 5, 0), quantity.start
            ):
                words = passage.words(quantity.start, quantity.end)
                yield items_announced.finding(
                    passage,
                    f"「{words}」とありますが、続く列挙の数は{len(run)}です。どちらかを直してください。",
                    words=words,
                    found=words,
                    expected=str(len(run)),
                )


def _counts(passages: Sequence[Passage]) -> Iterator[tuple[Quantity, Passage]]:
    for passage in passages:
        for quantity in passage.quantities:
            if quantity.unit in _COUNTERS:
                yield quantity, passage


def _place(run: list[_Mark]) -> tuple[int, int]:
    return run[0].passage.number, run[0].start


# Names have no hiragana, and neither 、 nor の is before the first, which would be part of a longer list.
_NAME = r"[一-鿿々ァ-ヴーA-Za-z0-9]{1,30}"
_COUNTED_NAMES = re.compile(
    rf"(?:^|(?<=[。\n「(はがを])|(?<=は、)|(?<=また、))(?P<names>{_NAME}(?:、{_NAME}){{0,9}}(?:及び|並びに|と|、){_NAME})の ?"
    r"(?P<count>\d{1,2}) ?(?P<unit>[かヶカ]国|[都道府]{0,3}県市|[市県町村区]|つ|点|分野|社|機関|団体|財団|施設|病院|大学)"
)
# Units that count the names themselves; 米国及びドイツの5社 are five companies of those countries.
_OWN_UNIT = re.compile(r"[かヶカ]国|.{0,3}県市|[市県町村区]|つ|点|分野")
# 今後、米国及びドイツの2か国: what comes before the first name.
_BEFORE_NAMES = re.compile(
    r"今後|現在|一方|当初|従来|以[前降]|.{0,30}(?:年度?|[月日後前中際末]|時点|以降)"
)


@check("名を挙げたものの数", Level.CAUTION)
def names_counted(picture: Picture) -> Iterator[Finding]:
    """米国、ドイツ及びスペインの3か国: as many names as are counted."""
    for passage in picture.prose:
        for match in _COUNTED_NAMES.finditer(passage.flat):
            names = re.split("、|及び|並びに|と", match["names"])
            if _BEFORE_NAMES.fullmatch(names[0]):
                del names[0]
            unit = match["unit"]
            are_counted = _OWN_UNIT.fullmatch(unit) or all(name.endswith(unit) for name in names)
            if not are_counted or names[-1].endswith("等") or int(match["count"]) == len(names):
                continue
            start, end = match.start("count"), match.end()
            yield names_counted.finding(
                passage,
                f"「{passage.words(start, end)}」とありますが、その前に挙げられているものの数は{len(names)}です。"
                "数か、挙げたものを直してください。",
                words=passage.words(start, end),
                found=match["count"],
                expected=str(len(names)),
            )
