"""Rows that are added, deleted or changed while somebody reads or types, and kinds of rows that are new or removed."""

import dataclasses
import time
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.signals import post_save
from django.test import Client

from evaluations import catalogue
from evaluations.models import (
    Achievement,
    Approach,
    Evaluation,
    NumericTarget,
    PlanEdition,
    StatusChange,
    Zone,
)
from evaluations.years import rows as loader
from evaluations.years.rows_at_opening import prepare_open_years
from supports.models import RegulatoryMeasure
from tests import factories
from tests import test_two_people as two
from tests.evaluations import campaign
from tests.evaluations.load import work_together
from tests.evaluations.views.entry import ACTUALS, TEXTS, open_year
from tests.made_up.models import VISIT, Visit
from tests.test_two_people import Case, Page, opened, save
from tests.worlds import world

pytestmark = [pytest.mark.django_db]

TICK_AND_RELATION = two.ASKED["a tick by the colleague, a relation by me"]
RELATION_TO_ONE = Case("result", {"all_targets": False, "targets": two.ONE}, {}, {})


@world
def evaluation(secretariat):
    return open_year(secretariat, targets=2)


def sent(client, editor, values):
    file = SimpleUploadedFile(editor.name, editor.edited(values))
    return client.post(editor.url, {"file": file})


def test_a_hand_in_with_a_row_of_a_removed_kind_can_be_reviewed(
    client, secretariat, official, evaluation
):
    StatusChange.objects.create(
        evaluation=evaluation,
        submission=campaign.submission(evaluation),
        move="submit",
        from_state="draft",
        to_state="submitted",
        snapshot={"evaluations.retired/5/text": "前の文"},
        changed_by=official,
    )
    client.force_login(secretariat)
    assert "前の文" in client.get("/keihin/2023/review/141305/").content.decode()


def test_a_target_that_comes_while_a_page_is_loaded_breaks_no_page(
    client, official, evaluation, monkeypatch
):
    of_editions = loader.NumericTarget.objects.of_editions

    def of_editions_and_add_target(editions):
        monkeypatch.undo()
        targets = list(of_editions(editions))
        indicator = NumericTarget.objects.first().indicator
        NumericTarget(indicator=indicator, number=9, name="後から", unit="件", total=5).save()
        prepare_open_years(evaluation.zone)
        return targets

    client.force_login(official)
    monkeypatch.setattr(loader.NumericTarget.objects, "of_editions", of_editions_and_add_target)
    assert client.get(ACTUALS).status_code == 200


@pytest.fixture
def visit(evaluation, monkeypatch):
    monkeypatch.setitem(catalogue.KINDS, VISIT.model, VISIT)
    row = Visit(evaluation=evaluation, municipality=factories.municipality(), name="大学")
    row.save()
    return row


def test_a_new_kind_on_the_page_of_actuals(client, official, visit, monkeypatch):
    monkeypatch.setitem(catalogue.KINDS, VISIT.model, dataclasses.replace(VISIT, page="actuals"))
    client.force_login(official)
    assert "大学" in client.get(ACTUALS).content.decode()


def test_word_does_not_swallow_a_relation_while_the_colleague_ticks_all(
    client, secretariat, colleague, evaluation
):
    editor = opened(client, secretariat, "Word", RELATION_TO_ONE)
    save(editor.row, colleague, all_targets=True)
    page = Page(sent(client, editor, {"targets": two.BOTH}).content.decode())
    assert "取り込める違いはありません。" not in page.words


def test_the_workbook_does_not_swallow_a_relation_while_the_colleague_ticks_all(
    client, secretariat, colleague, evaluation
):
    editor = opened(client, secretariat, "workbook", TICK_AND_RELATION)
    save(editor.row, colleague, **TICK_AND_RELATION.theirs)
    lines = sent(client, editor, TICK_AND_RELATION.mine).context["outcome"].lines
    changes = [(change.old, change.new) for line in lines for change in line.changes]
    assert ("全て", "全て") not in changes, "told as a change from 全て to 全て, and taken over so"


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_on_a_plan_without_open_evaluations(secretariat):
    open_year(secretariat)
    Evaluation.objects.update(state="final")
    row = factories.plan(Zone.objects.get(), 2030, 2034, term=9).planedition_set.get()
    editors = []
    for _ in range(2):
        client = Client()
        client.force_login(secretariat)
        editors.append(two.Admin(client, row))
        editors[-1].open()

    def send(editor, text):
        try:
            editor.send(goal=text)
        finally:
            connection.close()

    def linger(**kwargs):
        time.sleep(0.7)

    post_save.connect(linger, sender=PlanEdition)
    try:
        work_together(
            [
                partial(send, *arguments)
                for arguments in zip(editors, ("一人目", "二人目"), strict=True)
            ]
        )
    finally:
        post_save.disconnect(linger, sender=PlanEdition)
    assert sum(editor.page is not None for editor in editors) == 1, [
        *row.history.values_list("revision", "goal")
    ]


def test_a_text_for_a_new_row_below_a_deleted_row_is_shown_again(client, official, evaluation):
    client.force_login(official)
    approach = Approach.objects.get(evaluation=evaluation)
    data = Page(client.get(TEXTS).content.decode()).fields
    Achievement.objects.filter(approach=approach).delete()
    Approach.objects.get(pk=approach.pk).delete()
    data = {name: value for name, value in data.items() if "achievement/" not in name}
    data |= {f"new-achievement-{approach.pk}-{name}": "長い文" for name in ("heading", "text")}
    assert "長い文" in client.post(TEXTS, data, follow=True).content.decode()


def test_a_text_in_a_field_that_is_not_asked_any_more_is_shown_again(
    client, secretariat, evaluation
):
    row = RegulatoryMeasure(evaluation=evaluation, kind="specific", name="特定")
    row.save()
    client.force_login(secretariat)
    data = Page(client.get(TEXTS).content.decode()).fields
    row.kind = "nationwide"
    row.save()
    data |= {f"{row.key}-details": "長い文"}
    assert "長い文" in client.post(TEXTS, data, follow=True).content.decode()


def test_stored_version_has_its_author_after_many_saves_of_other_fields(
    client, secretariat, colleague, official, evaluation
):
    case = two.ASKED["the same field"]
    editor = opened(client, secretariat, "page", case)
    save(editor.row, colleague, **case.theirs)
    for number in range(55):
        save(editor.row, official, heading=f"見出し{number}")
    editor.send(**case.mine)
    assert "保存されている内容（kawasakiさん" not in editor.page.words


def test_word_says_which_targets_were_typed_into_a_deleted_row(client, secretariat, evaluation):
    editor = opened(client, secretariat, "Word", RELATION_TO_ONE)
    response = sent(client, editor, {"targets": two.BOTH})
    (proposal,) = response.context["proposals"]
    editor.row.delete()
    data = Page(response.content.decode()).fields | {"tick": proposal.key}
    (leftover,) = client.post(editor.url, data).context["leftovers"]
    assert "数値目標" in leftover.text, f"a primary key: {leftover.text}"


def test_word_counts_one_answer_as_one(client, secretariat, evaluation):
    editor = opened(client, secretariat, "Word", RELATION_TO_ONE)
    response = sent(client, editor, {"targets": two.BOTH})
    (proposal,) = response.context["proposals"]
    data = Page(response.content.decode()).fields
    data |= {f"{proposal.row_key}-all_targets": "on", "tick": proposal.key}
    assert "1件を取り込みました" in client.post(editor.url, data, follow=True).content.decode()


def test_waiving_a_finding_with_a_percent_sign_for_a_key(client, secretariat, evaluation):
    client.force_login(secretariat)
    data = dict.fromkeys(("row", "key", "finding", "check", "field", "digest", "reason"), "%")
    assert client.post("/keihin/2023/checks/waive/", data).status_code < 500
