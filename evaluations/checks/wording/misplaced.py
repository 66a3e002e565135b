"""Texts in the wrong place: words of the form itself, words on another kind of support, copies."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from evaluations import catalogue
from evaluations.catalogue.part3_progress import QUALITATIVE
from evaluations.catalogue.part5_national import KINDS
from evaluations.checks.mentions import same_width
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check

# Words of the form

SHORTEST = 6  # letters; a shorter line is not taken for a heading

_INSTRUCTION = re.compile(
    "(?:記入|記載|入力|参照|添付|選択|削除|確認)(?:して|し)?(?:のうえ|の上)?(?:下さい|ください|のこと)"
    "|【?記入要領】?|【?記載要領】?|記入上の注意|[(【]?記載例[)】]?[:】]|ここに(?:入力|記入|記載)"
)


def _squeezed(line: str) -> str:
    return same_width(line).replace(" ", "")


@cache
def _form_lines(year: int, kind: str) -> frozenset[str]:
    """The headings and notes of the form, whole and line by line, folded; short ones (総合評価) occur in texts too."""
    # 《定性的評価》 stands before its text and has the text's source.
    headings = (
        heading
        for heading in catalogue.headings()
        if heading is not QUALITATIVE and heading.is_in(year)
    )
    printed = [heading.of(year, kind) for heading in headings]
    lines = [line for words in printed for line in (words, *words.split("\n"))]
    return frozenset(_squeezed(line) for line in lines if len(line) >= SHORTEST)


@check("様式の文言の残り", Level.CAUTION)
def words_of_the_form(picture: Picture) -> Iterator[Finding]:
    """Labels and instructions of the form within a text."""
    form_lines = _form_lines(picture.year, picture.contents.zone.kind)
    longest = 2 * max(map(len, form_lines))
    for passage in picture.prose:
        if passage.is_heading or passage.source.field == "name":
            continue
        for line in passage.text.split("\n"):
            if len(line) <= longest and _squeezed(line) in form_lines:
                yield words_of_the_form.finding(
                    passage,
                    "様式の見出しが文章に入っています。消すか、あるべき欄に移してください。",
                    words=line,
                    found=line,
                )
        for match in _INSTRUCTION.finditer(passage.flat):
            yield words_of_the_form.finding(
                passage,
                "記入する人への指示のような文言があります。様式や依頼文の残りであれば、消してください。",
                words=passage.words(*match.span()),
                found=passage.words(*match.span()),
            )


# Words on another kind of support

_KIND_WORDS = {
    "fiscal": re.compile("財政|補助|交付|調整費|助成|予算"),
    "tax": re.compile("税|償却|控除"),
    "loan": re.compile("金融|利子|融資|貸付|借入|資金|出資|ファンド|保証|基金"),
}


@check("別の支援措置の記載", Level.CAUTION)
def other_support(picture: Picture) -> Iterator[Finding]:
    """5: a text under 金融支援 that is about 税制支援 alone, or the like."""
    for passage in picture.prose:
        if passage.kind != "national_support":
            continue
        kind = passage.record.of
        for other, name in KINDS.items():
            start = passage.flat.find(name)
            if other != kind and start >= 0 and not _KIND_WORDS[kind].search(passage.flat):
                yield other_support.finding(
                    passage,
                    f"{KINDS[kind]}の欄ですが、{name}のことだけが書かれています。"
                    "ほかの欄から写したものでないか確かめてください。",
                    words=name,
                    found=name,
                    expected=KINDS[kind],
                )


@check("区分と違う支援措置", Level.NOTE)
def other_scheme(picture: Picture) -> Iterator[Finding]:
    """別紙3: the outline of a 税制支援 scheme without a word on taxes, or of 金融支援 without one on loans or shares."""
    for passage in picture.prose:
        category = passage.record.of if passage.kind == "scheme" else ""
        if category not in ("tax", "loan") or passage.source.field != "outline":
            continue
        if not _KIND_WORDS[category].search(passage.flat):
            kind = KINDS[category]
            yield other_scheme.finding(
                passage,
                f"{kind}措置の表にありますが、{kind}に当たる内容が書かれていません。区分と事業概要を確かめてください。",
                found=passage.text[:20],
                expected=kind,
            )


@check("同じ文章の繰り返し", Level.NOTE)
def copied_texts(picture: Picture) -> Iterator[Finding]:
    """A long text that stands in several fields."""
    places: dict[str, list[Passage]] = defaultdict(list)
    for passage in picture.prose:
        if len(passage.flat) >= 40:
            places[passage.flat].append(passage)
    for first, *others in places.values():
        for passage in others:
            if passage.source != first.source:
                yield copied_texts.finding(
                    passage,
                    f"「{first.text[:15]}…」と同じ文章が、ほかの欄にもあります。写したままになっていないか確かめてください。",
                    found=passage.text[:20],
                )
