"""How sentences are written: particles, words and marks twice, full stops, style, spellings."""

import re
from collections.abc import Iterator

from evaluations import catalogue
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import KANJI, KATAKANA

# Letters before and after a particle; within 平仮名 it may be part of a word: ものの, ことと, にぎわい.
_BEFORE_PARTICLE = f"{KANJI}{KATAKANA}A-Za-z0-9%)」』】〕®々"
_AFTER_PARTICLE = f"{KANJI}{KATAKANA}A-Za-z0-9(「『【〔、。"
_PARTICLES = re.compile(
    # を is nothing but a particle.
    "をを+"
    f"|(?<=[{_BEFORE_PARTICLE}])(?:のの|がが|にに|はは|とと|でで|もも|へへ|から(?:から)+|まで(?:まで)+|より(?:より)+)(?=[{_AFTER_PARTICLE}]|$)"
    # After 平仮名: このの, ようにに, ことがが. まで終わり, ものの and ことと are correct.
    f"|(?<=[ぁ-ん])(?:(?<!も)のの|がが|にに|はは|(?<!ま)でで)(?=[{_AFTER_PARTICLE}]|$)"
    # Two that never follow each other.
    f"|(?<=[{_BEFORE_PARTICLE}])(?:をが|がを|をは|はを|をに|にを|はが|がは|をで|でを|がに|にが|がで|をへ|へを)(?=[{_AFTER_PARTICLE}]|$)"
)


@check("助詞の重なり", Level.CAUTION)
def particles_twice(picture: Picture) -> Iterator[Finding]:
    """をを, のの, をが."""
    for passage in picture.prose:
        for match in _PARTICLES.finditer(passage.flat):
            yield particles_twice.finding(
                passage,
                f"助詞が「{match[0]}」と重なっています。余分な字を消してください。",
                words=passage.around(*match.span()),
                found=match[0],
            )


_TWICE = re.compile(
    f"([{KANJI}]{{2,8}}|[{KATAKANA}]{{3,12}})\\1(?!院)"
    "|(という|こと|する|した|して|など|ため|について|において|における|により|による|によって|である|ている|された|される|及び|並びに|また、|さらに、?)\\2"
    "|など等|等など"
)
# 一人一人, 一歩一歩: one by one.
_EACH = re.compile("[一各毎]")


@check("語の重なり", Level.CAUTION)
def words_twice(picture: Picture) -> Iterator[Finding]:
    """支援支援, することすること."""
    for passage in picture.prose:
        for match in _TWICE.finditer(passage.flat):
            if not _EACH.match(match[0]):
                yield words_twice.finding(
                    passage,
                    "同じ語が続けて書かれています。余分なほうを消してください。",
                    words=passage.words(*match.span()),
                    found=match[0],
                    expected=match[1] or match[2] or "",
                )


_MARKS = re.compile(
    r"[。、]{2,}|(?<!・)・・(?!・)|[。、](?=[」』)】〕]、)|[(「『【]、|[(「『【]。|、[)」』】]|::|;;|,,"
)


@check("句読点の重なり", Level.CAUTION)
def marks_twice(picture: Picture) -> Iterator[Finding]:
    """。。, 、。, and marks at the wrong side of a bracket."""
    for passage in picture.prose:
        for match in _MARKS.finditer(passage.flat):
            yield marks_twice.finding(
                passage,
                "句読点などが重なっているか、置く場所が違います。余分なものを消してください。",
                words=passage.around(*match.span()),
                found=match[0],
            )


# Fields of whole sentences; others take names and notes.
_SENTENCES = catalogue.fields_where(lambda field: field.is_in_sentences)
# An item of a list: ・, ①, (1), ア.
_LISTED = re.compile(r"[・○●◎◇◆□■※①-⑳-]|\(?[\dア-ン一二三四五六七八九十]{1,2}[) .]")
_PREDICATE = re.compile("(?:[るただすくぐむぶぬう]|ない|たい|しい|らい|きい|よい|いい)$")


def _in_sentences(picture: Picture) -> Iterator[Passage]:
    return (
        passage for passage in picture.prose if passage.key in _SENTENCES and not passage.is_heading
    )


@check("句点の漏れ", Level.CAUTION)
def full_stops(picture: Picture) -> Iterator[Finding]:
    """A sentence without 。 at its end; a noun, or a line of a list, needs none."""
    for passage in _in_sentences(picture):
        for start, end in _lines(passage.flat):
            line = passage.flat[start:end]
            body = line.rstrip(" ")
            if len(body) >= 12 and not _LISTED.match(body) and _PREDICATE.search(body):
                yield full_stops.finding(
                    passage,
                    "文の終わりに句点（。）がありません。文が途中で切れていないか確かめ、句点を付けてください。",
                    words=passage.words(max(start, end - 12), end),
                    found=body[-1],
                    expected=f"{body[-1]}。",
                )


def _lines(flat: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in flat.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


_POLITE = re.compile("(?:です|ます|ました|ません|でした|ましょう|ください)[。！]")
_PLAIN = re.compile(
    "(?:である|であった|でない|した|する|いる|なる|ある|れる|った|ない|えた|けた|めた|した|だ)。"
)


@check("文体の混在", Level.CAUTION)
def styles(picture: Picture) -> Iterator[Finding]:
    """です・ます in an evaluation that is mostly written in である."""
    polite = [
        (passage, match)
        for passage in _in_sentences(picture)
        for match in _POLITE.finditer(passage.flat)
    ]
    plain_count = sum(len(_PLAIN.findall(passage.flat)) for passage in _in_sentences(picture))
    for passage, match in polite if plain_count > len(polite) else ():
        yield styles.finding(
            passage,
            "ほかの文は「である」調です。「です・ます」調を直してそろえてください。",
            words=passage.around(*match.span()),
            found=match[0],
        )


# Spellings and how official texts write the word. Nouns made of verbs are recognised by the particle after them.
_SPELLINGS = {
    "および": "及び",
    "ならびに": "並びに",
    "または": "又は",
    "すべて": "全て",
    "さまざま": "様々",
    "さらなる": "更なる",
    "繋が": "つなが",
    "繋げ": "つなげ",
    "くわえて": "加えて",
    "わが国": "我が国",
    "取組み": "取組",
    "手続き": "手続",
}
_NOUN_SPELLINGS = {
    "取り組み": "取組",
    "取り扱い": "取扱い",
    "受け入れ": "受入れ",
    "申し込み": "申込み",
    "問い合わせ": "問合せ",
    "打ち合わせ": "打合せ",
}
_UNUSUAL_SPELLING = re.compile(
    "|".join((*_SPELLINGS, *(f"{noun}(?=[をがはの])" for noun in _NOUN_SPELLINGS)))
)


@check("用字の不統一", Level.NOTE)
def spellings(picture: Picture) -> Iterator[Finding]:
    """A word spelt in two ways, the official and another: 及び and および, 取組 and 取り組み."""
    official_spellings = _SPELLINGS | _NOUN_SPELLINGS
    is_used: dict[str, bool] = {}
    for passage in picture.prose:
        for match in _UNUSUAL_SPELLING.finditer(passage.flat):
            official = official_spellings[match[0]]
            if official not in is_used:
                official_pattern = re.compile(f"{official}(?![きみ])")  # 手続 is not 手続き
                is_used[official] = any(
                    official_pattern.search(passage.flat) for passage in picture.prose
                )
            if is_used[official]:
                yield spellings.finding(
                    passage,
                    f"ほかの箇所では「{official}」と書いています。表記をそろえてください。",
                    words=match[0],
                    found=match[0],
                    expected=official,
                )
