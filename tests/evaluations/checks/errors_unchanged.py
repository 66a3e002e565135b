"""Texts left from last year, one at a random place of a sound evaluation."""

from random import Random

from evaluations.form.contents import Contents
from tests.evaluations.checks.changes import Error, Found, text_of, texts, with_text
from tests.evaluations.checks.pictures import of_sample

_BODY = ("self_assessment", "usage", "overall", "response_to_previous", "considerations")


def _left(contents: Contents, random: Random, *fields: str) -> Found:
    """One text as it was the year before; records that both years have are at the same places."""
    last_year = of_sample(contents.fiscal_year - 1).contents
    places = [
        (source, last)
        for source, text in texts(contents)
        if source.field in fields
        and source.record.split("/")[0] != "regional_text"
        and (last := text_of(last_year, source))
        and last != text
    ]
    source, last = random.choice(places)
    return with_text(contents, source, last), source


def unchanged_text(contents: Contents, random: Random) -> Found:
    return _left(contents, random, *_BODY)


def unchanged_result(contents: Contents, random: Random) -> Found:
    return _left(contents, random, "result")


def unchanged_paragraph(contents: Contents, random: Random) -> Found:
    last_year = of_sample(contents.fiscal_year - 1).contents
    places = [
        (source, text, paragraph)
        for source, text in texts(contents)
        if source.field in ("overall", "response_to_previous", "considerations")
        for paragraph in text_of(last_year, source).split("\n")
    ]
    source, text, paragraph = random.choice(places)
    return with_text(contents, source, f"{text}\n{paragraph}"), source


ERRORS: tuple[Error, ...] = (unchanged_text, unchanged_result, unchanged_paragraph)
