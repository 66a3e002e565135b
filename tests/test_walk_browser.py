"""Every page as people get it, in a real Chromium, for each role and far into the year.

Accessible by WCAG 2.2 AA, no wider than a phone, nothing moves, no complaint, no other host.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from evaluations.management.commands.load_sample import PASSWORD
from evaluations.models import Actual, Evaluation, NumericTarget, TargetAssessment
from supports.models import SchemeResult
from tests.browser import scrolls_sideways, violations
from tests.evaluations.views.entry import PAGES

pytestmark = pytest.mark.browser

SHIFTS = """
  window.shifted = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (!one.hadRecentInput) {
        const places = one.sources.map(({ node }) => node?.outerHTML?.slice(0, 80));
        window.shifted.push([one.value, ...places]);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def year(live_server, settings):
    """The sample's 2024, which is being filled in; 2023 is sealed."""
    settings.DEBUG = True
    call_command("load_sample", stdout=StringIO())
    settings.DEBUG = False
    return Evaluation.objects.get(fiscal_year=2024)


def pages_of(role, year):
    open_year, sealed = "/keihin/2024/", "/keihin/2023/"
    yield from ("/", "/password/", "/keihin/data/", open_year, f"{open_year}print/")
    yield from (f"{sealed}{page}" for page in ("", "versions/", "versions/1/", "log/", "checks/"))
    yield from (f"{open_year}{page}" for page in ("remarks/", "log/", "result/", "versions/"))
    if role == "reader":
        return
    actual = Actual.objects.filter(fiscal_year=2024, municipality__name="川崎市").first()
    scheme = SchemeResult.objects.filter(evaluation=year, municipalities__name="川崎市")[0]
    yield from (page.replace("2023", "2024") for page in PAGES)
    yield from (f"{open_year}{page}" for page in ("entry/", "checks/", "word/", "workbook/"))
    yield f"{sealed}entry/supports/"
    yield from (
        reverse("evaluations:entry-row", args=["keihin", 2024, row.key]) for row in (scheme, actual)
    )
    yield f"{PAGES[2]}?show=missing".replace("2023", "2024")
    yield from admin_pages(actual, scheme)
    if role == "secretariat":
        yield from (f"{open_year}review/", f"{open_year}review/141305/", "/keihin/2025/open/")
        assessment = TargetAssessment.objects.filter(evaluation=year)[0]
        yield reverse("evaluations:entry-row", args=["keihin", 2024, assessment.key])
        yield reverse("evaluations:entry-row", args=["keihin", 2024, year.key])
        yield f"{sealed}result/"
        target = NumericTarget.objects.first()
        yield reverse("admin:evaluations_indicator_change", args=[target.indicator_id])
        yield reverse("admin:accounts_user_changelist")
        yield reverse("admin:accounts_user_add")


def admin_pages(actual, scheme):
    yield reverse("admin:index")
    yield reverse("admin:evaluations_actual_changelist")
    yield reverse("admin:evaluations_actual_change", args=[actual.pk])
    yield reverse("admin:evaluations_actual_history", args=[actual.pk])
    yield reverse("admin:supports_schemeresult_changelist")
    yield reverse("admin:supports_schemeresult_add")
    yield reverse("admin:supports_schemeresult_import")
    yield reverse("admin:supports_schemeresult_delete", args=[scheme.pk])
    yield reverse("admin:evaluations_sealedversion_changelist")


# The secretariat has every page; officials and readers have some of them.
@pytest.mark.parametrize(
    "role",
    [
        "secretariat",
        pytest.param("kawasaki", marks=pytest.mark.full),
        pytest.param("reader", marks=pytest.mark.full),
    ],
)
def test_every_page_is_sound(page, year, role):
    page.add_init_script(SHIFTS)
    page.goto(reverse("sign-in"))
    field_errors = {"sign-in": violations(page)}
    page.get_by_label("ユーザー名").fill(role)
    page.get_by_label("パスワード").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="ログイン").click()
    for address in dict.fromkeys(pages_of(role, year)):
        page.set_viewport_size({"width": 1280, "height": 720})
        # Or the next page may still begin on the narrow screen, and shift.
        page.wait_for_function("innerWidth === 1280")
        response = page.goto(address)
        # Django's own scripts add to the forms of the admin.
        shifted = page.evaluate("window.shifted")
        problems = violations(page)
        if shifted and not address.startswith("/admin/"):
            problems.append(f"shifted: {shifted}")
        if response.status != 200:
            problems.append(response.status)
        page.set_viewport_size({"width": 390, "height": 844})
        if scrolls_sideways(page):
            problems.append("wide")
        field_errors[address] = problems
    assert {address: problems for address, problems in field_errors.items() if problems} == {}
