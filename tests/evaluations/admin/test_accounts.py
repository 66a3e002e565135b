"""Whose accounts a secretariat and an administrator keep: no account opens a zone that its keeper is not of.

Two zones, 京浜 and 三浦, share 横浜市; 三浦's secretariat tries to reach 京浜.
"""

from io import StringIO
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from evaluations import moves
from evaluations.models import Evaluation, Membership
from evaluations.permissions import Access, why_not_remark
from evaluations.sample import miura
from tests import factories
from tests.evaluations.admin.test_access import everything
from tests.evaluations.admin.test_import_export import preview
from tests.worlds import world
from tokku.accounts.models import Municipality, Role, User

pytestmark = pytest.mark.django_db

# Username, role, municipality and zones of each account.
ACCOUNTS = {
    "keihin-secretariat": (Role.SECRETARIAT, None, ["keihin"]),
    "miura-secretariat": (Role.SECRETARIAT, "横須賀市", ["miura"]),
    "miura-deputy": (Role.SECRETARIAT, None, ["miura"]),
    "both-secretariat": (Role.SECRETARIAT, "神奈川県", ["keihin", "miura"]),
    "kawasaki": (Role.OFFICIAL, "川崎市", ["keihin"]),
    "yokohama-keihin": (Role.OFFICIAL, "横浜市", ["keihin"]),
    "yokohama-miura": (Role.OFFICIAL, "横浜市", ["miura"]),
    "yokohama-both": (Role.OFFICIAL, "横浜市", ["keihin", "miura"]),
    "reader-of-miura": (Role.READER, "三浦市", ["miura"]),
    "reader-of-all": (Role.READER, None, []),
    "without-zone": (Role.OFFICIAL, "横浜市", []),
    "administrator": (Role.ADMINISTRATOR, None, []),
    "second-administrator": (Role.ADMINISTRATOR, None, []),
}
KEEPS, SEES = "keeps", "sees"
# What each keeper may do with which accounts; with the others, nothing.
EXPECTED = {
    "miura-secretariat": {
        KEEPS: {"miura-secretariat", "miura-deputy", "yokohama-miura", "reader-of-miura"},
        SEES: {"both-secretariat", "yokohama-both"},
    },
    "both-secretariat": {
        KEEPS: {name for name, (_, _, zones) in ACCOUNTS.items() if zones},
        SEES: set(),
    },
    "administrator": {KEEPS: set(ACCOUNTS), SEES: set()},
    "yokohama-both": {KEEPS: set(), SEES: set()},
    "reader-of-all": {KEEPS: set(), SEES: set()},
}
NEW_PASSWORD = "betsu no aikotoba"


@world
def two_zones():
    """The accounts by username, and both zones: 京浜's last year sealed, 三浦's open."""
    keihin = factories.evaluation()
    factories.evaluation(miura.evaluations()[2020], "miura")
    accounts = {
        username: factories.user(username, role, of=municipality)
        for username, (role, municipality, _) in ACCOUNTS.items()
    }
    Membership.objects.all().delete()
    zones = {evaluation.zone.slug: evaluation.zone for evaluation in Evaluation.objects.all()}
    for username, (_, _, slugs) in ACCOUNTS.items():
        for slug in slugs:
            Membership.objects.create(user=accounts[username], zone=zones[slug])
    Evaluation.objects.filter(pk=keihin.pk).update(state="final")
    return accounts


def page_of(account):
    return reverse("admin:accounts_user_change", args=[account.pk])


def form_of(account, **changes):
    zones = account.membership_set.values_list("zone", flat=True)
    return {
        "username": account.username,
        "name": account.name,
        "email": account.email,
        "role": account.role,
        "municipality": account.municipality_id or "",
        "zones": list(zones),
    } | changes


@pytest.mark.parametrize(("keeper", "name"), [*product(EXPECTED, ACCOUNTS)])
def test_accounts_that_a_person_keeps(client, two_zones, keeper, name):
    account = two_zones[name]
    keeps, sees = (name in EXPECTED[keeper][what] for what in (KEEPS, SEES))
    client.force_login(two_zones[keeper])

    page = client.get(page_of(account))
    shown = page.status_code
    password = reverse("admin:auth_user_password_change", args=[account.pk])
    assert (password in page.content.decode()) == keeps
    client.post(password, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    account.refresh_from_db()
    has_new_password = account.check_password(NEW_PASSWORD)
    if account != two_zones[keeper]:
        selected = {"action": "disable", "_selected_action": [account.pk]}
        client.post(reverse("admin:accounts_user_changelist"), selected)
    account.refresh_from_db()

    is_listed = keeper in ("administrator", "miura-secretariat", "both-secretariat")
    assert shown == (200 if keeps or sees else 404 if is_listed else 403)
    assert has_new_password == keeps
    assert account.is_active == (not keeps or account == two_zones[keeper])


# What the secretariat of 三浦 sends for an account that it keeps, and the sentence that refuses it.
WIDENINGS = {
    "into a zone of others": ({"zones": ["keihin", "miura"]}, ("選択してください", "正しく選択")),
    "out of all zones": ({"zones": []}, ("担当する特区を選んでください。",)),
    "reader of all zones": (
        {"role": "reader", "municipality": ""},
        ("全ての特区を見られるため",),
    ),
    "of a foreign municipality": ({"municipality": "川崎市"}, ("正しく選択",)),
    "administrator": ({"role": "administrator"}, ("正しく選択",)),
}


@pytest.mark.parametrize("widening", WIDENINGS)
@pytest.mark.parametrize("name", [None, "yokohama-miura", "miura-deputy"])
def test_no_account_is_made_to_reach_further_than_its_maker(client, two_zones, name, widening):
    client.force_login(two_zones["miura-secretariat"])
    changes, _ = WIDENINGS[widening]
    zones = {zone.slug: zone.pk for zone in (e.zone for e in Evaluation.objects.all())}
    changes = dict(changes)
    if "zones" in changes:
        changes["zones"] = [zones[slug] for slug in changes["zones"]]
    if changes.get("municipality"):
        changes["municipality"] = factories.municipality(changes["municipality"]).pk
    base = form_of(two_zones["yokohama-miura" if name is None else name])
    if name is None:
        base |= {"username": "new", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    address = page_of(two_zones[name]) if name else reverse("admin:accounts_user_add")
    before = everything(), rights()

    response = client.post(address, base | changes)

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert (everything(), rights()) == before


def rights():
    accounts = User.objects.values_list("username", "role", "municipality", "is_superuser")
    return sorted(accounts), sorted(Membership.objects.values_list("user", "zone"))


def test_an_account_is_given_and_taken_from_own_zones(client, two_zones):
    client.force_login(two_zones["both-secretariat"])
    account = two_zones["yokohama-both"]
    miura_zone = Evaluation.objects.get(zone__slug="miura").zone_id

    assert client.post(page_of(account), form_of(account, zones=[miura_zone])).status_code == 302

    assert [m.zone.slug for m in account.membership_set.all()] == ["miura"]


def test_an_official_is_of_zones_whose_author_the_municipality_is(client, two_zones):
    client.force_login(two_zones["administrator"])
    account = two_zones["kawasaki"]
    zones = [evaluation.zone_id for evaluation in Evaluation.objects.all()]

    page = client.post(page_of(account), form_of(account, zones=zones)).content.decode()

    assert "川崎市は、" in page
    assert "の作成主体ではありません。" in page


def test_an_administrator_makes_a_secretariat_and_an_administrator(client, two_zones):
    client.force_login(two_zones["administrator"])
    password = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    zone = Evaluation.objects.get(zone__slug="keihin").zone
    for new in (
        {"username": "new-1", "name": "新", "role": "secretariat", "zones": [zone.pk]},
        {"username": "new-2", "name": "新", "role": "administrator"},
    ):
        assert client.post(reverse("admin:accounts_user_add"), new | password).status_code == 302
    secretariat, administrator = User.objects.filter(username__startswith="new").order_by("pk")
    assert [member.zone for member in secretariat.membership_set.all()] == [zone]
    assert (secretariat.is_superuser, administrator.is_superuser) == (False, True)


# The ways in which the secretariat of 三浦 could take 京浜 over, one after the other


def attacks(client, two_zones):
    keihin = Evaluation.objects.select_related("zone").get(zone__slug="keihin")
    attacker = two_zones["miura-secretariat"]
    yokohama = factories.municipality("横浜市")
    year = {"zone": "keihin", "fiscal_year": keihin.fiscal_year}
    reason = {"reason": "再開します", "confirmed": "1"}
    yield client.post(
        reverse("evaluations:evaluation-move", kwargs=year | {"name": "reopen"}), reason
    )
    yield client.post(
        reverse("admin:evaluations_evaluation_changelist"),
        {"action": "move_open", "_selected_action": [keihin.pk]} | reason,
    )
    yield client.post(reverse("admin:evaluations_zone_change", args=[keihin.zone_id]), {})
    yield client.post(
        reverse("admin:accounts_municipality_change", args=[yokohama.pk]),
        {"code": yokohama.code, "name": "横浜"},
    )
    yield client.post(reverse("admin:evaluations_zone_add"), {"slug": "new"})
    yield preview(client, Municipality, [{"全国地方公共団体コード": "141003", "名称": "横浜"}])
    yield client.get(
        reverse("admin:autocomplete"),
        {
            "term": "川崎",
            "app_label": "evaluations",
            "model_name": "zonemunicipality",
            "field_name": "municipality",
        },
    )
    with pytest.raises(PermissionDenied):
        moves.move(keihin, "reopen", by=attacker, reason="再開します")
    for submission in keihin.submission_set.all():
        with pytest.raises(PermissionDenied):
            moves.move(submission, "return", by=attacker, reason="差し戻します")
        assert why_not_remark(attacker, submission)
    assert Access(attacker, keihin).why_not_edit(())
    with pytest.raises(CommandError):
        call_command(
            "open_year", "keihin", keihin.fiscal_year + 1, user=attacker.username, stdout=StringIO()
        )


def test_a_zone_is_not_taken_over_by_one_that_shares_a_municipality(client, two_zones):
    client.force_login(two_zones["miura-secretariat"])
    before = everything(), rights()

    for response in attacks(client, two_zones):
        page = response.content.decode()
        assert response.status_code in (403, 404) or "川崎" not in page
        assert (everything(), rights()) == before, response.request["PATH_INFO"]


def test_a_member_of_no_zone_enters_nothing(two_zones):
    evaluation = Evaluation.objects.get(zone__slug="keihin")
    Evaluation.objects.update(state="open")
    evaluation.refresh_from_db()
    yokohama = factories.municipality("横浜市")
    for name, (_, _, zones) in ACCOUNTS.items():
        access = Access(two_zones[name], evaluation)
        if "keihin" not in zones:
            assert access.why_not_edit({yokohama.pk}), name
            assert access.why_not_edit(()), name
    assert not Access(two_zones["yokohama-keihin"], evaluation).why_not_edit({yokohama.pk})
