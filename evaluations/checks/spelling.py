"""How two spellings differ, and whether one is a misspelling of the other. Holds no names itself.

Similar words are found through an index and never by comparing all pairs, so that the cost is linear in the
length of the text.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from itertools import combinations

KANJI = "一-鿿々"
KATAKANA = "ァ-ヺー"

# In letters, longer than any real name; what is longer still is text without punctuation.
_LONGEST_WORD, _LONGEST_NAME = 24, 120
# At most this many similar words are compared with each other.
_MOST_ALIKE = 20

# Spellings of one sound: ブ for ヴ, small letters or large, with a long vowel or without.
_SOUNDS = str.maketrans(
    "ァィゥェォッャュョヮヵヶヰヱヲヂヅ", "アイウエオツヤユヨワカケイエオジズ", "ー"
)
_VU = re.compile("ヴ([ァィェォ])")
_OF_VU = dict(zip("ァィェォ", "バビベボ", strict=True))

# Letters whose exchange makes another word and is no slip: 県内 and 県外, 参加者数 and 参加人数.
_CONTRASTS = (
    "者人名員社",
    "内外",
    "上下",
    "前後",
    "新旧",
    "大中小",
    "高低",
    "増減",
    "国県市区町村",
    "年月日",
    "東西南北",
    "男女",
    "入出",
    "有無",
    "先後",
    "主副",
    "初中終",
    "一二三四五六七八九十",
)
_HIRAGANA = re.compile("[ぁ-ゖ]*")
_OKURIGANA = frozenset("いえきけしせちびみめりれ")  # may be written or left out: 取扱い, 取り扱い
_MARKS_WITHIN = frozenset(" ・")
_KANJI_ONLY = re.compile(f"[{KANJI}]+")
_KATAKANA_ONLY = re.compile(f"[{KATAKANA}]{{1,3}}")
_ANY_KANJI = re.compile(f"[{KANJI}]")
_LETTERS = re.compile(f"[{KANJI}{KATAKANA}ぁ-ゖA-Za-z]*")


def phonetic_key(katakana: str) -> str:
    """A common spelling of words that sound alike: センター and センタ, ライフイノベーション and ライフィノベーション."""
    return _VU.sub(lambda match: _OF_VU[match[1]], katakana).replace("ヴ", "ブ").translate(_SOUNDS)


def difference(word: str, other: str) -> tuple[int, str, str]:
    """Where two words begin to differ, and the part of each up to their common ending."""
    shorter = min(len(word), len(other))
    start = next((place for place in range(shorter) if word[place] != other[place]), shorter)
    end = 0
    while end < shorter - start and word[-1 - end] == other[-1 - end]:
        end += 1
    return start, word[start : len(word) - end], other[start : len(other) - end]


# Letters


def is_kanji(letter: str) -> bool:
    return "一" <= letter <= "鿿" or letter == "々"


def is_hiragana(letter: str) -> bool:
    return "ぁ" <= letter <= "ゖ"


# Spellings

Place = tuple[int, int, int]  # a passage's number, and start and end of words in it
# The places of each spelling, grouped by what the spellings of one name have in common.
Spellings = dict[str, dict[str, list[Place]]]


def rarer(spellings: Spellings) -> Iterator[tuple[Place, Place]]:
    """Pair each place of a rarer spelling with one of the usual spelling.

    Of two spellings that are equally frequent, each is taken for the rarer one.
    """
    for places_by_spelling in spellings.values():
        usual, *others = sorted(places_by_spelling.values(), key=len, reverse=True)
        yield from ((usual[0], place) for places in others for place in places)
        if others and len(others[0]) == len(usual):
            yield from ((others[0][0], place) for place in usual)


# Words against words


def near_katakana(words: Mapping[str, Sized]) -> Iterator[tuple[str, str]]:
    """Pairs of katakana words that sound alike, or differ in one letter added, left out, changed or misplaced.

    `words` maps each word to its places. A word that stands only once is indexed by its whole sound alone.
    """
    keys_of_words = {word: phonetic_key(word) for word in words if 4 <= len(word) <= _LONGEST_WORD}
    alike: dict[str, list[str]] = defaultdict(list)
    for word, key_of_word in keys_of_words.items():
        for key in _deletions(key_of_word) if len(words[word]) > 1 else {key_of_word}:
            alike[key].append(word)
    for word, key_of_word in keys_of_words.items():
        near = {
            other for key in _deletions(key_of_word) for other in alike.get(key, ())[:_MOST_ALIKE]
        }
        yield from ((word, other) for other in sorted(near) if word != other)


def _deletions(word: str) -> set[str]:
    """The word itself, and every form of it with one letter left out."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def sound_alike(word: str, other: str) -> bool:
    return min(len(word), len(other)) >= 4 and phonetic_key(word) == phonetic_key(other)


def is_katakana_slip(word: str, other: str) -> bool:
    """Whether two long katakana words differ in one inner letter. イノベーション and リノベーション are two words."""
    start, part, other_part = difference(word, other)
    is_within = start and start + max(len(part), len(other_part)) < max(len(word), len(other))
    one_letter = (len(part), len(other_part)) in ((1, 1), (0, 1), (1, 0)) or _is_swap(
        part, other_part
    )
    return bool(min(len(word), len(other)) >= 5 and is_within and one_letter)


def near_compounds(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of words with the same first two letters and the same last one."""
    alike: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if 4 <= len(word) <= _LONGEST_WORD:
            alike[word[:2] + word[-1]].append(word)
    for group in alike.values():
        yield from combinations(group[:_MOST_ALIKE], 2)


def is_kanji_slip(word: str, other: str) -> bool:
    """Whether one kanji is exchanged for another or two have changed places: 中小企業 and 中小事業."""
    _, part, other_part = difference(word, other)
    if not _KANJI_ONLY.fullmatch(part + other_part):
        return False
    if len(part) == len(other_part) == 1:
        return not any(part in letters and other_part in letters for letters in _CONTRASTS)
    return _is_swap(part, other_part)


def is_name_slip(word: str, other: str) -> bool:
    """Whether two names of kanji and katakana differ in a few katakana only: パシフィコ横浜, パシフィック横浜."""
    _, part, other_part = difference(word, other)
    common = max(len(word), len(other)) - max(len(part), len(other_part))
    return bool(
        common >= 6 and _KATAKANA_ONLY.fullmatch(part + other_part) and _ANY_KANJI.search(word)
    )


def _is_swap(part: str, other_part: str) -> bool:
    return len(part) == 2 and part == other_part[::-1]


# Known names in a text


_Finder = Callable[[str, str, int], tuple[int, int] | None]


class KnownNames:
    """Finds misspelt names in a text: those that differ from a known name in up to two letters at one place."""

    def __init__(self, names: Iterable[str]):
        self._names = {name for name in names if 6 <= len(name) <= _LONGEST_NAME}
        self._all = "\n".join(self._names)
        # Indexed by the first letters of head and tail: a slip at one place leaves one of them intact.
        self._seeds: dict[str, list[tuple[str, _Finder]]] = defaultdict(list)
        for name in self._names:
            tail = _head_and_tail(name)[1]
            self._seeds[name[:3]].append((name, _with_head))
            self._seeds[name[tail : tail + 3]].append((name, _with_tail))

    def misspellings(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start and end of each misspelling in `text`, and the name meant. Parts of known names are no misspellings."""
        # Searching for a few seeds is faster than looking at every position.
        if len(self._seeds) < 10 and not any(seed in text for seed in self._seeds):
            return
        covered_to = -1
        for place in range(len(text) - 2):
            for name, find in self._seeds.get(text[place : place + 3], ()):
                span = find(name, text, place)
                if span and span[0] > covered_to and text[span[0] : span[1]] not in self._all:
                    covered_to = span[1] - 1
                    yield *span, name


_EDITS = ((1, 1), (2, 2), (0, 1), (1, 0))
_EDITS_OF_LONG_NAMES = (*_EDITS, (1, 2), (2, 1), (0, 2), (2, 0))


def _head_and_tail(name: str) -> tuple[int, int]:
    """The length of the head of a name, and where its tail begins; about two letters lie between them."""
    half = len(name) // 2
    return max(3, half - 1), min(len(name) - 3, half + 1)


def _with_head(name: str, text: str, start: int) -> tuple[int, int] | None:
    """The span of a name that begins at `start`, with its head intact and a slip after it."""
    common = _head_and_tail(name)[0]
    if not text.startswith(name[:common], start):
        return None
    while (
        common < len(name) and start + common < len(text) and name[common] == text[start + common]
    ):
        common += 1
    for removed, inserted in _edits(name):
        rest = name[common + removed :]
        place = start + common + inserted
        if common + removed > len(name) or not text.startswith(rest, place):
            continue
        right, wrong = name[common : common + removed], text[start + common : place]
        if _is_slip(name, right, wrong, at_end=not rest):
            return start, place + len(rest)
    return None


def _with_tail(name: str, text: str, place: int) -> tuple[int, int] | None:
    """The span of a name whose tail stands intact at `place`, with a slip before it."""
    tail = _head_and_tail(name)[1]
    if not text.startswith(name[tail:], place):
        return None
    common = 0
    while common < min(tail, place) and name[tail - 1 - common] == text[place - 1 - common]:
        common += 1
    for removed, inserted in _edits(name):
        rest = name[: max(tail - common - removed, 0)]
        start = place - common - inserted - len(rest)
        if common + removed > tail or start < 0 or not text.startswith(rest, start):
            continue
        right = name[tail - common - removed : tail - common]
        wrong = text[start + len(rest) : start + len(rest) + inserted]
        if _is_slip(name, right, wrong, at_end=not rest):
            return start, place + len(name) - tail
    return None


def _edits(name: str) -> tuple[tuple[int, int], ...]:
    return _EDITS_OF_LONG_NAMES if len(name) >= 12 else _EDITS


def _is_slip(name: str, right: str, wrong: str, *, at_end: bool) -> bool:
    """Whether writing `wrong` for `right` misspells a name. Another particle (の, 等の) does not."""
    if right + wrong in _MARKS_WITHIN or (right + wrong in _OKURIGANA):
        return not at_end
    is_least = not (right and wrong) or (right[0] != wrong[0] and right[-1] != wrong[-1])
    if not is_least or not _LETTERS.fullmatch(right + wrong):
        return False
    if _HIRAGANA.fullmatch(right) and _HIRAGANA.fullmatch(wrong):
        return False
    if len(right) == len(wrong) == 2 and len(name) < 12 and not _is_swap(right, wrong):
        return False
    if at_end:  # a longer or a shortened name is no slip
        return len(name) >= 8 and len(right) == len(wrong) == 1
    return not right or not _HIRAGANA.fullmatch(right)
