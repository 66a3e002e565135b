"""Entry in a real Chromium: typing, two people in one field, handing in."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Actual, Submission
from supports.models import NationalSupport, RegionalText, SchemeResult
from tests import factories
from tests.browser import settle, violations
from tests.evaluations.campaign import missing_items
from tests.evaluations.views.entry import ACTUALS, SUPPORTS, TEXTS, open_year
from tokku.figures import Figure

pytestmark = pytest.mark.browser

FIGURE = "実績値（件）：実績値「数値目標その1」"


@pytest.fixture
def evaluation(secretariat):
    return open_year(secretariat)


def actual():
    return Actual.objects.get(fiscal_year=2023, municipality__name="川崎市")


def fill_in(evaluation, but):
    for item in missing_items(evaluation, factories.municipality().pk):
        if type(item.row) not in but:
            row = type(item.row).objects.get(pk=item.row.pk)
            setattr(row, item.field, "記入済み")
            row.save()


def test_page_is_accessible_where_there_is_nothing_and_where_two_disagree(
    page, sign_in, official, colleague, evaluation
):
    NationalSupport.objects.filter(municipality=official.municipality).delete()
    sign_in(official)
    page.goto(SUPPORTS)
    page.get_by_label("本文5に載せる国の支援がない（該当なし）").check()
    row = SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業1")
    page.locator(f'[id="supports.schemeresult/{row.pk}"]').get_by_label("数値目標その1").check()
    row.targets.set([])
    row.result = "同僚の実績"
    row.save()
    page.locator(f'[name="supports.schemeresult/{row.pk}-result"]').fill("自分の実績")
    page.get_by_role("button", name="保存する", exact=True).last.click()
    expect(page.get_by_text("どちらを残しますか")).to_be_visible()
    assert violations(page) == []
    submission = Submission.objects.get(
        evaluation=evaluation, municipality=official.municipality_id
    )
    assert submission.no_national_supports


def test_from_the_form_to_handing_in(page, sign_in, official, other_official, evaluation):
    for name, value in (("神奈川県", 3), ("横浜市", 4)):
        row = Actual.objects.get(fiscal_year=2023, municipality=factories.municipality(name))
        row.value = value
        row.save()
        Submission.objects.filter(evaluation=evaluation, municipality=row.municipality).update(
            state="submitted", submitted_at="2024-06-01T00:00Z", submitted_by=other_official
        )
    fill_in(evaluation, but=[Actual, RegionalText])
    sign_in(official)
    page.get_by_role("link", name="入力する").click()
    assert page.get_by_role("button", name="提出する").is_disabled()

    # A figure, and its progress before it is saved.
    tabs = page.get_by_role("navigation", name="この年度の画面")
    tabs.get_by_role("link", name="実績値").click()
    figure = page.get_by_label(FIGURE)
    figure.fill("５")
    page.get_by_text("120%").wait_for()
    figure.fill("12o")
    save = page.get_by_role("button", name="保存する", exact=True).last
    save.click()
    expect(page.get_by_text("「12o」は単位が「o」で").first).to_be_visible()
    figure.fill("５")
    save.click()
    expect(page.get_by_text("を保存しました。")).to_be_visible()
    assert actual().value == Figure.of(5)

    # A text, while someone else writes it too.
    tabs.get_by_role("link", name="文章").click()
    part = RegionalText.objects.get(evaluation=evaluation, municipality=official.municipality)
    text = page.locator(f'[id="id_supports.regionaltext/{part.pk}-text"]')
    text.fill("私の文章\n二行目")
    assert (
        page.locator(f'[data-count="id_supports.regionaltext/{part.pk}-text"]').inner_text()
        == "7字"
    )
    part.text = "ほかの人の文章"
    part.save()
    page.get_by_role("button", name="保存する").last.click()
    expect(page.get_by_text("ほかの人の文章")).to_be_visible()
    assert text.input_value() == "私の文章\n二行目"
    page.get_by_label("自分が入力した内容").check()
    page.get_by_role("button", name="保存する").last.click()
    expect(page.get_by_text("を保存しました。")).to_be_visible()
    part.refresh_from_db()
    assert part.text == "私の文章\n二行目"

    tabs.get_by_role("link", name="確認と提出").click()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("川崎市の入力を提出しました。")).to_be_visible()
    page.goto(SUPPORTS)
    expect(page.get_by_text("差し戻されるまで変更できません。")).to_be_visible()


def test_leaving_before_the_draft_is_kept_is_asked_about(page, sign_in, official, evaluation):
    sign_in(official)
    page.goto(ACTUALS)
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    state, figure = page.locator(".bar__state"), page.get_by_label(FIGURE)
    tabs = page.get_by_role("navigation", name="この年度の画面")
    expect(state).to_have_text("変更はありません")
    figure.fill("5")
    expect(state).to_have_text("保存していない変更 1件")
    figure.fill("")
    expect(state).to_have_text("変更はありません")
    figure.fill("5")
    expect(page.locator(".bar__draft")).to_contain_text("下書き ")
    tabs.get_by_role("link", name="文章").click()
    page.wait_for_url(f"**{TEXTS}")
    assert dialogs == []

    page.goto(ACTUALS)
    page.route("**/entry/drafts/", lambda route: None)  # never answered
    figure.fill("6")
    tabs.get_by_role("link", name="文章").click()
    page.wait_for_url(f"**{TEXTS}")
    assert dialogs == ["beforeunload"]


def test_what_takes_long_says_so_and_is_begun_once(page, sign_in, official, evaluation):
    sign_in(official)
    page.goto("/keihin/2023/")
    requested_urls = []
    page.on(
        "request",
        lambda request: requested_urls.append(request.url) if "pdf" in request.url else None,
    )
    link = page.get_by_role("link", name="PDF")
    with page.expect_download() as download:
        link.evaluate("link => { link.click(); link.click(); }")
        expect(page.get_by_text("PDFを作成しています…").first).to_be_visible()
    assert download.value.suggested_filename.endswith(".pdf")
    expect(page.get_by_role("link", name="PDF", exact=True)).to_be_visible()
    assert len(requested_urls) == 1

    # A form is sent once, however often its button is pressed.
    page.goto(SUPPORTS)
    page.get_by_role("link", name="国の支援を追加する").click()
    page.locator("#id_new-national-support-kind").select_option("tax")
    page.locator("#id_new-national-support-name").fill("新しい支援")
    posted_urls = []
    settle(page)  # drafts are sent too
    page.on(
        "request",
        lambda request: posted_urls.append(request.url) if request.method == "POST" else None,
    )
    button = page.locator("#add-national").get_by_role("button", name="保存して追加する")
    with page.expect_navigation():
        button.evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_text("を保存しました。")).to_be_visible()
    assert len(posted_urls) == 1
