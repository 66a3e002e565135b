"""Nothing that somebody types on the entry pages is lost, whatever happens meanwhile; tried in a real Chromium."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from evaluations.models import Actual, Draft, Remark
from supports.models import SchemeResult
from tests import factories
from tests.browser import session_of, settle
from tests.evaluations import campaign
from tests.evaluations.views.entry import ACTUALS, ENTRY, SUPPORTS, TEXTS, open_year
from tokku.figures import Figure

pytestmark = pytest.mark.browser

TYPED = "自分の実績\n二行目"


@pytest.fixture
def evaluation(secretariat):
    return open_year(secretariat, targets=2)


@pytest.fixture
def entry(page, sign_in, evaluation, official):
    """川崎市's official at home; questions of the browser about leaving are answered with yes."""
    sign_in(official)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def scheme() -> SchemeResult:
    return SchemeResult.objects.get(evaluation__fiscal_year=2023, name="川崎市の事業1")


def actuals() -> list[Actual]:
    rows = Actual.objects.filter(fiscal_year=2023, municipality__name="川崎市")
    return [*rows.order_by("target__number")]


def remark_on(row, evaluation, secretariat) -> None:
    """A remark on a figure of what was handed in and returned."""
    submission = campaign.submission(evaluation)
    campaign.put(submission, "returned", by=secretariat)
    Remark.objects.create(
        submission=submission,
        record=str(row.key),
        field="value",
        text="桁を確かめてください。",
        written_by=secretariat,
    )


def result(page):
    return page.locator(f'[id="id_{scheme().key}-result"]')


def figure(page, row):
    return page.locator(f'[id="id_{row.key}-value"]')


def state(page):
    return page.locator(".bar__state")


def save(page):
    page.get_by_role("button", name="保存する", exact=True).last.click()


def is_kept(page):
    expect(page.locator(".bar__draft")).to_contain_text("下書き ")


def is_saved(page):
    expect(page.get_by_text("を保存しました。")).to_be_visible()


def comes_back(page):
    """It stands in its field, as unsaved, and is saved from there."""
    expect(result(page)).to_have_value(TYPED)
    expect(state(page)).to_have_text("保存していない変更 1件")
    assert scheme().result != TYPED
    save(page)
    is_saved(page)
    assert scheme().result == TYPED
    assert not Draft.objects.exists()


def test_two_people_in_one_field(entry, official, colleague):
    page = entry
    page.goto(SUPPORTS)
    row = scheme()
    row._history_user = colleague
    row.result = "同僚の実績"
    row.save()
    result(page).fill(TYPED)
    save(page)
    expect(page.get_by_text("どちらを残しますか")).to_be_visible()
    expect(page.locator(".conflict__stored")).to_have_text("同僚の実績")
    expect(result(page)).to_have_value(TYPED)
    expect(page.get_by_text("1件に誤りがあります")).to_be_visible()

    # Also after going away: the choice is still to be made.
    page.goto(TEXTS)
    page.goto(SUPPORTS)
    expect(page.locator(".conflict__stored")).to_have_text("同僚の実績")
    expect(result(page)).to_have_value(TYPED)
    page.get_by_label("自分が入力した内容").check()
    save(page)
    is_saved(page)
    assert scheme().result == TYPED


@pytest.mark.full
def test_two_tabs_of_one_person(entry):
    page, other = entry, entry.context.new_page()
    page.goto(SUPPORTS)
    other.goto(SUPPORTS)
    result(page).fill(TYPED)
    is_kept(page)
    result(other).fill("もう一つの画面で")
    is_kept(other)
    save(page)
    is_saved(page)
    save(other)
    expect(other.get_by_text("どちらを残しますか")).to_be_visible()
    expect(result(other)).to_have_value("もう一つの画面で")
    other.get_by_label("保存されている内容").check()
    save(other)
    expect(other.get_by_text("何も保存していません")).to_be_visible()
    assert scheme().result == TYPED
    settle(other)


@pytest.mark.full
def test_back_button_and_reload(entry):
    page = entry
    page.goto(SUPPORTS)
    result(page).fill(TYPED)
    is_kept(page)
    page.reload()
    expect(result(page)).to_have_value(TYPED)
    page.get_by_role("link", name="文章").first.click()
    page.wait_for_url(f"**{TEXTS}")
    page.go_back()
    comes_back(page)


@pytest.mark.full
def test_leaving_at_once_keeps_what_was_typed(entry):
    page = entry
    page.goto(SUPPORTS)
    result(page).fill(TYPED)
    page.goto(reverse("home"))
    while not Draft.objects.exists():  # sent while the page went away
        page.wait_for_timeout(100)
    page.goto(SUPPORTS)
    comes_back(page)


@pytest.mark.parametrize("address", ["list", pytest.param("row", marks=pytest.mark.full)])
def test_session_that_ends_while_one_types(entry, official, address):
    page = entry
    page.goto(SUPPORTS if address == "list" else f"{ENTRY}row/{scheme().key}/")
    Session.objects.all().delete()
    result(page).fill(TYPED)
    expect(page.locator(".bar__draft")).to_contain_text("ログアウトした場合")
    save(page)
    page.get_by_label("ユーザー名").fill(official.username)
    page.get_by_label("パスワード").fill(factories.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    comes_back(page)


@pytest.mark.full
def test_session_that_ends_beside_the_form(entry, official):
    page = entry
    page.goto("/keihin/2023/")
    page.locator(f'[id="from-id_{scheme().key}-result"]').click()
    panel = page.get_by_role("complementary", name="行の入力")
    expect(result(panel)).to_be_focused()
    Session.objects.all().delete()
    result(panel).fill(TYPED)
    panel.get_by_role("button", name="保存する", exact=True).last.click()
    page.get_by_label("ユーザー名").fill(official.username)
    page.get_by_label("パスワード").fill(factories.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    comes_back(page)


def test_browser_that_is_closed(entry, chromium, live_server, official, colleague):
    page = entry
    page.goto(SUPPORTS)
    result(page).fill(TYPED)
    is_kept(page)
    page.get_by_role("link", name="支援措置を追加する").click()
    page.locator("#id_new-scheme-name").fill("新しい事業")
    page.locator("#id_new-scheme-category").select_option("fiscal")
    expect(state(page)).to_have_text("保存していない変更 3件")
    settle(page)
    page.close()

    context = chromium.new_context(base_url=live_server.url, locale="ja-JP")
    context.add_cookies([session_of(colleague, live_server)])
    of_colleague = context.new_page()
    of_colleague.goto(SUPPORTS)
    expect(state(of_colleague)).to_have_text("変更はありません")
    expect(result(of_colleague)).not_to_have_value(TYPED)
    context.clear_cookies()
    context.add_cookies([session_of(official, live_server)])
    again = context.new_page()
    again.goto(reverse("home"))
    expect(again.get_by_text("保存していない下書きが2件あります")).to_be_visible()
    again.goto(SUPPORTS)
    expect(state(again)).to_have_text("保存していない変更 3件")
    expect(result(again)).to_have_value(TYPED)
    expect(again.locator("#id_new-scheme-name")).to_have_value("新しい事業")
    save(again)
    expect(again.get_by_text("支援措置2件を保存しました")).to_be_visible()
    assert scheme().result == TYPED
    assert SchemeResult.objects.filter(name="新しい事業").count() == 1
    assert not Draft.objects.exists()
    context.close()


def test_offline_and_online_again(chromium, live_server, evaluation, official):
    context = chromium.new_context(base_url=live_server.url, locale="ja-JP")
    context.add_cookies([session_of(official, live_server)])
    page = context.new_page()  # The console of one that is offline tells of it.
    page.goto(SUPPORTS)
    page.context.set_offline(True)
    result(page).fill(TYPED)
    expect(page.locator(".bar__draft")).to_contain_text("下書きを保存できません")
    save(page)
    expect(page.locator(".bar__draft")).to_contain_text("通信できないため、保存していません")
    expect(result(page)).to_have_value(TYPED)
    page.context.set_offline(False)
    is_kept(page)
    save(page)
    is_saved(page)
    assert scheme().result == TYPED
    context.close()


def test_value_that_is_refused_beside_others_that_are_saved(entry):
    page = entry
    first, second = actuals()
    page.goto(ACTUALS)
    figure(page, first).fill("12o")
    figure(page, second).fill("７")
    save(page)
    expect(page.get_by_text("1件に誤りがあります")).to_be_visible()
    expect(page.get_by_text("「12o」は単位が「o」で").first).to_be_visible()
    expect(figure(page, first)).to_have_value("12o")
    assert [row.value for row in actuals()] == [None, Figure.of(7)]
    page.goto(ENTRY)
    page.goto(ACTUALS)
    expect(figure(page, first)).to_have_value("12o")
    figure(page, first).fill("12")
    save(page)
    is_saved(page)
    assert [row.value for row in actuals()] == [Figure.of(12), Figure.of(7)]


@pytest.mark.full
def test_row_that_is_taken_out_meanwhile(entry):
    page = entry
    page.goto(SUPPORTS)
    result(page).fill(TYPED)
    is_kept(page)
    scheme().delete()
    save(page)
    lost = page.get_by_role("region", name="保存できなかった入力")
    expect(lost.get_by_label("実績")).to_have_value(TYPED)
    page.goto(SUPPORTS)
    expect(lost.get_by_label("実績")).to_have_value(TYPED)


@pytest.mark.full
def test_draft_of_one_field_leaves_the_others_open(entry):
    page = entry
    page.goto(SUPPORTS)
    result(page).fill(TYPED)
    is_kept(page)
    page.goto(f"{ENTRY}row/{scheme().key}/")
    expect(result(page)).to_have_value(TYPED)
    page.get_by_label("事業概要").fill("新しい概要")
    is_kept(page)
    page.goto(SUPPORTS)
    expect(result(page)).to_have_value(TYPED)
    expect(page.get_by_label("事業概要").first).to_have_value("新しい概要")
    save(page)
    is_saved(page)
    assert (scheme().result, scheme().outline) == (TYPED, "新しい概要")


def test_draft_ticks_nothing(entry, evaluation, secretariat):
    page, row = entry, actuals()[0]
    remark_on(row, evaluation, secretariat)
    page.goto(ACTUALS)
    figure(page, row).fill("7")
    is_kept(page)
    page.reload()
    expect(figure(page, row)).to_have_value("7")
    expect(page.get_by_label("直しました")).not_to_be_checked()


# Without scripts


@pytest.fixture
def plain(chromium, live_server, evaluation, official):
    """A browser that runs no scripts."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([session_of(official, live_server)])
    yield context.new_page()
    context.close()


def test_entry_needs_no_script(plain, evaluation, secretariat):
    page = plain
    first, second = actuals()
    page.goto(ACTUALS)
    figure(page, first).fill("１，２３４")
    figure(page, second).fill("12o")
    save(page)
    expect(page.get_by_text("1件に誤りがあります")).to_be_visible()
    expect(page.get_by_text("「12o」は単位が「o」で").first).to_be_visible()
    assert actuals()[0].value == Figure.of(1234)

    page.goto(SUPPORTS)
    result(page).fill(TYPED)
    save(page)
    is_saved(page)
    assert scheme().result == TYPED
    page.get_by_text("支援措置を追加する").last.click()
    page.locator("#id_new-scheme-category").select_option("fiscal")
    page.locator("#id_new-scheme-name").fill("新しい事業")
    page.locator("#id_new-scheme-result").fill("新しい実績")
    page.get_by_role("button", name="保存して追加する").first.click()
    expect(page.get_by_role("heading", name="新しい事業")).to_be_visible()
    assert SchemeResult.objects.get(name="新しい事業").result == "新しい実績"

    # Last year's text, with the year in it renamed, into a blank field.
    joint = SchemeResult.objects.get(evaluation=evaluation, name="共同の事業")
    thing = page.locator(f'[id="{joint.key}"]')
    thing.get_by_role("button", name="写す").click()
    joint.refresh_from_db()
    assert joint.result == "前年度の実績"

    # Taken out, and put back with its words.
    thing = page.locator(f'[id="{scheme().key}"]')
    thing.locator("summary").first.click()
    thing.get_by_role("button", name="この年度の評価書から外す").click()
    expect(page.get_by_text("を外しました。")).to_be_visible()
    assert not SchemeResult.objects.filter(evaluation=evaluation, name="川崎市の事業1").exists()
    page.get_by_role("button", name="元に戻す").click()
    expect(page.get_by_text("を元に戻しました。")).to_be_visible()
    assert scheme().result == TYPED


def test_row_page_with_a_remark_needs_no_script(plain, evaluation, secretariat, official):
    page, row = plain, actuals()[0]
    remark_on(row, evaluation, secretariat)
    page.goto("/keihin/2023/")
    page.locator(f'[id="from-id_{row.key}-value"]').click()
    expect(page.get_by_text("桁を確かめてください。")).to_be_visible()
    figure(page, row).fill("7")
    page.get_by_label("回答").fill("桁を直しました。")
    save(page)
    expect(page.get_by_text("指摘1件に回答しました。")).to_be_visible()
    assert actuals()[0].value == Figure.of(7)
    assert Remark.objects.get().answer == "桁を直しました。"
