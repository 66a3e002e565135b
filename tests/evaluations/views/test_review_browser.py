"""The pages of review and of sealed versions in a real Chromium, as a year goes by, wide and narrow."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from evaluations import moves
from evaluations.models import Remark
from tests.browser import SCREENS, scrolls_sideways, violations
from tests.evaluations import campaign

pytestmark = pytest.mark.browser

YEAR = "/keihin/2023/"
REVIEW = f"{YEAR}review/"
KAWASAKI = f"{REVIEW}141305/"
REMARKS, LOG, RESULT = (f"{YEAR}{name}/" for name in ("remarks", "log", "result"))
VERSIONS = f"{YEAR}versions/"
# Where pictures go for people to look at, when they say so.
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture(params=SCREENS, ids=lambda size: "x".join(map(str, size)))
def size(request, page):
    page.set_viewport_size(dict(zip(("width", "height"), request.param, strict=True)))
    return request.param


@pytest.fixture
def check(page, size):
    """Opens a page, which must be accessible and not scroll sideways."""

    def check_now(name, page=page):
        assert violations(page) == [], name
        assert not scrolls_sideways(page), name
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS) / str(size[0])
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    def check(name, *urls):
        for number, url in enumerate(urls):
            page.goto(url)
            check_now(f"{name}-{number}" if number else name)

    check.shown = check_now
    return check


@pytest.fixture
def late(page, size):
    """Another tab, whose console is not checked: the browser logs each refused request there."""
    late = page.context.new_page()
    late.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    return late


def item_of(submission, text):
    items = campaign.items_of(submission.evaluation, submission.municipality_id)
    return next(item for item in items if item.text == text)


def write_remark(submission, text, by):
    item = item_of(submission, "川崎市の成果")
    record, field = item.key
    remark = Remark(submission=submission, record=record, field=field, text=text, written_by=by)
    remark.save()
    return remark


def test_year_under_review(page, late, check, sign_in, secretariat, official):
    year = campaign.open_year(secretariat)
    sign_in(secretariat)
    check("review-open", REVIEW)
    check("municipality-draft", KAWASAKI)
    check("remarks-none", REMARKS)
    check("result-early", RESULT)
    check("versions-none", VERSIONS)

    submission = campaign.hand_in(year, official)
    remark = write_remark(
        submission, "根拠となる資料の名前を書いてください。\n数値は何月の時点ですか。", secretariat
    )
    check("review-remarks", REVIEW)
    check("municipality-handed-in", KAWASAKI)
    check("remarks-open", REMARKS)

    moves.move(
        submission,
        "return",
        by=secretariat,
        reason="指摘した欄を直してください。\n期限は今週中です。",
    )
    check("review-returned", REVIEW)
    moves.answer_remark(remark, "県の統計（3月末時点）によります。", by=official)
    row = item_of(submission, "川崎市の成果").row
    row.text = "川崎市の大きな成果であり、\n前年度を上回った"
    row.save()
    campaign.hand_in(year, official)
    check("municipality-again", KAWASAKI, f"{KAWASAKI}?show=changed", f"{KAWASAKI}?show=remarks")
    check("remarks-answered", REMARKS)
    check("log", LOG)

    late.goto(KAWASAKI)
    late.get_by_label("理由").fill("入力した理由\n二行目")
    submission.refresh_from_db()
    moves.move(submission, "return", by=secretariat, reason="先の理由")
    late.get_by_role("button", name="差し戻す").click()
    expect(late.get_by_role("heading", name="保存できません")).to_be_visible()
    assert late.locator(".typed textarea").input_value() == "入力した理由\n二行目"
    check.shown("municipality-late", late)


def test_answer_that_came_second(late, check, sign_in, secretariat, official, colleague):
    submission = campaign.hand_in(campaign.open_year(secretariat), official)
    remark = write_remark(submission, "根拠となる資料の名前を書いてください。", secretariat)
    moves.move(submission, "return", by=secretariat, reason="指摘のとおり")
    sign_in(official)
    check("remarks-to-answer", REMARKS)
    late.goto(REMARKS)
    late.get_by_label("回答").fill("自分の回答\n二行目")
    moves.answer_remark(remark, "同僚の回答", by=colleague)
    late.get_by_role("button", name="回答する").click()
    expect(late.get_by_text("この指摘には、既に回答しています。")).to_be_visible()
    assert late.locator(".refused__stored").inner_text() == "同僚の回答"
    assert late.locator(".typed textarea").input_value() == "自分の回答\n二行目"
    check.shown("remarks-second", late)


@pytest.mark.full
def test_sealed_and_reopened_year(page, check, sign_in, secretariat):
    year = campaign.approved_year(secretariat)
    sign_in(secretariat)
    check("review-approved", REVIEW)
    check("municipality-approved", KAWASAKI)
    moves.move(year, "seal", by=secretariat, reason="部長決裁\n起案第12号")
    check("review-sealed", REVIEW)
    check("municipality-sealed", KAWASAKI)
    check("result-open", RESULT)
    page.get_by_label("評価点").first.fill("4.2")
    page.get_by_label("専門家所見").fill("・進捗は順調である。\n・医療機器の分野が遅れている。")
    page.get_by_role("button", name="評価結果を保存する").click()
    check("result-entered", RESULT)
    check("versions-one", VERSIONS)

    year.refresh_from_db()
    moves.move(year, "reopen", by=secretariat, reason="総合評価の誤りを直すため")
    check("review-reopened", REVIEW)
    year.overall = "数値を直した総合評価の文"
    year.save()
    moves.move(year, "seal", by=secretariat, reason="訂正")
    check("versions-two", VERSIONS)
    check("version", f"{VERSIONS}1/")
    check("differences", f"{VERSIONS}1/2/")


def test_sending_one_form_does_not_lose_what_stands_in_another(
    page, sign_in, secretariat, official
):
    campaign.hand_in(campaign.open_year(secretariat), official)
    sign_in(secretariat)
    page.goto(KAWASAKI)
    page.locator(".write-remark summary").first.click()
    remark = page.locator(".write-remark textarea").first
    remark.fill("出典を確かめてください。")
    dialogs, posted_urls = [], []
    page.once("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.dismiss()))
    page.on(
        "request",
        lambda request: posted_urls.append(request.url) if request.method == "POST" else None,
    )
    approve = page.get_by_role("button", name="承認する")
    approve.click()
    expect(approve).to_be_enabled()
    expect(approve).not_to_have_attribute("aria-disabled", "true")
    assert (dialogs, posted_urls) == (["beforeunload"], [])
    assert remark.input_value() == "出典を確かめてください。"
    with page.expect_navigation():
        page.locator(".write-remark button").first.click()
    assert Remark.objects.get().text == "出典を確かめてください。"
