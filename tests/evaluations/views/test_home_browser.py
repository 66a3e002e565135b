"""Home in a real Chromium, for each role and on each screen, in the middle of a year."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from evaluations.models import Actual, Evaluation, Remark
from tests.browser import SCREENS, scrolls_sideways, violations
from tests.evaluations import campaign
from tests.evaluations.views import test_home as situations

pytestmark = pytest.mark.browser

# How far painted elements have moved (Cumulative Layout Shift).
SHIFTS = """
() => new Promise((resolve) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) moved += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(moved), 100);
})
"""


@pytest.fixture
def year(official, secretariat):
    """A late year with one submission returned with a remark and one handed in; earlier and later years in other states."""
    year = campaign.open_year(secretariat)
    situations.returned_with_remarks(year, official, secretariat)
    campaign.put(campaign.submission(year, "神奈川県"), "submitted", secretariat)
    Evaluation.objects.update(deadline=timezone.localdate() - timedelta(days=3))
    for fiscal_year, state in ((2021, "sent"), (2022, "sent"), (2024, "preparing")):
        Evaluation(
            zone=year.zone, edition=year.edition, fiscal_year=fiscal_year, state=state
        ).save()
    situations.year_of_another_zone("shinryoku")
    return year


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("person", ["official", "secretariat", "reader"])
def test_home_is_accessible_and_stands_still(page, sign_in, request, year, person, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    sign_in(request.getfixturevalue(person))
    for summary in page.locator("main summary").all():
        if summary.locator("xpath=..").get_attribute("open") is None:
            summary.click()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.reload()
    assert page.evaluate(SHIFTS) == 0


def test_one_button_stands_out_and_the_keyboard_reaches_it_first(page, sign_in, official, year):
    row = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    Remark.objects.update(record=str(row.key), field="value")
    sign_in(official)
    primary = page.locator("main .button:not(.button--outline)")
    expect(primary).to_have_count(1)
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    expect(primary).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".row-page")).to_have_id(str(row.key))


def test_secretariat_reaches_what_a_municipality_lacks_by_one_click(
    page, sign_in, secretariat, year
):
    sign_in(secretariat)
    page.get_by_role("table", name="作成主体ごとの状況（令和5年度）").get_by_role(
        "link", name="川崎市"
    ).click()
    assert page.url.endswith("/keihin/2023/review/141305/")
