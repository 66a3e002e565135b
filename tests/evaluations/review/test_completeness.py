"""What must be complete before a municipality hands in and before the secretariat seals."""

import pytest
from django.core.exceptions import PermissionDenied

from evaluations import moves
from evaluations.inspection import inspect
from evaluations.models import Evaluation, Remark, SealedVersion, StatusChange
from evaluations.permissions import Access
from evaluations.review.completeness import why_not_seal
from evaluations.workflow import SubmissionState
from evaluations.years.rows import rows_of_year
from tests.evaluations import campaign
from tests.worlds import world

pytestmark = pytest.mark.postgres


@world
def year(secretariat):
    return campaign.open_year(secretariat)


@world
def approved_year(secretariat):
    return campaign.approved_year(secretariat)


def test_incomplete_work_cannot_be_handed_in(year, official):
    submission = campaign.submission(year)
    with pytest.raises(
        PermissionDenied, match="まだ入力されていない必須の欄が1件あるため、提出できません。"
    ):
        moves.move(submission, "submit", by=official)
    assert submission.submitted_at is None


def test_open_remarks_are_answered_before_handing_in_again(year, official, secretariat):
    submission = campaign.hand_in(year, official)
    remark = Remark(
        submission=submission, record="x", text="直してください", written_by=secretariat
    )
    remark.save()
    moves.move(submission, "return", by=secretariat, reason="指摘のとおり")
    with pytest.raises(PermissionDenied, match="まだ回答していない指摘が1件あるため"):
        moves.move(submission, "submit", by=official)
    moves.answer_remark(remark, "直しました", by=official)
    moves.move(submission, "submit", by=official)
    assert submission.state == SubmissionState.SUBMITTED


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("draft", "神奈川県、横浜市がまだ提出していないため、確定できません。"),
        ("returned", "神奈川県、横浜市がまだ提出していないため、確定できません。"),
        ("submitted", "神奈川県、横浜市の提出をまだ承認していないため、確定できません。"),
    ],
)
def test_every_submission_must_be_approved(approved_year, secretariat, state, sentence):
    campaign.put(campaign.submission(approved_year, "横浜市"), state, secretariat)
    campaign.put(campaign.submission(approved_year, "神奈川県"), state, secretariat)
    assert (
        why_not_seal(rows_of_year(approved_year), inspect(Access(secretariat, approved_year)))
        == sentence
    )
    with pytest.raises(PermissionDenied, match=sentence):
        moves.move(approved_year, "seal", by=secretariat)
    assert not SealedVersion.objects.exists()
    assert not StatusChange.objects.filter(move="seal").exists()


def test_nothing_required_may_be_missing(approved_year, secretariat):
    approved_year.overall = ""
    approved_year.save()
    sentence = "まだ入力されていない必須の欄が1件あるため、確定できません。"
    assert (
        why_not_seal(rows_of_year(approved_year), inspect(Access(secretariat, approved_year)))
        == sentence
    )
    with pytest.raises(PermissionDenied, match=sentence):
        moves.move(approved_year, "seal", by=secretariat)
    assert Evaluation.objects.get().state == "open"
