"""Rows that the admin offers with what is known of them: a zone's authors, and a target's years."""

import pytest
from django.urls import reverse

from evaluations.models import NumericTarget, YearlyTarget, Zone
from tests import factories
from tests.evaluations.admin.test_access import forms_of
from tokku.figures import Figure

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def target(client, secretariat):
    factories.evaluation()
    client.force_login(secretariat)
    target = NumericTarget.objects.first()
    target.yearlytarget_set.filter(fiscal_year__gte=2024).delete()
    return target


def years(target):
    return dict(target.yearlytarget_set.values_list("fiscal_year", "value"))


def test_a_target_offers_the_years_of_its_plan_and_stores_those_with_a_value(client, target):
    page = reverse("admin:evaluations_numerictarget_change", args=[target.pk])
    sent = forms_of(client, page)
    offered = [sent[f"yearlytarget_set-{row}-fiscal_year"] for row in range(5)]
    assert offered == [2022, 2023, 2024, 2025, 2026]

    sent["yearlytarget_set-3-value"] = "１，２００"
    # Somebody is faster with another of the years that were offered.
    YearlyTarget(target=target, fiscal_year=2024, value=7).save()
    before = years(target)
    client.post(page, sent)

    assert years(target) == before | {2025: Figure.of(1200)}


def test_a_new_zone_offers_rows_in_order_and_a_later_author_comes_last(client, administrator):
    client.force_login(administrator)
    add = reverse("admin:evaluations_zone_add")
    sent = forms_of(client, add)
    for row, name in enumerate(["横浜市", "神奈川県", "川崎市"]):
        sent[f"zonemunicipality_set-{row}-municipality"] = name
    zone = {"slug": "new", "kind": "regional", "name": "新しい特区"}
    days = {"designated_on": "平成23年12月22日", "certified_on": "２０１２/3/9"}
    client.post(add, sent | zone | days)
    zone = Zone.objects.get(slug="new")
    assert (str(zone.designated_on), str(zone.certified_on)) == ("2011-12-22", "2012-03-09")
    assert [str(author) for author in zone.authors] == ["横浜市", "神奈川県", "川崎市"]

    page = reverse("admin:evaluations_zone_change", args=[zone.pk])
    (inline,) = client.get(page).context["inline_admin_formsets"]
    assert inline.formset.empty_form["position"].value() == 5
    sent = forms_of(client, page)
    sent["zonemunicipality_set-3-municipality"] = "相模原市"
    client.post(page, sent)
    assert [str(author) for author in zone.authors][-1] == "相模原市"


@pytest.mark.parametrize("typed", ["平成23年2月30日", "12/22/2011", "昨日"])
def test_what_is_no_day_is_told_with_examples(client, administrator, typed):
    client.force_login(administrator)
    page = client.post(reverse("admin:evaluations_zone_add"), {"designated_on": typed})
    assert f"「{typed}」は日付として読み取れません。" in page.content.decode()
    assert f'value="{typed}"' in page.content.decode()


def test_a_year_that_somebody_else_has_filled_in_meanwhile_is_refused(client, target):
    page = reverse("admin:evaluations_numerictarget_change", args=[target.pk])
    sent = forms_of(client, page)
    sent["yearlytarget_set-3-value"] = "1200"
    YearlyTarget(target=target, fiscal_year=2025, value=7).save()
    before = years(target)

    refused = client.post(page, sent)

    assert "この年度の目標値は既にあります。" in refused.content.decode()
    assert years(target) == before
