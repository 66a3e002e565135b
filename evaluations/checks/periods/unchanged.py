"""Texts left from last year where the form asks for this year's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.checks.mentions import same_width, sentences, year_mentions
from evaluations.checks.picture import Passage, Picture
from evaluations.checks.registry import Finding, Level, check
from tokku.document.tree import Source
from tokku.japanese import fiscal_year_name

# Texts on what the plan is, why its targets are what they are, or on a standing scheme may stay as they are.
_NEW = catalogue.fields_where(lambda field: field.is_of_year)
_SHORTEST = 30  # letters of a paragraph that is no mere formula
# What has been reached by now may stay as it is, and so may nothing.
_STANDING = re.compile("累計|通算|総額|組成額|これまで|該当(?:なし|する)|特になし")
_SINCE = re.compile("から|以降|より|まで|で終")


@dataclass(frozen=True)
class _Before:
    """What a field said the year before."""

    text: str

    @cached_property
    def blocks(self) -> frozenset[str]:
        return frozenset((self.text, *self.text.split("\n")))

    @cached_property
    def sentences(self) -> frozenset[str]:
        return frozenset(one.text.strip() for one in sentences(same_width(self.text)))


@check("前年度のままの文", Level.CAUTION)
def unchanged_texts(picture: Picture) -> Iterator[Finding]:
    """A text, or a paragraph of it, that said the same a year ago."""
    last_year = fiscal_year_name(picture.year - 1)
    for passage, before in _to_be_new(picture):
        if passage.text not in before.blocks or _STANDING.search(passage.text):
            continue
        is_scheme = passage.kind == "scheme"
        if _counts(passage) if is_scheme else len(passage.text) >= _SHORTEST:
            yield unchanged_texts.finding(
                passage,
                f"{last_year}の評価書と同じ文のままです。{fiscal_year_name(picture.year)}の状況に書き直してください。",
                found=f"{last_year}と同じ",
            )


def _counts(passage: Passage) -> bool:
    """年6回開き、延べ274名が参加した: hardly the same in two years."""
    return any(one.value > 1 for one in passage.quantities) or any(
        one.month for one in passage.years
    )


@check("前年度のままの年", Level.CAUTION)
def years_left_from_last_year(picture: Picture) -> Iterator[Finding]:
    """A sentence taken over from last year's text with last year's year in it."""
    expected = fiscal_year_name(picture.year)
    for passage, before in _to_be_new(picture):
        if not passage.years or passage.text in before.blocks:
            continue
        for sentence in passage.sentences:
            if sentence.text.strip() not in before.sentences:
                continue
            for mention in year_mentions(sentence.text):
                start, end = sentence.start + mention.start, sentence.start + mention.end
                if mention.fiscal_year != picture.year - 1 or _SINCE.match(passage.flat, end):
                    continue
                words = passage.words(start, end)
                yield years_left_from_last_year.finding(
                    passage,
                    f"前年度の評価書と同じ文に「{words}」が残っています。{expected}の状況に書き直してください。",
                    words=words,
                    found=words,
                    expected=expected,
                )


def _to_be_new(picture: Picture) -> Iterator[tuple[Passage, _Before]]:
    """Each block that is to say something new, where its field said something the year before."""
    known: dict[Source, _Before] = {}
    for passage in picture.prose if picture.last_year else ():
        source = passage.source
        if passage.key not in _NEW:
            continue
        if source not in known:
            known[source] = _Before(picture.text_last_year(passage.record, source.field))
        if known[source].text:
            yield passage, known[source]
