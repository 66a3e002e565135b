"""The authors (作成主体) of a zone are typed by name, and registered from the list of the nation by being chosen."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from evaluations.models import Evaluation, Zone
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
        ("札幌", "「札幌」という自治体は、一覧にありません。"),
        ("府中市", "東京都府中市、広島県府中市のどれか"),
        ("横浜市", "この自治体は既に作成主体に入っています。"),
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


def test_one_whose_name_was_registered_by_hand_with_another_code_is_told(client, two_zones):
    client.force_login(two_zones["miura-secretariat"])
    Municipality.objects.create(code="142221", name="東京都")
    page = change(client, Zone.objects.get(slug="miura"), *names_of("miura"), "東京都")
    assert "「東京都」は別の全国地方公共団体コードで登録されているため" in text_of(page)


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
