"""Who may see and do what, and the sentence that says why not."""

from itertools import product

import pytest

from evaluations import moves
from evaluations.models import Evaluation, Remark, Zone
from evaluations.permissions import (
    Access,
    why_not_answer,
    why_not_enter_result,
    why_not_manage,
    why_not_remark,
)
from evaluations.workflow import EvaluationState, SubmissionState
from tests import factories
from tests.evaluations import campaign
from tests.worlds import world

CLOSED = "令和5年度の評価書は{}のため、変更できません。変更するには、取りまとめ担当が再開します。"
READER = "閲覧者は、入力できません。"
EARLY = "入力の開始前です。取りまとめ担当が入力を開始すると、入力できます。"
OTHER = "他の作成主体の欄は、その作成主体の担当者が入力します。"
WHOLE = "特区全体に関わる欄は、取りまとめ担当が入力します。"
STRANGER = (
    "京浜臨海部ライフイノベーション国際戦略総合特区の評価書は、この特区の担当の人だけが入力します。"
)
HANDED_IN = "提出した内容は、差し戻されるまで変更できません。"
MANAGE = "この操作は、取りまとめ担当だけができます。"


@world
def year(secretariat):
    return campaign.open_year(secretariat)


@pytest.mark.parametrize(
    "person", ["official", "other_official", "stranger", "secretariat", "reader"]
)
def test_who_may_edit_whose_rows(request, year, secretariat, person):
    user = request.getfixturevalue(person)
    submission = campaign.submission(year, "川崎市")
    every_owner = [(), ("川崎市",), ("横浜市",), ("川崎市", "横浜市")]
    for owners, state, own_state in product(every_owner, EvaluationState, SubmissionState):
        campaign.put(submission, own_state, secretariat)
        campaign.put(year, state, secretariat)
        if state in ("final", "sent"):
            expected = CLOSED.format(state.label)
        elif person == "stranger":
            expected = STRANGER
        elif person == "secretariat":
            expected = ""
        elif person == "reader":
            expected = READER
        elif state == "preparing":
            expected = EARLY
        elif not owners:
            expected = WHOLE
        elif user.municipality.name not in owners:
            expected = OTHER
        elif person == "official" and own_state in ("submitted", "approved"):
            expected = HANDED_IN
        else:
            expected = ""
        ids = {factories.municipality(name).pk for name in owners}
        assert Access(user, year).why_not_edit(ids) == expected, (owners, state, own_state)


@pytest.mark.parametrize(
    ("person", "hidden"),
    [
        ("official", {"神奈川県", "横浜市"}),
        ("other_official", {"神奈川県", "川崎市"}),
        ("reader", {"神奈川県", "横浜市", "川崎市"}),
        ("secretariat", set()),
    ],
)
def test_whose_drafts_are_hidden(request, year, secretariat, person, hidden):
    names = {factories.municipality(name).pk for name in hidden}
    for state in EvaluationState:
        campaign.put(year, state, secretariat)
        expected = set() if state in ("final", "sent") else names
        assert Access(request.getfixturevalue(person), year).hidden == expected, state


def test_work_is_seen_by_others_while_it_is_handed_in(year, other_official, secretariat):
    for state in SubmissionState:
        campaign.put(campaign.submission(year), state, secretariat)
        is_hidden = factories.municipality("川崎市").pk in Access(other_official, year).hidden
        assert is_hidden == (state in ("draft", "returned"))


@pytest.mark.parametrize("person", ["official", "stranger", "reader"])
def test_only_the_secretariat_manages(request, secretariat, person):
    assert why_not_manage(secretariat) == ""
    assert why_not_manage(request.getfixturevalue(person)) == MANAGE


@pytest.mark.parametrize("person", ["secretariat", "official", "reader"])
def test_who_may_remark_and_enter_the_result_and_when(request, year, secretariat, person):
    user = request.getfixturevalue(person)
    for state in EvaluationState:
        campaign.put(year, state, secretariat)
        remark = result = MANAGE
        if person == "secretariat":
            remark = result = ""
            if state != "open":
                remark = f"評価書が{state.label}のため、指摘を書くことはできません。"
            if state not in ("final", "sent"):
                result = f"評価書が{state.label}のため、評価結果は入力できません。確定した後に入力します。"
        assert why_not_remark(user, campaign.submission(year)) == remark
        assert why_not_enter_result(user, year) == result


@pytest.mark.parametrize(
    "person", ["official", "colleague", "other_official", "secretariat", "reader"]
)
def test_who_may_answer_a_remark_and_when(request, year, secretariat, person):
    user = request.getfixturevalue(person)
    submission = campaign.submission(year)
    remark = Remark(submission=submission, record="x", text="指摘", written_by=secretariat)
    remark.save()
    for state, own_state in product(EvaluationState, SubmissionState):
        campaign.put(submission, own_state, secretariat)
        campaign.put(year, state, secretariat)
        if person not in ("official", "colleague"):
            expected = "回答できるのは、川崎市の担当者だけです。"
        elif state in ("final", "sent"):
            expected = CLOSED.format(state.label)
        elif state == "preparing":
            expected = EARLY
        else:
            expected = HANDED_IN if own_state in ("submitted", "approved") else ""
        assert why_not_answer(Access(user, year), remark) == expected, (state, own_state)


def test_remark_is_answered_once(year, official, secretariat):
    remark = Remark(
        submission=campaign.submission(year), record="x", text="指摘", written_by=secretariat
    )
    remark.save()
    moves.answer_remark(remark, "回答", by=official)
    assert why_not_answer(Access(official, year), remark) == "この指摘には、既に回答しています。"


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("official", {"川崎市"}),
        ("other_official", {"横浜市"}),
        ("stranger", set()),
        ("reader", set()),
        ("secretariat", {"川崎市", "横浜市"}),
    ],
)
def test_who_sees_which_remarks(request, year, secretariat, person, sees):
    for name in ("川崎市", "横浜市"):
        Remark(
            submission=campaign.submission(year, name),
            record="x",
            text=name,
            written_by=secretariat,
        ).save()
    remarks = Remark.objects.visible_to(request.getfixturevalue(person))
    assert {remark.text for remark in remarks} == sees


def test_secretariat_of_a_municipality_sees_only_its_zones(year, db):
    of_municipality = factories.user("secretariat-2", "secretariat", of="川崎市")
    elsewhere = factories.user("secretariat-3", "secretariat", of="札幌市")
    assert (
        Evaluation.objects.visible_to(of_municipality).count()
        == Zone.objects.visible_to(of_municipality).count()
        == 1
    )
    assert not Evaluation.objects.visible_to(elsewhere).exists()


def test_access_asks_the_database_once(year, official, django_assert_num_queries):
    access = Access(official, year)
    with django_assert_num_queries(3):
        assert access.hidden
        assert not access.why_not_edit({official.municipality_id})
        assert access.why_not_edit(())
