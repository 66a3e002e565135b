"""自治体・団体 in the admin and in its sheet: nobody types a code that the list of the nation knows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.evaluations.admin.test_import_export import confirm, preview, sentences, text_of
from tokku.accounts.models import Municipality, User
from tokku.municipality_code import check_digit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ADD = "admin:accounts_municipality_add"
UNION = "32851" + str(check_digit("32851"))


@pytest.fixture
def keeper(client, administrator):
    client.force_login(administrator)
    return client


def add(client, kind, name, **more):
    return client.post(reverse(ADD), {"kind": kind, "name": name} | more, follow=True)


def stored():
    return {(body.kind, body.code, body.name) for body in Municipality.objects.all()}


def test_no_code_is_asked_for_at_first(keeper):
    form = keeper.get(reverse(ADD)).context["adminform"].form
    assert [*form.fields] == ["kind", "name"]


@pytest.mark.parametrize(
    ("kind", "name", "registered"),
    [
        ("municipality", "新潟県見附市", ("municipality", "152111", "見附市")),
        ("municipality", "見附市", ("municipality", "152111", "見附市")),
        ("municipality", "熊本県高森町", ("municipality", "434281", "高森町")),
        ("municipality", "新潟県", ("prefecture", "150002", "新潟県")),
        ("union", "益田地区広域市町村圏事務組合", ("union", None, "益田地区広域市町村圏事務組合")),
        ("university", "国立大学法人筑波大学", ("university", None, "国立大学法人筑波大学")),
        ("company", "株式会社つくば", ("company", None, "株式会社つくば")),
    ],
)
def test_a_body_is_registered_by_its_name(keeper, kind, name, registered):
    before = stored()
    add(keeper, kind, name)
    assert stored() - before == {registered}


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        ("municipality", "高森町", "高森町は、長野県と熊本県にあります。都道府県名を付けるか、"),
        ("municipality", "神奈川県川崎市", "川崎市は、既に登録されています。"),
        ("municipality", "新市", "「新市」は、全国の都道府県と市区町村の一覧にありません。"),
        ("company", "みなと公社", "この名称の団体は、既に登録されています。"),
        ("", "見附市", "このフィールドは必須です。"),
    ],
)
def test_what_cannot_be_registered_is_told(keeper, kind, name, sentence):
    factories.municipality("川崎市")
    Municipality.objects.create(kind="university", name="みなと公社")
    before = stored()
    assert sentence in text_of(add(keeper, kind, name))
    assert stored() == before


def test_a_code_is_offered_where_the_list_does_not_know_the_body(keeper):
    page = add(keeper, "municipality", "新市")
    assert 'name="code"' in page.content.decode()
    add(keeper, "municipality", "新市", code="142221")
    assert ("municipality", "142221", "新市") in stored()
    assert f"{UNION}は、一部事務組合・広域連合等のコードです。" in text_of(
        add(keeper, "municipality", "別の市", code=UNION)
    )


def test_what_the_list_knows_is_not_typed_over(keeper):
    listed = factories.municipality("川崎市")
    page = reverse("admin:accounts_municipality_change", args=[listed.pk])
    assert [*keeper.get(page).context["adminform"].form.fields] == ["name"]
    keeper.post(page, {"name": "川崎市", "kind": "company", "code": "152111"})
    listed.refresh_from_db()
    assert (listed.kind, listed.code) == ("municipality", "141305")


# The sheet


def line(kind="", code="", name=""):
    return {"種類": kind, "全国地方公共団体コード": code, "名称": name}


@pytest.mark.parametrize(
    ("cells", "registered"),
    [
        (line(name="新潟県見附市"), ("municipality", "152111", "見附市")),
        (line("市区町村", name="見附市"), ("municipality", "152111", "見附市")),
        (line(code="152111", name="見附"), ("municipality", "152111", "見附")),
        ({"種類": "", "名称": "見附市"}, ("municipality", "152111", "見附市")),
        (line("企業・団体", name="株式会社みなと運営"), ("company", None, "株式会社みなと運営")),
        (line("一部事務組合・広域連合等", UNION, "益田組合"), ("union", UNION, "益田組合")),
        (line("一部事務組合・広域連合等", "", "益田組合"), ("union", None, "益田組合")),
    ],
)
def test_a_sheet_registers_bodies(keeper, cells, registered):
    before = stored()
    page = preview(keeper, Municipality, [cells])
    assert len(page.context["result"].new) == 1
    confirm(keeper, Municipality, page)
    assert stored() - before == {registered}
    # The same line finds the body again.
    again = preview(keeper, Municipality, [cells]).context["result"]
    assert (len(again.new), len(again.changed)) == (0, 0)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            line(name="高森町"),
            "2行目 名称：高森町は、長野県と熊本県にあります。都道府県名を付けるか、コードで指定してください。",
        ),
        (
            line("大学・研究機関", "152111", "みなと大学"),
            "2行目 ：大学・研究機関と企業・団体には、全国地方公共団体コードはありません。",
        ),
        (line(name="新市"), "2行目 全国地方公共団体コード：入力してください。どの行かを"),
    ],
)
def test_a_line_that_cannot_be_registered_is_told(keeper, cells, sentence):
    (told, *_) = sentences(preview(keeper, Municipality, [cells]))
    assert told.startswith(sentence)


def test_a_company_goes_out_and_comes_back_unchanged(keeper):
    Municipality.objects.create(kind="company", name="株式会社Ａ・Ｂ")
    rows = [
        line(body.get_kind_display(), body.code or "", body.name)
        for body in Municipality.objects.all()
    ]
    result = preview(keeper, Municipality, rows).context["result"]
    assert (
        len(result.new),
        len(result.changed),
        sentences(preview(keeper, Municipality, rows)),
    ) == (0, 0, [])


ACCOUNT = {"ユーザー名": "new-1", "氏名": "新 太郎", "役割": "閲覧者", "有効": "はい"}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("長野県高森町", "長野県高森町"),
        ("434281", "熊本県高森町"),
        ("株式会社みなと運営", "株式会社みなと運営"),
        ("高森町", "高森町は、長野県と熊本県にあります。"),
    ],
)
def test_an_account_is_given_the_body_that_its_cell_means(keeper, cell, told):
    for code in ("204030", "434281"):
        Municipality.objects.create(code=code, name="高森町")
    Municipality.objects.create(kind="company", name="株式会社みなと運営")
    page = preview(keeper, User, [ACCOUNT | {"所属自治体": cell}])
    if told.endswith("。"):
        assert told in sentences(page)[0]
        return
    confirm(keeper, User, page)
    assert str(User.objects.get(username="new-1").municipality) == told


def test_lists_cost_the_same_with_many_bodies(keeper):
    counts = []
    for number in range(2):
        for each in range(20):
            Municipality.objects.create(kind="company", name=f"株式会社{number}-{each}")
        with CaptureQueriesContext(connection) as queries:
            keeper.get(reverse("admin:accounts_municipality_changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
