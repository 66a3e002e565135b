"""Days and eras: dates that do not exist, and years that contradict each other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from evaluations.checks.mentions import YearMention, year_of
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from tokku.japanese import era_date, fiscal_year_name

_ERA = r"(令和|平成|昭和) ?(元|\d{1,2})"
# 36月間, 24月齢 and 36月を超えない are lengths of time.
_MONTH = re.compile(
    r"(?<![\d.,~-])(\d{1,3}) ?月(?! ?(?:間|以[内上下]|未満|分|目|額|齢|を(?:超|経|限)))(?: ?(\d{1,3}) ?日)?"
)
_WEEKDAYS = "月火水木金土日"
_DAY_OF_THE_WEEK = re.compile(
    r"(?P<date>(?<![\d/])(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日)"
    r" ?\((?P<weekday>[月火水木金土日])(?:曜日?)?(?:・[祝休])?\)"
)
_OF_THE_YEAR = ("scheme", "achievement", "national_support")
_SAME_YEAR = re.compile(
    rf"{_ERA}年?度? ?\((20\d\d|19\d\d)年?(?:度|度末)?\)|(20\d\d|19\d\d)年?度? ?\({_ERA}年?度?\)"
)
_SPAN_OF_DAYS = re.compile(
    r"(\d{1,2})月 ?(\d{1,2})日?(?: ?\([月火水木金土日・祝]{1,4}\))? ?(?:から|~|-) ?(?:(\d{1,2})月 ?)?(\d{1,2})日(?! ?[間目])"
)
_WESTERN = re.compile(r"(?<![(\d])20\d\d年(?:度| ?\d{1,2}月)(?! ?\()")


# Days


@check("存在しない日付", Level.BLOCKING)
def impossible_days(picture: Picture) -> Iterator[Finding]:
    """13月, 2月30日, whether or not a year is named."""
    for passage in picture.prose:
        for match in _MONTH.finditer(passage.flat):
            month, day = int(match[1]), int(match[2] or 1)
            if not _is_day(2024, month, day):  # a leap year: the year may not be named
                yield _impossible(passage, match.start(), match.end())
        for mention in passage.years:
            is_leap_day = (mention.month, mention.day) == (2, 29)
            if is_leap_day and not _is_day(mention.year, 2, 29):
                yield _impossible(passage, mention.start, mention.end)


def _impossible(passage: Passage, start: int, end: int) -> Finding:
    words = passage.words(start, end)
    return impossible_days.finding(
        passage,
        f"「{words}」という日はありません。正しい月日に直してください。",
        words=words,
        found=words,
    )


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@check("曜日", Level.CAUTION)
def weekdays(picture: Picture) -> Iterator[Finding]:
    """令和5年10月11日（水）: the day of the week is that of the date. A day without a year is in the evaluated year."""
    for passage in picture.prose:
        years = {mention.end: mention.year for mention in passage.years}
        for match in _DAY_OF_THE_WEEK.finditer(passage.flat):
            month, day = int(match["month"]), int(match["day"])
            year = years.get(match.end("date"))
            if year is None and passage.kind in _OF_THE_YEAR:
                year = picture.year + (month < 4)
            if year is None or not _is_day(year, month, day):
                continue
            expected = _WEEKDAYS[date(year, month, day).weekday()]
            if match["weekday"] != expected:
                yield weekdays.finding(
                    passage,
                    f"{year}年の{month}月{day}日は{expected}曜日です。日付か曜日を直してください。",
                    words=passage.words(*match.span()),
                    found=match["weekday"],
                    expected=expected,
                )


@check("期間の前後", Level.BLOCKING)
def reversed_spans(picture: Picture) -> Iterator[Finding]:
    """10月13日～11日: a span ends after it begins."""
    for passage in picture.prose:
        for match in _SPAN_OF_DAYS.finditer(passage.flat):
            first_month, last_month = int(match[1]), int(match[3] or match[1])
            if (
                first_month == last_month and int(match[2]) > int(match[4])
            ) or 4 <= last_month < first_month <= 12:
                words = passage.words(*match.span())
                yield reversed_spans.finding(
                    passage,
                    f"「{words}」は、終わりの日が始まりの日より前です。正しい日付に直してください。",
                    words=words,
                    found=words,
                )


# Eras


@check("元号の年", Level.CAUTION)
def years_beyond_their_era(picture: Picture) -> Iterator[Finding]:
    """平成31年度 is 令和元年度 on the form, and there is no 昭和65年 or 令和0年."""
    for passage in picture.prose:
        for mention in passage.years:
            words = passage.words(mention.start, mention.end)
            is_first = re.match(r"\D+1年", passage.flat[mention.start : mention.end])
            mention = _without_impossible_day(mention)
            if not mention.era or (mention.is_possible and not is_first):
                continue
            expected = _name_in_era(mention)
            advice = f"「{expected}」と書いてください" if expected else "正しい年に直してください"
            yield years_beyond_their_era.finding(
                passage,
                f"「{words}」という年は、元号の数え方に合いません。{advice}。",
                words=words,
                found=words,
                expected=expected,
            )


def _without_impossible_day(mention: YearMention) -> YearMention:
    """Without month and day where these do not exist, which is for `impossible_days` to find."""
    is_day = mention.year is None or _is_day(mention.year, mention.month or 1, mention.day or 1)
    return mention if is_day else replace(mention, month=None, day=None)


def _name_in_era(mention: YearMention) -> str:
    """The same year as the form writes it; "" if the number is too small for the era."""
    if mention.year < year_of(mention.era, "元"):
        return ""
    if mention.is_fiscal:
        return fiscal_year_name(mention.year)
    name = era_date(date(mention.year, mention.month or 12, mention.day or 28))
    end = "日" if mention.day else "月" if mention.month else "年"
    return name.partition(end)[0] + end


@check("和暦と西暦", Level.BLOCKING)
def contradicting_years(picture: Picture) -> Iterator[Finding]:
    """令和5年（2024年）: both must be the same year."""
    for passage in picture.prose:
        for match in _SAME_YEAR.finditer(passage.flat):
            era, number, western = (
                (match[1], match[2], match[3]) if match[1] else (match[5], match[6], match[4])
            )
            year = year_of(era, number)
            if year != int(western):
                words = passage.words(*match.span())
                yield contradicting_years.finding(
                    passage,
                    f"「{words}」の和暦と西暦が違う年です（{era}{number}年は{year}年）。どちらかを直してください。",
                    words=words,
                    found=western,
                    expected=str(year),
                )


@check("西暦の年度", Level.NOTE)
def western_years(picture: Picture) -> Iterator[Finding]:
    """The form counts years by eras: 2023年度 and 2023年10月 stand out in it."""
    for passage in picture.prose:
        for match in _WESTERN.finditer(passage.flat):
            if passage.flat[match.start() - 1 : match.start()] in ("「", "『"):
                continue
            words = passage.words(*match.span())
            yield western_years.finding(
                passage,
                f"「{words}」は西暦です。評価書の他の箇所に合わせ、和暦で書いてください。",
                words=words,
                found=words,
            )
