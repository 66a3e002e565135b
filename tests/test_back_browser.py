"""Going back in the browser: to no page after signing out, and to the typed values after a failure."""

import pytest
from django.urls import reverse

from evaluations.models import PlanEdition
from evaluations.models.evaluation import EvaluationQuerySet
from tests import factories
from tests.browser import launch, sign_out
from tests.evaluations.views.entry import ACTUALS, TEXTS, open_year_alone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REVIEW = "/keihin/2023/review/141305/"


@pytest.fixture(scope="module")
def remembering(chromium):
    """A browser that keeps whole pages in memory to go back to, as people's browsers do and Playwright's does not."""
    browser = launch(chromium.browser_type, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


def open_page(browser, live_server):
    """A page that, unlike the fixture `page`, may log errors to its console."""
    return browser.new_context(base_url=live_server.url, locale="ja-JP").new_page()


def sign_in(page, user):
    page.goto(reverse("sign-in"))
    page.get_by_label("ユーザー名").fill(user.username)
    page.get_by_label("パスワード").fill(factories.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url("/")


@pytest.mark.parametrize(
    "address", ["/keihin/2023/", pytest.param(ACTUALS, marks=pytest.mark.full), "/admin/"]
)
def test_going_back_after_signing_out_leads_to_signing_in(
    remembering, live_server, official, secretariat, address
):
    open_year_alone(secretariat)
    page = open_page(remembering, live_server)
    sign_in(page, official)
    page.goto(address)
    sign_out(page)

    page.evaluate("history.back()")

    page.wait_for_url(lambda url: "/sign-in/?next=" in url)
    page.context.close()


def make_saving_fail(monkeypatch):
    def raise_error(*args):
        raise RuntimeError("as when the database is away")

    monkeypatch.setattr(EvaluationQuerySet, "locked", raise_error)


TYPED = "3,210"
WORDS = "一行目の文\n二行目"


@pytest.mark.parametrize(
    ("person", "address", "label", "typed", "button"),
    [
        ("official", ACTUALS, "実績値（件）：実績値「数値目標その1」", TYPED, "保存する"),
        ("official", TEXTS, "内容", WORDS, "保存する"),
        ("secretariat", REVIEW, "指摘", WORDS, "指摘を残す"),
        ("secretariat", "admin plan", "総合特区計画の概要", WORDS, "保存"),
    ],
)
def test_going_back_after_a_failure_shows_the_typed_values(
    chromium, live_server, request, secretariat, monkeypatch, person, address, label, typed, button
):
    open_year_alone(secretariat)
    if address.startswith("admin"):
        address = reverse(
            "admin:evaluations_planedition_change", args=[PlanEdition.objects.get().pk]
        )
    page = open_page(chromium, live_server)
    sign_in(page, request.getfixturevalue(person))
    page.goto(address)
    if address == REVIEW:
        page.locator("summary", has_text="指摘を書く").first.click()
    page.get_by_label(label).first.fill(typed)
    make_saving_fail(monkeypatch)
    page.get_by_role("button", name=button, exact=True).last.click()
    page.get_by_role("heading", name="エラーが発生しました").wait_for()
    monkeypatch.undo()

    page.go_back()

    assert page.get_by_label(label).first.input_value() == typed
    page.context.close()
