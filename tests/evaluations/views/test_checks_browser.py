"""The checks in a real Chromium: the list, the marks of the form, and what stands on other pages."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from evaluations import moves
from evaluations.models import Waiver
from tests.browser import scrolls_sideways, session_of, sign_out, violations
from tests.evaluations import campaign
from tests.evaluations.planted import DOUBTFUL, EVERYWHERE, WRONG, rewrite

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("planted")]

YEAR = "/keihin/2023/"
CHECKS = f"{YEAR}checks/"
# Where pictures go for people to look at, when they say so.
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture(
    params=[(1280, 720), pytest.param((390, 844), marks=pytest.mark.full)],
    ids=lambda size: "x".join(map(str, size)),
)
def size(request, page):
    page.set_viewport_size(dict(zip(("width", "height"), request.param, strict=True)))
    return request.param


@pytest.fixture
def year(secretariat):
    year = campaign.open_year(secretariat)
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果" * 60)
    rewrite(year, "川崎市の制度実績", f"川崎市の{DOUBTFUL}制度実績{WRONG}")
    rewrite(year, "川崎市の独自取組", f"川崎市の{EVERYWHERE}{DOUBTFUL}独自取組")
    year.refresh_from_db()
    year.overall = f"総合評価の文章{WRONG}"
    year.save()
    return year


@pytest.fixture
def look(page, size):
    """A page must be accessible and not scroll sideways."""

    def look(name, url=""):
        if url:
            page.goto(url)
        assert violations(page) == [], name
        assert not scrolls_sideways(page), name
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS) / str(size[0])
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return look


def test_from_the_mark_to_the_field_and_setting_aside(
    page, look, sign_in, year, official, secretariat
):
    sign_in(official)
    look("form", YEAR)
    mark = page.get_by_role("link", name="点検の結果：確認が必要1件").first
    mark.click()
    assert page.url.startswith(page.url.split("/keihin")[0] + CHECKS)
    look("checks")
    finding = page.locator("article.finding:target")
    assert finding.locator("mark").inner_text() == WRONG

    finding.get_by_role("link", name="この欄を直す").click()
    panel = page.get_by_role("complementary", name="行の入力")
    expect(panel.locator("textarea:focus")).to_have_value(re.compile(WRONG))
    look("entry")
    panel.get_by_role("button", name="閉じる").click()
    expect(panel).to_be_hidden()

    finding.locator("summary").click()
    finding.get_by_role("button", name="確認済みにする").click()
    assert finding.get_by_text("確認した理由を入力してください。").count() == 0  # the browser asks
    finding.get_by_label("確認した理由").fill("原本と照合した。")
    finding.get_by_role("button", name="確認済みにする").click()
    look("checks-waived")
    expect(
        page.locator("article.finding:target .waiver").get_by_text("原本と照合した。")
    ).to_be_visible()
    assert Waiver.objects.get().set_aside_by == official

    look("hand-in", f"{YEAR}entry/")
    rewrite(year, f"川崎市の{WRONG}成果" * 60, f"川崎市の{WRONG}別の成果")
    look("checks-lapsed", CHECKS)
    sign_out(page)
    sign_in(secretariat)
    look("review", f"{YEAR}review/")
    look("checks-all", CHECKS)
    look("checks-blocking", f"{CHECKS}?show=blocking")


def test_sealed_record_and_nothing_found(page, look, sign_in, secretariat, reader):
    year = campaign.approved_year(secretariat)
    sign_in(secretariat)
    look("checks-none", CHECKS)
    rewrite(year, "川崎市の制度実績", f"川崎市の{DOUBTFUL}制度実績")
    moves.move(year, "seal", by=secretariat)
    sign_out(page)
    sign_in(reader)
    look("checks-sealed", CHECKS)


def test_marks_and_the_row_beside_the_form_do_not_print(page, sign_in, year, secretariat):
    sign_in(secretariat)
    page.goto(YEAR)
    expect(page.locator(".finding-mark").first).to_be_visible()
    page.locator(".edit-link").first.click()
    panel = page.get_by_role("complementary", name="行の入力")
    expect(panel).to_be_visible()
    page.emulate_media(media="print")
    assert page.locator(".finding-mark:visible, .legend:visible").count() == 0
    expect(panel).to_be_hidden()


@pytest.mark.usefixtures("year")
def test_without_scripts_a_finding_is_set_aside_all_the_same(chromium, live_server, official):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([session_of(official, live_server)])
    page = context.new_page()
    page.goto(f"{CHECKS}?show=blocking")
    finding = page.locator("article.finding").first
    finding.locator("summary").click()
    finding.get_by_label("確認した理由").fill("原本と照合した。")
    finding.get_by_role("button", name="確認済みにする").click()
    assert Waiver.objects.count() == 1
    context.close()
