"""Decides whether names in a document and stored names are of the same thing: by name, or as a person has answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from evaluations.form import contents as c
from supports.models import SchemeCategory
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


class StoredScheme(NamedTuple):
    """What recognition uses of the row of a scheme in a year; bodies have the names of the document."""

    scheme: Any  # what is the same in all years
    category: str
    name: str
    bodies: Sequence[str]


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
    stored_rows: Iterable[StoredScheme],
    recognition: Recognition,
) -> list[Any]:
    """The `scheme` of the stored row of each scheme in the document; None where it is new or a question is open.

    Schemes are the same when table and name agree in some year and a body is common; of several rows the first counts.
    Where only the wording or all bodies differ, a person is asked about the first row of a scheme.
    """
    matches: dict[int, Any] = {}
    rows_by_name: dict[tuple[str, str], list[StoredScheme]] = defaultdict(list)
    first_rows: dict[Any, StoredScheme] = {}
    for row in stored_rows:
        rows_by_name[row.category, fold(row.name)].append(row)
        first_rows.setdefault(row.scheme, row)

    def take(place: int, candidates: Iterable[StoredScheme]) -> None:
        if candidate := next(iter(candidates), None):
            matches[place] = candidate.scheme
            first_rows.pop(candidate.scheme)

    def same(place: int) -> list[StoredScheme]:
        scheme = document_schemes[place]
        return [
            row
            for row in rows_by_name[scheme.category, fold(scheme.name)]
            if row.scheme in first_rows and _may_share(row.bodies, scheme.bodies)
        ]

    def waiting() -> list[int]:
        return [place for place in range(len(document_schemes)) if place not in matches]

    def questions(place: int) -> list[tuple[StoredScheme, Question]]:
        scheme = document_schemes[place]
        return [
            (row, _question(row, scheme))
            for row in first_rows.values()
            if row.category == scheme.category and are_similar(row.name, scheme.name)
        ]

    # Municipalities may run schemes of the same name, so those with exactly the same bodies match first.
    for place in waiting():
        bodies = set(document_schemes[place].bodies)
        take(place, [row for row in same(place) if set(row.bodies) == bodies])
    for place in waiting():
        take(place, same(place))
    for place in waiting():
        take(place, [row for row, question in questions(place) if recognition.answers.to(question)])
    for place in waiting():
        for _, question in questions(place):
            recognition.ask(question)
    return [matches.get(place) for place in range(len(document_schemes))]


def _may_share(stored: Sequence[str], of_document: Sequence[str]) -> bool:
    """Whether a body is common. Without bodies on one side, the name decides."""
    return not stored or not of_document or not {*stored}.isdisjoint(of_document)


def _question(row: StoredScheme, document_scheme: c.Scheme) -> Question:
    bodies = f"登録：{'、'.join(sorted(row.bodies))}、文書：{'、'.join(document_scheme.bodies)}"
    return Question(
        f"別紙3の{SchemeCategory(row.category).label}（{bodies}）", row.name, document_scheme.name
    )
