"""Years for which a target has no figure since nothing was surveyed, as the texts of 別紙1 say."""

import re
from dataclasses import astuple
from itertools import pairwise
from unicodedata import numeric

from evaluations.checks.mentions import same_width, sentences, year_mentions
from evaluations.form.contents import NumericTarget

_SURVEY = "(?:調査|アンケート|測定|計測|観測|統計|センサス)"
_YEAR = r"(?:(?:令和|平成) ?(?:元|\d{1,2}) ?年度?|20\d\d ?年度?|[前昨本今当翌次来]年度|当該年度)"
_NOT = "(?:な(?:い|かった|く)|無(?:い|かった|く)|ず)"
_DO = (
    rf"(?:行|実施|(?<=を)(?=し)|該当|{_SURVEY}(?=し|でき)|公表(?=され(?:な|ず))|設(?=け|定)|定(?=め))"
    r"(?:(?:する|う)ことが)?[定わっえけめれさしせできてはいお]{0,7}?"
)
_STOPPED = (
    r"(?:取り?(?:や|止)め|見送|中止|休止|延期)"
    r"(?:せざるを得な(?:い|かった)|(?![ぁ-ん]{0,6}(?:な[いかく]|ず))[ぁ-ん]{0,6}?)"
)
_OTHER_YEAR = (
    rf"[一-龥]{{0,8}}(?:対象|該当|公表|実施|行う|行われる|{_SURVEY})+(?:の|する|される)?年(?:度|次)?"
    rf"(?:では?|には?(?:当たら|該当し)){_NOT}"
)
# Then the clause ends: 行わない企業 says it of others, 行わないわけではない denies it.
_END = (
    r"(?:(?:こと)?[とに](?:し|決め|な[っりる])(?:た|て(?:い|お)[るり])?)?"
    r"(?=[。、)」\n]|$|ため|ので|ことから|もの[のと]|である|であり|(?:予定|方針)(?!(?:[はもが]|では)な)|が、|(?:令和|平成|20)\d"
    r"|の?年(?:度|次)?+(?!(?:[はもが]|では|とは|に当たら|に該当し)な|[もが]あ))"
)
_PREDICATE = re.compile(
    rf"(?:{_DO}{_NOT}|{_STOPPED}|(?<=[はがのも査定測])(?:{_NOT}|[な無]し)|{_OTHER_YEAR}|未実施|非調査年|対象(?:年度?)?外){_END}"
)
# What may stand before it in its clause: what was not done, a year and a reason.
_BEFORE = re.compile(
    rf"(?:.*(?<!での)(?P<what>{_SURVEY}|目標値?|実績値?)(?:の実施|の公表)?[はをがもの]?)?"
    rf"(?:{_YEAR}(?:には|については|[はにもへの]))?(?:[^はをがも]{{1,20}}(?:により|のため|に伴い))?"
)
_TOPIC = re.compile(
    rf"{_SURVEY}(?:の実施|の公表)?(?:[はがも]|であ|で、|のため|し|でき|の?(?:対象|実施)?年)"
)
_EVERY_FEW = re.compile(
    r"隔年|(?P<years>[2-9二三四五])(?:年|か年|カ年|ヶ年)(?:度)?(?:に ?[1一] ?[度回]|ごと|毎|おき|周期|間隔)|[1一]年おき"
)
_NEXT = re.compile(r"次[回の][^。、\d]{0,8}?は、?$")
_ONE_GO = re.compile(r"[、・と]|及び|、及び|並びに")
# Of a longer sentence the beginning, that cost grows with the text.
_LONGEST = 500


def is_without_survey(target: NumericTarget, year: int, evaluated: int) -> bool:
    """Whether a year without a figure is one without a survey, as an evaluation of the year `evaluated` says.

    That a survey comes every other year, or that nothing is aimed at, says it of years without a target only.
    """
    aimed = target.figures(year).target is not None
    said = same_width("\n".join(astuple(target.assessment)))
    return any(
        year in _years_without_survey(sentence.text, evaluated, aimed=aimed)
        or (not aimed and re.search(_SURVEY, sentence.text) and _EVERY_FEW.search(sentence.text))
        for sentence in sentences(said)
    )


def _years_without_survey(sentence: str, evaluated: int, *, aimed: bool) -> set[int]:
    """The years of which a sentence says so: those that it names last before, or the evaluated one."""
    sentence = sentence[:_LONGEST]
    if not re.search(_SURVEY if aimed else f"{_SURVEY}|目標", sentence):
        return set()
    years = [
        (one.start, one.end, one.fiscal_year if one.offset is None else evaluated + one.offset)
        for one in year_mentions(sentence)
    ]
    found: set[int] = set()
    every_few = _EVERY_FEW.search(sentence)
    interval = int(numeric(every_few["years"] or "2")) if every_few else 1
    for (_, end, last), (start, _, coming) in pairwise([(0, 0, None), *years]):
        if coming and _NEXT.search(sentence, end, start):
            found |= {*range((last or coming - interval) + 1, coming)}
    for match in _PREDICATE.finditer(sentence):
        if not _is_of_the_survey(sentence, match, aimed=aimed):
            continue
        named, place = set(), match.end()
        for start, end, year in reversed(years):
            if start > place or (named and not _ONE_GO.fullmatch(sentence, end, place)):
                continue
            named.add(year)
            place = start
        found |= named or {evaluated}
    return found


def _is_of_the_survey(sentence: str, predicate: re.Match[str], *, aimed: bool) -> bool:
    """Whether what was not done is a survey; where a figure is not there, by what else the sentence says."""
    clause = sentence.rfind("、", 0, predicate.start()) + 1
    before = _BEFORE.fullmatch(sentence, clause, predicate.start())
    if not before:
        return False
    match before["what"]:
        case None:
            return bool(_TOPIC.search(sentence, 0, predicate.end()))
        case "目標" | "目標値":
            return not aimed
        case "実績" | "実績値":
            return bool(_EVERY_FEW.search(sentence))
    return True
