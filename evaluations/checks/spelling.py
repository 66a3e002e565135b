"""How names are spelt: what sets two spellings apart, and which are slips of one another. Knows no names.

All of it looks at words through an index and never at all pairs of them: cost grows with the text.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from itertools import combinations

KANJI = "一-鿿々"
KATAKANA = "ァ-ヺー"

# Far beyond names of the field; what is longer is no word but a text without marks.
_LONGEST_WORD, _LONGEST_NAME = 24, 120
# Words alike that are compared with each other at most.
_MOST_ALIKE = 20

# Spellings of one sound: ヴ is written with ブ, small letters and long vowels come and go.
_SOUNDS = str.maketrans(
    "ァィゥェォッャュョヮヵヶヰヱヲヂヅ", "アイウエオツヤユヨワカケイエオジズ", "ー"
)
_VU = re.compile("ヴ([ァィェォ])")
_OF_VU = dict(zip("ァィェォ", "バビベボ", strict=True))

# Letters that make another word, and no slip: 県内 and 県外, 参加者数 and 参加人数.
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
_OKURIGANA = frozenset("いえきけしせちびみめりれ")  # comes and goes: 取扱い, 取り扱い
_MARKS_WITHIN = frozenset(" ・")
_KANJI_ONLY = re.compile(f"[{KANJI}]+")
_KATAKANA_ONLY = re.compile(f"[{KATAKANA}]{{1,3}}")
_ANY_KANJI = re.compile(f"[{KANJI}]")
_LETTERS = re.compile(f"[{KANJI}{KATAKANA}ぁ-ゖA-Za-z]*")


def sound(katakana: str) -> str:
    """One spelling for those of one sound: センター and センタ, ライフイノベーション and ライフィノベーション."""
    return _VU.sub(lambda match: _OF_VU[match[1]], katakana).replace("ヴ", "ブ").translate(_SOUNDS)


def difference(one: str, other: str) -> tuple[int, str, str]:
    """Where two words part, and what each has before they agree again to their ends."""
    most = min(len(one), len(other))
    start = next((place for place in range(most) if one[place] != other[place]), most)
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return start, one[start : len(one) - end], other[start : len(other) - end]


# Letters


def is_kanji(letter: str) -> bool:
    return "一" <= letter <= "鿿" or letter == "々"


def is_hiragana(letter: str) -> bool:
    return "ぁ" <= letter <= "ゖ"


# Spellings

Place = tuple[int, int, int]  # a passage's number, and start and end of words in it
# By what makes names the same, and by how they are spelt: where.
Spellings = dict[str, dict[str, list[Place]]]


def rarer(spellings: Spellings) -> Iterator[tuple[Place, Place]]:
    """A place of the usual spelling, and each place of another one; where two are as frequent, either way round."""
    for found in spellings.values():
        usual, *others = sorted(found.values(), key=len, reverse=True)
        yield from ((usual[0], place) for places in others for place in places)
        if others and len(others[0]) == len(usual):
            yield from ((others[0][0], place) for place in usual)


# Words against words


def near_katakana(words: Mapping[str, Sized]) -> Iterator[tuple[str, str]]:
    """Pairs of katakana words of one sound, or with one letter more, less, changed or misplaced.

    `words` with their places: of two that stand once each, only those of one sound are a pair.
    """
    sounds = {word: sound(word) for word in words if 4 <= len(word) <= _LONGEST_WORD}
    alike: dict[str, list[str]] = defaultdict(list)
    for word, heard in sounds.items():
        for key in _one_less(heard) if len(words[word]) > 1 else {heard}:
            alike[key].append(word)
    for word, heard in sounds.items():
        near = {other for key in _one_less(heard) for other in alike.get(key, ())[:_MOST_ALIKE]}
        yield from ((word, other) for other in sorted(near) if word != other)


def _one_less(word: str) -> set[str]:
    """The word, and it without one of its letters."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def are_one_sound(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 4 and sound(one) == sound(other)


def is_katakana_slip(word: str, other: str) -> bool:
    """Whether two long katakana words differ in one letter within. イノベーション and リノベーション are two words."""
    start, had, has = difference(word, other)
    is_within = start and start + max(len(had), len(has)) < max(len(word), len(other))
    one_letter = (len(had), len(has)) in ((1, 1), (0, 1), (1, 0)) or _is_swap(had, has)
    return bool(min(len(word), len(other)) >= 5 and is_within and one_letter)


def near_compounds(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of words that begin and end alike."""
    alike: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if 4 <= len(word) <= _LONGEST_WORD:
            alike[word[:2] + word[-1]].append(word)
    for group in alike.values():
        yield from combinations(group[:_MOST_ALIKE], 2)


def is_kanji_slip(word: str, other: str) -> bool:
    """Whether one letter within is another or two have changed places: 中小企業 and 中小事業."""
    _, had, has = difference(word, other)
    if not _KANJI_ONLY.fullmatch(had + has):
        return False
    if len(had) == len(has) == 1:
        return not any(had in letters and has in letters for letters in _CONTRASTS)
    return _is_swap(had, has)


def is_name_slip(word: str, other: str) -> bool:
    """Whether two names with kanji and katakana differ in katakana letters within: パシフィコ横浜."""
    _, had, has = difference(word, other)
    agree = max(len(word), len(other)) - max(len(had), len(has))
    return bool(agree >= 6 and _KATAKANA_ONLY.fullmatch(had + has) and _ANY_KANJI.search(word))


def _is_swap(had: str, has: str) -> bool:
    return len(had) == 2 and had == has[::-1]


# Known names in a text


_Finder = Callable[[str, str, int], tuple[int, int] | None]


class KnownNames:
    """Finds names that a text nearly says: all but up to two letters at one place of them."""

    def __init__(self, names: Iterable[str]):
        self._names = {name for name in names if 6 <= len(name) <= _LONGEST_NAME}
        self._all = "\n".join(self._names)
        # By the first letters of their two ends, of which a slip at one place leaves one whole.
        self._seeds: dict[str, list[tuple[str, _Finder]]] = defaultdict(list)
        for name in self._names:
            tail = _ends(name)[1]
            self._seeds[name[:3]].append((name, _with_head))
            self._seeds[name[tail : tail + 3]].append((name, _with_tail))

    def near(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where `text` has a slip of a name, and of which. Names among them are not taken for slips."""
        # A few are sought faster than every place is looked at.
        if len(self._seeds) < 10 and not any(seed in text for seed in self._seeds):
            return
        last = -1
        for place in range(len(text) - 2):
            for name, find in self._seeds.get(text[place : place + 3], ()):
                span = find(name, text, place)
                if span and span[0] > last and text[span[0] : span[1]] not in self._all:
                    last = span[1] - 1
                    yield *span, name


_EDITS = ((1, 1), (2, 2), (0, 1), (1, 0))
_EDITS_OF_LONG_NAMES = (*_EDITS, (1, 2), (2, 1), (0, 2), (2, 0))


def _ends(name: str) -> tuple[int, int]:
    """How long the first end of a name is, and where its last one begins: two letters lie between them."""
    half = len(name) // 2
    return max(3, half - 1), min(len(name) - 3, half + 1)


def _with_head(name: str, text: str, start: int) -> tuple[int, int] | None:
    """The name at `start` of the text, with its first end whole and a slip after it."""
    same = _ends(name)[0]
    if not text.startswith(name[:same], start):
        return None
    while same < len(name) and start + same < len(text) and name[same] == text[start + same]:
        same += 1
    for had, has in _edits(name):
        rest = name[same + had :]
        place = start + same + has
        if same + had > len(name) or not text.startswith(rest, place):
            continue
        right, wrong = name[same : same + had], text[start + same : place]
        if _is_slip(name, right, wrong, at_end=not rest):
            return start, place + len(rest)
    return None


def _with_tail(name: str, text: str, place: int) -> tuple[int, int] | None:
    """The name whose last end stands whole at `place` of the text, with a slip before it."""
    tail = _ends(name)[1]
    if not text.startswith(name[tail:], place):
        return None
    same = 0
    while same < min(tail, place) and name[tail - 1 - same] == text[place - 1 - same]:
        same += 1
    for had, has in _edits(name):
        rest = name[: max(tail - same - had, 0)]
        start = place - same - has - len(rest)
        if same + had > tail or start < 0 or not text.startswith(rest, start):
            continue
        right = name[tail - same - had : tail - same]
        wrong = text[start + len(rest) : start + len(rest) + has]
        if _is_slip(name, right, wrong, at_end=not rest):
            return start, place + len(name) - tail
    return None


def _edits(name: str) -> tuple[tuple[int, int], ...]:
    return _EDITS_OF_LONG_NAMES if len(name) >= 12 else _EDITS


def _is_slip(name: str, right: str, wrong: str, *, at_end: bool) -> bool:
    """Whether writing `wrong` for `right` misspells a name; other particles (の, 等の) say the same."""
    if right + wrong in _MARKS_WITHIN or (right + wrong in _OKURIGANA):
        return not at_end
    is_least = not (right and wrong) or (right[0] != wrong[0] and right[-1] != wrong[-1])
    if not is_least or not _LETTERS.fullmatch(right + wrong):
        return False
    if _HIRAGANA.fullmatch(right) and _HIRAGANA.fullmatch(wrong):
        return False
    if len(right) == len(wrong) == 2 and len(name) < 12 and not _is_swap(right, wrong):
        return False
    if at_end:  # a name goes on in another, or is cut short: that is no slip
        return len(name) >= 8 and len(right) == len(wrong) == 1
    return not right or not _HIRAGANA.fullmatch(right)
