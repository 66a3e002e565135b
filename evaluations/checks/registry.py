"""What a check is: one small pure function over a picture, with its level and the findings it makes."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from evaluations.checks.picture import Passage, Picture
from evaluations.keys import RecordKey
from tokku.document.tree import Source


class Level(StrEnum):
    """How much a finding weighs. BLOCKING keeps an evaluation from being sealed until it is set aside."""

    BLOCKING = "blocking"
    CAUTION = "caution"
    NOTE = "note"

    @property
    def label(self) -> str:
        return {
            Level.BLOCKING: "確認が必要",
            Level.CAUTION: "注意",
            Level.NOTE: "参考",
        }[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in one block that does not fit, and what to do about it."""

    check: "Check"
    source: Source  # the field that is meant
    number: int | None  # of the passage (Passage.number); None where the form prints nothing
    text: str  # all that the block says
    words: str  # the words in it that are meant; "" for the block as a whole
    found: str
    expected: str
    why: str  # one Japanese sentence, which says what to do

    @property
    def record(self) -> RecordKey:
        return RecordKey.parse(self.source.record)

    @property
    def level(self) -> Level:
        return self.check.level

    @property
    def digest(self) -> str:
        """What the finding rests on: another one when the words or the figures behind it change."""
        said = (self.check.name, self.source.field, self.text, self.words, self.found)
        return hashlib.sha256("\0".join((*said, self.expected)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Check:
    """A function that yields findings, and what it is called.

    One that compares or counts what several municipalities say `needs_all` of them: it waits where a
    picture leaves out somebody's unfinished work. What one `of_blanks` finds in a required field is in the
    list of what is missing, too, and people are told once.
    """

    function: Callable[[Picture], Iterator[Finding]]
    label: str
    level: Level
    needs_all: bool = False
    of_blanks: bool = False

    @property
    def name(self) -> str:
        """Names the check in waivers, sealed versions and commands: counts.national_supports"""
        family = self.function.__module__.removeprefix(f"{__package__}.").partition(".")[0]
        return f"{family}.{self.function.__name__}"

    def __call__(self, picture: Picture) -> Iterator[Finding]:
        return iter(()) if self.needs_all and picture.hidden else self.function(picture)

    def finding(
        self,
        at: Passage | Source,
        why: str,
        *,
        words: str = "",
        found: str = "",
        expected: str = "",
    ) -> Finding:
        """A finding in a passage, or in a field of which the form prints nothing."""
        if isinstance(at, Source):
            return Finding(self, at, None, "", words, found, expected, why)
        return Finding(self, at.source, at.number, at.text, words, found, expected, why)


def check(
    label: str, level: Level, *, needs_all: bool = False, of_blanks: bool = False
) -> Callable[[Callable[[Picture], Iterator[Finding]]], Check]:
    """Make a check of a function; its body makes findings by the name of the function."""
    return lambda function: Check(function, label, level, needs_all, of_blanks)
