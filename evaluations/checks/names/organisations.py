"""Organisations: two spellings of one, municipalities that are not of the zone, abbreviations."""

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
        for core, spelt, start, end in _organisations(passage.flat):
            spellings[core][spelt].append((passage.number, start, end))
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
    """What tells an organisation from others, its name as it is spelt, and where."""
    for match in _ORGANISATION.finditer(flat):
        core = _STATUS.sub("", match[0])
        # 医療センター alone is the end of a name: こども医療センター.
        if core.endswith(_INSTITUTES) and core not in _INSTITUTES:
            yield core, match[0], *match.span()
    if not _LEGAL.search(flat):
        return
    before = list(_BEFORE.finditer(flat))
    for match in before:
        core = match[1].rstrip(_AND_OTHERS)
        end = match.start(1) + len(core)
        yield f"社 {core}", flat[match.start() : end], match.start(), end
    taken = {match.start() for match in before}
    for match in _AFTER.finditer(flat):
        if match.end(1) not in taken and match.start() not in taken:
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
    """A municipality in one list with those of the zone, or nearly called like one, that is none of them."""
    authors = picture.contents.zone.municipalities
    why = f"作成主体（{'、'.join(authors)}）にない自治体名です。書き誤りでないか確かめてください。"
    slips: dict[str, str] = {}
    for passage in picture.prose:
        named = [m for m in _MUNICIPALITY.finditer(passage.flat) if not _GENERAL.fullmatch(m[1])]
        listed = set()
        for one, other in pairwise(named):
            if _BETWEEN.fullmatch(passage.flat, one.end(), other.start()) and (
                one[1] in authors or other[1] in authors
            ):
                listed |= {one, other}
        for match in named:
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
    """Whether a paragraph of 6 begins with what this municipality does."""
    begins = match.start() == 0 and passage.flat.startswith(("は", "では"), match.end())
    return passage.kind == "regional_text" and begins


def _near(name: str, authors: Iterable[str]) -> str:
    """The municipality that this is a slip of, or "". 長崎市 is another one than 川崎市."""
    for author in authors:
        alike = SequenceMatcher(None, name, author).ratio()
        is_another = len(name) == len(author) and name[0] != author[0]
        if name != author and name[-1] == author[-1] and alike > 0.6 and not is_another:
            return author
    return ""


# Abbreviations

_INTRODUCED = re.compile(
    r"\(?以下[、,]? ?(?:「(?P<quoted>[^「」\n]{1,40})」|(?P<bare>[^「」()、。\n]{1,40}?)(?=と(?:いう|する|略|表記|総称)[^()\n]{0,4}\)))"
)
# 治験審査委員会(IRB)
_LETTERS = re.compile(f"([{KANJI}{KATAKANA}]{{4,40}})\\(([A-Z][A-Za-z]{{1,9}})\\)")
_MOST_INTRODUCED = 100  # each is sought in all texts; far beyond what one can follow
_BEFORE_BRACKET = re.compile(r"[^、。「」『』()\[\]\n ]{1,40}$")
_ANNEXES = ("assessment", "measure", "scheme")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Where a text says that it will call something by a shorter name from here on."""

    short: str
    full: str  # what stands before the bracket, with what may belong to the name
    passage: Passage
    start: int
    end: int
    is_promised: bool  # by 以下; letters in brackets may just be told


def _abbreviations(picture: Picture) -> list[Abbreviation]:
    found = []
    for passage in picture.prose:
        if "(" not in passage.flat:
            continue
        for match in _INTRODUCED.finditer(passage.flat):
            before = _BEFORE_BRACKET.search(
                passage.flat[max(0, match.start() - 40) : match.start()]
            )
            short = match["quoted"] or match["bare"]
            full = before[0] if before else ""
            found.append(Abbreviation(short, full, passage, *match.span(), True))
        for match in _LETTERS.finditer(passage.flat):
            found.append(Abbreviation(match[2], match[1], passage, *match.span(), False))
    return found


@check("略称の二重の定義", Level.CAUTION)
def abbreviations_of_two(picture: Picture) -> Iterator[Finding]:
    """One abbreviation is of one name."""
    first: dict[str, Abbreviation] = {}
    for one in _abbreviations(picture):
        earlier = first.setdefault(one.short, one)
        if not (one.full.endswith(earlier.full) or earlier.full.endswith(one.full)):
            yield abbreviations_of_two.finding(
                one.passage,
                f"略称「{one.short}」は、ほかの箇所では「{earlier.full}」を指します。"
                "同じものであれば名称をそろえ、違うものであれば略称を分けてください。",
                words=one.passage.words(one.start, one.end),
                found=one.full,
                expected=earlier.full,
            )


@check("定義より前の略称", Level.CAUTION)
def abbreviations_before(picture: Picture) -> Iterator[Finding]:
    """An abbreviation is used from where it is introduced, in the order of the document."""
    for one in _introductions(picture):
        if len(one.short) < 4 and not one.short.isascii():
            continue  # a plain word, which may well stand before: 県, 補助金
        for passage, start in _uses(picture, one):
            if (passage.number, start) < (one.passage.number, one.start):
                yield abbreviations_before.finding(
                    passage,
                    f"略称「{one.short}」を、定義するより前で使っています。ここで定義するか、正式な名称にしてください。",
                    words=passage.words(start, start + len(one.short)),
                    found=passage.words(start, start + len(one.short)),
                    expected=one.full,
                )


@check("使っていない略称", Level.NOTE)
def abbreviations_unused(picture: Picture) -> Iterator[Finding]:
    """What is introduced is used."""
    for one in _introductions(picture):
        here = (one.passage.number, one.start)
        if not any((passage.number, start) > here for passage, start in _uses(picture, one)):
            yield abbreviations_unused.finding(
                one.passage,
                f"略称「{one.short}」を定義していますが、この後で使っていません。定義を削るか、略称を使ってください。",
                words=one.passage.words(one.start, one.end),
                found=one.short,
            )


@check("略称を定義した名称", Level.NOTE)
def abbreviations_spelt_out(picture: Picture) -> Iterator[Finding]:
    """The full name is not written again in the body, or in the annexes, once there is a shorter one."""
    for one in _introductions(picture):
        inside = one.full.rfind(one.short)
        name = one.full[max(0, inside - 2) :] if inside > 0 else one.full
        if len(name) < len(one.short) + 2 or (inside < 0 and not _PROPER.fullmatch(name)):
            continue
        for passage in picture.prose:
            start = passage.flat.find(name, one.end if passage is one.passage else 0)
            is_later = passage.number >= one.passage.number and start >= 0
            same_part = (passage.kind in _ANNEXES) == (one.passage.kind in _ANNEXES)
            if is_later and same_part and not passage.flat.startswith("(以下", start + len(name)):
                yield abbreviations_spelt_out.finding(
                    passage,
                    f"略称「{one.short}」を定義した後に、正式な名称を使っています。略称にそろえるか確かめてください。",
                    words=passage.words(start, start + len(name)),
                    found=name,
                    expected=one.short,
                )


_PROPER = re.compile(f"[{KANJI}{KATAKANA}A-Za-z]+")


def _introductions(picture: Picture) -> list[Abbreviation]:
    """The first of each abbreviation that a text promises to use."""
    found = {one.short: one for one in reversed(_abbreviations(picture)) if one.is_promised}
    return list(found.values())[-_MOST_INTRODUCED:]


def _uses(picture: Picture, one: Abbreviation) -> Iterator[tuple[Passage, int]]:
    """Where the abbreviation stands for itself and not within a longer word, nor where it is introduced."""
    for passage in picture.prose:
        start = passage.flat.find(one.short)
        while start >= 0:
            end = start + len(one.short)
            is_here = passage is one.passage and one.start <= start < one.end
            if not is_here and not _goes_on(passage.flat, start, end):
                yield passage, start
            start = passage.flat.find(one.short, end)


_SCRIPTS = tuple(re.compile(f"[{letters}]{{2}}") for letters in (KANJI, KATAKANA, "A-Za-z0-9"))


def _goes_on(flat: str, start: int, end: int) -> bool:
    """Whether a word does not begin or end here: its script goes on."""
    edges = (flat[max(0, start - 1) : start + 1], flat[end - 1 : end + 1])
    return any(script.fullmatch(edge) for edge in edges for script in _SCRIPTS)
