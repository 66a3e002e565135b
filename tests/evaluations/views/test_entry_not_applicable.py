"""該当なし is an answer that somebody gives, with its reason where the form asks for one."""

import pytest

from evaluations.models import Evaluation, Submission
from evaluations.workflow import SubmissionState
from supports.models import NationalSupport, RegionalText, RegulatoryMeasure, SchemeResult
from tests.evaluations import campaign
from tests.evaluations.campaign import missing_items
from tests.evaluations.views.entry import ENTRY, SUPPORTS, TEXTS, open_year
from tests.evaluations.views.test_entry_pages import full, read, text_of, typed
from tests.worlds import world


@world
def evaluation(secretariat):
    return open_year(secretariat)


def own_submission(person):
    return Submission.objects.get(evaluation__fiscal_year=2023, municipality=person.municipality_id)


def without_supports(person):
    SchemeResult.objects.filter(municipalities=person.municipality_id).delete()
    NationalSupport.objects.filter(municipality=person.municipality_id).delete()


def missing(evaluation, person=None):
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    items = missing_items(evaluation, person and person.municipality_id)
    return {item.field for item in items}


# A municipality without schemes or support


def test_hand_in_waits_for_the_answer(client, official, evaluation):
    without_supports(official)
    submission = own_submission(official)
    for item in missing_items(evaluation, official.municipality_id):
        if not isinstance(item.row, Submission):
            setattr(item.row, item.field, campaign.an_answer(item))
            item.row.save()
    client.force_login(official)
    page = text_of(client.post(f"{ENTRY}submit/"))
    assert "まだ入力されていない必須の欄が2件あるため、提出できません。" in page
    assert "別紙3に載せる支援措置がない（該当なし）" in page
    assert (
        f"{ENTRY}row/evaluations.submission/{submission.pk}/#id_evaluations.submission/{submission.pk}-no_schemes"
        in page
    )

    client.get(SUPPORTS)
    answers = typed(submission, no_schemes="on", no_national_supports="on")
    assert client.post(SUPPORTS, answers).status_code == 302
    client.post(f"{ENTRY}submit/")
    submission = own_submission(official)
    assert submission.state == SubmissionState.SUBMITTED
    snapshot = submission.statuschange_set.get(move="submit").snapshot
    assert snapshot[f"evaluations.submission/{submission.pk}/no_schemes"] == "はい"


def test_who_has_rows_is_not_asked(client, official, evaluation):
    assert "該当なし）" not in read(client, official, SUPPORTS)
    assert not missing(evaluation, official) & {"no_schemes", "no_national_supports"}


def test_answer_counts_for_nothing_once_there_is_a_row(client, official, evaluation):
    Submission.objects.filter(pk=own_submission(official).pk).update(no_schemes=True)
    assert "該当なし）" not in read(client, official, SUPPORTS)
    without_supports(official)
    assert missing(evaluation, official) >= {"no_national_supports"}
    assert "no_schemes" not in missing(evaluation, official)


def test_others_answers_are_not_given(client, official, other_official, evaluation):
    without_supports(other_official)
    client.force_login(official)
    client.post(SUPPORTS, typed(own_submission(other_official), no_schemes="on"))
    assert not own_submission(other_official).no_schemes


# The zone's own answers


@pytest.mark.parametrize("kind", ["specific", "general", "proposal"])
def test_reason_is_required_where_the_body_has_no_measure(evaluation, kind):
    assert "no_measures_reason" in missing(evaluation)
    RegulatoryMeasure.objects.create(evaluation=evaluation, kind=kind, name="特例")
    assert "no_measures_reason" not in missing(evaluation)


def test_measure_of_the_annex_alone_does_not_spare_the_reason(evaluation):
    RegulatoryMeasure.objects.create(evaluation=evaluation, kind="feasible", name="措置")
    assert missing(evaluation) >= {"no_measures_reason", "used"}


def test_reason_is_required_where_there_is_no_grant(evaluation):
    assert "no_fiscal_support_reason" not in missing(evaluation)
    NationalSupport.objects.all().delete()
    assert "no_fiscal_support_reason" in missing(evaluation)


def test_zero_is_an_answer_to_how_many(evaluation):
    counts = {"fiscal_support_count", "tax_support_count", "loan_support_count"}
    assert missing(evaluation) >= counts
    for name in counts:
        setattr(evaluation, name, 0)
    evaluation.save()
    assert not missing(evaluation) & counts


# 該当なし as the text itself (3②, 別紙3)


def button(row, field):
    return f"not-applicable:{row._meta.label_lower}/{row.pk}-{field}"


def test_button_answers_not_applicable_and_saves_the_rest(client, secretariat, evaluation):
    client.force_login(secretariat)
    assert button(evaluation, "weight_rationale") in text_of(client.get(TEXTS))
    data = full(evaluation, overall="書きかけ") | {"action": button(evaluation, "weight_rationale")}
    assert client.post(TEXTS, data).status_code == 302
    stored = Evaluation.objects.get(pk=evaluation.pk)
    assert (stored.weight_rationale, stored.overall) == ("該当なし", "書きかけ")
    assert button(evaluation, "weight_rationale") not in text_of(client.get(TEXTS))


def test_what_was_typed_is_not_written_over(client, secretariat, evaluation):
    client.force_login(secretariat)
    data = full(evaluation, weight_rationale="均等とした。")
    client.post(TEXTS, data | {"action": button(evaluation, "weight_rationale")})
    assert Evaluation.objects.get(pk=evaluation.pk).weight_rationale == "均等とした。"


def test_only_texts_that_the_form_leaves_open_have_the_button(client, secretariat, evaluation):
    page = read(client, secretariat, TEXTS)
    parts = RegionalText.objects.filter(evaluation=evaluation)
    offered = {part.kind for part in parts if button(part, "text") in page}
    assert offered == {"organisation", "private"}
    assert button(evaluation, "overall") not in page
