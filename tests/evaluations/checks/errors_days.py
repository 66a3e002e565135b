"""Errors of days, eras and the plan's term, one at a random place of a sound evaluation."""

import re
from random import Random

from evaluations.form.contents import Contents
from tests.evaluations.checks.changes import Changed, Error, added, replaced
from tokku.japanese import fiscal_year_name

_TEXTS = ("text", "overall", "self_assessment", "usage", "considerations", "result")


def day_that_is_not(contents: Contents, random: Random) -> Changed:
    day = random.choice(("2月30日", "6月31日", "13月", "10月32日", "0月1日"))
    return replaced(contents, random, r"(?<=年)\d+月(?:\d+日)?", day, *_TEXTS)


def added_day_that_is_not(contents: Contents, random: Random) -> Changed:
    day = random.choice(("2月30日", "4月31日", "13月5日", "11月0日"))
    return added(contents, random, f"また、{day}に催しを開いた。", *_TEXTS)


def wrong_weekday(contents: Contents, random: Random) -> Changed:
    year, month, day, weekday = random.choice(
        ((5, 10, 11, "水"), (6, 1, 18, "木"), (5, 8, 3, "木"))
    )
    wrong = random.choice([name for name in "月火水木金土日" if name != weekday])
    return added(
        contents, random, f"令和{year}年{month}月{day}日（{wrong}）に催しを開いた。", *_TEXTS
    )


def reversed_days(contents: Contents, random: Random) -> Changed:
    span = random.choice(("10月13日～11日", "令和6年2月21日から7日", "11月3日～10月28日"))
    return added(contents, random, f"また、{span}に催しを開いた。", *_TEXTS)


def era_that_ended(contents: Contents, random: Random) -> Changed:
    """平成35年度 for 令和5年度."""
    return replaced(
        contents, random, r"令和(\d+)年", lambda match: f"平成{int(match[1]) + 30}年", *_TEXTS
    )


def era_year_that_is_not(contents: Contents, random: Random) -> Changed:
    year = random.choice(("平成31年度", "令和0年度", "昭和65年", "平成32年4月", "令和元年3月"))
    return added(contents, random, f"この取組は、{year}に始めたものである。", *_TEXTS)


def western_year_of_another(contents: Contents, random: Random) -> Changed:
    def contradict(match: re.Match[str]) -> str:
        year = 2018 + int(match[1]) + random.choice((-1, 1, 10))
        return random.choice(
            (
                f"令和{match[1]}年度（{year}年度）",
                f"令和{match[1]}（{year}）年度",
                f"{year}年度（令和{match[1]}年度）",
            )
        )

    return replaced(contents, random, r"令和(\d+)年度", contradict, *_TEXTS)


def western_year(contents: Contents, random: Random) -> Changed:
    return replaced(
        contents, random, r"令和(\d+)年度", lambda match: f"{2018 + int(match[1])}年度", *_TEXTS
    )


def relative_year_of_another(contents: Contents, random: Random) -> Changed:
    def name(match: re.Match[str]) -> str:
        year = contents.fiscal_year + (-1 if match[0] == "前年度" else 1) + random.choice((-1, 1))
        return f"{match[0]}（{fiscal_year_name(year)}）"

    return replaced(contents, random, "前年度|次年度", name, *_TEXTS)


def this_year_as_another(contents: Contents, random: Random) -> Changed:
    last_year = fiscal_year_name(contents.fiscal_year - 1)
    words = random.choice(
        (f"本年度（{last_year}）", f"今年度（{last_year}）", f"{last_year}（本年度）")
    )
    return added(contents, random, f"{words}は、相談の体制を見直した。", *_TEXTS)


def count_of_years(contents: Contents, random: Random) -> Changed:
    plan = random.choice(
        (
            "4年間（令和4～令和8年度）",
            "6か年（令和4年度～令和8年度）",
            "令和4年度から令和8年度までの4年間",
        )
    )
    return added(contents, random, f"計画は{plan}である。", *_TEXTS)


def span_of_the_plan(contents: Contents, random: Random) -> Changed:
    span = random.choice(
        ("令和4年度から令和7年度まで", "5年間（令和3～令和7年度）", "令和5～令和9年度")
    )
    return added(contents, random, f"計画期間の{span}に、着実に進める。", *_TEXTS)


def years_of_a_total(contents: Contents, random: Random) -> Changed:
    years = random.choice("3467")
    return replaced(contents, random, "5年間の累計", f"{years}年間の累計", "target_basis")


def place_in_the_plan(contents: Contents, random: Random) -> Changed:
    year = fiscal_year_name(contents.fiscal_year)
    place = random.choice(("初年度", "最終年度", "3年目", "1年目"))
    words = random.choice((f"{year}は計画の{place}", f"本年度は、第3期計画の{place}"))
    return added(contents, random, f"{words}である。", *_TEXTS)


def term_of_another_plan(contents: Contents, random: Random) -> Changed:
    term = random.choice("345")
    return replaced(contents, random, "第2期計画", f"第{term}期計画", "target_basis")


ERRORS: tuple[Error, ...] = (
    day_that_is_not,
    added_day_that_is_not,
    wrong_weekday,
    reversed_days,
    era_that_ended,
    era_year_that_is_not,
    western_year_of_another,
    western_year,
    relative_year_of_another,
    this_year_as_another,
    count_of_years,
    span_of_the_plan,
    years_of_a_total,
    place_in_the_plan,
    term_of_another_plan,
)
