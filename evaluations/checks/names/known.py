"""Names: misspellings, two spellings of one name, schemes under another name than in 別紙3.

The names come from the evaluation itself: its records, what its texts put in 「」, and the words of its texts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from evaluations.catalogue.structure import ZONE_KINDS
from evaluations.checks.mentions import same_width
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import (
    KANJI,
    KATAKANA,
    KnownNames,
    Spellings,
    is_kanji_slip,
    is_katakana_slip,
    is_name_slip,
    near_compounds,
    near_katakana,
    rarer,
    sound_alike,
)

_QUOTED = re.compile("「([^「」\n]{6,60})」")


@check("特区の名称", Level.BLOCKING)
def zone_name(picture: Picture) -> Iterator[Finding]:
    """1: texts use the name under which the zone was designated."""
    name = same_width(picture.contents.zone.name)
    known_names = KnownNames([name])
    # The law calls a 総合特区 a 総合特別区域.
    in_full = name.replace("総合特区", "総合特別区域")
    for passage in picture.prose:
        for start, end, _ in known_names.misspellings(passage.flat):
            if passage.flat.startswith(in_full, start):
                continue
            yield zone_name.finding(
                passage,
                "特区の名称と1、2文字違います。指定を受けた名称のとおりに直してください。",
                words=passage.words(start, end),
                found=passage.words(start, end),
                expected=picture.contents.zone.name,
            )


_KIND = re.compile(f"({'|'.join(ZONE_KINDS.values())})(総合)?(?:特区|特別区域)")


@check("特区の種別", Level.CAUTION)
def zone_kind(picture: Picture) -> Iterator[Finding]:
    """A zone is a 国際戦略総合特区 or a 地域活性化総合特区."""
    kind = ZONE_KINDS[picture.contents.zone.kind]
    for passage in picture.prose:
        for match in _KIND.finditer(passage.flat):
            if match[1] != kind or not match[2]:
                yield zone_kind.finding(
                    passage,
                    f"この特区は{kind}総合特区です。ほかの特区のことでなければ、種別の呼び方を直してください。",
                    words=passage.words(*match.span()),
                    found=passage.words(*match.span()),
                    expected=f"{kind}総合特区",
                )


@check("名称の誤り", Level.CAUTION)
def misspelt_names(picture: Picture) -> Iterator[Finding]:
    """A name that differs in a letter or two from that of a record, or from one in 「」 more than once."""
    zone = same_width(picture.contents.zone.name)
    known_names = KnownNames([zone, *_names_of_records(picture), *_names_in_quotes(picture)])
    for passage in picture.prose:
        for start, end, name in known_names.misspellings(passage.flat):
            if name != zone:
                yield misspelt_names.finding(
                    passage,
                    f"「{name}」と1、2文字違います。同じものを指すのであれば、名称をそろえてください。",
                    words=passage.words(start, end),
                    found=passage.words(start, end),
                    expected=name,
                )


def _names_of_records(picture: Picture) -> Iterator[str]:
    contents = picture.contents
    yield from picture.target_names
    for records in (
        contents.indicators,
        contents.schemes,
        contents.measures,
        contents.national_supports,
    ):
        yield from (same_width(record.name) for record in records)


def _names_in_quotes(picture: Picture) -> Iterator[str]:
    quoted = Counter(name for passage in picture.prose for name in _QUOTED.findall(passage.flat))
    return (name for name, count in quoted.items() if count > 1)


# Words compared with each other

_KATAKANA_WORD = re.compile(
    f"[ァ-ヺ][{KATAKANA}]{{3,}}"
)  # no word begins with ー: ふぁーすとセンター
# Four 漢字 beside カタカナ are a part of a longer word: ヘルスケア関連産業.
_KANJI_WORD = re.compile(
    f"(?<![{KANJI}])(?:[{KANJI}]{{5,}}|(?<![{KATAKANA}])[{KANJI}]{{4}}(?![{KANJI}{KATAKANA}]))"
)
_COMPOUND = re.compile(f"[{KANJI}{KATAKANA}]{{4,}}")


@check("表記の違う語", Level.CAUTION)
def misspelt_words(picture: Picture) -> Iterator[Finding]:
    """A rare word that looks like a slip of a word that is used more often."""
    zone = KnownNames([same_width(picture.contents.zone.name)])
    known_names = KnownNames(_names_of_records(picture))
    slips: dict[int, list[tuple[int, int, str]]] = {}
    places = {(number, start, end): right for right, number, start, end in _misspelt_words(picture)}
    for (number, start, end), right in sorted(places.items()):
        passage = picture.passages[number]
        if not passage.is_prose:
            continue
        if number not in slips:
            slips[number] = [
                *zone.misspellings(passage.flat),
                *known_names.misspellings(passage.flat),
            ]
        if not any(slip_start <= start < slip_end for slip_start, slip_end, _ in slips[number]):
            yield misspelt_words.finding(
                passage,
                f"ほかの箇所の「{right}」と字が違います。書き誤りでないか確かめ、同じものであればそろえてください。",
                words=passage.words(start, end),
                found=passage.words(start, end),
                expected=right,
            )


def _misspelt_words(picture: Picture) -> Iterator[tuple[str, int, int, int]]:
    """The right word, then the passage's number, the start and the end of the misspelt one."""
    katakana = _places(picture, _KATAKANA_WORD)
    kanji = _places(picture, _KANJI_WORD)
    compounds = _places(picture, _COMPOUND)
    for places, pairs, is_rare in (
        (katakana, near_katakana, _is_rare_katakana),
        (kanji, near_compounds, _is_rare_kanji),
        (compounds, near_compounds, _is_rare_name),
    ):
        for candidate, other in pairs(places):
            # Where both are as frequent, either may be the slip.
            for right, wrong in ((candidate, other), (other, candidate)):
                right_count, wrong_count = len(places[right]), len(places[wrong])
                if right_count >= wrong_count and is_rare(right, wrong, right_count, wrong_count):
                    for number, start in places[wrong]:
                        yield right, number, start, start + len(wrong)
    # Within longer words: a proper name with a frequent word as its part.
    frequent = KnownNames(word for word, word_places in katakana.items() if len(word_places) > 2)
    for word, word_places in katakana.items():
        for slip_start, slip_end, right in frequent.misspellings(word) if len(word) > 10 else ():
            if slip_end - slip_start < len(word):
                for number, start in word_places:
                    yield right, number, start + slip_start, start + slip_end


def _places(picture: Picture, words: re.Pattern) -> dict[str, list[tuple[int, int]]]:
    """For each word the passages' numbers and the positions where it starts."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for passage in picture.passages:
        for match in words.finditer(passage.flat):
            places[match[0]].append((passage.number, match.start()))
    return places


def _is_rare_katakana(right: str, wrong: str, right_count: int, wrong_count: int) -> bool:
    if sound_alike(right, wrong):
        return True
    return right_count >= 2 * wrong_count and is_katakana_slip(right, wrong)


def _is_rare_kanji(right: str, wrong: str, right_count: int, wrong_count: int) -> bool:
    return right_count >= max(3, 2 * wrong_count) and is_kanji_slip(right, wrong)


def _is_rare_name(right: str, wrong: str, right_count: int, wrong_count: int) -> bool:
    return is_name_slip(right, wrong)


# Schemes and proper names

_SCHEME = re.compile(
    f"[{KANJI}{KATAKANA}A-Za-z・.]{{2,40}}(?:補助金|助成金|奨励金|補助|助成|融資|条例|ファンド|基金|貸付金|制度)"
)


@check("別紙3と違う事業名", Level.CAUTION)
def scheme_names(picture: Picture) -> Iterator[Finding]:
    """6: a scheme has the name that 別紙3 gives it, or a part of that name."""
    names = {same_width(scheme.name) for scheme in picture.contents.schemes}
    all_names = "\n".join(names)
    with_pair: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for pair in _pairs(name):
            with_pair[pair].add(name)
    for passage in picture.prose:
        if passage.kind != "regional_text":
            continue
        for match in _SCHEME.finditer(passage.flat):
            pairs = _pairs(match[0])
            shared = Counter(name for pair in pairs for name in with_pair.get(pair, ()))
            if match[0] in all_names or not shared or any(name in match[0] for name in shared):
                continue
            likeness, name = max(
                (2 * count / (len(pairs) + len(name) - 1), name) for name, count in shared.items()
            )
            if likeness >= 0.55:
                yield scheme_names.finding(
                    passage,
                    f"別紙3では「{name}」としています。同じ事業であれば、名称をそろえてください。",
                    words=passage.words(*match.span()),
                    found=passage.words(*match.span()),
                    expected=name,
                )


def _pairs(name: str) -> set[str]:
    return {name[place : place + 2] for place in range(len(name) - 1)}


_LATIN = re.compile(r"[A-Za-z][A-Za-z-]{3,29}")
_SPACED = re.compile(f"([A-Za-z]{{2,20}}\\.)( ?)(?=([{KANJI}{KATAKANA}]{{2}}))")


@check("英字の名称の不統一", Level.NOTE)
def latin_names(picture: Picture) -> Iterator[Finding]:
    """A name in Latin letters whose capitals or spaces differ from elsewhere."""
    spellings: Spellings = defaultdict(lambda: defaultdict(list))
    for passage in picture.prose:
        for match in _LATIN.finditer(passage.flat):
            # A capital at the start comes with a title or a sentence.
            spelling = match[0][0].lower() + match[0][1:]
            spellings[spelling.lower()][spelling].append((passage.number, *match.span()))
        for match in _SPACED.finditer(passage.flat):
            place = (passage.number, match.start(), match.end(3))
            spellings[match[1] + match[3]][match[0]].append(place)
    for usual, (number, start, end) in rarer(spellings):
        expected = picture.passages[usual[0]].words(*usual[1:])
        passage = picture.passages[number]
        yield latin_names.finding(
            passage,
            f"ほかの箇所では「{expected}」としています。同じものであれば、大文字・小文字と空白をそろえてください。",
            words=passage.words(start, end),
            found=passage.words(start, end),
            expected=expected,
        )
