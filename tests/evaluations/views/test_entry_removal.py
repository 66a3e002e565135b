"""The page that removes a row from the year's evaluation, and what goes with the row."""

import pytest

from evaluations.models import Achievement, StatusChange
from tests import factories
from tests.evaluations.views.entry import ENTRY, TEXTS, open_year
from tests.evaluations.views.test_entry_pages import hand_in
from tests.evaluations.views.test_entry_texts import achievement, order
from tests.worlds import world


@world
def evaluation(secretariat):
    return open_year(secretariat)


def test_achievement_is_deleted_after_saying_what_goes(client, official, evaluation):
    client.force_login(official)
    row = achievement()
    url = f"{ENTRY}remove/evaluations.achievement/{row.pk}/"
    page = client.get(url).content.decode()
    assert "川崎市の成果" in page
    assert "内容" in page
    assert client.post(url, {"revision": row.revision}).url == TEXTS
    assert "川崎市の成果" not in order()
    assert Achievement.history.filter(id=row.pk, history_type="-").exists()


def test_row_that_changed_meanwhile_is_not_deleted_unseen(client, official, evaluation):
    client.force_login(official)
    row = achievement()
    revision = row.revision
    row.text = "同僚の内容"
    row.save()
    response = client.post(
        f"{ENTRY}remove/evaluations.achievement/{row.pk}/", {"revision": revision}
    )
    assert response.status_code == 200
    assert "同僚の内容" in response.content.decode()
    assert "川崎市の成果" in order()


@pytest.mark.parametrize("key", ["evaluations.evaluation/1", "x", "evaluations.achievement/0"])
def test_only_what_can_be_added_can_be_deleted(client, secretariat, evaluation, key):
    client.force_login(secretariat)
    assert client.get(f"{ENTRY}remove/{key}/").status_code == 404


def test_nothing_is_deleted_once_handed_in(client, official, evaluation):
    hand_in(official)
    client.force_login(official)
    row = achievement()
    url = f"{ENTRY}remove/evaluations.achievement/{row.pk}/"
    assert client.get(url).status_code == 403
    assert client.post(url, {"revision": row.revision}).status_code == 403
    assert "川崎市の成果" in order()
    assert StatusChange.objects.count() == 1


def test_stranger_and_reader_delete_nothing(client, stranger, reader, evaluation):
    row = achievement()
    url = f"{ENTRY}remove/evaluations.achievement/{row.pk}/"
    for person, status in ((stranger, 404), (reader, 403)):
        client.force_login(person)
        assert client.post(url, {"revision": row.revision}).status_code == status
    assert factories.municipality() == achievement().municipality
