"""Organisations: two spellings of one name, municipalities outside the zone, abbreviations."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.checks.spelling import KANJI, KATAKANA, Spellings, rarer

_LEGAL = re.compile(r"株式会社|有限会社|合同会社|\(株\)|\(有\)|㈱|㈲")
_FIRM = f"[{KANJI}{KATAKANA}]{{2,30}}|[A-Za-z][A-Za-z0-9&. ]{{1,29}}"
_BEFORE = re.compile(f"(?:{_LEGAL.pattern}) ?({_FIRM})")
_AFTER = re.compile(f"({_FIRM}) ?(?:{_LEGAL.pattern})")
_AND_OTHERS = "及並又等他 "  # kanji that follow a name
_ORGANISATION = re.compile(f"[{KANJI}{KATAKANA}A-Za-z]{{4,40}}")
_STATUS = re.compile("(?:医学部)?[附付]属|医学部|医療(?=センター)")
_INSTITUTES = (
    "病院",
    "大学",
    "センター",
    "研究所",
    "機構",
    "財団",
    "協会",
    "学校",
    "高校",
    "図書館",
)


@check("組織の名称の不統一", Level.CAUTION)
def organisations(picture: Picture) -> Iterator[Finding]:
    """One organisation in two spellings: 株式会社X and X株式会社, …大学病院 and …大学附属病院."""
    spellings: Spellings = defaultdict(lambda: defaultdict(list))
    for passage in picture.prose:
        for core, spelling, start, end in _organisations(passage.flat):
            spellings[core][spelling].append((passage.number, start, end))
    for usual, (number, start, end) in rarer(spellings):
        expected = picture.passages[usual[0]].words(*usual[1:])
        passage = picture.passages[number]
        yield organisations.finding(
            passage,
            f"ほかの箇所では「{expected}」としています。同じ組織であれば、正式な名称にそろえてください。",
            words=passage.words(start, end),
            found=passage.words(start, end),
            expected=expected,
        )


def _organisations(flat: str) -> Iterator[tuple[str, str, int, int]]:
    """What all spellings of the name share, the spelling, and its start and end."""
    for match in _ORGANISATION.finditer(flat):
        core = _STATUS.sub("", match[0])
        # 医療センター alone is the end of a name: こども医療センター.
        if core.endswith(_INSTITUTES) and core not in _INSTITUTES:
            yield core, match[0], *match.span()
    if not _LEGAL.search(flat):
        return
    with_prefix = list(_BEFORE.finditer(flat))
    for match in with_prefix:
        core = match[1].rstrip(_AND_OTHERS)
        end = match.start(1) + len(core)
        yield f"社 {core}", flat[match.start() : end], match.start(), end
    taken_starts = {match.start() for match in with_prefix}
    for match in _AFTER.finditer(flat):
        if match.end(1) not in taken_starts and match.start() not in taken_starts:
            core = match[1].strip()
            yield f"社 {core}", match[0], *match.span()


# Municipalities

_MUNICIPALITY = re.compile(
    f"(?<![{KANJI}{KATAKANA}])([{KANJI}ヶケノツ]{{1,6}}[県市区町村])"
    f"(?=[、・。,() ]|及び|並びに|と|で|は|が|の|に|を|\\d|\n|$)"
)
_BETWEEN = re.compile(r"(?: ?[\d,]{1,9} ?[件人名社者回])?(?:[、・]|及び|並びに|と|と、)")
_GENERAL = re.compile(
    ".*(?:特区|地区|都市|県市|市区|町村|区町)|[本同各両他全諸何当隣対]?[県市区町村]|.*(?:街区|学区|農村|朝市)"
)


@check("作成主体でない自治体", Level.CAUTION)
def municipalities(picture: Picture) -> Iterator[Finding]:
    """A name that is no author's but stands in a list with authors', or nearly is an author's."""
    authors = picture.contents.zone.municipalities
    why = f"作成主体（{'、'.join(authors)}）にない自治体名です。書き誤りでないか確かめてください。"
    slips: dict[str, str] = {}
    for passage in picture.prose:
        matches = [m for m in _MUNICIPALITY.finditer(passage.flat) if not _GENERAL.fullmatch(m[1])]
        listed = set()
        for first, second in pairwise(matches):
            if _BETWEEN.fullmatch(passage.flat, first.end(), second.start()) and (
                first[1] in authors or second[1] in authors
            ):
                listed |= {first, second}
        for match in matches:
            name = match[1]
            if name not in slips:
                slips[name] = _near(name, authors)
            is_odd = slips[name] or match in listed or _is_author_of_part(passage, match)
            if is_odd and name not in authors:
                yield municipalities.finding(
                    passage,
                    why,
                    words=passage.words(*match.span(1)),
                    found=passage.words(*match.span(1)),
                    expected=slips[name],
                )


def _is_author_of_part(passage: Passage, match: re.Match) -> bool:
    """Whether a paragraph of 6 begins with this municipality as its subject."""
    begins = match.start() == 0 and passage.flat.startswith(("は", "では"), match.end())
    return passage.kind == "regional_text" and begins


def _near(name: str, authors: Iterable[str]) -> str:
    """The author of which the name is a slip, or "". 長崎市 is no slip of 川崎市."""
    for author in authors:
        likeness = SequenceMatcher(None, name, author).ratio()
        is_another = len(name) == len(author) and name[0] != author[0]
        if name != author and name[-1] == author[-1] and likeness > 0.6 and not is_another:
            return author
    return ""


# Abbreviations

_INTRODUCED = re.compile(
    r"\(?以下[、,]? ?(?:「(?P<quoted>[^「」\n]{1,40})」|(?P<bare>[^「」()、。\n]{1,40}?)(?=と(?:いう|する|略|表記|総称)[^()\n]{0,4}\)))"
)
# 治験審査委員会(IRB)
_LETTERS = re.compile(f"([{KANJI}{KATAKANA}]{{4,40}})\\(([A-Z][A-Za-z]{{1,9}})\\)")
_MOST_INTRODUCED = 100  # each is searched for in all texts; more than any reader could follow
_BEFORE_BRACKET = re.compile(r"[^、。「」『』()\[\]\n ]{1,40}$")
_ANNEXES = ("assessment", "measure", "scheme")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Where a text says that it will call something by a shorter name from here on."""

    short: str
    full: str  # what comes before the bracket; may begin before the name
    passage: Passage
    start: int
    end: int
    is_promised: bool  # with 以下; other letters in brackets may be mere information


def _abbreviations(picture: Picture) -> list[Abbreviation]:
    abbreviations = []
    for passage in picture.prose:
        if "(" not in passage.flat:
            continue
        for match in _INTRODUCED.finditer(passage.flat):
            before = _BEFORE_BRACKET.search(
                passage.flat[max(0, match.start() - 40) : match.start()]
            )
            short = match["quoted"] or match["bare"]
            full = before[0] if before else ""
            abbreviations.append(Abbreviation(short, full, passage, *match.span(), True))
        for match in _LETTERS.finditer(passage.flat):
            abbreviations.append(Abbreviation(match[2], match[1], passage, *match.span(), False))
    return abbreviations


@check("略称の二重の定義", Level.CAUTION)
def abbreviations_of_two(picture: Picture) -> Iterator[Finding]:
    """An abbreviation stands for one name only."""
    first_by_short: dict[str, Abbreviation] = {}
    for abbreviation in _abbreviations(picture):
        earlier = first_by_short.setdefault(abbreviation.short, abbreviation)
        if not (
            abbreviation.full.endswith(earlier.full) or earlier.full.endswith(abbreviation.full)
        ):
            yield abbreviations_of_two.finding(
                abbreviation.passage,
                f"略称「{abbreviation.short}」は、ほかの箇所では「{earlier.full}」を指します。"
                "同じものであれば名称をそろえ、違うものであれば略称を分けてください。",
                words=abbreviation.passage.words(abbreviation.start, abbreviation.end),
                found=abbreviation.full,
                expected=earlier.full,
            )


@check("定義より前の略称", Level.CAUTION)
def abbreviations_before(picture: Picture) -> Iterator[Finding]:
    """An abbreviation is not used before it is introduced, in the order of the document."""
    for abbreviation in _introductions(picture):
        if len(abbreviation.short) < 4 and not abbreviation.short.isascii():
            continue  # a plain word that may be used before: 県, 補助金
        for passage, start in _uses(picture, abbreviation):
            if (passage.number, start) < (abbreviation.passage.number, abbreviation.start):
                yield abbreviations_before.finding(
                    passage,
                    f"略称「{abbreviation.short}」を、定義するより前で使っています。ここで定義するか、正式な名称にしてください。",
                    words=passage.words(start, start + len(abbreviation.short)),
                    found=passage.words(start, start + len(abbreviation.short)),
                    expected=abbreviation.full,
                )


@check("使っていない略称", Level.NOTE)
def abbreviations_unused(picture: Picture) -> Iterator[Finding]:
    """An abbreviation that is introduced is used."""
    for abbreviation in _introductions(picture):
        introduction = (abbreviation.passage.number, abbreviation.start)
        if not any(
            (passage.number, start) > introduction
            for passage, start in _uses(picture, abbreviation)
        ):
            yield abbreviations_unused.finding(
                abbreviation.passage,
                f"略称「{abbreviation.short}」を定義していますが、この後で使っていません。定義を削るか、略称を使ってください。",
                words=abbreviation.passage.words(abbreviation.start, abbreviation.end),
                found=abbreviation.short,
            )


@check("略称を定義した名称", Level.NOTE)
def abbreviations_spelt_out(picture: Picture) -> Iterator[Finding]:
    """Once an abbreviation is introduced, that part (body or annexes) does not use the full name again."""
    for abbreviation in _introductions(picture):
        inside = abbreviation.full.rfind(abbreviation.short)
        name = abbreviation.full[max(0, inside - 2) :] if inside > 0 else abbreviation.full
        if len(name) < len(abbreviation.short) + 2 or (inside < 0 and not _PROPER.fullmatch(name)):
            continue
        for passage in picture.prose:
            start = passage.flat.find(
                name, abbreviation.end if passage is abbreviation.passage else 0
            )
            is_later = passage.number >= abbreviation.passage.number and start >= 0
            same_part = (passage.kind in _ANNEXES) == (abbreviation.passage.kind in _ANNEXES)
            if is_later and same_part and not passage.flat.startswith("(以下", start + len(name)):
                yield abbreviations_spelt_out.finding(
                    passage,
                    f"略称「{abbreviation.short}」を定義した後に、正式な名称を使っています。略称にそろえるか確かめてください。",
                    words=passage.words(start, start + len(name)),
                    found=name,
                    expected=abbreviation.short,
                )


_PROPER = re.compile(f"[{KANJI}{KATAKANA}A-Za-z]+")


def _introductions(picture: Picture) -> list[Abbreviation]:
    """The first introduction with 以下 of each abbreviation, at most _MOST_INTRODUCED."""
    by_short = {
        abbreviation.short: abbreviation
        for abbreviation in reversed(_abbreviations(picture))
        if abbreviation.is_promised
    }
    return list(by_short.values())[-_MOST_INTRODUCED:]


def _uses(picture: Picture, abbreviation: Abbreviation) -> Iterator[tuple[Passage, int]]:
    """Where the abbreviation is used, neither within a longer word nor in its introduction."""
    for passage in picture.prose:
        start = passage.flat.find(abbreviation.short)
        while start >= 0:
            end = start + len(abbreviation.short)
            is_introduction = (
                passage is abbreviation.passage and abbreviation.start <= start < abbreviation.end
            )
            if not is_introduction and not _is_within_word(passage.flat, start, end):
                yield passage, start
            start = passage.flat.find(abbreviation.short, end)


_SCRIPTS = tuple(re.compile(f"[{letters}]{{2}}") for letters in (KANJI, KATAKANA, "A-Za-z0-9"))


def _is_within_word(flat: str, start: int, end: int) -> bool:
    """Whether the stretch is part of a longer word: its script continues before or after it."""
    edges = (flat[max(0, start - 1) : start + 1], flat[end - 1 : end + 1])
    return any(script.fullmatch(edge) for edge in edges for script in _SCRIPTS)
