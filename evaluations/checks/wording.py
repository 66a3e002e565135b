"""How sentences are written: particles and words twice, punctuation, brackets, widths, units, style."""

import re
from collections import Counter
from collections.abc import Iterator

from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import KANJI, KATAKANA, is_hiragana, is_kanji

# Between these a particle begins and ends; in 平仮名 it may be part of a word: ものの, ことと, にぎわい.
_WORD = f"{KANJI}{KATAKANA}A-Za-z0-9%)」』】〕®々"
_NEXT = f"{KANJI}{KATAKANA}A-Za-z0-9(「『【〔、。"
_PARTICLES = re.compile(
    # を is nothing but a particle.
    "をを+"
    f"|(?<=[{_WORD}])(?:のの|がが|にに|はは|とと|でで|もも|へへ|やや|から(?:から)+|まで(?:まで)+|より(?:より)+)(?=[{_NEXT}]|$)"
    # After 平仮名: このの, ようにに, ことがが. まで終わり, ものの and ことと are sound.
    f"|(?<=[ぁ-ん])(?:(?<!も)のの|がが|にに|はは|(?<!ま)でで)(?=[{_NEXT}]|$)"
    # Two that never follow each other.
    f"|(?<=[{_WORD}])(?:をが|がを|をは|はを|をに|にを|はが|がは|をで|でを|がに|にが|がで|をへ|へを)(?=[{_NEXT}]|$)"
)


@check("助詞の重なり", Level.CAUTION)
def particles_twice(picture: Picture) -> Iterator[Finding]:
    """をを, のの, をが."""
    for passage in picture.prose:
        for match in _PARTICLES.finditer(passage.flat):
            yield particles_twice.finding(
                passage,
                f"助詞が「{match[0]}」と重なっています。余分な字を消してください。",
                words=_around(passage, *match.span()),
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
                words=_around(passage, *match.span()),
                found=match[0],
            )


_SPACES = re.compile(" +")
_NO_SPACE_AFTER, _NO_SPACE_BEFORE = frozenset("(「『【〔、。"), frozenset("、。,)」』】〕")
_COUNTED = frozenset("件人名社者回年月日円%")


@check("余分な空白", Level.NOTE)
def spaces(picture: Picture) -> Iterator[Finding]:
    """A space before a mark, within a word, or between a figure and its unit."""
    for passage in picture.prose:
        for match in _SPACES.finditer(passage.flat):
            start, end = match.span()
            if 0 < start and end < len(passage.flat) and _is_odd(passage.flat, start, end):
                yield spaces.finding(
                    passage,
                    "文の途中に余分な空白があります。取り除いてください。",
                    words=_around(passage, *match.span()),
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
    return any(kana) and all(kana[n] or is_kanji(one) for n, one in enumerate((before, after)))


# Fields of whole sentences; others take names and notes.
_SENTENCES = {
    "plan": {"overview"},
    "evaluation": {
        "response_to_previous",
        "considerations",
        "weight_rationale",
        "pathway",
        "no_measures_reason",
        "no_fiscal_support_reason",
        "overall",
    },
    "assessment": {
        "qualitative",
        "alternative",
        "strategy",
        "target_basis",
        "self_assessment",
        "external_factors",
    },
    "approach": {"narrative"},
    "achievement": {"text"},
    "measure": {"details"},
    "national_support": {"outline", "usage"},
    "scheme": {"outline", "result"},
    "regional_text": {"text"},
}
_PREDICATE = re.compile(
    "(?:である|でない|た|だ|する|なる|れる|せる|いる|ある|きる|ける|める|げる|える|ねる|てる|まる|かる|わる|がる|とる|く|ぐ|す|む|ぶ|ぬ|う|ない|たい|しい|らい|きい|よい|いい|ます|です)$"
)


def _in_sentences(picture: Picture) -> Iterator[Passage]:
    return (
        passage
        for passage in picture.prose
        if passage.source.field in _SENTENCES.get(passage.kind, ()) and not passage.is_heading
    )


@check("句点の漏れ", Level.CAUTION)
def full_stops(picture: Picture) -> Iterator[Finding]:
    """A sentence ends with 。; a cell of a noun, or lines of a list, need none."""
    for passage in _in_sentences(picture):
        for start, end in _lines(passage.flat):
            line = passage.flat[start:end]
            body = line.rstrip(" ")
            if (
                len(body) >= 12
                and not body.startswith(("・", "○", "※"))
                and _PREDICATE.search(body)
            ):
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


# Brackets

_PAIRS = dict(zip("(「『【〔〈《<“[{", ")」』】〕〉》>”]}", strict=True))
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
# ＜ is a bracket; < in half width is a sign between figures.
_BRACKETS = re.compile("[（）()「」『』【】〔〕〈〉《》＜＞“”［］\\[\\]｛｝{}]")
_MOST_ALONE = 10  # of one text
# 1) and ア） at the start of an item, in a text that has none like (1).
_LIST_MARK = re.compile(r"(?:^|[\n 、。・])[\dA-Za-zア-ン一二三四五六七八九十①-⑳]{1,3}$")
_LISTED_IN_PAIRS = re.compile(r"\([\dA-Za-zア-ン一二三四五六七八九十①-⑳]{1,3}\)")


@check("括弧の対応", Level.CAUTION)
def brackets(picture: Picture) -> Iterator[Finding]:
    """Each bracket is closed by its own kind, in the field as a whole at the latest."""
    for passage in picture.prose:
        for place in _unmatched(passage):
            yield brackets.finding(
                passage,
                f"括弧「{passage.text[place]}」に対応する括弧がないか、入れ子の順が違います。対応する括弧を補ってください。",
                words=_around(passage, place, place + 1),
                found=passage.text[place],
            )


def _unmatched(passage: Passage) -> list[int]:
    """Places of brackets that stand alone."""
    open_at: list[int] = []
    alone: list[int] = []
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
                alone.append(open_at.pop())
            open_at.pop()
        else:
            alone.append(place)
    return sorted(alone + open_at)[:_MOST_ALONE]


@check("括弧の全角と半角", Level.NOTE)
def bracket_widths(picture: Picture) -> Iterator[Finding]:
    """（ is closed by ） and ( by )."""
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
    """One number is in one width: 1６8."""
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
    """Letters and digits are as wide as in most of the evaluation, or of the other wide ones within one text."""
    widths = Counter()
    for passage in picture.prose:
        widths["full"] += len(_FULL_WIDTH.findall(passage.text))
        widths["half"] += len(_HALF_WIDTH.findall(passage.text))
    if not widths["full"] or not widths["half"]:
        return
    is_half = widths["half"] >= widths["full"]
    odd = re.compile("[０-９Ａ-Ｚａ-ｚ]+" if is_half else "[0-9A-Za-z]+")
    for passage in picture.prose:
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
    """か月 and ヶ月 do not stand side by side; か is what official texts write."""
    found = [
        (passage, match) for passage in picture.prose for match in _COUNTER.finditer(passage.flat)
    ]
    if not any(match[1] == "か" for _, match in found):
        return
    for passage, match in found:
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
    """百万円 and 億円 are not used side by side in one text."""
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


_POLITE = re.compile("(?:です|ます|ました|ません|でした|ましょう|ください)[。！]")
_PLAIN = re.compile(
    "(?:である|であった|でない|した|する|いる|なる|ある|れる|った|ない|えた|けた|めた|した|だ)。"
)


@check("文体の混在", Level.CAUTION)
def styles(picture: Picture) -> Iterator[Finding]:
    """です・ます does not stand among である."""
    found = [
        (passage, match)
        for passage in _in_sentences(picture)
        for match in _POLITE.finditer(passage.flat)
    ]
    plain = sum(len(_PLAIN.findall(passage.flat)) for passage in _in_sentences(picture))
    for passage, match in found if plain > len(found) else ():
        yield styles.finding(
            passage,
            "ほかの文は「である」調です。「です・ます」調を直してそろえてください。",
            words=_around(passage, *match.span()),
            found=match[0],
        )


# What stands for a word as official texts write it. Nouns of verbs are told by the particle after them.
_OTHERWISE = {
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
_NOUNS_OTHERWISE = {
    "取り組み": "取組",
    "取り扱い": "取扱い",
    "受け入れ": "受入れ",
    "申し込み": "申込み",
    "問い合わせ": "問合せ",
    "打ち合わせ": "打合せ",
}
_WRITTEN_OTHERWISE = re.compile(
    "|".join((*_OTHERWISE, *(f"{noun}(?=[をがはの])" for noun in _NOUNS_OTHERWISE)))
)


@check("用字の不統一", Level.NOTE)
def spellings(picture: Picture) -> Iterator[Finding]:
    """A word is written the same everywhere: 及び and および, 取組 and 取り組み."""
    usual = _OTHERWISE | _NOUNS_OTHERWISE
    is_used: dict[str, bool] = {}
    for passage in picture.prose:
        for match in _WRITTEN_OTHERWISE.finditer(passage.flat):
            official = usual[match[0]]
            if official not in is_used:
                written = re.compile(f"{official}(?![きみ])")  # 手続 is not 手続き
                is_used[official] = any(written.search(one.flat) for one in picture.prose)
            if is_used[official]:
                yield spellings.finding(
                    passage,
                    f"ほかの箇所では「{official}」と書いています。表記をそろえてください。",
                    words=match[0],
                    found=match[0],
                    expected=official,
                )


def _around(passage: Passage, start: int, end: int) -> str:
    """The words with two letters on each side, so that they are found again in the text."""
    return passage.words(max(0, start - 2), end + 2)
