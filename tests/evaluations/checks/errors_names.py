"""Errors in names, one at a random place of a sound evaluation."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

from evaluations.form.contents import Contents
from tests.evaluations.checks.changes import (
    Changed,
    adding,
    in_one_text,
    is_sentences,
    replaced,
    texts,
    with_text,
)
from tokku.document.tree import Source


def misspelt_zone(contents: Contents, random: Random) -> Changed:
    """A sentence with a slip in the zone's name."""
    wrong = slip(contents.zone.name, random)
    return in_one_text(contents, random, adding(f"{wrong}の取組である。"), where=is_sentences)


def misspelt_target(contents: Contents, random: Random) -> Changed:
    names = [target.name for _, _, target in contents.targets()]
    return _misspelt(contents, random, names)


def misspelt_scheme(contents: Contents, random: Random) -> Changed:
    return _misspelt(
        contents, random, [scheme.name for scheme in contents.schemes if len(scheme.name) > 7]
    )


def misspelt_measure(contents: Contents, random: Random) -> Changed:
    return _misspelt(contents, random, [measure.name for measure in contents.measures])


def misspelt_support(contents: Contents, random: Random) -> Changed:
    return _misspelt(contents, random, [support.name for support in contents.national_supports])


def misspelt_katakana(contents: Contents, random: Random) -> Changed:
    """A katakana word that the texts often have, once with a slip."""
    words = _frequent(contents, "[ァ-ヺー]{6,20}", 3)
    return _one_of(contents, random, words, "[ァ-ヺー]", lambda word: slip(word, random))


def misspelt_kanji(contents: Contents, random: Random) -> Changed:
    """中小企業 as 中小起業: another letter of the same sound."""
    words = _frequent(contents, "[一-鿿]{4,8}", 4)

    def change(word: str) -> str:
        place = random.randrange(2, len(word) - 1)
        return word[:place] + random.choice("協起効制的機") + word[place + 1 :]

    return _one_of(contents, random, words, "[一-鿿]", change)


def other_long_vowel(contents: Contents, random: Random) -> Changed:
    """センタ for センター, ライフィノベーション for ライフイノベーション."""
    words = [
        word
        for word in _frequent(contents, "[ァ-ヺー]{5,20}", 3)
        if re.search("[ーアイウエオァィゥェォヤユヨャュョツッ]", word[1:])
    ]

    def change(word: str) -> str:
        small = str.maketrans(
            "アイウエオヤユヨツァィゥェォャュョッ", "ァィゥェォャュョッアイウエオヤユヨツ", "ー"
        )
        places = [n for n, letter in enumerate(word) if n and letter.translate(small) != letter]
        place = random.choice(places)
        return word[:place] + word[place].translate(small) + word[place + 1 :]

    return _one_of(contents, random, words, "[ァ-ヺー]", change)


def misspelt_municipality(contents: Contents, random: Random) -> Changed:
    """川埼市, 神奈県, 横横浜市: a sentence with a slip in the name of a municipality of the zone."""
    name = random.choice(contents.zone.municipalities)
    place = random.randrange(len(name) - 1)
    after = max(place, 1)  # 岡崎市 is another city than 川崎市
    wrong = random.choice(
        (
            name[:after] + random.choice("岡山埼濱名") + name[after + 1 :],
            name[:place] + name[place] + name[place:],
            *([name[:place] + name[place + 1 :]] if len(name) > 3 else []),
        )
    )
    return in_one_text(contents, random, adding(f"また、{wrong}と連携した。"), where=is_sentences)


def foreign_municipality(contents: Contents, random: Random) -> Changed:
    """A municipality outside the zone, listed with those of the zone."""
    first, *others = random.sample(contents.zone.municipalities, 3)
    wrong = random.choice(("相模原市", "藤沢市", "東京都大田区", "札幌市", "愛川町"))
    sentence = random.choice(
        (
            f"{first}、{others[0]}及び{wrong}が取り組んだ。",
            f"内訳は、{wrong}3件、{first}5件である。",
        )
    )
    return in_one_text(contents, random, adding(sentence), where=is_sentences)


def other_scheme_name(contents: Contents, random: Random) -> Changed:
    """6 names a scheme by another word than 別紙3."""
    names = [
        scheme.name
        for scheme in contents.schemes
        if scheme.name.endswith(("補助金", "助成金", "奨励金")) and len(scheme.name) > 7
    ]
    name = random.choice(names)
    wrong = random.choice(
        (name[:-3] + random.choice(("支援補助", "助成", "助成制度")), name[:2] + name[4:])
    )
    return in_one_text(
        contents,
        random,
        adding(f"また、「{wrong}」により支援した。"),
        where=lambda source: source.record.startswith("regional_text/narrative"),
    )


def two_spellings_of_a_firm(contents: Contents, random: Random) -> Changed:
    """株式会社X here, X株式会社 there."""
    firm = random.choice(("ミライ製薬", "ヒカリ", "Alpha Bio", "オンダテクノロジーズ"))
    usual, other = random.sample((f"株式会社{firm}", f"{firm}株式会社", f"（株）{firm}"), 2)
    first = adding(f"{usual}と協定を結んだ。{usual}は、機器を貸した。")
    changed = in_one_text(contents, random, first, where=is_sentences)
    return changed and in_one_text(
        changed[0],
        random,
        adding(f"また、{other}も加わった。"),
        where=lambda source: is_sentences(source) and source != changed[1],
    )


def hospital_without_its_university(contents: Contents, random: Random) -> Changed:
    """…大学病院 for …大学附属病院."""

    def change(text: str, random: Random) -> str | None:
        return text.replace("附属病院", random.choice(("病院", "付属病院")), 1)

    return in_one_text(contents, random, change)


def abbreviation_before(contents: Contents, random: Random) -> Changed:
    """Used in 2 or 3, introduced in 7."""
    short = random.choice(("県臨床センター", "医療連携会議", "RISE"))
    full = {"RISE": "臨床研究支援機構"}.get(short, f"京浜{short}")
    late_field = Source("evaluation", "overall")
    text = (
        f"{contents.texts.overall}\n{full}（以下「{short}」という。）と連携した。{short}は心強い。"
    )
    return in_one_text(
        with_text(contents, late_field, text),
        random,
        adding(f"また、{short}と連携した。"),
        where=lambda source: source.record == "evaluation" and source.field in _EARLY,
    )


_EARLY = {"response_to_previous", "considerations", "pathway", "weight_rationale"}


def abbreviation_unused(contents: Contents, random: Random) -> Changed:
    sentence = random.choice(
        (
            "医療機器開発支援協議会（以下「機器協議会」という。）を開いた。",
            "国立先端医学研究機構（以下、「先端機構」とする。）と組んだ。",
            "国立先端医学研究機構（以下先端機構という。）と組んだ。",
        )
    )
    return in_one_text(contents, random, adding(sentence), where=is_sentences)


def abbreviation_of_two(contents: Contents, random: Random) -> Changed:
    """One abbreviation for two names."""
    first, second = random.sample(("臨床研究審査会", "治験審査委員会", "倫理審査委員会"), 2)
    form = random.choice(
        (
            "（IRB）を置いた。IRBは毎月開く。",
            "（以下「審査会」という。）を置いた。審査会は毎月開く。",
        )
    )
    early_field = Source("evaluation", "response_to_previous")
    text = f"{contents.texts.response_to_previous}\n{first}{form}"
    return in_one_text(
        with_text(contents, early_field, text),
        random,
        adding(second + form),
        where=lambda source: (
            source.record.startswith(("scheme/", "assessment/")) and is_sentences(source)
        ),
    )


def other_kind_of_zone(contents: Contents, random: Random) -> Changed:
    wrong = random.choice(("国際戦略特区", "地域活性化総合特区"))
    return in_one_text(contents, random, adding(f"{wrong}の強みである。"), where=is_sentences)


def other_capitals(contents: Contents, random: Random) -> Changed:
    name = random.choice(("BioNexus", "MedTech", "CareLab"))
    changed = in_one_text(
        contents, random, adding(f"{name}で{name}の展示を行った。"), where=is_sentences
    )
    return changed and in_one_text(
        changed[0],
        random,
        adding(f"また、{name.upper()}に出展した。"),
        where=lambda source: is_sentences(source) and source != changed[1],
    )


def slip(name: str, random: Random) -> str:
    """The name with an inner letter left out, doubled, changed or swapped with the next."""
    places = [
        n
        for n in range(1, len(name) - 2)
        if re.fullmatch("[一-鿿ァ-ヺー]{2}", name[n : n + 2]) and name[n] != name[n + 1]
    ]
    place = random.choice(places)
    letter, following = name[place], name[place + 1]
    other = random.choice("ヌヘメ" if re.match("[ァ-ヺー]", letter) else "協制的効")
    changed = random.choice(("", letter * 2, other, following + letter))
    rest = name[place + 1 + (len(changed) == 2 and changed[0] == following) :]
    return name[:place] + changed + rest


def _misspelt(contents: Contents, random: Random, names: Iterable[str]) -> Changed:
    wrong = slip(random.choice(list(names)), random)
    return in_one_text(contents, random, adding(f"「{wrong}」を進めた。"), where=is_sentences)


def _frequent(contents: Contents, word: str, least: int) -> list[str]:
    counts = Counter(match for _, text in texts(contents) for match in re.findall(word, text))
    return sorted(match for match, count in counts.items() if count >= least)


def _one_of(
    contents: Contents, random: Random, words: list[str], letters: str, spoil: Callable[[str], str]
) -> Changed:
    """With one of the words, where it is no part of a longer one, changed by `spoil`."""
    word = random.choice(words)
    alone = f"(?<!{letters}){word}(?!{letters})"
    return replaced(contents, random, alone, lambda _: spoil(word))


ERRORS = (
    misspelt_zone,
    misspelt_target,
    misspelt_scheme,
    misspelt_measure,
    misspelt_support,
    misspelt_katakana,
    misspelt_kanji,
    other_long_vowel,
    misspelt_municipality,
    foreign_municipality,
    other_scheme_name,
    two_spellings_of_a_firm,
    hospital_without_its_university,
    abbreviation_before,
    abbreviation_unused,
    abbreviation_of_two,
    other_kind_of_zone,
    other_capitals,
)
