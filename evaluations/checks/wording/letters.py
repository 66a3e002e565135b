"""Letters that are lost in print, that nobody sees, or that look like others."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import dropwhile, takewhile

from django.conf import settings

from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import KANJI
from tokku.document.pdf import lost_letters


@check("印刷できない文字", Level.BLOCKING)
def lost_in_print(picture: Picture) -> Iterator[Finding]:
    """Letters that no font of the PDF has and it prints as 〓: 外字, emoji, foreign scripts."""
    lost = lost_letters(picture.letters, settings.PDF_FONT_PATHS)
    for passage, words in _passages_with(picture, lost):
        yield lost_in_print.finding(
            passage,
            "PDFの書体にない文字で、〓と印刷されます。ほかの文字に置き換えてください。",
            words=words,
            found=_code_points(
                [letter for letter in dict.fromkeys(passage.text) if letter in lost]
            ),
        )


@check("見えない文字", Level.CAUTION)
def invisible(picture: Picture) -> Iterator[Finding]:
    """Zero-width characters, soft hyphens and marks of direction: they come with pasted text and hinder search."""
    for passage, words in _passages_with(picture, set(filter(_is_invisible, picture.letters))):
        yield invisible.finding(
            passage,
            "目に見えない文字が入っています。その箇所を打ち直して取り除いてください。",
            words=words,
            found=_code_points(words),
        )


def _is_invisible(letter: str) -> bool:
    # Selectors from U+E0100 on choose a variant of a letter in a name (葛󠄀) and are intended.
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


@check("分かれた濁点", Level.CAUTION)
def apart(picture: Picture) -> Iterator[Finding]:
    """か and ゛ as two letters, as some systems write names of files."""
    marks = {letter for letter in picture.letters if unicodedata.category(letter) == "Mn"}
    marks -= set(filter(_is_invisible, marks))
    for passage, words in _passages_with(picture, {mark for mark in marks if mark < "\ufe00"}):
        start = max(passage.text.find(words) - 1, 0)
        whole = passage.text[start : start + 1 + len(words)]
        yield apart.finding(
            passage,
            "濁点などの記号が文字から分かれています。検索で見つからなくなるので、打ち直してください。",
            words=whole,
            found=_code_points(whole),
            expected=unicodedata.normalize("NFC", whole),
        )


@check("部首の文字", Level.CAUTION)
def radicals(picture: Picture) -> Iterator[Finding]:
    """⾼ for 高: texts copied from a PDF may have radicals that look like 漢字."""
    radical_letters = {letter for letter in picture.letters if "\u2e80" <= letter <= "\u2fdf"}
    for passage, words in _passages_with(picture, radical_letters):
        yield radicals.finding(
            passage,
            "漢字ではなく、形の似た部首の文字です。検索で見つからなくなるので、打ち直してください。",
            words=words,
            found=_code_points(words),
            expected=unicodedata.normalize("NFKC", words),
        )


@check("半角カタカナ", Level.CAUTION)
def half_width_katakana(picture: Picture) -> Iterator[Finding]:
    half_width = {letter for letter in picture.letters if "\uff61" <= letter <= "\uff9f"}
    for passage, words in _passages_with(picture, half_width):
        yield half_width_katakana.finding(
            passage,
            "半角のカタカナや句読点です。全角に直してください。",
            words=words,
            found=words,
            expected=unicodedata.normalize("NFKC", words),
        )


# 漢字 and dashes for the カタカナ that look like them, and what they should be.
_ALIKE = dict(zip("工力口夕卜八二一―‐‑–—−－", "エカロタトハニー" + "ー" * 7, strict=True))
_LOOKALIKE = re.compile(
    "[工力口夕卜八二一―‐‑–—−－](?:(?<=[ァ-ヺ].)(?=[ァ-ヺ])"
    "|(?<=[ァ-ヺー]{2}[―‐‑–—−－])(?=[ぁ-ん、。])"
    "|(?<=[ァ-ヺー]{2}一)(?=[はがをにのでとへも、。])"
    f"|(?<=[工力口夕])(?<![{KANJI}ァ-ヺー].)(?=[ァ-ヺー]{{2}}))"
)


@check("形の似た文字", Level.CAUTION)
def lookalikes(picture: Picture) -> Iterator[Finding]:
    """工 (漢字) or a dash within カタカナ, where エ or ー is meant."""
    for passage in picture.prose:
        for match in _LOOKALIKE.finditer(passage.text):
            start = max(0, match.start() - 2)
            words = passage.words(start, match.end() + 2)
            yield lookalikes.finding(
                passage,
                f"カタカナの中に、形の似た「{match[0]}」があります。「{_ALIKE[match[0]]}」に直してください。",
                words=words,
                found=match[0],
                expected=_ALIKE[match[0]],
            )


def _passages_with(
    picture: Picture, letters: set[str] | frozenset[str]
) -> Iterator[tuple[Passage, str]]:
    """The passages with any of these letters, each with its first run of them."""
    for passage in picture.passages if letters else ():
        if not letters.isdisjoint(passage.text):
            from_first = dropwhile(lambda letter: letter not in letters, passage.text)
            yield passage, "".join(takewhile(letters.__contains__, from_first))


def _code_points(words: Sequence[str]) -> str:
    """The code points of letters, eight at most: U+200B."""
    return " ".join(f"U+{ord(letter):04X}" for letter in words[:8])
