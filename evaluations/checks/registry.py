"""What a check is: one small pure function over a picture, with its level and the findings it makes."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from evaluations.checks.picture import Passage, Picture
from evaluations.keys import RecordKey
from tokku.document.tree import Source


class Level(StrEnum):
    """How serious a finding is. BLOCKING keeps an evaluation from being sealed until it is set aside."""

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
    source: Source  # the field that it is about
    number: int | None  # of the passage (Passage.number); None where the form prints nothing
    text: str  # the whole text of the block
    words: str  # the words in it that are wrong; "" for the block as a whole
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
        """A hash of what the finding rests on. It changes when the words or the figures behind it do."""
        parts = (self.check.name, self.source.field, self.text, self.words, self.found)
        return hashlib.sha256("\0".join((*parts, self.expected)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Check:
    """A function that yields findings, and its label.

    `needs_all_municipalities` is for checks that compare or count what several municipalities enter: they find nothing in a
    picture that leaves out unfinished work. `finds_blanks` is for checks that look for blank fields: where the
    field is required, the list of what is missing already has it, and the finding is not shown again.
    """

    function: Callable[[Picture], Iterator[Finding]]
    label: str
    level: Level
    needs_all_municipalities: bool = False
    finds_blanks: bool = False

    @property
    def name(self) -> str:
        """The identifier in waivers, sealed versions and commands: counts.support_count_missing"""
        family = self.function.__module__.removeprefix(f"{__package__}.").partition(".")[0]
        return f"{family}.{self.function.__name__}"

    def __call__(self, picture: Picture) -> Iterator[Finding]:
        return (
            iter(()) if self.needs_all_municipalities and picture.hidden else self.function(picture)
        )

    def finding(
        self,
        at: Passage | Source,
        why: str,
        *,
        words: str = "",
        found: str = "",
        expected: str = "",
    ) -> Finding:
        """Make a finding in a passage, or in a field of which the form prints nothing."""
        if isinstance(at, Source):
            return Finding(self, at, None, "", words, found, expected, why)
        return Finding(self, at.source, at.number, at.text, words, found, expected, why)


def check(
    label: str, level: Level, *, needs_all_municipalities: bool = False, finds_blanks: bool = False
) -> Callable[[Callable[[Picture], Iterator[Finding]]], Check]:
    """Turn a function into a `Check`. Its body calls `finding` on the function's own name, which is the check."""
    return lambda function: Check(function, label, level, needs_all_municipalities, finds_blanks)
