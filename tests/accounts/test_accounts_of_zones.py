"""Which accounts a 取りまとめ manages where two zones share a municipality: none with more access than its own.

横浜市 is of both zones, 川崎市 and 神奈川県 of one, 札幌市 of the other.
"""

from itertools import product

import pytest
from django.urls import reverse

from evaluations.form import contents as c
from evaluations.models import Zone
from evaluations.permissions import why_not_keep_account
from tests import factories
from tests.worlds import world
from tokku.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BODIES = {"kanagawa": "神奈川県", "yokohama": "横浜市", "kawasaki": "川崎市", "sapporo": "札幌市"}
SHARED = "横浜市"
ROLES = ("official", "secretariat", "reader")
LIST, ADD = reverse("admin:accounts_user_changelist"), reverse("admin:accounts_user_add")


def of_all(*bodies):
    return {f"{role}-{body}" for role in ROLES for body in bodies}


# The accounts that each 取りまとめ keeps, itself among them.
KEPT = {
    "secretariat-kawasaki": of_all("kanagawa", "kawasaki") | {"official-yokohama"},
    "secretariat-sapporo": of_all("sapporo") | {"official-yokohama"},
    "secretariat-yokohama": of_all(*BODIES),
    "secretariat-all": of_all(*BODIES) | {"secretariat-all", "reader-all"},
}
MANAGERS = pytest.mark.parametrize("manager", KEPT)


@world
def people():
    """A person of every role in every municipality, and of none, by name."""
    zone = factories.contents().zone
    other = c.Zone(
        kind="regional",
        name="札幌コンテンツ特区",
        designated_on=zone.designated_on,
        certified_on=zone.certified_on,
        municipalities=("札幌市", SHARED),
    )
    factories.evaluation()
    factories.evaluation(factories.contents(zone=other), "sapporo")
    accounts = {
        name: factories.user(name, name.partition("-")[0], of=BODIES[name.partition("-")[2]])
        for name in sorted(of_all(*BODIES))
    }
    for role in ("secretariat", "reader"):
        accounts[f"{role}-all"] = factories.user(f"{role}-all", role, of=None)
    return accounts


@pytest.fixture
def sign_in(client, people):
    def sign_in(manager):
        client.force_login(people[manager])
        return client

    return sign_in


def page(account, name="accounts_user_change"):
    return reverse(f"admin:{name}", args=[account.pk])


def stored():
    return list(User.objects.order_by("pk").values())


def sent(account, **values):
    municipality = account.municipality_id or ""
    unchanged = {"username": account.username, "name": account.name, "role": account.role}
    return unchanged | {"municipality": municipality} | values


@MANAGERS
def test_lists_show_the_accounts_that_one_keeps(sign_in, manager):
    client = sign_in(manager)
    for query in ("", "?q=さん", "?role__exact=secretariat", "?all="):
        shown = {user.username for user in client.get(LIST + query).context["cl"].result_list}
        assert shown == {name for name in KEPT[manager] if "role" not in query or "secr" in name}


@MANAGERS
def test_every_address_of_an_account_that_one_does_not_keep_is_not_there(sign_in, people, manager):
    client = sign_in(manager)
    before = stored()
    for name, account in people.items():
        expected = 200 if name in KEPT[manager] else 404
        password = {"password1": "betsu no aikotoba", "password2": "betsu no aikotoba"}
        for address, data in [
            (page(account), sent(account, name="乗っ取り")),
            (page(account, "auth_user_password_change"), password),
            (page(account, "accounts_user_history"), {}),
        ]:
            assert client.get(address).status_code == expected, (name, address)
            if expected == 404:
                assert client.post(address, data).status_code == 404, (name, address)
    assert stored() == before


@MANAGERS
def test_actions_reach_the_accounts_that_one_keeps(sign_in, people, manager):
    client = sign_in(manager)
    chosen = [account.pk for name, account in people.items() if name not in KEPT[manager]]
    before = stored()
    for action in ("disable", "enable", "unlock", "delete_selected"):
        for more in ({}, {"select_across": "1"}):
            data = {"action": action, "_selected_action": chosen, "index": "0"} | more
            client.post(LIST, data)
            switched = {user.username for user in User.objects.filter(is_active=False)}
            assert switched <= KEPT[manager] - {manager}
            User.objects.update(is_active=True)
    assert stored() == before


@MANAGERS
def test_autocomplete_offers_the_accounts_that_one_keeps(sign_in, manager):
    """The user of a history is in no form, but the address of autocompletion would offer choices for it."""
    query = {
        "app_label": "evaluations",
        "model_name": "historicalzone",
        "field_name": "history_user",
    }
    offered = sign_in(manager).get(reverse("admin:autocomplete"), query).json()["results"]
    assert {choice["text"] for choice in offered} == {f"{name}さん" for name in KEPT[manager]}


def is_kept(manager, role, municipality):
    """By the table above: whoever keeps such an account may make one."""
    body = next((body for body, name in BODIES.items() if name == municipality), "all")
    return f"{role}-{body}" in KEPT[manager]


COMBINATIONS = [*product(ROLES, [*BODIES.values(), None])]


@MANAGERS
def test_no_account_is_made_that_reaches_further(sign_in, manager):
    client = sign_in(manager)
    for role, municipality in COMBINATIONS:
        new = User(username="new", name="新しい人", role=role)
        new.municipality = factories.municipality(municipality) if municipality else None
        password = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}

        response = client.post(ADD, sent(new, is_superuser="on", groups="1") | password)

        expected = is_kept(manager, role, municipality)
        made = User.objects.filter(username="new")
        assert made.exists() is expected, (role, municipality)
        if not expected:
            assert 'value="新しい人"' in response.content.decode()
            assert response.context["errors"]
        assert not made.filter(is_superuser=True).exists()
        made.delete()


@MANAGERS
def test_no_account_is_changed_into_one_that_reaches_further(sign_in, people, manager):
    client = sign_in(manager)
    for name in ("official-yokohama", manager.replace("secretariat", "reader")):
        account = people[name]
        rows = User.objects.filter(pk=account.pk)
        before = rows.values()[0]
        for role, municipality in COMBINATIONS:
            pk = factories.municipality(municipality).pk if municipality else ""
            more = {"is_superuser": "on", "is_staff": "on", "must_change_password": "on"}
            client.post(page(account), sent(account, role=role, municipality=pk, **more))
            changed = {"role": role, "municipality_id": pk or None}
            expected = before | (changed if is_kept(manager, role, municipality) else {})
            assert rows.values()[0] == expected, (name, role, municipality)
            rows.update(**before)


@MANAGERS
def test_one_s_own_role_and_municipality_stay(sign_in, people, manager):
    me = people[manager]
    wanted = factories.municipality(SHARED).pk
    sign_in(manager).post(page(me), sent(me, name="新しい氏名", role="reader", municipality=wanted))
    account = User.objects.get(pk=me.pk)
    assert (account.name, account.role, account.municipality) == (
        "新しい氏名",
        "secretariat",
        me.municipality,
    )


def test_a_refusal_says_why_and_keeps_what_was_typed(sign_in, people):
    account = people["official-yokohama"]
    response = sign_in("secretariat-kawasaki").post(
        page(account), sent(account, name="入力した氏名", role="secretariat")
    )
    text = response.content.decode()
    assert (
        "横浜市の取りまとめは、あなたの特区以外の特区も見られるため、"
        "所属自治体の指定のない取りまとめ担当だけが登録できます。"
    ) in text
    assert 'value="入力した氏名"' in text
    assert '<option value="secretariat" selected>' in text


@pytest.mark.parametrize("person", ["official-kawasaki", "reader-all", "reader-kawasaki"])
def test_nobody_else_keeps_accounts(sign_in, people, person):
    client = sign_in(person)
    assert client.get(LIST).status_code == 403
    assert client.post(page(people["official-kawasaki"]), {}).status_code == 403
    assert why_not_keep_account(people[person], people["official-kawasaki"])


# A municipality that joins a zone brings its officials with it


@pytest.mark.parametrize(
    ("manager", "joins"),
    [("secretariat-kawasaki", False), ("secretariat-yokohama", True), ("secretariat-all", True)],
)
@pytest.mark.parametrize("is_new", [False, True])
def test_no_municipality_is_drawn_into_a_zone_from_outside(sign_in, manager, joins, is_new):
    client, keihin = sign_in(manager), Zone.objects.get(slug="keihin")
    address = reverse("admin:evaluations_zone_change", args=[keihin.pk])
    if is_new:
        address = reverse("admin:evaluations_zone_add")
    form = (
        client.get(reverse("admin:evaluations_zone_change", args=[keihin.pk]))
        .context["adminform"]
        .form
    )
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"slug": "new"} if is_new else {}
    rows = {
        "zonemunicipality_set-TOTAL_FORMS": "1",
        "zonemunicipality_set-INITIAL_FORMS": "0",
        "zonemunicipality_set-0-municipality": factories.municipality("札幌市").pk,
        "zonemunicipality_set-0-position": "9",
    }

    client.post(address, values | rows)

    zone = Zone.objects.filter(slug="new" if is_new else "keihin").first()
    names = {str(municipality) for municipality in zone.municipalities.all()} if zone else set()
    assert ("札幌市" in names) is joins
