"""Errors of years and days, one at a random place of a sound evaluation: for trying the checks."""

import re
from random import Random

from evaluations.form.contents import Contents
from tests.evaluations.checks.changes import Changed, Error, added, replaced
from tokku.japanese import era_year, fiscal_year_name

# Another fiscal year

_REASONS = ("no_measures_reason", "no_fiscal_support_reason")


def result_of_last_year(contents: Contents, random: Random) -> Changed:
    this_year, last_year = (
        fiscal_year_name(contents.fiscal_year - years_back) for years_back in (0, 1)
    )
    return replaced(contents, random, this_year, last_year, "result", "result_label")


def result_of_next_year(contents: Contents, random: Random) -> Changed:
    this_year, next_year = (
        fiscal_year_name(contents.fiscal_year + years_on) for years_on in (0, 1)
    )
    return replaced(contents, random, this_year, next_year, "result", "result_label")


def text_of_last_year(contents: Contents, random: Random) -> Changed:
    this_year, last_year = (
        fiscal_year_name(contents.fiscal_year - years_back) for years_back in (0, 1)
    )
    return replaced(contents, random, this_year, last_year, "text", "overall", *_REASONS)


def text_of_another_year(contents: Contents, random: Random) -> Changed:
    """Long ago or to come."""
    years = list(range(contents.fiscal_year - 4, contents.fiscal_year + 3))
    years.remove(contents.fiscal_year)
    this_year, other_year = (
        fiscal_year_name(contents.fiscal_year),
        fiscal_year_name(random.choice(years)),
    )
    return replaced(contents, random, this_year, other_year, "text", "overall", *_REASONS)


# Days outside the year


def _shifted(match: re.Match[str], years: int) -> str:
    return f"令和{int(match[1]) + years}年{match[2]}月"


def event_of_a_year_before(contents: Contents, random: Random) -> Changed:
    return replaced(
        contents, random, r"令和(\d+)年(\d+)月", lambda m: _shifted(m, -1), "result", "text"
    )


def event_of_a_year_after(contents: Contents, random: Random) -> Changed:
    return replaced(
        contents, random, r"令和(\d+)年(\d+)月", lambda m: _shifted(m, 1), "result", "text"
    )


def plan_for_the_past(contents: Contents, random: Random) -> Changed:
    last_year = fiscal_year_name(contents.fiscal_year - 1)
    sentence = random.choice(
        (
            f"{last_year}に新しい窓口を開設する予定である。",
            f"{last_year}は、相談の体制の見直しに取り組む。",
            f"{fiscal_year_name(contents.fiscal_year)}中に運用を開始する予定である。",
        )
    )
    return added(contents, random, sentence, "self_assessment", "usage", "overall")


def next_year_done(contents: Contents, random: Random) -> Changed:
    next_year = fiscal_year_name(contents.fiscal_year + 1)
    sentence = random.choice(
        (
            f"{next_year}には、相談の窓口を2か所に増やした。",
            f"{next_year}から新しい講座の運用を開始した。",
            f"{era_year(contents.fiscal_year + 1)}年8月に新しい窓口を開設した。",
        )
    )
    return added(contents, random, sentence, "self_assessment", "usage", "overall")


ERRORS: tuple[Error, ...] = (
    result_of_last_year,
    result_of_next_year,
    text_of_last_year,
    text_of_another_year,
    event_of_a_year_before,
    event_of_a_year_after,
    plan_for_the_past,
    next_year_done,
)
