"""Years for which a target has no figure because there was no survey, according to the texts of 別紙1."""

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
# The clause must end here: 行わない企業 is about others, 行わないわけではない denies it.
_END = (
    r"(?:(?:こと)?[とに](?:し|決め|な[っりる])(?:た|て(?:い|お)[るり])?)?"
    r"(?=[。、)」\n]|$|ため|ので|ことから|もの[のと]|である|であり|(?:予定|方針)(?!(?:[はもが]|では)な)|が、|(?:令和|平成|20)\d"
    r"|の?年(?:度|次)?+(?!(?:[はもが]|では|とは|に当たら|に該当し)な|[もが]あ))"
)
_PREDICATE = re.compile(
    rf"(?:{_DO}{_NOT}|{_STOPPED}|(?<=[はがのも査定測])(?:{_NOT}|[な無]し)|{_OTHER_YEAR}|未実施|非調査年|対象(?:年度?)?外){_END}"
)
# What may come before the predicate in its clause: what was not done, a year and a reason.
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
_CONJUNCTION = re.compile(r"[、・と]|及び|、及び|並びに")
# Only this many letters of a sentence are read, so that the cost stays linear.
_LONGEST = 500


def is_without_survey(target: NumericTarget, year: int, evaluated: int) -> bool:
    """Whether the evaluation of the year `evaluated` says that there was no survey in `year`.

    Words on a survey every few years, or on a target that is not set, count only if `year` has no target.
    """
    has_target = target.figures(year).target is not None
    texts = same_width("\n".join(astuple(target.assessment)))
    return any(
        year in _years_without_survey(sentence.text, evaluated, has_target=has_target)
        or (
            not has_target
            and re.search(_SURVEY, sentence.text)
            and _EVERY_FEW.search(sentence.text)
        )
        for sentence in sentences(texts)
    )


def _years_without_survey(sentence: str, evaluated: int, *, has_target: bool) -> set[int]:
    """The years that a sentence says had no survey: those named right before the words, else the evaluated one."""
    sentence = sentence[:_LONGEST]
    if not re.search(_SURVEY if has_target else f"{_SURVEY}|目標", sentence):
        return set()
    years = [
        (
            mention.start,
            mention.end,
            mention.fiscal_year if mention.offset is None else evaluated + mention.offset,
        )
        for mention in year_mentions(sentence)
    ]
    without_survey: set[int] = set()
    every_few = _EVERY_FEW.search(sentence)
    interval = int(numeric(every_few["years"] or "2")) if every_few else 1
    for (_, end, previous_year), (start, _, next_year) in pairwise([(0, 0, None), *years]):
        if next_year and _NEXT.search(sentence, end, start):
            without_survey |= {*range((previous_year or next_year - interval) + 1, next_year)}
    for match in _PREDICATE.finditer(sentence):
        if not _is_of_the_survey(sentence, match, has_target=has_target):
            continue
        named, place = set(), match.end()
        for start, end, year in reversed(years):
            if start > place or (named and not _CONJUNCTION.fullmatch(sentence, end, place)):
                continue
            named.add(year)
            place = start
        without_survey |= named or {evaluated}
    return without_survey


def _is_of_the_survey(sentence: str, predicate: re.Match[str], *, has_target: bool) -> bool:
    """Whether it is a survey that was not done. Of a missing target or actual the rest of the sentence decides."""
    clause = sentence.rfind("、", 0, predicate.start()) + 1
    before = _BEFORE.fullmatch(sentence, clause, predicate.start())
    if not before:
        return False
    match before["what"]:
        case None:
            return bool(_TOPIC.search(sentence, 0, predicate.end()))
        case "目標" | "目標値":
            return not has_target
        case "実績" | "実績値":
            return bool(_EVERY_FEW.search(sentence))
    return True
