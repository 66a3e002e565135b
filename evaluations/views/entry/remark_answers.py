"""Answers to remarks, which are saved together with the row that they are on."""

from collections.abc import Iterator

from evaluations import moves
from evaluations.entry.drafts import Typed
from evaluations.entry.scope import EntryScope
from evaluations.models import Remark
from evaluations.models.row import EntryRow
from evaluations.permissions import why_not_answer
from tokku.document.tree import clean_lines

# Inputs of a row beside those of its fields, by the primary key of a remark: the answer, and the tick 直しました.
ANSWER, DONE = "answer", "done"
DONE_ANSWER = "直しました。"


def answer_remarks(scope: EntryScope, row: EntryRow, typed: Typed) -> int:
    """Answer the open remarks on the row for which an answer was sent; return how many."""
    answered = 0
    for remark in scope.remarks_on(row):
        if (answer := answer_in(typed, remark)) and not why_not_answer(scope.access, remark):
            moves.answer_remark(remark, answer, by=scope.user)
            answered += 1
    return answered


def answer_in(typed: Typed, remark: Remark) -> str:
    """The answer that was sent for a remark; 直しました alone is one, too."""
    text = clean_lines("".join(typed.get(f"{ANSWER}-{remark.pk}", ())))
    return text or (DONE_ANSWER if f"{DONE}-{remark.pk}" in typed else "")


def answers_to_open(scope: EntryScope, typed: Typed) -> Iterator[str]:
    """Answers that were sent for remarks which nobody has answered yet."""
    for remarks in scope.remarks.values():
        yield from filter(None, (answer_in(typed, remark) for remark in remarks))


def late_answers(scope: EntryScope, typed: Typed) -> Iterator[str]:
    """Answers that were sent for remarks which somebody has answered otherwise meanwhile."""
    open_remarks = {remark.pk for remarks in scope.remarks.values() for remark in remarks}
    for name, values in typed.items():
        kind, _, pk = name.partition("-")
        text = clean_lines("".join(values))
        if kind != ANSWER or not text or not pk.isdecimal() or int(pk) in open_remarks:
            continue
        answered = Remark.objects.visible_to(scope.user).filter(pk=int(pk)).first()
        if answered is None or answered.answer != text:
            yield text
