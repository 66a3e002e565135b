"""A new kind of row needs a model and an entry in the catalogue, and nothing else."""

import pytest

from evaluations import catalogue, moves
from evaluations.addresses import entry_address
from evaluations.models import Evaluation, Remark
from evaluations.review.comparison import labels
from evaluations.review.hand_in_progress import hand_in_progress
from evaluations.years.next_year import NextYear
from evaluations.years.rows import rows_of_year
from tests import factories
from tests.evaluations import campaign
from tests.made_up.models import VISIT, Visit
from tests.worlds import world


@world
def evaluation(secretariat):
    return campaign.open_year(secretariat)


@pytest.fixture(autouse=True)
def registered_kind(monkeypatch):
    monkeypatch.setitem(catalogue.KINDS, VISIT.model, VISIT)


@pytest.fixture
def visits(evaluation):
    """Two visits of 川崎市, stored in reverse order of position, and one of 横浜市."""
    visitors = (("大学", "川崎市", 2), ("研究所", "川崎市", 1), ("議会", "横浜市", 1))
    rows = [
        Visit(
            evaluation=evaluation,
            municipality=factories.municipality(name),
            position=position,
            name=visitor,
        )
        for visitor, name, position in visitors
    ]
    for row in rows:
        row.save()
    return rows


def page(client, person, evaluation, row):
    client.force_login(person)
    return client.get(entry_address(evaluation, row.key)).content.decode()


def test_new_kind_has_a_label_and_its_place_in_the_list(evaluation, visits):
    rows = [row for row in rows_of_year(evaluation).rows if isinstance(row, Visit)]
    assert [row.label for row in rows] == [
        "視察の受入れ「議会」",
        "視察の受入れ「研究所」",
        "視察の受入れ「大学」",
    ]
    assert len({row.list_key for row in rows}) == 1


def test_new_kind_is_missing_until_it_is_filled_in(client, evaluation, visits, official):
    campaign.fill(evaluation, official.municipality_id)
    visits[0].refresh_from_db()
    visits[0].report = ""
    visits[0].save()
    (missing,) = rows_of_year(evaluation).missing(official.municipality_id)
    assert (missing.row_label, missing.label) == ("視察の受入れ「大学」", "視察の内容")
    progress = hand_in_progress([rows_of_year(evaluation)])[evaluation.pk]
    progress_of_own = next(
        author for author in progress.authors if author.municipality == official.municipality
    )
    assert progress_of_own.amount.missing == 1
    client.force_login(official)
    overview = client.get("/keihin/2023/entry/").content.decode()
    assert "視察の受入れ「大学」" in overview
    submission = campaign.submission(evaluation, "川崎市")
    with pytest.raises(moves.PermissionDenied, match="必須の欄が1件"):
        moves.move(submission, "submit", by=official)


def test_new_kind_is_filled_in_reordered_and_removed(client, evaluation, visits, official):
    first = visits[1]
    page_of_first = page(client, official, evaluation, first)
    assert "視察の受入れ「研究所」" in page_of_first
    assert "視察の受入れ「議会」" not in page_of_first
    url = "/keihin/2023/entry/texts/"
    sent = {f"{first.key}-revision": first.revision, f"{first.key}-name": "新しい研究所"}
    client.post(url, sent | {f"{first.key}-report": "10人", "action": f"down:{first.key}"})
    first.refresh_from_db()
    assert (first.name, first.report) == ("新しい研究所", "10人")
    own_rows = [row for row in rows_of_year(evaluation).rows if row in visits[:2]]
    assert [row.name for row in own_rows] == ["大学", "新しい研究所"]
    response = client.post(url, {"action": f"remove:{first.key}"})
    client.post(response.url, {"revision": str(first.revision)})
    assert not Visit.objects.filter(pk=first.pk).exists()


def test_review_and_remarks_name_a_deleted_row_of_the_new_kind(
    client, evaluation, visits, official, secretariat
):
    campaign.hand_in(evaluation, official)
    key = visits[0].key
    remark = Remark(
        submission=campaign.submission(evaluation, "川崎市"),
        record=str(key),
        field="report",
        text="人数は？",
        written_by=secretariat,
    )
    moves.add_remark(remark)
    visits[0].delete()
    assert labels([key]) == {key: "視察の受入れ「大学」"}
    client.force_login(secretariat)
    review = client.get("/keihin/2023/review/141305/").content.decode()
    assert "視察の受入れ「大学」" in review
    assert "視察の内容の文" in review
    client.force_login(official)
    assert "視察の受入れ「大学」" in client.get("/keihin/2023/remarks/").content.decode()


def test_new_kind_is_carried_over_to_the_next_year(client, evaluation, visits, secretariat):
    campaign.fill(evaluation)
    following = NextYear(Evaluation.objects.get(pk=evaluation.pk)).save()
    moves.move(following, "open", by=secretariat)
    carried = following.visit_set.get(name="大学")
    assert (carried.position, carried.report) == (2, "")
    assert "視察の内容の文" in page(client, secretariat, following, carried)
