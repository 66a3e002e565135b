"""Accounts from a sheet: made and changed as their form allows, line by line, and never with a password."""

from collections import defaultdict

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.models import Zone
from tests.evaluations.admin.test_access import everything
from tests.evaluations.admin.test_accounts import rights, two_zones
from tests.evaluations.admin.test_import_export import confirm, preview, sentences, sheet
from tokku.accounts.models import User

__all__ = ["two_zones"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NEW = {
    "ユーザー名": "yokosuka-01",
    "氏名": "横須賀 花子",
    "メールアドレス": "hanako@example.jp",
    "役割": "担当者",
    "所属自治体": "142018",
    "担当する特区": "miura",
    "有効": "はい",
}


@pytest.fixture
def keeper(client, two_zones):
    client.force_login(two_zones["miura-secretariat"])
    return client


def test_fifty_accounts_are_made_at_once(keeper):
    rows = [NEW | {"ユーザー名": f"yokosuka-{number}"} for number in range(50)]

    page = confirm(keeper, User, preview(keeper, User, rows, "利用者.xlsx"))

    assert "追加50行" in page.content.decode()
    made = User.objects.filter(username__startswith="yokosuka-")
    assert made.count() == 50
    for user in made:
        assert (user.name, user.email, user.role) == (
            "横須賀 花子",
            "hanako@example.jp",
            "official",
        )
        assert (str(user.municipality), [zone.slug for zone in user.zones.all()]) == (
            "横須賀市",
            ["miura"],
        )
        assert user.is_active
        assert not user.has_usable_password()
        assert not user.is_superuser
    assert LogEntry.objects.filter(object_id__in=[str(user.pk) for user in made]).count() == 50


def test_a_preview_makes_no_account(keeper):
    before = everything(), rights()
    assert len(preview(keeper, User, [NEW]).context["result"].new) == 1
    assert (everything(), rights()) == before


def test_no_password_is_read_from_a_sheet(keeper):
    page = preview(keeper, User, [NEW | {"パスワード": "himitsu-no-kotoba", "password": "x"}])

    assert page.context["unknown"] == ["パスワード", "password"]
    assert "himitsu" not in page.content.decode()
    confirm(keeper, User, page)
    assert not User.objects.get(username="yokosuka-01").has_usable_password()


def test_a_sheet_is_written_as_people_write_it(keeper):
    """Full-width letters, the name of the municipality, and nothing about what goes without saying."""
    row = NEW | {"ユーザー名": "ｙｏｋｏｓｕｋａ", "所属自治体": "横須賀市", "有効": ""}
    confirm(keeper, User, preview(keeper, User, [row]))
    assert User.objects.get(username="yokosuka").municipality.name == "横須賀市"


def test_a_system_administrator_is_made_by_another(client, two_zones):
    client.force_login(two_zones["administrator"])
    row = {"ユーザー名": "admin-3", "氏名": "管理 三郎", "役割": "システム管理者"}
    confirm(client, User, preview(client, User, [row]))
    assert User.objects.get(username="admin-3").is_superuser


def test_an_account_is_changed_by_its_username_and_keeps_its_password(keeper, two_zones):
    cells = {"ユーザー名": "yokohama-miura", "氏名": "新しい氏名", "役割": "", "有効": "いいえ"}

    page = confirm(keeper, User, preview(keeper, User, [cells]))

    assert "変更1行" in page.content.decode()
    changed = User.objects.get(username="yokohama-miura")
    assert (changed.name, changed.role, changed.is_active) == ("新しい氏名", "official", False)
    assert changed.password == two_zones["yokohama-miura"].password
    assert [zone.slug for zone in changed.zones.all()] == ["miura"]


def test_a_municipality_is_taken_away_by_saying_so(client, two_zones):
    client.force_login(two_zones["administrator"])
    cells = {"ユーザー名": "miura-secretariat", "所属自治体": "（削除）"}
    confirm(client, User, preview(client, User, [cells]))
    assert User.objects.get(username="miura-secretariat").municipality is None


# What the secretariat of 三浦 may not do by a line, and what it is told. Blank cells change nothing.
REFUSED = {
    "a zone of others": (
        NEW | {"担当する特区": "miura、keihin"},
        "「keihin」という特区はありません。",
    ),
    "no zone": (NEW | {"担当する特区": ""}, "担当する特区を選んでください。"),
    "a foreign municipality": (NEW | {"所属自治体": "141305"}, "「141305」という自治体コードは"),
    "its name": (
        NEW | {"所属自治体": "川崎市"},
        "所属自治体：「川崎市」は全国地方公共団体コードではありません。",
    ),
    "an administrator": (NEW | {"役割": "システム管理者"}, "システム管理者だけが登録できます。"),
    "a reader of all zones": (
        NEW | {"役割": "閲覧者", "所属自治体": ""},
        "全ての特区を見られるため",
    ),
    "an official of nowhere": (
        NEW | {"所属自治体": ""},
        "担当者には所属自治体を指定してください。",
    ),
    "no name": (NEW | {"氏名": ""}, "このフィールドは空ではいけません。"),
    "no role": (NEW | {"役割": ""}, "このフィールドは空ではいけません。"),
    "an unknown role": (NEW | {"役割": "係長"}, "「係長」は選べません。「担当者」「取りまとめ」"),
    "a broken address": (NEW | {"メールアドレス": "hanako＠"}, "有効なメールアドレス"),
    "a username with a space": (NEW | {"ユーザー名": "a b"}, "有効なユーザー名"),
    "a taken username": (NEW | {"ユーザー名": "kawasaki"}, "既に使われています。"),
    "one with other capitals": (NEW | {"ユーザー名": "Yokohama-Miura"}, "既に使われています。"),
    "an account of others too": (
        {"ユーザー名": "yokohama-both", "氏名": "乗っ取り"},
        "他の特区も扱うため、変更はシステム管理者が行います。",
    ),
    "its promotion": (
        {"ユーザー名": "yokohama-miura", "役割": "システム管理者"},
        "システム管理者は、システム管理者だけが登録できます。",
    ),
    "all zones for a reader": (
        {"ユーザー名": "reader-of-miura", "所属自治体": "（削除）"},
        "全ての特区を見られるため",
    ),
    "out of the zone": (
        {"ユーザー名": "yokohama-miura", "担当する特区": "（削除）"},
        "担当する特区を選んでください。",
    ),
    "a zone of others for a deputy": (
        {"ユーザー名": "miura-deputy", "担当する特区": "keihin"},
        "「keihin」という特区はありません。",
    ),
    "the address of an account of others too": (
        {"ユーザー名": "yokohama-both", "メールアドレス": "mine@example.jp"},
        "他の特区も扱うため、変更はシステム管理者が行います。",
    ),
    "an administrator's account": (
        {"ユーザー名": "administrator", "有効": "いいえ"},
        "既に使われています。",
    ),
    "one's own zones": (
        {"ユーザー名": "miura-secretariat", "担当する特区": "miura、keihin"},
        "「keihin」という特区はありません。",
    ),
    "one's own role": ({"ユーザー名": "miura-secretariat", "役割": "閲覧者"}, "自分自身の役割"),
    "one's own account": ({"ユーザー名": "miura-secretariat", "有効": "いいえ"}, "自分自身の役割"),
    "a deletion": ({"ユーザー名": "yokohama-miura", "削除": "削除"}, "削除しません。"),
}


def test_a_line_reaches_no_further_than_the_form(keeper):
    """Every case as a line of a sheet; a second of the same account comes in the next sheet."""
    before = everything(), rights()
    sheets = defaultdict(dict)
    for number, (row, sentence) in enumerate(REFUSED.values()):
        row = row | (
            {"ユーザー名": f"new-{number}"} if row["ユーザー名"] == NEW["ユーザー名"] else {}
        )
        usernames = [list(sheet) for sheet in sheets.values()]
        place = sum(row["ユーザー名"] in names for names in usernames)
        sheets[place][row["ユーザー名"]] = (row, sentence)

    for cases in sheets.values():
        # The last line is right, and kept out with the others.
        page = preview(keeper, User, [*(row for row, _ in cases.values()), NEW])
        told = sentences(page)
        for line, (row, sentence) in enumerate(cases.values(), 2):
            assert any(words.startswith(f"{line}行目 ") and sentence in words for words in told), (
                row,
                told,
            )
        assert not [words for words in told if words.startswith(f"{len(cases) + 2}行目 ")]
        assert not page.context["seen"]
    assert (everything(), rights()) == before


def test_rights_are_asked_again_when_a_preview_is_confirmed(keeper, two_zones):
    """An account that got another zone after the preview stays as it is."""
    page = preview(keeper, User, [{"ユーザー名": "yokohama-miura", "役割": "取りまとめ"}])
    two_zones["yokohama-miura"].zones.add(Zone.objects.get(slug="keihin"))
    before = everything(), rights()

    shown = keeper.post(reverse("admin:accounts_user_import"), {"seen": page.context["seen"]})

    assert "他の特区も扱うため" in shown.content.decode()
    assert (everything(), rights()) == before


def test_an_official_is_of_zones_whose_author_the_municipality_is(client, two_zones):
    client.force_login(two_zones["administrator"])
    row = NEW | {"担当する特区": "keihin"}
    (told,) = sentences(preview(client, User, [row]))
    assert "横須賀市は、" in told
    assert "の作成主体ではありません。" in told


def test_the_list_goes_out_as_it_comes_in(keeper):
    rows = {row["ユーザー名"]: row for row in sheet(keeper, User)}
    assert rows["yokohama-miura"] == {
        "ユーザー名": "yokohama-miura",
        "氏名": "yokohama-miuraさん",
        "メールアドレス": "",
        "役割": "担当者",
        "所属自治体": "141003",
        "自治体名": "横浜市",
        "担当する特区": "miura",
        "有効": "はい",
    }
    # Of an account that is of another zone as well, that zone is not told.
    assert rows["yokohama-both"]["担当する特区"] == "miura"
    assert "kawasaki" not in rows
    page = preview(keeper, User, [*rows.values()])
    assert sentences(page) == []
    assert len(page.context["result"].unchanged) == len(rows)


def test_each_line_costs_the_same(keeper):
    def queries_of(lines):
        rows = [NEW | {"ユーザー名": f"yokosuka-{number}"} for number in range(lines)]
        with CaptureQueriesContext(connection) as captured:
            preview(keeper, User, rows)
        return len(captured)

    assert queries_of(11) - queries_of(1) == 10 * (queries_of(2) - queries_of(1))


@pytest.mark.parametrize("person", ["yokohama-miura", "reader-of-all"])
def test_nobody_else_sends_or_gets_a_sheet(client, two_zones, person):
    client.force_login(two_zones[person])
    assert preview(client, User, [NEW]).status_code == 403
    assert client.get(reverse("admin:accounts_user_export", args=["xlsx"])).status_code == 403
    assert not User.objects.filter(username="yokosuka-01").exists()
