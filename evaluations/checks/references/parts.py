"""References to approaches, annexes and parts of the form that do not exist."""

import re
from collections.abc import Iterator

from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import KANJI, KATAKANA
from evaluations.form.compose import ANNEXES
from tokku.document.tree import Heading
from tokku.japanese import fold

_CIRCLED = "①-⑳㉑-㉟㊱-㊿"
_APPROACH = re.compile(r"解決策 ?(?P<number>\d{1,2})(?![\d.,つ件個])")
_ANNEX = re.compile(r"別紙 ?(?P<number>\d{1,2})(?!\d)")
_OF_ANOTHER_PAPER = re.compile(
    "(?:要綱|要領|通知|告示|規程|規則|指針|申請書|契約書|報告書|[」』])の?$"
)
# 施策1① is no part of the form.
_PART = re.compile(
    rf"(?<![\d.,~)-])(?:(?P<body>本文 ?)|(?<![{KANJI}{KATAKANA}]))(?P<part>\d{{1,2}}) ?(?P<section>[{_CIRCLED}])?(?:-(?P<entry>\d{{1,2}}))?"
)


@check("解決策の番号", Level.BLOCKING)
def numbers_of_approaches(picture: Picture) -> Iterator[Finding]:
    count = len(picture.contents.approaches)
    for passage in picture.prose_without_remarks:
        for match in _APPROACH.finditer(passage.flat):
            if not 1 <= int(match["number"]) <= count:
                yield numbers_of_approaches.finding(
                    passage,
                    f"「{passage.words(*match.span())}」はありません（解決策1から{count}まで）。番号を直してください。",
                    words=passage.words(*match.span()),
                    found=passage.words(*match.span()),
                    expected=f"解決策1から{count}まで",
                )


@check("別紙の番号", Level.BLOCKING)
def numbers_of_annexes(picture: Picture) -> Iterator[Finding]:
    """The form has 別紙1 to 別紙3; other papers' annexes are named with them: 交付要綱別紙4."""
    for passage in picture.prose_without_remarks:
        for match in _ANNEX.finditer(passage.flat):
            before = passage.flat[max(0, match.start() - 4) : match.start()]
            if 1 <= int(match["number"]) <= len(ANNEXES) or _OF_ANOTHER_PAPER.search(before):
                continue
            yield numbers_of_annexes.finding(
                passage,
                f"評価書の別紙は1から{len(ANNEXES)}までです。別紙の番号を直してください。",
                words=passage.words(*match.span()),
                found=passage.words(*match.span()),
                expected=f"別紙1から{len(ANNEXES)}まで",
            )


@check("本文の項目の番号", Level.BLOCKING)
def numbers_of_parts(picture: Picture) -> Iterator[Finding]:
    """本文4②, 3④ and 5②-3: the form must have such a part."""
    parts = _parts(picture)
    for passage in picture.prose_without_remarks:
        for match in _PART.finditer(passage.flat):
            if not (match["body"] or match["section"]):
                continue
            part, section, entry = match["part"], match["section"], match["entry"]
            place = part + (section or "") + (f"-{entry}" if section and entry else "")
            if place in parts or (part not in parts and not match["body"]):
                continue
            words = passage.words(*match.span())
            yield numbers_of_parts.finding(
                passage,
                f"評価書に「{words}」という項目はありません。項目の番号を確かめ、直してください。",
                words=words,
                found=words,
            )


def _parts(picture: Picture) -> frozenset[str]:
    """The numbers of the body's headings: 4, 4② and 5②-1."""
    part_numbers = set()
    part = section = ""
    for block in picture.document.sections[0].blocks:
        if not isinstance(block, Heading):
            continue
        number, *_ = block.text.split(" ", 1)
        if block.level == 2:
            part = fold(number)
            part_numbers.add(part)
        elif block.level == 3:
            section = part + number
            part_numbers.add(section)
        elif "-" in number:
            part_numbers.add(section + "-" + number.partition("-")[2])
    return frozenset(part_numbers)
