"""A company is an author like any other: its official signs in, enters, hands in, and the year is reviewed and sealed."""

import pytest
from django.urls import reverse

from evaluations import moves
from evaluations.entry.workbook.cell_values import municipalities
from evaluations.management.commands.make_zones import renamed
from evaluations.models import Actual, Evaluation, Submission
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.views.test_entry_pages import full
from tokku.accounts.models import Municipality, User

pytestmark = pytest.mark.django_db

COMPANY, UNION, UNIVERSITY = "株式会社みなと・運営", "みなと広域連合", "国立大学法人みなと大学"
KINDS = {COMPANY: "company", UNION: "union", UNIVERSITY: "university"}


@pytest.mark.parametrize("name", KINDS)
def test_an_author_without_code_takes_part_in_a_whole_year(client, secretariat, name):
    body = Municipality.objects.create(kind=KINDS[name], name=name)
    contents = renamed(campaign.contents(), {"川崎市": name})
    evaluation = factories.evaluation(contents)
    moves.move(evaluation, "open", by=secretariat)
    official = User(username="minato", name="みなと 太郎", role="official", municipality=body)
    official.set_password(factories.PASSWORD)
    official.save()
    factories.join_zones()

    sent = {"username": "minato", "password": factories.PASSWORD}
    client.post(reverse("sign-in"), sent)
    assert name in client.get("/").content.decode()
    for page in ("actuals", "texts", "supports"):
        assert client.get(f"/keihin/2023/entry/{page}/").status_code == 200
    row = Actual.objects.get(municipality=body, fiscal_year=2023)
    assert client.post("/keihin/2023/entry/actuals/", full(row, value="7")).status_code == 302
    campaign.fill(evaluation, body.pk)
    assert client.get("/keihin/2023/workbook.xlsx").status_code == 200
    client.post("/keihin/2023/entry/submit/")
    assert Submission.objects.get(municipality=body).state == "submitted"

    client.force_login(secretariat)
    review = reverse("evaluations:review-municipality", args=["keihin", 2023, body.slug])
    assert review in client.get("/").content.decode()
    assert review in client.get("/keihin/2023/review/").content.decode()
    assert name in client.get(review).content.decode()
    assert name in client.get("/keihin/2023/checks/").content.decode()
    assert client.get(f"/keihin/2023/workbook.xlsx?municipality={body.slug}").status_code == 200
    assert client.post(f"{review}moves/approve/").status_code == 302
    assert Submission.objects.get(municipality=body).state == "approved"

    campaign.fill(evaluation)
    for other in ("神奈川県", "横浜市"):
        person = factories.user(f"of-{other}", of=other)
        moves.move(campaign.hand_in(evaluation, person), "approve", by=secretariat)
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    campaign.set_aside(evaluation, secretariat)
    moves.move(evaluation, "seal", by=secretariat, reason="部長決裁")
    assert f"神奈川県、横浜市、{name}" in client.get("/keihin/2023/").content.decode()


def test_addresses_of_strangers_are_not_found(client, secretariat):
    factories.evaluation()
    stranger = Municipality.objects.create(kind="company", name=COMPANY)
    client.force_login(secretariat)
    for slug in (stranger.slug, "body-0", "body-x", "body-", f"body-{10**30}"):
        assert client.get(f"/keihin/2023/review/{slug}/").status_code == 404


def test_a_name_with_a_dot_in_it_is_one_in_the_workbook(db):
    bodies = [Municipality.objects.create(kind="company", name=name) for name in KINDS]
    column = municipalities(bodies, "自治体名")
    chosen = {"municipalities": [str(bodies[0].pk), str(bodies[1].pk)]}
    assert column.read(f"{COMPANY}・{UNION}") == column.read(f"{COMPANY}、{UNION}") == chosen
    with pytest.raises(ValueError, match="「みなと」は、この特区の作成主体にありません。"):
        column.read("みなと・運営")
