"""Fixtures for tests of pages: a real Chromium, and templates that fail on an undefined variable."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template import engines
from django.test import Client
from django.urls import reverse
from playwright.sync_api import sync_playwright

from tests.factories import PASSWORD

# An official's screen at the desk, the others in `make full`.
SCREENS = [
    (1280, 720),
    pytest.param((1920, 1080), marks=pytest.mark.full),
    pytest.param((390, 844), marks=pytest.mark.full),
]

# The rules of WCAG 2.2 AA. Without preload axe asks for no style sheet a second time.
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
    "preload": False,
}

# Playwright keeps an event loop running in the thread of the test, where Django would refuse queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


class _Undefined(str):
    """The value of an undefined variable in a template. Printing it fails the test."""

    def __mod__(self, variable):
        pytest.fail(f"undefined in a template: {variable}")


# What stays in sight covers half of something wherever one scrolls, which axe takes for a small target.
PLACE_BARS = """position => {
  for (const bar of document.querySelectorAll(".head, .tools, .bar")) bar.style.position = position;
}"""


def violations(page):
    """What axe-core finds on a page: the rule, and the HTML of each place."""
    page.evaluate(PLACE_BARS, "static")
    rules = Axe().run(page, options=AXE).response["violations"]
    page.evaluate(PLACE_BARS, "")
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in rules]


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.fixture
def strict_templates(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", _Undefined("%s"))


def launch(browser_type, **options):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    return browser_type.launch(executable_path=program, args=arguments, **options)


@pytest.fixture(scope="session")
def chromium(stage, django_db_blocker):
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()
        # While Playwright's event loop runs, Django has another connection, and the world stands in that one.
        with django_db_blocker.unblock():
            stage.clear()


def settle(page):
    """Wait until what was typed is kept as a draft (entry.js), so that the server is at rest."""
    is_busy = (
        "typeof waiting !== 'undefined' && navigator.onLine && (waiting.size > 0 || isSending)"
    )
    for _ in range(50):
        if not page.evaluate(is_busy):
            return
        page.wait_for_timeout(100)


@pytest.fixture
def page(chromium, live_server, strict_templates):
    """A new browser page on the live server. It must not complain, nor ask another host for anything."""
    complaints = []
    context = chromium.new_context(base_url=live_server.url, locale="ja-JP")
    page = context.new_page()
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else 0)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    host = urlsplit(live_server.url).netloc
    page.on(
        "request",
        lambda request: (
            complaints.append(f"left the host: {request.url}")
            if urlsplit(request.url).netloc not in ("", host)
            else None
        ),
    )
    yield page
    if not page.is_closed():
        settle(page)
    context.close()
    assert not complaints, complaints


def session_of(user, live_server):
    """The cookie of a person who has signed in, for a context of the browser."""
    client = Client()
    client.force_login(user)
    return {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }


def sign_in_by_password(page, user):
    page.goto(reverse("sign-in"))
    page.get_by_label("ユーザー名").fill(user.username)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def open_menu(page):
    """The menu under the person's name: 管理画面, パスワードの変更, ログアウト."""
    page.locator(".person .menu > summary").click()


def sign_out(page):
    """The admin has the button in its head, every other page in the person's menu."""
    button = page.get_by_role("button", name="ログアウト", include_hidden=True)
    if not button.is_visible():
        open_menu(page)
    with page.expect_navigation():
        button.click()


@pytest.fixture
def sign_in(page, live_server):
    """Has a person signed in and at home, without the page that asks for the password."""

    def sign_in(user):
        page.context.add_cookies([session_of(user, live_server)])
        page.goto(reverse("home"))

    return sign_in
