"""The authors (作成主体) of a zone are typed by name, and registered from the list of the nation by being chosen."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from evaluations.models import Evaluation, Submission, Zone
from tests import factories
from tests.evaluations.admin.test_accounts import two_zones
from tests.evaluations.admin.test_import_export import text_of
from tokku.accounts.models import Municipality

__all__ = ["two_zones"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NEW_ZONE = {
    "slug": "new",
    "kind": "regional",
    "name": "新しい特区",
    "designated_on": "2026-04-01",
    "certified_on": "2026-05-01",
}


def authors(*names, initial=0):
    prefix = "zonemunicipality_set"
    sent = {f"{prefix}-TOTAL_FORMS": len(names), f"{prefix}-INITIAL_FORMS": initial}
    for number, name in enumerate(names):
        sent[f"{prefix}-{number}-municipality"] = name
        sent[f"{prefix}-{number}-position"] = number + 1
    return sent


def add(client, *names, **changes):
    return client.post(
        reverse("admin:evaluations_zone_add"), NEW_ZONE | authors(*names) | changes, follow=True
    )


def names_of(slug):
    return [str(author) for author in Zone.objects.get(slug=slug).authors]


@pytest.fixture
def administrator(client, two_zones):
    client.force_login(two_zones["administrator"])
    return client


def test_a_zone_is_registered_without_typing_a_code(administrator):
    add(administrator, "北海道", "北海道札幌市", "横浜市", "142018")
    assert names_of("new") == ["北海道", "札幌市", "横浜市", "横須賀市"]
    assert Municipality.objects.get(name="札幌市").code == "011002"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("札幌", "「札幌」は、全国の都道府県と市区町村の一覧にありません。"),
        ("府中市", "府中市は、東京都と広島県にあります。都道府県名を付けるか、"),
        ("横浜市", "この自治体・団体は、既に作成主体に入っています。"),
    ],
)
def test_what_is_no_author_is_told_and_registers_nothing(administrator, name, sentence):
    before = [*Municipality.objects.values()]

    page = add(administrator, "神奈川県横浜市", "札幌市", name)

    assert sentence in text_of(page) or "重複したデータ" in text_of(page)
    assert f'value="{name}"' in page.content.decode()
    assert not Zone.objects.filter(slug="new").exists()
    assert [*Municipality.objects.values()] == before


def test_a_form_refused_for_another_reason_registers_nothing(administrator):
    before = [*Municipality.objects.values()]
    assert "エラー" in text_of(add(administrator, "札幌市", name=""))
    assert [*Municipality.objects.values()] == before


def test_one_that_is_registered_by_hand_is_chosen_by_its_name(administrator):
    Municipality.objects.create(code="142221", name="新市")
    add(administrator, "新市")
    assert names_of("new") == ["新市"]


def test_two_of_a_name_are_authors_of_one_zone(administrator):
    add(administrator, "長野県高森町", "熊本県高森町")
    assert names_of("new") == ["長野県高森町", "熊本県高森町"]
    zone = Zone.objects.get(slug="new")
    assert [name for name, _ in zone.named_authors_in(2026)] == names_of("new")


def test_a_university_and_a_company_that_are_registered_are_authors(administrator):
    Municipality.objects.create(kind="university", name="国立大学法人みなと大学")
    Municipality.objects.create(kind="company", name="株式会社みなと運営")
    add(administrator, "北海道", "国立大学法人みなと大学", "株式会社みなと運営")
    assert names_of("new") == ["北海道", "国立大学法人みなと大学", "株式会社みなと運営"]


def test_an_author_that_stays_is_not_asked_which_one_it_is(administrator):
    add(administrator, "長野県高森町")
    zone = Zone.objects.get(slug="new")
    assert names_of("new") == ["高森町"]
    page = change(administrator, zone, "高森町", "横浜市")
    assert "都道府県名を付けるか" not in text_of(page)
    assert names_of("new") == ["高森町", "横浜市"]
    assert "都道府県名を付けるか" in text_of(
        change(administrator, zone, "高森町", "横浜市", "高森町")
    )


def change(client, zone, *names):
    page = reverse("admin:evaluations_zone_change", args=[zone.pk])
    form = client.get(page).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    rows = authors(*names, initial=zone.zonemunicipality_set.count())
    for number, row in enumerate(zone.zonemunicipality_set.all()):
        rows |= {
            f"zonemunicipality_set-{number}-id": row.pk,
            f"zonemunicipality_set-{number}-zone": zone.pk,
        }
        if row.is_lead:
            rows[f"zonemunicipality_set-{number}-is_lead"] = "on"
    return client.post(page, sent | rows, follow=True)


def test_a_secretariat_adds_an_author_to_its_own_zone(client, two_zones):
    client.force_login(two_zones["miura-secretariat"])
    zone = Zone.objects.get(slug="miura")
    before = names_of("miura")
    history = zone.zonemunicipality_set.count()

    change(client, zone, *before, "鎌倉市")

    assert names_of("miura") == [*before, "鎌倉市"]
    assert zone.zonemunicipality_set.count() == history + 1


def test_whether_others_have_registered_one_is_not_told(client, two_zones):
    """川崎市, of another zone, is offered and chosen as 鎌倉市 is, which nobody has registered."""
    client.force_login(two_zones["miura-secretariat"])
    zone = Zone.objects.get(slug="miura")
    Municipality.objects.create(code="142221", name="よその市")
    before = names_of("miura")

    assert "一覧にありません" in text_of(change(client, zone, *before, "よその市"))
    change(client, zone, *before, "川崎市")

    assert names_of("miura") == [*before, "川崎市"]
    assert Evaluation.objects.get(zone__slug="keihin").zone.authors.filter(name="川崎市").exists()


def test_authors_that_stay_as_they_are_count_as_unchanged(client, two_zones):
    client.force_login(two_zones["miura-secretariat"])
    logged = LogEntry.objects.count()
    change(client, Zone.objects.get(slug="miura"), *names_of("miura"))
    (entry,) = LogEntry.objects.all()[: LogEntry.objects.count() - logged]
    assert entry.get_change_message() == "変更はありませんでした。"


def test_an_author_whose_name_is_shared_meanwhile_stays(administrator):
    zone = Zone.objects.get(slug="miura")
    shown = names_of("miura")
    Submission.objects.create(
        evaluation=zone.evaluation_set.get(), municipality=factories.municipality("三浦市")
    )
    Municipality.objects.create(code="142221", name="三浦市")
    page = change(administrator, zone, *shown, "鎌倉市")
    assert "作成主体から外せません" not in text_of(page)
    expected = [name.replace("三浦市", "神奈川県三浦市") for name in shown]
    assert names_of("miura") == [*expected, "鎌倉市"]
