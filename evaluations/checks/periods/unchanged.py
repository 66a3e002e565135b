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

# Texts that the form asks for anew. Those on the plan, the basis of its targets or a standing scheme may stay.
_NEW = catalogue.fields_where(lambda field: field.is_of_year)
_SHORTEST = 30  # letters; a shorter paragraph is a mere formula
# Totals so far may stay as they are, and so may a statement that there is nothing.
_STANDING = re.compile("累計|通算|総額|組成額|これまで|該当(?:なし|する)|特になし")
_SINCE = re.compile("から|以降|より|まで|で終")


@dataclass(frozen=True)
class _TextLastYear:
    """The text of a field a year before."""

    text: str

    @cached_property
    def blocks(self) -> frozenset[str]:
        return frozenset((self.text, *self.text.split("\n")))

    @cached_property
    def sentences(self) -> frozenset[str]:
        return frozenset(sentence.text.strip() for sentence in sentences(same_width(self.text)))


@check("前年度のままの文", Level.CAUTION)
def unchanged_texts(picture: Picture) -> Iterator[Finding]:
    """A text, or a paragraph of it, that is the same as a year before."""
    last_year = fiscal_year_name(picture.year - 1)
    for passage, previous in _new_passages(picture):
        if passage.text not in previous.blocks or _STANDING.search(passage.text):
            continue
        is_scheme = passage.kind == "scheme"
        if _gives_figures(passage) if is_scheme else len(passage.text) >= _SHORTEST:
            yield unchanged_texts.finding(
                passage,
                f"{last_year}の評価書と同じ文のままです。{fiscal_year_name(picture.year)}の状況に書き直してください。",
                found=f"{last_year}と同じ",
            )


def _gives_figures(passage: Passage) -> bool:
    """Whether it has figures that are hardly the same in two years: 年6回開き、延べ274名が参加した."""
    return any(quantity.value > 1 for quantity in passage.quantities) or any(
        mention.month for mention in passage.years
    )


@check("前年度のままの年", Level.CAUTION)
def years_left_from_last_year(picture: Picture) -> Iterator[Finding]:
    """A sentence of last year's text that still names last year."""
    expected = fiscal_year_name(picture.year)
    for passage, previous in _new_passages(picture):
        if not passage.years or passage.text in previous.blocks:
            continue
        for sentence in passage.sentences:
            if sentence.text.strip() not in previous.sentences:
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


def _new_passages(picture: Picture) -> Iterator[tuple[Passage, _TextLastYear]]:
    """The passages that should be written anew, with last year's text of their field unless it was blank."""
    texts_last_year: dict[Source, _TextLastYear] = {}
    for passage in picture.prose if picture.last_year else ():
        source = passage.source
        if passage.key not in _NEW:
            continue
        if source not in texts_last_year:
            texts_last_year[source] = _TextLastYear(
                picture.text_last_year(passage.record, source.field)
            )
        if texts_last_year[source].text:
            yield passage, texts_last_year[source]
