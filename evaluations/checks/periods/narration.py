"""What sentences say of a year that they name: what was done in it, or only a comparison with it.

The particles after the year decide: 令和4年度は8件であった reports on the year, 令和4年度から2件増えた compares
with it, and in 令和4年度に始めた事業を続けている it only specifies which project.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evaluations.checks.mentions import Sentence, YearMention
from evaluations.checks.picture import Passage, Picture

_WINDOW = 80  # letters that are read after a year
_BEGINNING = 6  # letters at the beginning of a sentence: 一方、令和5年度は

# Nouns begin with 漢字, カタカナ or letters, so た before one belongs to it.
_NOUN = "一-龥々ァ-ヴA-Za-z「"
_TOPIC = re.compile(r"(?:中|内|末)?(?:に|で|において)?は")
# The sentence says itself that it looks back: 指定前の平成22年度, 令和4年度は…上回っていた.
_LOOKS_BACK = re.compile(r"(?:前|当初|当時|時点)の$")
_HAD_BEEN = "ていた"
_RESULT = re.compile(
    rf"(?:中|分)?(?:の|における)?[{_NOUN}・ー、]{{0,20}}(?:実績|件数|状況|結果|回数|者数|人数)"
    r"(?![をかよとに]|値?\(?[\d,.]{1,15}[^\d、。]{1,5}を)"
)
_RELATED = re.compile("(?:中|分|内)?(?:の|における)")
_DECIDING = re.compile("は|が(?!ん)|を|から|より|に比べ|と比べ|に対(?!する)|と同|並み")
_IN_IT = re.compile("(?:中|分|内)?における[^、。]{1,60}?は")
_IN = re.compile(
    "に(?!は|お[けい]|比べ|比し|対|向け|続|引き|わた|係|関|入|限|予定|かけ|よ[りる]|も|とどま)"
)
_SPAN = re.compile(r"(?:\d{1,2} ?)?(?:から|~|-)[^、。]{0,20}?(?:まで|日)、?|(?=開催|実施)")
_MODIFIES = re.compile(rf"[ただ](?=[{_NOUN}\d])")
_MODIFIED_TOPIC = re.compile(r"[^はをがでにへとも、。]{1,40}は")
_BACKGROUND = re.compile("(?:が|ており|ことから|ことで|ことにより|ため|ものの|ほか|以来|後|以降)$")
_CLOSED = re.compile("終了|終え|廃止|満了")
_BEGINS = re.compile("始め|開始|設立|開設|創設|設置|発足|開業|開館|指定|締結|策定|制定|認定を受け")
_PAST = re.compile("[ただ]$|となっている$")
_STATED = re.compile("(?:[ただ]|[件名人社者回円%]|実施|開催|出展|参加|来場|実績)$")
_COUNTED = re.compile(r"\d ?[件名人社者回円%億万]")
_AHEAD = re.compile(
    "予定|見込|計画(?:し|中|を立て)|目途|目指|^の(?:目標値?|予算額?)は|に向け|見据|検討|(?<![付択])決定|決ま|こととし|調整[をし中]|準備"
    "|延期|延ば|先送り|備え"
)
_TO_COME = re.compile(
    "(?:ていく|する予定|予定である|予定している|見込みである|見込んでいる|こととしている|目指す|目指している|図る"
    "|取り組む|進める|行う|実施する|開催する|開始する|始める|開業する|完成する|着工する|開く)$"
)


class NamedYear(NamedTuple):
    """A year that a sentence names, and how the sentence continues."""

    passage: Passage
    mention: YearMention
    after: str  # flat, to the end of the sentence, at most _WINDOW letters
    ending: str  # the last letters of the sentence, without marks
    names_evaluated_year: bool  # the sentence also names the evaluated year
    is_contrasted: bool  # the next sentence begins with the evaluated year, or this one looks back

    @property
    def words(self) -> str:
        return self.passage.words(self.mention.start, self.mention.end)

    @property
    def clause(self) -> str:
        return re.split("[、。\n]", self.after, maxsplit=1)[0]

    @property
    def is_heading(self) -> bool:
        """令和4年度は, 令和4年度における, 令和4年度交付実績: all that follows is about the year."""
        return any(form.match(self.after) for form in (_TOPIC, _RELATED, _RESULT))

    @property
    def is_count(self) -> bool:
        """令和6年度交付実績 9件"""
        return bool(_RESULT.match(self.after) and _COUNTED.search(self.after))

    @property
    def is_past(self) -> bool:
        return bool(_PAST.search(self.ending))

    @property
    def is_stated(self) -> bool:
        """The sentence states a fact, also in note form: 令和5年10月に開催, 9件."""
        return bool(_STATED.search(self.ending))

    @property
    def looks_ahead(self) -> bool:
        return bool(_AHEAD.search(self.after))

    @property
    def is_beginning(self) -> bool:
        """令和元年度に始めた: something began then, mentioned as background."""
        is_event = _IN.match(self.after) and not _MODIFIES.search(self.clause)
        return bool(is_event and _BEGINS.search(self.clause))

    @property
    def is_to_come(self) -> bool:
        """The sentence announces what will be done."""
        return bool(_TO_COME.search(self.ending))

    @property
    def reports_on_year(self) -> bool:
        """Whether the sentence reports what was done or counted in the named year."""
        if _TOPIC.match(self.after) or _RESULT.match(self.after):
            return True
        if related := _RELATED.match(self.after):
            return self._reports_on_part(related.end())
        if _IN.match(self.after) or _SPAN.match(self.after):
            return self._reports_event()
        return self.after.startswith("、") and self.is_past

    def _reports_on_part(self, start: int) -> bool:
        """令和4年度の認定はなかった, 令和4年度の目標値(10件)に対し、実績値(8件)は…"""
        particle = _DECIDING.search(self.after, start)
        is_topic = bool((particle and particle[0] == "は") or _IN_IT.match(self.after))
        compares = "目標値" in self.after[:8] and "実績値" in self.after
        return (is_topic or compares) and self._states

    def _reports_event(self) -> bool:
        """令和4年度に新たに始めた治験は38件である; but not 令和4年度に始めた事業を続けている."""
        clause = self.clause
        if _CLOSED.search(clause):
            return False
        if modifies := _MODIFIES.search(clause):
            return bool(_MODIFIED_TOPIC.match(clause, modifies.end())) and self._states
        return self.is_stated and not _BACKGROUND.search(clause)

    @property
    def _states(self) -> bool:
        return self.is_stated or bool(_COUNTED.search(self.after))


def named_years(picture: Picture, passages: Iterable[Passage]) -> Iterator[NamedYear]:
    """The years that the passages name, each with its sentence."""
    for passage in passages:
        if not passage.years:
            continue
        sentences = list(_by_sentence(passage))
        with_evaluated_year = [
            any(is_year(mention, picture.year) for mention in years) for _, years in sentences
        ]
        for place, (sentence, years) in enumerate(sentences):
            ending = sentence.text[-24:].rstrip("。)」』 \n")
            for mention in years:
                after = passage.flat[mention.end : min(sentence.end, mention.end + _WINDOW)]
                is_followed = any(
                    year.start < sentence.end + _BEGINNING and is_year(year, picture.year)
                    for _, years in sentences[place + 1 : place + 2]
                    for year in years[:1]
                )
                before = passage.flat[max(sentence.start, mention.start - 4) : mention.start]
                looks_back = ending.endswith(_HAD_BEEN) or bool(_LOOKS_BACK.search(before))
                yield NamedYear(
                    passage,
                    mention,
                    after,
                    ending,
                    with_evaluated_year[place],
                    is_followed or looks_back,
                )


def _by_sentence(passage: Passage) -> Iterator[tuple[Sentence, list[YearMention]]]:
    years = iter(passage.years)
    mention = next(years, None)
    for sentence in passage.sentences:
        sentence_years = []
        while mention and mention.start < sentence.end:
            sentence_years.append(mention)
            mention = next(years, None)
        yield sentence, sentence_years


def is_year(mention: YearMention, year: int) -> bool:
    """Whether the mention is of fiscal year `year`, of a day in it, or of the calendar year `year`."""
    if mention.year is None:
        return mention.offset == 0
    return year in (mention.fiscal_year, mention.year)
