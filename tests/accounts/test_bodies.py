"""Bodies of five kinds: what identifies them, how people read their names, and which one a name means."""

from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db.migrations.loader import MigrationLoader

from tokku.accounts.local_governments import local_governments
from tokku.accounts.models import AmbiguousName, BodyKind, Municipality, one_named
from tokku.municipality_code import check_digit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

NAGANO, KUMAMOTO = "204030", "434281"  # 高森町 stands in both prefectures.


def takamori(code=NAGANO):
    [government] = local_governments().named(code)
    return Municipality.objects.register(government)


def test_the_kind_follows_from_the_code():
    kinds = {
        "150002": BodyKind.PREFECTURE,
        "152111": BodyKind.MUNICIPALITY,
        "13101" + str(check_digit("13101")): BodyKind.MUNICIPALITY,
        "32851" + str(check_digit("32851")): BodyKind.UNION,
    }
    for code, kind in kinds.items():
        body = Municipality(code=code, name=code)
        body.save()
        body.full_clean()
        assert Municipality.objects.get(code=code).kind == kind
        for other in {*kinds.values()} - {kind}:
            body.kind = other
            with pytest.raises(ValidationError, match=f"{code}は、{kind.label}のコードです"):
                body.full_clean()


def test_every_government_of_the_nation_has_the_kind_that_it_is_listed_as():
    for one in local_governments().governments:
        is_prefecture = BodyKind.of_code(one.code) == BodyKind.PREFECTURE
        assert is_prefecture == (not one.municipality), one
        assert BodyKind.of_code(one.code) != BodyKind.UNION


def test_a_name_is_read_with_its_prefecture_while_two_share_it():
    nagano = takamori()
    assert str(nagano) == "高森町"
    kumamoto = takamori(KUMAMOTO)
    nagano.refresh_from_db()
    assert (str(nagano), str(kumamoto)) == ("長野県高森町", "熊本県高森町")

    kumamoto.name = "新高森町"
    kumamoto.save()
    nagano.refresh_from_db()
    assert (str(nagano), str(kumamoto)) == ("高森町", "新高森町")


def test_names_cost_no_query_for_each_row(django_assert_num_queries):
    takamori()
    takamori(KUMAMOTO)
    with django_assert_num_queries(1):
        assert "熊本県高森町" in {str(body) for body in Municipality.objects.all()}


@pytest.mark.parametrize(
    ("registered", "text", "code"),
    [
        ([NAGANO], "長野県高森町", NAGANO),
        ([NAGANO], NAGANO, NAGANO),
        ([NAGANO, KUMAMOTO], "熊本県高森町", KUMAMOTO),
        ([NAGANO], "熊本県高森町", None),
        ([], "新潟県見附市", None),
        (["152111"], "新潟県見附市", "152111"),
        (["152111"], "見附市", "152111"),
        (["152111"], "見附", None),
        (["152111"], "長野県見附市", None),
    ],
)
def test_a_name_means_one_body(registered, text, code):
    for each in registered:
        takamori(each)
    body = one_named(text, Municipality.objects.all())
    assert (body and body.code) == code


@pytest.mark.parametrize("registered", [[], [NAGANO], [NAGANO, KUMAMOTO]])
def test_a_bare_name_of_two_is_asked_also_where_one_alone_is_registered(registered):
    for each in registered:
        takamori(each)
    with pytest.raises(AmbiguousName) as asked:
        one_named("高森町", Municipality.objects.all())
    assert str(asked.value) == (
        "高森町は、長野県と熊本県にあります。都道府県名を付けるか、コードで指定してください。"
    )


def test_three_places_are_told():
    with pytest.raises(AmbiguousName, match="^池田町は、北海道、岐阜県、長野県と福井県|池田町は"):
        one_named("池田町", ())


def test_one_that_was_registered_with_its_prefecture_in_the_name_is_still_found():
    Municipality.objects.create(code="342084", name="広島県府中市")
    assert one_named("広島県府中市", Municipality.objects.all()).code == "342084"
    assert str(one_named("342084", Municipality.objects.all())) == "広島県府中市"


def test_a_university_and_a_company_are_identified_by_their_names():
    university = Municipality.objects.create(kind=BodyKind.UNIVERSITY, name="みなと大学")
    company = Municipality.objects.create(kind=BodyKind.COMPANY, name="株式会社ＭＩＮＡＴＯ")
    bodies = Municipality.objects.all()
    assert (one_named("みなと大学", bodies), university.key) == (university, "みなと大学")
    assert one_named("株式会社MINATO", bodies) == company
    assert Municipality.objects.at(company.slug).get() == company
    assert company not in Municipality.objects.at(university.slug)
    assert [*bodies][-2:] == [university, company] or [*bodies][-2:] == [company, university]


def test_stored_bodies_keep_everything_and_get_the_kind_of_their_code():
    migration = import_module("tokku.accounts.migrations.0006_bodies_of_kinds")
    union = "32851" + str(check_digit("32851"))
    codes = {"150002": "prefecture", "152111": "municipality", union: "union"}
    for code in codes:
        Municipality(code=code, name=f"名称{code}").save()
    Municipality.objects.filter(kind="prefecture").update(kind="municipality", label="")
    before = dict(Municipality.objects.values_list("pk", "name"))
    apps_then = MigrationLoader(None).project_state(("accounts", "0006_bodies_of_kinds")).apps

    migration.set_kinds(apps_then, None)

    assert dict(Municipality.objects.values_list("pk", "name")) == before
    assert dict(Municipality.objects.values_list("pk", "label")) == before
    stored = dict(Municipality.objects.filter(code__in=codes).values_list("code", "kind"))
    assert stored == codes
