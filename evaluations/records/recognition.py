"""Decides whether names in a document and stored names are of the same thing: by name, or as a person has answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from evaluations.form import contents as c
from tokku.japanese import fold

# Share of common characters from which two names may be of the same thing. Below it no question is asked.
LEAST_ALIKE = 0.6


@dataclass(frozen=True)
class Question:
    """Whether a stored name and one in a document are of the same thing. `kind_label` is the kind of thing: 数値目標（1-2）."""

    kind_label: str
    old: str
    new: str

    @property
    def answer(self) -> str:
        """The pair that a person gives as same or different: 「old=new」."""
        return f"{self.old}={self.new}"

    def __str__(self) -> str:
        return f"{self.kind_label}：登録されている「{self.old}」と、文書の「{self.new}」は同じものですか。"


class StoredScheme(Protocol):
    """The part of the model of schemes that recognition uses."""

    category: str
    name: str

    def get_category_display(self) -> str: ...


class UnansweredQuestions(ValueError):
    """A document cannot be imported before a person has answered these questions."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = list(dict.fromkeys(questions))
        super().__init__("\n".join(map(str, self.questions)))


class RecognitionAnswers:
    """A person's answers: pairs 「old=new」 that are the same or different. Widths are ignored."""

    def __init__(self, same: Iterable[str] = (), different: Iterable[str] = ()) -> None:
        self.same = frozenset(map(fold, same))
        self.different = frozenset(map(fold, different))

    def to(self, question: Question) -> bool | None:
        """Whether both names are of the same thing; None when nobody has answered."""
        pair = fold(question.answer)
        if pair in self.same:
            return True
        return False if pair in self.different else None


class Recognition:
    """Answers questions from a person's answers, and collects those that are open."""

    def __init__(self, answers: RecognitionAnswers) -> None:
        self.answers = answers
        self._open: list[Question] = []

    def ask(self, question: Question) -> bool | None:
        answer = self.answers.to(question)
        if answer is None:
            self._open.append(question)
        return answer

    def raise_if_unanswered(self) -> None:
        """Raise UnansweredQuestions when a question is open."""
        if self._open:
            raise UnansweredQuestions(self._open)


def are_similar(old: str, new: str) -> bool:
    """Whether two names are alike enough to ask whether they are of the same thing."""
    old, new = fold(old), fold(new)
    if old in new or new in old:
        return True
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= LEAST_ALIKE


def recognise_schemes(
    document_schemes: Sequence[c.Scheme],
    municipalities_by_scheme: Mapping[StoredScheme, frozenset[str]],
    recognition: Recognition,
) -> list[StoredScheme | None]:
    """The stored scheme of each scheme in the document; None where it is new or a question is open.

    Schemes are the same when table and name agree and a municipality is common. Where only the wording or all
    municipalities differ, a person is asked.
    """
    matches: dict[int, StoredScheme] = {}
    unmatched = list(municipalities_by_scheme)

    def take(place: int, candidates: Sequence[StoredScheme]) -> None:
        if candidates:
            matches[place] = candidates[0]
            unmatched.remove(candidates[0])

    def same(place: int) -> list[StoredScheme]:
        return [
            row
            for row in unmatched
            if _is_same(row, municipalities_by_scheme[row], document_schemes[place])
        ]

    def waiting() -> list[int]:
        return [place for place in range(len(document_schemes)) if place not in matches]

    def questions(place: int) -> list[tuple[StoredScheme, Question]]:
        scheme = document_schemes[place]
        return [
            (row, _question(row, municipalities_by_scheme[row], scheme))
            for row in unmatched
            if row.category == scheme.category and are_similar(row.name, scheme.name)
        ]

    # Municipalities may run schemes of the same name, so those with exactly the same municipalities match first.
    for place in waiting():
        document_municipalities = set(document_schemes[place].municipalities)
        take(
            place,
            [
                row
                for row in same(place)
                if municipalities_by_scheme[row] == document_municipalities
            ],
        )
    for place in waiting():
        take(place, same(place))
    for place in waiting():
        take(place, [row for row, question in questions(place) if recognition.answers.to(question)])
    for place in waiting():
        for _, question in questions(place):
            recognition.ask(question)
    return [matches.get(place) for place in range(len(document_schemes))]


def _is_same(row: StoredScheme, municipalities: frozenset[str], document_scheme: c.Scheme) -> bool:
    if row.category != document_scheme.category or fold(row.name) != fold(document_scheme.name):
        return False
    # Without municipalities on one side, the name decides.
    document_municipalities = set(document_scheme.municipalities)
    return (
        not document_municipalities
        or not municipalities
        or bool(document_municipalities & municipalities)
    )


def _question(
    row: StoredScheme, municipalities: frozenset[str], document_scheme: c.Scheme
) -> Question:
    both_municipalities = f"登録：{'、'.join(sorted(municipalities))}、文書：{'、'.join(document_scheme.municipalities)}"
    return Question(
        f"別紙3の{row.get_category_display()}（{both_municipalities}）",
        row.name,
        document_scheme.name,
    )
