"""What has to be there before a municipality hands in, and before the secretariat seals, as sentences.

Who may do either in which state says `permissions`.
"""

from collections.abc import Iterable

from evaluations import catalogue
from evaluations.inspection import Inspection
from evaluations.models import Submission
from evaluations.models.row import Item
from evaluations.workflow import SubmissionState
from evaluations.years.rows import YearRows


def why_not_complete(submission: Submission, items: Iterable[Item]) -> str:
    """What speaks against handing in these items, all of the municipality's.

    Once handed in, nothing can be answered any more: every remark is answered before.
    """
    if missing := [item for item in items if item.is_missing]:
        return f"まだ入力されていない必須の欄が{len(missing)}件あるため、提出できません。"
    count = submission.remark_set.open().count() if submission.pk else 0
    return f"まだ回答していない指摘が{count}件あるため、提出できません。" if count else ""


def why_not_seal(year: YearRows, inspection: Inspection) -> str:
    """Every author's submission is approved, nothing required is missing, and no finding blocks."""
    approved = {
        row.municipality_id
        for row in year.of_kind(catalogue.SUBMISSION)
        if row.state == SubmissionState.APPROVED
    }
    if names := [author.name for author in year.authors if author.pk not in approved]:
        return f"{'、'.join(names)}の提出が承認されていないため、確定できません。"
    if missing := year.missing():
        return f"まだ入力されていない必須の欄が{len(missing)}件あるため、確定できません。"
    if blocking := inspection.blocking:
        return f"確認が必要な点検結果が{len(blocking)}件あるため、確定できません。"
    return ""
