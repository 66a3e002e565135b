"""The error pages: what happened, what is safe, what to do next, whom to ask."""

import re
from errno import ENOSPC
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.test import Client, RequestFactory
from django.views import defaults

from tests.browser import scrolls_sideways, violations
from tests.evaluations.views.entry import ENTRY, open_year
from tokku.accounts.models import Role, User
from tokku.accounts.views import csrf_failure
from tokku.errors import server_error
from tokku.maintenance import MaintenanceMiddleware

REASON = "提出した後は編集できません。"


def a_request(method="get"):
    request = getattr(RequestFactory(), method)("/")
    request.user = User(username="kawasaki", role=Role.OFFICIAL)
    return request


def closed(request):
    return MaintenanceMiddleware(lambda request: None)(request)


def outage(request, error):
    try:
        raise error
    except type(error):
        return server_error(request)


# How to get each page, its status and its texts: what happened; what is safe; what next; whom to ask.
PAGES = {
    "bad request": (
        lambda: defaults.bad_request(a_request(), SuspiciousOperation()),
        (
            400,
            "不正な要求",
            "今回送信した内容は保存されていません。",
            "書き写して",
            "取りまとめ担当",
        ),
    ),
    "refused": (
        lambda: defaults.permission_denied(a_request(), PermissionDenied(REASON)),
        (403, REASON, "この操作は行われていません。", "ホームから", "取りまとめ担当"),
    ),
    "refused without a reason": (
        lambda: defaults.permission_denied(a_request(), PermissionDenied()),
        (403, "権限がありません。", "変わっていません。", "ホームから", "取りまとめ担当"),
    ),
    "form too old": (
        lambda: csrf_failure(a_request("post")),
        (403, "時間がたったか", "保存されていません。", "「戻る」で", "取りまとめ担当"),
    ),
    "not found": (
        lambda: defaults.page_not_found(a_request(), Http404()),
        (404, "ページが見つかりません", "変わっていません。", "ホームから", "取りまとめ担当"),
    ),
    "failure": (
        lambda: server_error(a_request()),
        (500, "システムの不具合", "失われていません。", "少し待ってから", "上の時刻と行った操作"),
    ),
    "outage": (
        lambda: outage(a_request(), OperationalError()),
        (503, "ディスクを使えない", "失われていません。", "再読み込み", "上の時刻と行った操作"),
    ),
    "outage, after sending": (
        lambda: outage(a_request("post"), OSError(ENOSPC, "")),
        (503, "ディスクを使えない", "保存されていないことが", "もう一度送る", "上の時刻と"),
    ),
    "maintenance": (
        lambda: closed(a_request()),
        (503, "12月1日 18時", "失われていません。", "再読み込み", "取りまとめ担当"),
    ),
    "maintenance, after sending": (
        lambda: closed(a_request("post")),
        (503, "止めています", "まだ保存されていません。", "もう一度送る", "取りまとめ担当"),
    ),
}


@pytest.fixture
def maintenance(settings):
    settings.MAINTENANCE = True
    settings.MAINTENANCE_UNTIL = "12月1日 18時"


def words(response):
    """The texts of the page, one for each of the four questions."""
    page = response.content.decode()
    assert re.search(r"<title>[^<｜]+｜特区評価書</title>", page)
    assert 'href="/"' in page
    happened = re.search(r"<h1>.*?<dl", page, re.DOTALL)[0]
    answers = re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)
    return [unescape(re.sub("<[^>]+>", "", fragment)) for fragment in (happened, *answers)]


@pytest.mark.usefixtures("maintenance", "strict_templates")
@pytest.mark.parametrize("which", PAGES)
def test_page_answers_the_four_questions_without_the_database(which):
    """Without the fixture `db`, asking the database fails."""
    happens, (status, *expected) = PAGES[which]
    response = happens()
    assert response.status_code == status
    parts = words(response)
    assert len(parts) == len(expected) == 4
    for text, part in zip(parts, expected, strict=True):
        assert part in text


def test_unknown_address_is_not_found_for_anyone(client, official):
    for _ in range(2):
        response = client.get("/no/such/page/")
        assert response.status_code == 404
        assert "ページが見つかりません" in response.content.decode()
        client.force_login(official)


def test_form_that_is_too_old_is_refused(official):
    client = Client(enforce_csrf_checks=True)
    client.force_login(official)
    response = client.post("/sign-out/")
    assert response.status_code == 403
    assert "書き写してから" in response.content.decode()


def test_address_of_a_button_says_so_and_what_may_be_sent_there(client, official, secretariat):
    open_year(secretariat)
    client.force_login(official)
    response = client.get(f"{ENTRY}submit/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "操作は行われていません。" in response.content.decode()


def test_failure_with_a_broken_database_is_a_page(client, official, monkeypatch):
    client.force_login(official)
    client.raise_request_exception = False

    def refuse(*args, **kwargs):
        raise OperationalError("no database")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)
    response = client.get("/")
    monkeypatch.undo()
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "データベースやディスクを使えないため" in response.content.decode()


# Maintenance


@pytest.mark.usefixtures("maintenance")
def test_site_is_closed_to_everyone_alike(official, secretariat, administrator):
    for person in (None, official, secretariat, administrator):
        client = Client()
        if person:
            client.force_login(person)
        for response in (client.get("/"), client.get("/admin/"), client.post("/sign-in/")):
            assert (response.status_code, response["Retry-After"]) == (503, "600")
            assert "Content-Security-Policy" in response


def test_site_is_open_without_the_setting(client, db):
    assert client.get("/sign-in/").status_code == 200


# Layout


@pytest.mark.browser
@pytest.mark.parametrize("which", PAGES)
def test_pages_are_accessible_and_reflow(chromium, live_server, maintenance, which):
    page = chromium.new_page(base_url=live_server.url)
    served = PAGES[which][0]()
    page.route(
        "**/error",
        lambda route: route.fulfill(
            status=served.status_code, body=served.content, content_type="text/html"
        ),
    )
    page.goto("/error")
    for width in (1920, 1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 720})
        assert not scrolls_sideways(page)
        if width in (1280, 320):
            assert violations(page) == []
    page.close()
