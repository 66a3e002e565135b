"""What has to be there before a municipality hands in, and before the secretariat seals, as sentences.

Who may do either in which state says `permissions`.
"""

from collections.abc import Iterable

from evaluations.inspection import Inspection
from evaluations.items import Item, items_of, missing_items
from evaluations.models import Evaluation, Submission
from evaluations.workflow import SubmissionState
from tokku.accounts.models import Municipality


def why_not_complete(submission: Submission, items: Iterable[Item]) -> str:
    """What speaks against handing in these items, all of the municipality's.

    Once handed in, nothing can be answered any more: every remark is answered before.
    """
    if missing := missing_items(items):
        return f"まだ入力されていない必須の欄が{len(missing)}件あるため、提出できません。"
    count = submission.remark_set.open().count() if submission.pk else 0
    return f"まだ回答していない指摘が{count}件あるため、提出できません。" if count else ""


def why_not_seal(evaluation: Evaluation, inspection: Inspection) -> str:
    """Every author's submission is approved, nothing required is missing, and no finding blocks."""
    approved = evaluation.submission_set.filter(state=SubmissionState.APPROVED).values(
        "municipality"
    )
    waiting = Municipality.objects.filter(zonemunicipality__zone=evaluation.zone).exclude(
        pk__in=approved
    )
    if names := [
        municipality.name for municipality in waiting.order_by("zonemunicipality__position")
    ]:
        return f"{'、'.join(names)}の提出が承認されていないため、確定できません。"
    if missing := missing_items(items_of(evaluation)):
        return f"まだ入力されていない必須の欄が{len(missing)}件あるため、確定できません。"
    if blocking := inspection.blocking:
        return f"確認が必要な点検結果が{len(blocking)}件あるため、確定できません。"
    return ""
