"""What must be complete before a municipality hands in and before the secretariat seals, as refusals.

Who may do either, and in which state, is in `permissions`.
"""

from collections.abc import Iterable

from evaluations import catalogue
from evaluations.inspection import Inspection
from evaluations.models import Submission
from evaluations.models.row import RowItem
from evaluations.workflow import HANDED_IN, SubmissionState
from evaluations.years.rows import YearRows
from tokku.accounts.models import Municipality


def why_not_complete(submission: Submission, items: Iterable[RowItem]) -> str:
    """Why the municipality cannot hand in; `items` are all of its items.

    Every remark must be answered before, since answers are closed after handing in.
    """
    if missing := [item for item in items if item.is_missing]:
        return f"まだ入力されていない必須の欄が{len(missing)}件あるため、提出できません。"
    count = submission.remark_set.open().count() if submission.pk else 0
    return f"まだ回答していない指摘が{count}件あるため、提出できません。" if count else ""


def why_not_seal(year: YearRows, inspection: Inspection) -> str:
    """Why the year cannot be sealed: a submission not approved, a required field blank, or a blocking finding."""
    states = {row.municipality_id: row.state for row in year.of_kind(catalogue.SUBMISSION)}
    waiting = [author for author in year.authors if states.get(author.pk) not in HANDED_IN]
    if waiting:
        return f"{_names(waiting)}がまだ提出していないため、確定できません。"
    unapproved = [
        author for author in year.authors if states[author.pk] != SubmissionState.APPROVED
    ]
    if unapproved:
        return f"{_names(unapproved)}の提出をまだ承認していないため、確定できません。"
    if missing := year.missing():
        return f"まだ入力されていない必須の欄が{len(missing)}件あるため、確定できません。"
    if blocking := inspection.blocking_findings:
        return f"確認が必要な点検結果が{len(blocking)}件あるため、確定できません。"
    return ""


def _names(authors: Iterable[Municipality]) -> str:
    return "、".join(map(str, authors))
