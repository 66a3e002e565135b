"""What people send to reach, or to learn of, a zone that is not theirs. It is refused and changes nothing.

In the world of test_accounts, where 京浜 and 三浦 share 横浜市; the attacker is 三浦's secretariat. Each address as
such is in test_access and test_every_address, the lines of sheets in test_account_sheets.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from evaluations.memberships import set_zones
from evaluations.models import Evaluation, Membership, Zone
from tests import factories
from tests.evaluations.admin.test_access import act, everything, forms_of
from tests.evaluations.admin.test_accounts import (
    ACCOUNTS,
    NEW_PASSWORD,
    form_of,
    page_of,
    two_zones,
)
from tests.evaluations.admin.test_import_export import preview, sentences
from tests.evaluations.views.test_word import edited, exported
from tokku.accounts.invitations import invite, link_of
from tokku.accounts.models import Municipality, Role, User

__all__ = ["two_zones"]

pytestmark = pytest.mark.django_db

ATTACKER = "miura-secretariat"
LIST = reverse("admin:accounts_user_changelist")
EXPORT = reverse("admin:accounts_user_export", args=["csv"])
PASSWORDS = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


@pytest.fixture
def attacker(client, two_zones):
    """The client with which 三浦's secretariat is signed in."""
    client.force_login(two_zones[ATTACKER])
    return client


def zone(slug):
    return Zone.objects.get(slug=slug)


# Looking up what a list does not show


@pytest.mark.parametrize("address", [LIST, EXPORT])
@pytest.mark.parametrize(
    "query",
    [
        "membership__zone={}",
        "membership__zone__id__exact={}",
        "membership__zone__in={}",
        "membership__zone__pk__lte={}",
        "membership__zone__slug=keihin",
        "membership__zone__membership__user={}",
        "zones={}",
        "zones__id__exact={}",
        "zones__isnull=False",
        "zones__name__startswith=京浜",
        "membership__user__password__startswith=argon2",
        "password__startswith=argon2",
        "municipality__user__username=kawasaki",
        "logentry__object_repr=x",
    ],
)
def test_accounts_are_not_told_apart_by_what_is_hidden(attacker, address, query):
    query = query.format(zone("keihin").pk)
    assert attacker.get(f"{address}?{query}").status_code == 400


def test_accounts_are_listed_by_own_zones(client, two_zones):
    client.force_login(two_zones["both-secretariat"])
    for slug, has_kawasaki in (("keihin", True), ("miura", False)):
        page = client.get(LIST, {"membership__zone__id__exact": zone(slug).pk})
        assert ("kawasaki" in page.content.decode()) == has_kawasaki


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("evaluations.zone", "plan"),
        ("evaluations.zone", "evaluation"),
        ("accounts.municipality", "user"),
        ("accounts.user", "membership"),
        ("accounts.user", "zones"),
        ("accounts.user", "groups"),
        ("evaluations.sealedfile", "version"),
    ],
)
def test_autocomplete_offers_nothing_of_others(attacker, model, field):
    app_label, model_name = model.split(".")
    query = {"app_label": app_label, "model_name": model_name, "field_name": field, "term": ""}
    response = attacker.get(reverse("admin:autocomplete"), query)
    offered = response.json().get("results", []) if response.status_code == 200 else []
    assert response.status_code in (200, 403, 404)
    assert not [one for one in offered if "京浜" in one["text"] or "kawasaki" in one["text"]]


# Forms

SUPERUSER = {"is_superuser": "on", "is_staff": "on", "user_permissions": ["1"], "groups": ["1"]}
HIDDEN_FIELDS = SUPERUSER | {"password": "x", "id": "1", "pk": "1", "revision": "0"}
AS_NEW = {"_saveasnew": "1", "username": "new"} | PASSWORDS
TAKEN = "このユーザー名は、既に使われています。"

# The account whose form is sent, what is sent with it, and the status or the sentence of the answer.
FORMS = {
    "fields that are not in the form": ("yokohama-miura", HIDDEN_FIELDS, 302),
    "own rights": (ATTACKER, SUPERUSER | {"role": "administrator", "municipality": ""}, 302),
    "key of another table": ("yokohama-miura", {"_to_field": "username"}, 400),
    "copy of an account of both": ("yokohama-both", AS_NEW, 403),
    "copy as administrator": ("miura-deputy", AS_NEW | {"role": "administrator"}, "正しく選択"),
    "name of an account of others": ("yokohama-miura", {"username": "kawasaki"}, TAKEN),
    "the same in capitals": ("yokohama-miura", {"username": "Kawasaki"}, TAKEN),
    "the same in full width": ("yokohama-miura", {"username": "ｋawasaki"}, TAKEN),
}


@pytest.mark.parametrize("attack", FORMS)
def test_forms_of_accounts_take_no_more_than_they_offer(attacker, two_zones, attack):
    name, sent, expected = FORMS[attack]
    account = two_zones[name]
    before = everything()

    response = attacker.post(page_of(account), form_of(account) | sent)

    if isinstance(expected, int):
        assert response.status_code == expected
    else:
        assert expected in response.content.decode()
    assert everything() == before


def test_no_zone_takes_the_name_of_another(attacker):
    """Under which an administrator would choose it for people of the other, and files would pass for its own."""
    address = reverse("admin:evaluations_zone_change", args=[zone("miura").pk])
    sent = forms_of(attacker, address) | {"name": zone("keihin").name}
    before = everything()

    page = attacker.post(address, sent)

    assert "この名称の特区は、既に登録されています。" in page.content.decode()
    assert everything() == before


@pytest.mark.parametrize("page", ["change", "delete"])
def test_the_body_of_people_of_another_zone_is_not_renamed(attacker, two_zones, page):
    """Though no other zone has it as an author, as the prefecture of a secretariat."""
    body = factories.municipality("三浦市")
    address = reverse(f"admin:accounts_municipality_{page}", args=[body.pk])
    sent = {"code": body.code, "name": "乗っ取り市", "post": "yes"}
    assert attacker.get(address).context["title"] in ("自治体・団体の変更", "自治体・団体の削除")
    User.objects.filter(username="keihin-secretariat").update(municipality=body)
    before = everything()

    response = attacker.post(address, sent)

    assert response.status_code == 403
    assert "他の特区を扱う利用者もいるため" in response.content.decode()
    assert everything() == before
    sheet = preview(
        attacker, Municipality, [{"全国地方公共団体コード": body.code, "名称": "乗っ取り市"}]
    )
    assert "他の特区を扱う利用者もいるため" in sentences(sheet)[0]


@pytest.mark.parametrize("action", ["disable", "enable", "unlock", "print_invitations"])
def test_actions_on_all_accounts_stay_with_those_that_are_kept(attacker, two_zones, action):
    User.objects.exclude(username=ATTACKER).update(is_active=action == "disable")
    kept = {"miura-deputy", "yokohama-miura", "reader-of-miura", ATTACKER}
    others = User.objects.exclude(username__in=kept).order_by("pk")
    before = list(others.values())

    act(attacker, User, action, User.objects.all(), select_across="1")

    assert list(others.values()) == before


# Commands


def test_a_command_writes_nothing_for_people_of_other_zones(client, two_zones, tmp_path):
    evaluation = Evaluation.objects.get(zone__slug="keihin")
    evaluation.state, evaluation.overall = "open", "書き出した文"
    evaluation.save()
    client.force_login(two_zones["keihin-secretariat"])
    file = tmp_path / "edited.docx"
    file.write_bytes(edited(exported(client), 書き出した文="書き換えた文"))
    before = everything()

    def run(by):
        report = StringIO()
        call_command("import_evaluation", file, zone="keihin", user=by, stdout=report)
        return report.getvalue()

    for name, (role, _, zones) in ACCOUNTS.items():
        if role != Role.SECRETARIAT or "keihin" not in zones:
            assert "変更はありません。" in run(by=name), name
            assert everything() == before, name
    assert "書き出した文 → 書き換えた文" in run(by="keihin-secretariat")


# While a person is signed in


def disabled(account):
    account.is_active = False
    account.save()


def of_another_role(account):
    account.role = Role.READER
    account.save()


def of_no_zone(account):
    Membership.objects.filter(user=account).delete()


def of_another_zone(account):
    set_zones(account, [zone("keihin")])


def with_another_password(account):
    account.set_password(NEW_PASSWORD)
    account.save()


SIGN_IN, NOTHING = 302, 404


@pytest.mark.parametrize(
    ("change", "on_page", "in_admin"),
    [
        (disabled, SIGN_IN, SIGN_IN),
        (with_another_password, SIGN_IN, SIGN_IN),
        (of_another_role, 403, 403),
        (of_no_zone, NOTHING, NOTHING),
        (of_another_zone, NOTHING, NOTHING),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_an_account_loses_ends_with_the_next_page(
    attacker, two_zones, change, on_page, in_admin
):
    evaluation = Evaluation.objects.get(zone__slug="miura")
    addresses = (
        reverse("evaluations:review", args=["miura", evaluation.fiscal_year]),
        reverse("admin:evaluations_evaluation_change", args=[evaluation.pk]),
    )
    assert [attacker.get(address).status_code for address in addresses] == [200, 200]

    change(two_zones[ATTACKER])

    answers = [attacker.get(address).status_code for address in addresses]
    assert answers == [on_page, in_admin]


# Later


def test_an_invitation_from_one_zone_does_not_open_another_later(attacker, client, two_zones):
    """The attacker keeps the link of an account that an administrator makes one of both zones."""
    account = two_zones["yokohama-miura"]
    invite(account)
    link = link_of(account, "")
    zones = [zone("keihin").pk, zone("miura").pk]
    client.force_login(two_zones["administrator"])

    assert client.post(page_of(account), form_of(account, zones=zones)).status_code == 302

    assert type(client)().get(link, follow=True).status_code == 404
    account.refresh_from_db()
    assert account.invited_at is None  # as the list says


def test_a_form_from_before_an_account_was_of_another_zone_changes_nothing(attacker, two_zones):
    account = two_zones["yokohama-miura"]
    sent = form_of(account, email="mine@example.jp")
    account.zones.add(zone("keihin"))
    before = everything()

    assert attacker.post(page_of(account), sent).status_code == 403

    assert everything() == before
