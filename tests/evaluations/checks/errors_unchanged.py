"""Texts left from last year, one at a random place of a sound evaluation."""

from random import Random

from evaluations.form.contents import Contents
from tests.evaluations.checks.changes import Changed, Error, text_of, texts, with_text
from tests.evaluations.checks.pictures import of_sample

_BODY = ("self_assessment", "usage", "overall", "response_to_previous", "considerations")


def _left(contents: Contents, random: Random, *fields: str) -> Changed:
    """With one text as it was the year before. Records of both years have the same source in both."""
    last_year = of_sample(contents.fiscal_year - 1).contents
    places = [
        (source, old_text)
        for source, text in texts(contents)
        if source.field in fields
        and source.record.split("/")[0] != "regional_text"
        and (old_text := text_of(last_year, source))
        and old_text != text
    ]
    source, old_text = random.choice(places)
    return with_text(contents, source, old_text), source


def unchanged_text(contents: Contents, random: Random) -> Changed:
    return _left(contents, random, *_BODY)


def unchanged_result(contents: Contents, random: Random) -> Changed:
    return _left(contents, random, "result")


def unchanged_paragraph(contents: Contents, random: Random) -> Changed:
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
