"""The Word file in a real Chromium: download, edit, upload, preview and import."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from evaluations.models import Achievement
from tests import factories
from tests.browser import scrolls_sideways, violations
from tests.evaluations.views.entry import ENTRY, open_year
from tests.evaluations.views.test_word import edited

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.full)])
def test_from_the_export_to_the_records(page, sign_in, official, secretariat, tmp_path, width):
    open_year(secretariat)
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(official)
    page.goto(ENTRY)
    page.get_by_role("link", name="Wordで編集する").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Word文書をダウンロードする").click()
    assert download.value.suggested_filename.endswith("案（川崎市分）.docx")
    check(page)

    file = tmp_path / download.value.suggested_filename
    content = download.value.path().read_bytes()
    file.write_bytes(edited(content, 内容="Wordで書いた内容", 解決策の文章="書けない欄"))
    page.get_by_label("編集したWord文書（.docx）").set_input_files(file)
    page.get_by_role("button", name="違いを確かめる").click()
    expect(page.get_by_role("heading", name="取り込める違い（1件）")).to_be_visible()
    expect(page.get_by_text("特区全体に関わる欄は、取りまとめ担当が入力します。")).to_be_visible()
    check(page)

    assert page.get_by_label("取組・成果「川崎市の成果」　内容").is_checked()

    # The session ends; the preview waits for the person.
    Session.objects.all().delete()
    page.get_by_role("button", name="選んだ項目を取り込む").click()
    page.get_by_label("ユーザー名").fill("kawasaki")
    page.get_by_label("パスワード").fill(factories.PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_text("まだ取り込んでいません。確かめて")).to_be_visible()
    check(page)
    page.get_by_role("button", name="選んだ項目を取り込む").click()
    expect(page.get_by_text("1件を取り込みました")).to_be_visible()
    expect(page.get_by_text("取り込まなかった違いが1件あります。")).to_be_visible()
    row = Achievement.objects.get(
        approach__evaluation__fiscal_year=2023, municipality=official.municipality
    )
    assert row.text == "Wordで書いた内容"


def check(page):
    assert violations(page) == []
    assert not scrolls_sideways(page)
