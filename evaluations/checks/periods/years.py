"""Years that texts name: another one where the evaluated one is meant, and what was done outside it."""

import re
from collections.abc import Iterator

from evaluations import catalogue
from evaluations.catalogue.structure import Narration
from evaluations.checks.periods.narration import Telling, tellings
from evaluations.checks.picture import Picture
from evaluations.checks.registry import Check, Finding, Level, check
from tokku.japanese import fiscal_year_name


def _telling(*kinds: Narration) -> frozenset[tuple[str, str]]:
    return catalogue.fields_where(lambda field: field.tells in kinds)


# What the form asks of the evaluated year. Other texts stand for the whole plan, or look back.
_RESULTS = _telling(Narration.RESULT)
_DONE = _telling(Narration.RESULT, Narration.DONE)
_OF_THE_YEAR = _telling(Narration.RESULT, Narration.DONE, Narration.YEAR)
_STANDING = _telling(Narration.STANDING)
_COMPANY_YEAR = re.compile("期|頃|現在|時点|以前|以降|より|まで")
_STARTED = re.compile(r"から[^、。]{0,60}(?:始め|開始|運用|実施|導入|設け|設置)[^、。]{0,8}[ただ]$")
_STILL_PLANNED = re.compile(
    r"(?:に|には|は|中に|までに)(?:(?![ただ][一-龥ァ-ヴ])[^。\n年]){0,40}?"
    r"(?:する|の|を|開業|開催|実施|完成|着工|開始|運用開始|稼働|供用開始)予定(?:である|している|$|。)"
)


def _told(picture: Picture, fields: frozenset[tuple[str, str]]) -> Iterator[Telling]:
    return tellings(picture, (one for one in picture.prose if one.key in fields))


# Another fiscal year as the evaluated one


@check("実績の年度", Level.BLOCKING)
def results_of_another_year(picture: Picture) -> Iterator[Finding]:
    """3④ and 別紙3: results are those of the evaluated year."""
    for one in _told(picture, _RESULTS):
        if _is_result_of_another(one, picture.year):
            yield _another(results_of_another_year, one, picture)


@check("文の年度", Level.CAUTION)
def sentences_of_another_year(picture: Picture) -> Iterator[Finding]:
    """Texts on the evaluated year that tell of another one as if it were this."""
    for one in _told(picture, _OF_THE_YEAR):
        if _is_another(one, picture.year) and not _is_result_of_another(one, picture.year):
            yield _another(sentences_of_another_year, one, picture)


def _is_result_of_another(one: Telling, year: int) -> bool:
    if one.passage.key not in _RESULTS:
        return False
    if one.passage.source.field == "result_label":
        return _is_other_fiscal_year(one, year)
    return one.is_heading and _is_another(one, year)


def _is_another(one: Telling, year: int) -> bool:
    """Whether a fiscal year other than `year` is told of as if it were `year`."""
    if not (_is_other_fiscal_year(one, year) and one.tells):
        return False
    if one.mention.year > year:
        is_result = one.is_stated and one.passage.key in _RESULTS
        return (one.is_past or one.is_count or is_result) and not one.looks_ahead
    is_background = one.begins and one.mention.year < year - 1
    return not (one.is_contrasted or one.is_to_come or is_background)


def _is_other_fiscal_year(one: Telling, year: int) -> bool:
    return one.mention.is_fiscal and one.mention.year not in (None, year) and not one.names_year


def _another(of: Check, one: Telling, picture: Picture) -> Finding:
    expected = fiscal_year_name(picture.year)
    return of.finding(
        one.passage,
        f"{expected}の評価書に、{one.words}のことが当該年度のことのように書かれています。"
        f"年度が誤りであれば{expected}に直し、正しければ{expected}の状況を書き加えてください。",
        words=one.words,
        found=one.words,
        expected=expected,
    )


# Days outside the year, and tenses


@check("年度より前の出来事", Level.CAUTION)
def events_before_the_year(picture: Picture) -> Iterator[Finding]:
    """What was done before April of the evaluated year, told as this year's."""
    for one in _told(picture, _DONE):
        if _is_event(one) and one.mention.fiscal_year < picture.year and one.tells:
            yield events_before_the_year.finding(
                one.passage,
                f"{one.words}は、評価する{fiscal_year_name(picture.year)}より前です。"
                "年月を確かめ、前の年度のことであれば、当該年度の取組とのつながりが分かるように書いてください。",
                words=one.words,
                found=one.words,
                expected=_span(picture.year),
            )


@check("年度より後の出来事", Level.CAUTION)
def events_after_the_year(picture: Picture) -> Iterator[Finding]:
    """What is told as done, though it lies after March of the evaluated year."""
    for one in _told(picture, _OF_THE_YEAR):
        is_later = (one.mention.fiscal_year or 0) > picture.year
        if not is_later or one.looks_ahead or not (one.is_stated or one.is_count):
            continue
        started = one.mention.is_fiscal and _STARTED.match(one.clause)
        if (started and one.is_past) or (_is_event(one) and one.tells):
            yield events_after_the_year.finding(
                one.passage,
                f"{one.words}は、評価する{fiscal_year_name(picture.year)}より後ですが、済んだこととして書かれています。"
                "年月を確かめ、当該年度の後のことであれば、今後の予定として書いてください。",
                words=one.words,
                found=one.words,
                expected=_span(picture.year),
            )


@check("過ぎた時期の予定", Level.CAUTION)
def plans_for_the_past(picture: Picture) -> Iterator[Finding]:
    """What an evaluation, written after the year, still tells as to come in it or before."""
    passages = (one for one in picture.prose if one.key not in _STANDING)
    for one in tellings(picture, passages):
        mention = one.mention
        year = picture.year + mention.offset if mention.year is None else mention.fiscal_year
        if year is None or year > picture.year:
            continue
        if _STILL_PLANNED.match(one.after) or (one.after.startswith("は") and one.is_to_come):
            yield plans_for_the_past.finding(
                one.passage,
                f"「{one.words}」は評価の時点で過ぎていますが、これからのこととして書かれています。"
                "年を確かめ、実際にどうなったかを書いてください。",
                words=one.words,
                found=one.words,
                expected=f"{fiscal_year_name(picture.year + 1)}以降",
            )


def _is_event(one: Telling) -> bool:
    """A month or day, and not 12月期 or 3月末現在."""
    mention = one.mention
    is_day = mention.month is not None and not mention.is_fiscal and mention.is_possible
    return is_day and not _COMPANY_YEAR.match(one.after)


def _span(year: int) -> str:
    return f"{fiscal_year_name(year)}（4月から翌年3月まで）"
