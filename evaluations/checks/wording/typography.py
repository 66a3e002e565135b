"""Typography: spaces, brackets, full and half width, units."""

import re
from collections import Counter
from collections.abc import Iterator

from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import is_hiragana, is_kanji

_SPACES = re.compile(" +")
_NO_SPACE_AFTER, _NO_SPACE_BEFORE = frozenset("(「『【〔、。"), frozenset("、。,)」』】〕")
_COUNTED = frozenset("件人名社者回年月日円%")


@check("余分な空白", Level.NOTE)
def spaces(picture: Picture) -> Iterator[Finding]:
    """A space before a mark, within a word, or between a figure and its unit."""
    for passage in picture.prose:
        for match in _SPACES.finditer(passage.flat):
            start, end = match.span()
            if start > 0 and end < len(passage.flat) and _is_odd(passage.flat, start, end):
                yield spaces.finding(
                    passage,
                    "文の途中に余分な空白があります。取り除いてください。",
                    words=passage.around(*match.span()),
                    found=match[0],
                )
                break


def _is_odd(flat: str, start: int, end: int) -> bool:
    before, after = flat[start - 1], flat[end]
    if before in _NO_SPACE_AFTER or after in _NO_SPACE_BEFORE:
        return True
    if before.isdecimal():
        return after in _COUNTED
    kana = [is_hiragana(before), is_hiragana(after)]
    return any(kana) and all(
        kana[n] or is_kanji(letter) for n, letter in enumerate((before, after))
    )


# Brackets

_PAIRS = dict(zip("(「『【〔〈《<“[{", ")」』】〕〉》>”]}", strict=True))
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
# ＜ is a bracket; < in half width is a sign between figures.
_BRACKETS = re.compile("[（）()「」『』【】〔〕〈〉《》＜＞“”［］\\[\\]｛｝{}]")
_MOST_UNMATCHED = 10  # of one text
# 1) and ア） at the start of an item, in a text that has none like (1).
_LIST_MARK = re.compile(r"(?:^|[\n 、。・])[\dA-Za-zア-ン一二三四五六七八九十①-⑳]{1,3}$")
_LISTED_IN_PAIRS = re.compile(r"\([\dA-Za-zア-ン一二三四五六七八九十①-⑳]{1,3}\)")


@check("括弧の対応", Level.CAUTION)
def brackets(picture: Picture) -> Iterator[Finding]:
    """Brackets that are not closed by their own kind within the field."""
    for passage in picture.prose:
        for place in _unmatched(passage):
            yield brackets.finding(
                passage,
                f"括弧「{passage.text[place]}」に対応する括弧がないか、入れ子の順が違います。対応する括弧を補ってください。",
                words=passage.around(place, place + 1),
                found=passage.text[place],
            )


def _unmatched(passage: Passage) -> list[int]:
    """Places of brackets without a partner."""
    open_at: list[int] = []
    unmatched: list[int] = []
    text = passage.flat
    has_list_marks = not _LISTED_IN_PAIRS.search(text)
    for match in _BRACKETS.finditer(passage.text):
        letter, place = text[match.start()], match.start()
        if letter in _PAIRS:
            open_at.append(place)
        elif open_at and text[open_at[-1]] == _CLOSING[letter]:
            open_at.pop()
        elif (
            letter == ")" and has_list_marks and _LIST_MARK.search(text[max(0, place - 5) : place])
        ):
            continue
        elif any(text[other] == _CLOSING[letter] for other in open_at[-4:]):
            while text[open_at[-1]] != _CLOSING[letter]:
                unmatched.append(open_at.pop())
            open_at.pop()
        else:
            unmatched.append(place)
    return sorted(unmatched + open_at)[:_MOST_UNMATCHED]


@check("括弧の全角と半角", Level.NOTE)
def bracket_widths(picture: Picture) -> Iterator[Finding]:
    """（ closed by ), or ( by ）."""
    for passage in picture.prose:
        for match in re.finditer(r"\([^()\n]{0,200}\)", passage.flat):
            start, end = match.span()
            if (passage.text[start] == "（") != (passage.text[end - 1] == "）"):
                yield bracket_widths.finding(
                    passage,
                    "括弧の片方が全角で、もう片方が半角です。全角にそろえてください。",
                    words=passage.words(start, end),
                    found=passage.text[start] + passage.text[end - 1],
                    expected="（）",
                )


# Widths and units

_NUMBER = re.compile(r"[0-9０-９]+(?:[,.，．][0-9０-９]+)*")
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_HALF_WIDTH = re.compile("[0-9A-Za-z]")


@check("全角と半角の混在", Level.CAUTION)
def number_widths(picture: Picture) -> Iterator[Finding]:
    """A number in two widths: 1６8."""
    for passage in picture.prose:
        for match in _NUMBER.finditer(passage.text) if _FULL_WIDTH.search(passage.text) else ():
            if _FULL_WIDTH.search(match[0]) and re.search("[0-9]", match[0]):
                yield number_widths.finding(
                    passage,
                    "一つの数の中に全角と半角の数字があります。半角にそろえてください。",
                    words=match[0],
                    found=match[0],
                    expected=passage.flat[match.start() : match.end()],
                )


@check("全角の英数字", Level.NOTE)
def letter_widths(picture: Picture) -> Iterator[Finding]:
    """Letters and digits that are not of the width that most of the evaluation has."""
    widths = Counter()
    for passage in picture.prose:
        widths["full"] += len(_FULL_WIDTH.findall(passage.text))
        widths["half"] += len(_HALF_WIDTH.findall(passage.text))
    if not widths["full"] or not widths["half"]:
        return
    is_half = widths["half"] >= widths["full"]
    odd = re.compile("[０-９Ａ-Ｚａ-ｚ]+" if is_half else "[0-9A-Za-z]+")
    for passage in picture.prose:
        # The form prints a figure after this label.
        if passage.source.field == "result_label":
            continue
        if match := odd.search(passage.text):
            usual = "半角" if is_half else "全角"
            yield letter_widths.finding(
                passage,
                f"英数字は、ほかの箇所では{usual}です。{usual}にそろえてください。",
                words=match[0],
                found=match[0],
                expected=passage.flat[match.start() : match.end()] if is_half else "",
            )


_COUNTER = re.compile(r"(?<=[\d数何])([かヶカケヵ箇])(?=[所月年国条村])")


@check("助数詞の不統一", Level.NOTE)
def counters(picture: Picture) -> Iterator[Finding]:
    """ヶ月 where other places have か月, as official texts write it."""
    matches = [
        (passage, match) for passage in picture.prose for match in _COUNTER.finditer(passage.flat)
    ]
    if not any(match[1] == "か" for _, match in matches):
        return
    for passage, match in matches:
        if match[1] != "か":
            yield counters.finding(
                passage,
                "ほかの箇所では「か月」「か所」のように「か」と書いています。「か」にそろえてください。",
                words=passage.words(match.start() - 1, match.end() + 1),
                found=match[1],
                expected="か",
            )


_MONEY = re.compile(r"\d ?(百万円|千円|(?:億|万)円)")


@check("単位の混在", Level.NOTE)
def money_units(picture: Picture) -> Iterator[Finding]:
    """百万円 and 億円 in one text."""
    for passage in picture.prose:
        units = list(_MONEY.finditer(passage.flat)) if "円" in passage.flat else []
        in_thousands = [match for match in units if match[1] in ("百万円", "千円")]
        if in_thousands and len(in_thousands) < len(units):
            match = in_thousands[0]
            yield money_units.finding(
                passage,
                "一つの文章の中に、億円・万円と百万円・千円があります。単位をそろえてください。",
                words=passage.words(match.start(1), match.end(1)),
                found=match[1],
            )
