"""Years in texts: another year in place of the evaluated one, and events outside the evaluated year."""

import re
from collections.abc import Iterator

from evaluations import catalogue
from evaluations.catalogue.structure import Narration
from evaluations.checks.periods.narration import NamedYear, named_years
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Check, Finding, Level, check
from tokku.japanese import fiscal_year_name


def _fields_narrating(*kinds: Narration) -> frozenset[tuple[str, str]]:
    return catalogue.fields_where(lambda field: field.narration in kinds)


# The fields that the form asks for the evaluated year. Others are about the whole plan, or look back.
_RESULTS = _fields_narrating(Narration.RESULT)
_DONE = _fields_narrating(Narration.RESULT, Narration.DONE)
_OF_THE_YEAR = _fields_narrating(Narration.RESULT, Narration.DONE, Narration.YEAR)
_STANDING = _fields_narrating(Narration.STANDING)
_COMPANY_YEAR = re.compile("期|頃|現在|時点|以前|以降|より|まで")
_STARTED = re.compile(r"から[^、。]{0,60}(?:始め|開始|運用|実施|導入|設け|設置)[^、。]{0,8}[ただ]$")
_STILL_PLANNED = re.compile(
    r"(?:に|には|は|中に|までに)(?:(?![ただ][一-龥ァ-ヴ])[^。\n年]){0,40}?"
    r"(?:する|の|を|開業|開催|実施|完成|着工|開始|運用開始|稼働|供用開始)予定(?:である|している|$|。)"
)


def _named_years_in(picture: Picture, fields: frozenset[tuple[str, str]]) -> Iterator[NamedYear]:
    return named_years(picture, (passage for passage in picture.prose if passage.key in fields))


# Another fiscal year as the evaluated one


@check("実績の年度", Level.BLOCKING)
def results_of_another_year(picture: Picture) -> Iterator[Finding]:
    """3④ and 別紙3: results are those of the evaluated year."""
    for named_year in _named_years_in(picture, _RESULTS):
        if _is_result_of_another(named_year, picture.year):
            yield _another_year_finding(results_of_another_year, named_year, picture)


@check("文の年度", Level.CAUTION)
def sentences_of_another_year(picture: Picture) -> Iterator[Finding]:
    """Texts on the evaluated year that report on another year as if it were the evaluated one."""
    for named_year in _named_years_in(picture, _OF_THE_YEAR):
        if _is_another(named_year, picture.year) and not _is_result_of_another(
            named_year, picture.year
        ):
            yield _another_year_finding(sentences_of_another_year, named_year, picture)


def _is_result_of_another(named_year: NamedYear, year: int) -> bool:
    if named_year.passage.key not in _RESULTS:
        return False
    if named_year.passage.source.field == "result_label":
        return _is_other_fiscal_year(named_year, year)
    return named_year.is_heading and _is_another(named_year, year)


def _is_another(named_year: NamedYear, year: int) -> bool:
    """Whether it reports on another fiscal year as if that were `year`."""
    if not (_is_other_fiscal_year(named_year, year) and named_year.reports_on_year):
        return False
    if named_year.mention.year > year:
        is_result = named_year.is_stated and named_year.passage.key in _RESULTS
        return (
            named_year.is_past or named_year.is_count or is_result
        ) and not named_year.looks_ahead
    is_background = named_year.is_beginning and named_year.mention.year < year - 1
    return not (named_year.is_contrasted or named_year.is_to_come or is_background)


def _is_other_fiscal_year(named_year: NamedYear, year: int) -> bool:
    return (
        named_year.mention.is_fiscal
        and named_year.mention.year not in (None, year)
        and not named_year.names_evaluated_year
    )


def _another_year_finding(
    reporting_check: Check, named_year: NamedYear, picture: Picture
) -> Finding:
    expected = fiscal_year_name(picture.year)
    return reporting_check.finding(
        named_year.passage,
        f"{expected}の評価書に、{named_year.words}のことが当該年度のことのように書かれています。"
        f"年度が誤りであれば{expected}に直し、正しければ{expected}の状況を書き加えてください。",
        words=named_year.words,
        found=named_year.words,
        expected=expected,
    )


# Days outside the year, and tenses


@check("年度より前の出来事", Level.CAUTION)
def events_before_the_year(picture: Picture) -> Iterator[Finding]:
    """What was done before April of the evaluated year, reported as this year's."""
    for named_year in _named_years_in(picture, _DONE):
        if (
            _is_event(named_year)
            and named_year.mention.fiscal_year < picture.year
            and named_year.reports_on_year
        ):
            yield events_before_the_year.finding(
                named_year.passage,
                f"{named_year.words}は、評価する{fiscal_year_name(picture.year)}より前です。"
                "年月を確かめ、前の年度のことであれば、当該年度の取組とのつながりが分かるように書いてください。",
                words=named_year.words,
                found=named_year.words,
                expected=_span(picture.year),
            )


@check("年度より後の出来事", Level.CAUTION)
def events_after_the_year(picture: Picture) -> Iterator[Finding]:
    """What is reported as done, though it is after March of the evaluated year."""
    for named_year in _named_years_in(picture, _OF_THE_YEAR):
        is_later = (named_year.mention.fiscal_year or 0) > picture.year
        if (
            not is_later
            or named_year.looks_ahead
            or not (named_year.is_stated or named_year.is_count)
        ):
            continue
        started = named_year.mention.is_fiscal and _STARTED.match(named_year.clause)
        if (started and named_year.is_past) or (
            _is_event(named_year) and named_year.reports_on_year
        ):
            yield events_after_the_year.finding(
                named_year.passage,
                f"{named_year.words}は、評価する{fiscal_year_name(picture.year)}より後ですが、済んだこととして書かれています。"
                "年月を確かめ、当該年度の後のことであれば、今後の予定として書いてください。",
                words=named_year.words,
                found=named_year.words,
                expected=_span(picture.year),
            )


@check("過ぎた時期の予定", Level.CAUTION)
def plans_for_the_past(picture: Picture) -> Iterator[Finding]:
    """What is announced for a time that had passed when the evaluation was written, after the year."""
    passages = (passage for passage in picture.prose if passage.key not in _STANDING)
    for named_year in named_years(picture, passages):
        mention = named_year.mention
        year = picture.year + mention.offset if mention.year is None else mention.fiscal_year
        if year is None or year > picture.year:
            continue
        if _STILL_PLANNED.match(named_year.after) or (
            named_year.after.startswith("は") and named_year.is_to_come
        ):
            yield plans_for_the_past.finding(
                named_year.passage,
                f"「{named_year.words}」は評価の時点で過ぎていますが、これからのこととして書かれています。"
                "年を確かめ、実際にどうなったかを書いてください。",
                words=named_year.words,
                found=named_year.words,
                expected=f"{fiscal_year_name(picture.year + 1)}以降",
            )


def _is_event(named_year: NamedYear) -> bool:
    """Whether it is a month or day of an event, and not 12月期 or 3月末現在."""
    mention = named_year.mention
    is_day = mention.month is not None and not mention.is_fiscal and mention.is_possible
    return is_day and not _COMPANY_YEAR.match(named_year.after)


def _span(year: int) -> str:
    return f"{fiscal_year_name(year)}（4月から翌年3月まで）"
