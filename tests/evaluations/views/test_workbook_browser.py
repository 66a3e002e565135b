"""The workbook in a real Chromium: download, fill in, upload, preview and import."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from evaluations.models import Actual
from supports.models import NationalSupport
from tests import factories
from tests.browser import scrolls_sideways, violations
from tests.evaluations.entry.workbook.books import edited
from tests.evaluations.views.entry import ENTRY, open_year
from tokku.figures import Figure

pytestmark = pytest.mark.browser

ACTUAL, SUPPORT = "（1） 川崎市", "財政支援 川崎市 1"


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.full)])
def test_from_the_download_to_the_records(
    page, sign_in, official, colleague, secretariat, tmp_path, width
):
    open_year(secretariat)
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(official)
    page.goto(ENTRY)
    page.get_by_role("link", name="Excelで入力").click()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="川崎市のブックをダウンロードする").click()
    assert download.value.suggested_filename.startswith("令和5年度 入力用（川崎市）_20")
    untouched = download.value.path().read_bytes()
    support = NationalSupport.objects.get(name="川崎の補助", evaluation__fiscal_year=2023)
    support.outline = "同僚の概要"
    support._history_user = colleague
    support.save()

    send(page, tmp_path, edited(untouched, ("数値", ACTUAL, "令和5年度", "七つ")))
    expect(page.get_by_text("「七つ」は数値として読み取れません。")).to_be_visible()
    assert page.get_by_role("button", name="この内容で取り込む").count() == 0
    check(page)

    page.get_by_role("link", name="Excelで入力する画面へ").click()
    filled = edited(
        untouched,
        ("数値", ACTUAL, "令和5年度", "７"),
        ("取組・成果", "解決策1 川崎市 1", "見出し", "（削除）"),
        ("国の支援", SUPPORT, "事業の概要", "ブックの概要"),
        ("国の支援", "追加1", "種類", "税制支援"),
        ("国の支援", "追加1", "事業の名称", "新しい税制"),
        ("地域の支援措置", "税制支援措置 横浜市・川崎市 1", "削除", "削除"),
    )
    send(page, tmp_path, filled)
    expect(page.get_by_role("heading", name="削除する行（1行）")).to_be_visible()
    expect(page.get_by_role("heading", name="追加する行（1行）")).to_be_visible()
    expect(page.get_by_text("同僚の概要")).to_be_visible()
    expect(page.get_by_role("heading", name="取り込めないセル（1か所）")).to_be_visible()
    check(page)
    page.get_by_label("自分が入力した内容").check()

    # The session ends; the preview waits for the person.
    Session.objects.all().delete()
    page.get_by_role("button", name="取り込める内容だけを取り込む").click()
    page.get_by_label("ユーザー名").fill("kawasaki")
    page.get_by_label("パスワード").fill(factories.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_text("まだ取り込んでいません。確かめて")).to_be_visible()
    assert page.get_by_label("自分が入力した内容").is_checked()
    check(page)
    page.get_by_role("button", name="取り込める内容だけを取り込む").click()

    expect(page.get_by_text("（変更2行、追加1行、削除1行")).to_be_visible()
    expect(page.get_by_text("取り込まなかったセルが1か所あります。")).to_be_visible()
    expect(page.get_by_text("見出しを入力してください。")).to_be_visible()
    check(page)
    actual = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    support.refresh_from_db()
    assert (actual.value, support.outline) == (Figure.of(7), "ブックの概要")
    assert NationalSupport.objects.filter(name="新しい税制").exists()


def send(page, folder, content):
    file = folder / "入力.xlsx"
    file.write_bytes(content)
    page.get_by_label("入力したブック（.xlsx）").set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()


def check(page):
    assert violations(page) == []
    assert not scrolls_sideways(page)
