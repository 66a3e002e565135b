from datetime import timedelta

import pytest
from django.utils import timezone

from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Remark,
    Submission,
    TargetAssessment,
)
from evaluations.workflow import SubmissionState
from supports.models import NationalSupport, RegionalText, SchemeResult
from tests import factories
from tests.evaluations.campaign import items_of, missing_items
from tests.evaluations.views.entry import ENTRY, open_year
from tests.worlds import world

SUBMIT = f"{ENTRY}submit/"


@world
def evaluation(secretariat):
    return open_year(secretariat)


def fill_in(evaluation):
    """Fill in all fields of 川崎市."""
    municipality_id = factories.municipality().pk
    for item in missing_items(evaluation, municipality_id):
        row = type(item.row).objects.get(pk=item.row.pk)
        setattr(row, item.field, 8 if isinstance(row, Actual) else "記入済み")
        row.save()


def submission():
    return Submission.objects.get(
        evaluation__fiscal_year=2023, municipality=factories.municipality()
    )


def read(client, user):
    client.force_login(user)
    response = client.get(ENTRY)
    assert response.status_code == 200
    return response.content.decode()


def test_official_sees_where_the_own_submission_stands(client, official, evaluation):
    Evaluation.objects.update(deadline=timezone.localdate() + timedelta(days=3))
    page = read(client, official)
    assert "川崎市の状態" in page
    assert '<span class="badge badge--draft">入力中</span>' in page
    assert "あと3日" in page
    for part in ("actuals", "texts", "supports"):
        assert f'<a href="{ENTRY}{part}/">' in page


def test_what_is_missing_is_a_list_of_links_to_the_fields(client, official, evaluation):
    page = read(client, official)
    actual = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    part = RegionalText.objects.get(evaluation=evaluation, municipality=official.municipality)
    joint = SchemeResult.objects.get(evaluation=evaluation, name="共同の事業")
    assert (
        f'href="{ENTRY}row/evaluations.actual/{actual.pk}/#id_evaluations.actual/{actual.pk}-value"'
        in page
    )
    assert (
        f'href="{ENTRY}row/supports.regionaltext/{part.pk}/#id_supports.regionaltext/{part.pk}-text"'
        in page
    )
    assert (
        f'href="{ENTRY}row/supports.schemeresult/{joint.pk}/#id_supports.schemeresult/{joint.pk}-result"'
        in page
    )
    assert 'id="id_evaluations.actual/' in client.get(f"{ENTRY}actuals/").content.decode()
    assert "横浜市の事業1" not in page
    count = len(missing_items(evaluation, official.municipality_id))
    assert f"（{count}件）" in page
    assert f"まだ入力されていない必須の欄が{count}件あるため、提出できません。" in page
    assert "disabled" in page


def test_secretariat_sees_what_is_missing_of_all(client, secretariat, evaluation):
    page = read(client, secretariat)
    assert "横浜市の事業1" in page
    assert "川崎市の事業1" in page
    assert "提出する</button>" not in page


def test_hand_in(client, official, evaluation):
    fill_in(evaluation)
    assert "disabled" not in read(client, official)
    response = client.post(SUBMIT)
    assert (response.status_code, response.url) == (302, ENTRY)
    assert submission().state == SubmissionState.SUBMITTED
    assert submission().submitted_by == official
    page = read(client, official)
    assert "川崎市の入力を提出しました。" in page
    assert "提出した内容は、差し戻されるまで変更できません。" in page
    assert "disabled" in page


def test_hand_in_waits_for_what_is_missing(client, official, evaluation):
    client.force_login(official)
    response = client.post(SUBMIT)
    assert response.status_code == 403
    assert "件あるため、提出できません。" in response.content.decode()
    assert submission().state == SubmissionState.DRAFT
    assert submission().submitted_at is None


def test_second_hand_in_is_refused(client, official, colleague, evaluation):
    fill_in(evaluation)
    client.force_login(colleague)
    client.post(SUBMIT)
    client.force_login(official)
    response = client.post(SUBMIT)
    assert response.status_code == 403
    assert "状態が「提出」のため" in response.content.decode()
    assert submission().submitted_by == colleague


@pytest.mark.parametrize("person", ["secretariat", "reader"])
def test_only_officials_hand_in(client, request, evaluation, person):
    fill_in(evaluation)
    client.force_login(request.getfixturevalue(person))
    assert client.post(SUBMIT).status_code == 403
    assert not Submission.objects.exclude(state=SubmissionState.DRAFT).exists()


def test_one_hands_in_the_own_submission_only(client, other_official, evaluation):
    fill_in(evaluation)
    client.force_login(other_official)
    assert client.post(SUBMIT, {"municipality": factories.municipality().pk}).status_code == 403
    assert submission().state == SubmissionState.DRAFT


@pytest.mark.parametrize("state", ["preparing", "final", "sent"])
def test_year_that_is_not_open_takes_no_hand_in(client, official, evaluation, state):
    fill_in(evaluation)
    Evaluation.objects.update(state=state)
    client.force_login(official)
    response = client.post(SUBMIT)
    assert response.status_code == 403
    assert "のため、「提出する」ことはできません。" in response.content.decode()


def test_year_that_is_not_open_says_so(client, official, evaluation):
    Evaluation.objects.update(state="preparing")
    assert "入力の開始前です。" in read(client, official)


def test_hand_in_is_asked_for_with_post(client, official, evaluation):
    client.force_login(official)
    assert client.get(SUBMIT).status_code == 405


def test_overview_is_only_read(client, official, evaluation):
    client.force_login(official)
    assert client.post(ENTRY).status_code == 405


def test_anonymous_is_asked_to_sign_in(client, evaluation):
    assert client.get(ENTRY).url == f"/sign-in/?next={ENTRY}"


def test_municipality_that_joined_later_can_hand_in(client, official, evaluation):
    fill_in(evaluation)
    submission().delete()
    client.force_login(official)
    assert client.get(ENTRY).status_code == 200
    assert client.post(SUBMIT).status_code == 302
    assert submission().state == SubmissionState.SUBMITTED


def test_open_remarks_are_listed_and_stand_beside_their_fields(
    client, official, other_official, secretariat, evaluation
):
    actual = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    remark = {"record": f"evaluations.actual/{actual.pk}", "written_by": secretariat}
    Remark(submission=submission(), field="value", text="桁を確かめてください", **remark).save()
    Remark(submission=submission(), field="", text="行への指摘", **remark).save()
    Remark(
        submission=submission(),
        field="note",
        text="済んだ指摘",
        answer="直した",
        answered_at=timezone.now(),
        answered_by=official,
        **remark,
    ).save()
    page = read(client, official)
    assert "回答が済んでいない指摘（2件）" in page
    assert "桁を確かめてください" in page
    assert "済んだ指摘" not in page
    grid = client.get(f"{ENTRY}actuals/").content.decode()
    assert "桁を確かめてください" in grid
    assert "行への指摘" in grid
    assert "桁を確かめてください" not in read(client, other_official)
    assert "桁を確かめてください" in read(client, secretariat)


def test_open_remark_keeps_from_handing_in(client, official, secretariat, evaluation):
    fill_in(evaluation)
    Remark(
        submission=submission(),
        record=f"supports.schemeresult/{10**6}",
        text="無くなった行への指摘",
        written_by=secretariat,
    ).save()
    page = read(client, official)
    assert "まだ回答していない指摘が1件あるため、提出できません。" in page
    assert "（削除された欄）" in page


# What counts as missing


def test_target_assessed_in_words_needs_no_actual(official, evaluation):
    def missing_actuals():
        return [
            item
            for item in missing_items(evaluation, official.municipality_id)
            if isinstance(item.row, Actual)
        ]

    assert len(missing_actuals()) == 1
    assessment = TargetAssessment.objects.get(evaluation=evaluation)
    assessment.qualitative = "言葉による評価"
    assessment.save()
    assert missing_actuals() == []


def test_heading_of_entries_needs_no_text_whosever_they_are(official, evaluation):
    first, second = Achievement.objects.filter(approach__evaluation=evaluation).order_by("position")
    first.text = ""
    first.save()

    def is_missing():
        return first in {i.row for i in missing_items(evaluation, first.municipality_id)}

    assert is_missing()
    second.level = "sub"
    second.save()
    assert not is_missing()
    # Below the next approach it is no entry of this heading.
    second.approach = Approach.objects.create(evaluation=evaluation, position=2)
    second.save()
    assert is_missing()


def test_rows_stand_once_where_a_municipality_is_in_two_zones(official, evaluation):
    from evaluations.models import Zone, ZoneMunicipality

    zone = Zone(
        slug="other",
        kind="regional",
        name="別の特区",
        designated_on="2011-12-22",
        certified_on="2012-03-09",
    )
    zone.save()
    for place, name in enumerate(("川崎市", "横浜市"), 7):
        ZoneMunicipality(
            zone=zone, municipality=factories.municipality(name), position=place
        ).save()
    actuals = [item for item in items_of(evaluation) if isinstance(item.row, Actual)]
    assert len(actuals) == 2 * 3
    assert NationalSupport.objects.exists()
