"""Whether what a document names is what is stored: by its name, or as a person has answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from evaluations.form import contents as c
from tokku.japanese import fold

# From this share of common characters on, two names may be wordings of one. Below, nobody is asked.
LEAST_ALIKE = 0.6


@dataclass(frozen=True)
class Question:
    """Whether a stored name and one in a document are of the same thing, `what` it would be."""

    what: str
    old: str
    new: str

    @property
    def answer(self) -> str:
        """What a person gives back, as same or as different."""
        return f"{self.old}={self.new}"

    def __str__(self) -> str:
        return (
            f"{self.what}：登録されている「{self.old}」と、文書の「{self.new}」は同じものですか。"
        )


class StoredScheme(Protocol):
    """What is asked of a scheme that is stored."""

    category: str
    name: str

    def get_category_display(self) -> str: ...


class UnansweredQuestions(ValueError):
    """A document cannot be taken over before a person has said what is the same."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = list(dict.fromkeys(questions))
        super().__init__("\n".join(map(str, self.questions)))


class RecognitionAnswers:
    """What a person has said: pairs 「old=new」 that are the same or different, in any width."""

    def __init__(self, same: Iterable[str] = (), different: Iterable[str] = ()) -> None:
        self.same = frozenset(map(fold, same))
        self.different = frozenset(map(fold, different))

    def to(self, question: Question) -> bool | None:
        """None when nobody has answered it."""
        pair = fold(question.answer)
        if pair in self.same:
            return True
        return False if pair in self.different else None


class Recognition:
    """Recognises names, and collects the questions that neither names nor answers settle."""

    def __init__(self, answers: RecognitionAnswers) -> None:
        self.answers = answers
        self._open: list[Question] = []

    def ask(self, question: Question) -> bool | None:
        answer = self.answers.to(question)
        if answer is None:
            self._open.append(question)
        return answer

    def settle(self) -> None:
        """Unanswered when a question is open."""
        if self._open:
            raise UnansweredQuestions(self._open)


def alike(old: str, new: str) -> bool:
    """Whether two names may be wordings of one thing, so that it is worth asking."""
    old, new = fold(old), fold(new)
    if old in new or new in old:
        return True
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= LEAST_ALIKE


def recognise_schemes(
    stated: Sequence[c.Scheme], known: Mapping[StoredScheme, frozenset[str]], sameness: Recognition
) -> list[StoredScheme | None]:
    """The stored scheme that each stated one is, None where it is new or nobody has said yet.

    `known` are the stored ones with the names of their municipalities. Schemes are the same by
    table, name and a common municipality; where only the wording or all municipalities differ, a
    person is asked.
    """
    found: dict[int, StoredScheme] = {}
    free = list(known)

    def take(place: int, candidates: Sequence[StoredScheme]) -> None:
        if candidates:
            found[place] = candidates[0]
            free.remove(candidates[0])

    def same(place: int) -> list[StoredScheme]:
        return [row for row in free if _is_same(row, known[row], stated[place])]

    def waiting() -> list[int]:
        return [place for place in range(len(stated)) if place not in found]

    def questions(place: int) -> list[tuple[StoredScheme, Question]]:
        one = stated[place]
        return [
            (row, _question(row, known[row], one))
            for row in free
            if row.category == one.category and alike(row.name, one.name)
        ]

    # Municipalities may run schemes of the same name, so that each first finds its own.
    for place in waiting():
        own = set(stated[place].municipalities)
        take(place, [row for row in same(place) if known[row] == own])
    for place in waiting():
        take(place, same(place))
    for place in waiting():
        take(place, [row for row, asked in questions(place) if sameness.answers.to(asked)])
    for place in waiting():
        for _, asked in questions(place):
            sameness.ask(asked)
    return [found.get(place) for place in range(len(stated))]


def _is_same(row: StoredScheme, municipalities: frozenset[str], stated: c.Scheme) -> bool:
    if row.category != stated.category or fold(row.name) != fold(stated.name):
        return False
    # An author that is not told may be any.
    own = set(stated.municipalities)
    return not own or not municipalities or bool(own & municipalities)


def _question(row: StoredScheme, municipalities: frozenset[str], stated: c.Scheme) -> Question:
    whose = f"登録：{'、'.join(sorted(municipalities))}、文書：{'、'.join(stated.municipalities)}"
    return Question(f"別紙3の{row.get_category_display()}（{whose}）", row.name, stated.name)
