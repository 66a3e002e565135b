"""前年度 and 本年度, spans of years, and the term of the plan, as texts give them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from evaluations.checks.mentions import YearMention, year_of
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from evaluations.form.contents import Plan
from evaluations.form.plan_term import NAMED, is_basis, is_coming
from tokku.japanese import era_year, fiscal_year_name

_YEARS_LONG = r"(?P<length>\d{1,2}) ?(?:年間|[かカヵヶケ]年)"
_SPAN = re.compile(
    rf"(?:{_YEARS_LONG}[^。()\d]{{0,8}}\()?"
    r"(?P<era>令和|平成|昭和) ?(?P<first>元|\d{1,2})(?:年度)? ?(?:~|-|から) ?"
    r"(?P<last_era>令和|平成|昭和)? ?(?P<last>元|\d{1,2})年度(?:まで)?(?:の(?P<long>\d{1,2})(?:年間|[かカヵヶケ]年))?"
)
_HOW_LONG = re.compile("間|分|に(?:わた|渡|亘)|[のを]?(?:連続|続け|通じ)|以上|ほど|程度|ぶり")
_OF_THE_PLAN = re.compile(r"(?:計画期間|第\d期計画|本計画|総合特区計画)[^。]{0,10}$")
_OF_ANOTHER_TERM = re.compile(r"第(?P<term>\d)期計画[^。]{0,10}$")
_CUMULATIVE = re.compile(
    rf"(?:計画期間[^。]{{0,6}})?{_YEARS_LONG}(?:の|で|における|を通じた|間の)?、?(?:累計|合計)"
    r"|計画期間(?:である|の|は、?|\()(?P<whole>\d{1,2}) ?(?:年間|[かカヵヶケ]年)"
)
_PLACE_IN_PLAN = re.compile(
    r"(?:は|である)、?(?:第(?P<term>\d)期)?(?:本|総合特区|特区)?計画(?:期間)?の"
    r"(?P<place>初年度|最終年度|(?P<nth>\d)年(?:度)?目)"
)


# 前年度（令和4年度）


@check("前年度・本年度の年", Level.BLOCKING)
def relative_years(picture: Picture) -> Iterator[Finding]:
    """前年度（令和3年度）: in an evaluation of 令和5年度 the year before is another one."""
    for passage in picture.prose_without_remarks:
        for place, (first, second) in enumerate(pairwise(passage.years)):
            pair = _relative_and_named(passage, first, second)
            if not pair:
                continue
            relative, named = pair
            expected = picture.year + relative.offset
            earlier = passage.years[max(0, place - 4) : place]
            if named.year == expected or (
                relative.offset
                and any(
                    mention.year and mention.year + relative.offset == named.year
                    for mention in earlier
                )
            ):
                continue
            yield relative_years.finding(
                passage,
                f"「{passage.words(relative.start, relative.end)}」は{fiscal_year_name(expected)}ですが、"
                f"{passage.words(named.start, named.end)}と書かれています。どちらかを直してください。",
                words=passage.words(first.start, second.end),
                found=passage.words(named.start, named.end),
                expected=fiscal_year_name(expected),
            )


def _relative_and_named(
    passage: Passage, first: YearMention, second: YearMention
) -> tuple[YearMention, YearMention] | None:
    """The relative and the named year where one explains the other: 前年度（令和4年度）, 本年度である令和5年度."""
    between = passage.flat[first.end : second.start]
    brackets = between.strip() == "(" and passage.flat[second.end : second.end + 1] == ")"
    relative, named = (first, second) if first.year is None else (second, first)
    if relative.year is not None or named.year is None or not named.is_fiscal:
        return None
    is_explained = brackets or (between in ("である", "たる") and relative is first)
    return (relative, named) if is_explained else None


# 5年間（令和4～令和8年度）


@check("年度の期間", Level.BLOCKING)
def spans_of_years(picture: Picture) -> Iterator[Finding]:
    """4年間（令和4～令和8年度）: the number of years must be that of the span."""
    for passage in picture.prose:
        for match in _spans(passage):
            first, last = _years(match)
            length = match["length"] or match["long"]
            words = passage.words(*match.span())
            if last < first and _is_duration(passage, match):
                continue
            if last < first:
                yield spans_of_years.finding(
                    passage,
                    f"「{words}」は、終わりの年度が始まりの年度より前です。正しい年度に直してください。",
                    words=words,
                    found=words,
                )
            elif length and int(length) != last - first + 1:
                yield spans_of_years.finding(
                    passage,
                    f"「{words}」は{last - first + 1}年間です。年数か年度を直してください。",
                    words=words,
                    found=f"{length}年間",
                    expected=f"{last - first + 1}年間",
                )


def _is_duration(passage: Passage, match: re.Match[str]) -> bool:
    """Whether the second number is a duration, as in 令和4年度から2年度にわたり, and no year."""
    is_open = "から" in match[0] and not match["last_era"] and not match[0].endswith("まで")
    return is_open and bool(_HOW_LONG.match(passage.flat, match.end()))


@check("計画期間", Level.CAUTION)
def years_of_the_plan(picture: Picture) -> Iterator[Finding]:
    """Spans and numbers of years that texts give for the plan."""
    plan = picture.contents.plan
    for passage in picture.prose:
        if "計" not in passage.flat:  # 計画, 累計
            continue
        for match in _spans(passage):
            before = passage.flat[max(0, match.start() - 20) : match.start()]
            is_total = passage.flat.startswith(("累計", ")累計", "の累計"), match.end())
            first, last = _years(match)
            if first > last or (first, last) == (plan.first_year, plan.last_year):
                continue
            term = _OF_ANOTHER_TERM.search(before)
            if term and plan.term and int(term["term"]) != plan.term:
                continue
            if is_total or _OF_THE_PLAN.search(before):
                yield _plan_finding(passage, match, _span(plan))
        for match in _CUMULATIVE.finditer(passage.flat):
            length = int(match["length"] or match["whole"])
            if length != len(plan.years) and not _is_so_far(picture, passage, match):
                yield _plan_finding(passage, match, f"{len(plan.years)}年間")


def _is_so_far(picture: Picture, passage: Passage, match: re.Match[str]) -> bool:
    """Whether the years are those passed so far: 2年間の累計 in the second year of the plan."""
    passed = picture.year - picture.contents.plan.first_year + 1
    return match["length"] == str(passed) and passage.source.field != "target_basis"


@check("計画の年次", Level.CAUTION)
def places_in_the_plan(picture: Picture) -> Iterator[Finding]:
    """令和5年度は計画の初年度である: the year must be that year of the plan."""
    plan = picture.contents.plan
    for passage in picture.prose:
        years = {mention.end: mention for mention in passage.years if mention.is_fiscal}
        for match in _PLACE_IN_PLAN.finditer(passage.flat) if years else ():
            mention = years.get(match.start())
            if not mention or (match["term"] and plan.term and int(match["term"]) != plan.term):
                continue
            nth = int(match["nth"] or 1)
            expected = plan.last_year if match["place"] == "最終年度" else plan.first_year + nth - 1
            if (mention.year or picture.year + mention.offset) != expected:
                words = passage.words(mention.start, match.end())
                yield places_in_the_plan.finding(
                    passage,
                    f"「{words}」とありますが、計画期間は{_span(plan)}です。年度を確かめ、直してください。",
                    words=words,
                    found=passage.words(mention.start, mention.end),
                    expected=fiscal_year_name(expected),
                )


def _plan_finding(passage: Passage, match: re.Match[str], expected: str) -> Finding:
    words = passage.words(*match.span())
    return years_of_the_plan.finding(
        passage,
        f"計画期間は{expected}ですが、「{words}」と書かれています。計画書で確かめ、直してください。",
        words=words,
        found=words,
        expected=expected,
    )


def _spans(passage: Passage) -> Iterator[re.Match[str]]:
    return _SPAN.finditer(passage.flat) if "年度" in passage.flat else iter(())


def _years(match: re.Match[str]) -> tuple[int, int]:
    """The first and the last fiscal year of a span. An era that is named once is that of both."""
    first = year_of(match["era"], match["first"])
    return first, year_of(match["last_era"] or match["era"], match["last"])


def _span(plan: Plan) -> str:
    return f"{era_year(plan.first_year)}年度から{era_year(plan.last_year)}年度まで"


# 第3期計画


@check("計画の期", Level.CAUTION)
def terms_of_the_plan(picture: Picture) -> Iterator[Finding]:
    """A later term than the plan's, or the plan's own term given as the basis of its targets."""
    term = picture.contents.plan.term
    for passage in picture.prose if term else ():
        for match in NAMED.finditer(passage.flat):
            stated_term = int(match["term"])
            in_basis = passage.source.field == "target_basis"
            is_later = stated_term > term and (in_basis or not is_coming(passage.flat, match))
            is_own_basis = in_basis and stated_term == term and is_basis(passage.flat, match)
            if is_later or is_own_basis:
                words = passage.words(*match.span())
                yield terms_of_the_plan.finding(
                    passage,
                    f"この評価書の計画は第{term}期ですが、「{words}」と書かれています。期を確かめ、直してください。",
                    words=words,
                    found=f"第{stated_term}期",
                    expected=f"第{term - 1}期" if in_basis else f"第{term}期",
                )
