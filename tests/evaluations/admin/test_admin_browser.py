"""The admin in a real Chromium: it works under the content security policy, without errors in the console."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Actual
from evaluations.years.rows_at_opening import prepare_rows
from supports.models import NationalSupport, SchemeResult
from tests import factories
from tests.browser import open_menu, violations
from tests.evaluations.admin.test_access import contents_of_every_kind
from tests.evaluations.admin.test_import_export import SUPPORT
from tokku.figures import Figure
from tokku.spreadsheets import xlsx

pytestmark = pytest.mark.browser


@pytest.fixture
def evaluation(db):
    evaluation = factories.evaluation(contents_of_every_kind())
    Actual.objects.all().delete()
    evaluation.state = "open"
    evaluation.save()
    prepare_rows(evaluation)
    return evaluation


def assert_accessible(page):
    assert violations(page) == []


def test_an_official_enters_a_figure_and_a_scheme(page, sign_in, official, evaluation):
    sign_in(official)
    open_menu(page)
    page.get_by_role("link", name="管理画面").click()
    assert_accessible(page)

    page.get_by_role("link", name="実績値", exact=True).click()
    assert_accessible(page)
    page.get_by_role("link", name="数値目標その1（件）").click()
    page.get_by_label("実績値").fill("△５")
    assert_accessible(page)
    page.get_by_role("button", name="保存", exact=True).click()
    assert Actual.objects.get(municipality=official.municipality).value == Figure.of(-5)

    page.goto("/admin/evaluations/actual/add/")
    page.locator(".field-target .select2").click()
    page.get_by_role("option", name="数値目標その1（件）").click()

    SchemeResult.objects.all().delete()
    page.goto("/admin/supports/schemeresult/add/")
    page.locator("#id_category").select_option("fiscal")
    page.locator("#id_name").fill("補助金")
    page.locator("#id_result").fill("10件を支援した。")
    assert_accessible(page)
    page.get_by_role("button", name="保存", exact=True).click()
    result = SchemeResult.objects.get()
    assert (result.name, result.result) == ("補助金", "10件を支援した。")

    page.goto(f"/admin/supports/schemeresult/{result.pk}/history/")
    assert_accessible(page)


def test_the_secretariat_adds_a_row_inside_a_plan_and_filters(
    page, sign_in, secretariat, evaluation
):
    sign_in(secretariat)
    page.goto(f"/admin/evaluations/planedition/{evaluation.edition_id}/change/")
    page.locator(".add-row .addlink").click()
    row = page.locator(".dynamic-indicator_set").nth(1)
    row.locator("input[name$=number]").fill("2")
    row.locator("input[name$=name]").fill("新しい指標")
    page.get_by_role("button", name="保存", exact=True).click()
    assert evaluation.edition.indicator_set.filter(name="新しい指標").exists()

    page.goto("/admin/evaluations/submission/")
    page.get_by_role("link", name="川崎市").last.click()
    page.goto("/admin/evaluations/indicator/")
    page.locator("#action-toggle").check()
    page.goto("/admin/accounts/user/add/")
    assert_accessible(page)


def test_forms_with_rows_inside_fit_a_screen(page, sign_in, secretariat, evaluation):
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(secretariat)
    indicator = evaluation.edition.indicator_set.get()
    approach = evaluation.approach_set.get()
    for path in (f"indicator/{indicator.pk}", f"approach/{approach.pk}"):
        page.goto(f"/admin/evaluations/{path}/change/")
        content = page.locator("#content").evaluate("one => one.scrollWidth")
        assert max(content, page.evaluate("document.documentElement.scrollWidth")) <= 1280
    # A name stands on one line, and a heading is not cut.
    label = page.locator(".field-targets label", has_text="数値目標その1")
    assert label.bounding_box()["width"] > 600
    assert page.locator("input[name$=heading]").first.bounding_box()["width"] > 300


def test_an_official_takes_a_list_out_and_in_again(page, sign_in, official, evaluation, tmp_path):
    def send(*rows):
        columns = [*rows[0], "課内メモ"]
        book = tmp_path / "国の支援.xlsx"
        book.write_bytes(xlsx.write("表", columns, [[*row.values(), "済"] for row in rows]))
        page.get_by_label("ファイル").set_input_files(book)
        page.get_by_role("button", name="内容を確かめる").click()

    NationalSupport.objects.update(
        outline="前の概要は、この施設の整備に対する補助を受けた事業である。"
    )
    sign_in(official)
    open_menu(page)
    page.get_by_role("link", name="管理画面").click()
    page.get_by_role("link", name="国の支援（本文5）").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excelに書き出す").click()
    assert download.value.suggested_filename.startswith("国の支援（本文5）_")
    page.get_by_role("link", name="取り込む").click()
    assert_accessible(page)

    send(SUPPORT | {"種類": "補助"}, SUPPORT | {"自治体コード": "141003"})
    page.get_by_role("row", name="2行目 種類 「補助」は選べません。").wait_for()
    assert_accessible(page)
    expect(page.get_by_role("button", name="この内容で取り込む")).to_be_hidden()

    outline = {"事業の概要": "前の概要は、この施設の運営に対する補助を受けた事業である。\n二行目"}
    send(SUPPORT | outline, SUPPORT | outline | {"順序": "2", "事業の名称": "二つ目の事業"})
    page.get_by_text("課内メモ").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="この内容で取り込む").click()
    page.get_by_text("「国の支援.xlsx」から取り込みました").wait_for()
    assert NationalSupport.objects.filter(name="二つ目の事業").exists()


def test_two_versions_are_shown_and_one_is_chosen(
    page, sign_in, secretariat, colleague, evaluation
):
    page.set_viewport_size({"width": 1280, "height": 720})
    sign_in(secretariat)
    row = evaluation.approach_set.get().achievement_set.get()

    def save_after_colleague(address, theirs):
        """Change a text that a colleague changes and saves first."""
        page.goto(address)
        row.text, row._history_user = theirs, colleague
        row.save()
        page.locator("textarea[name$=text]").first.fill("わたしの内容")
        page.get_by_role("button", name="保存", exact=True).click()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        return page.locator(".conflict")

    conflict = save_after_colleague(
        f"/admin/evaluations/achievement/{row.pk}/change/", "同僚の内容\n二行目"
    )
    assert "同僚の内容" in conflict.inner_text()
    conflict.get_by_label("保存されている内容（kawasaki-2さん").check()
    page.get_by_role("button", name="保存", exact=True).click()
    row.refresh_from_db()
    assert row.text == "同僚の内容\n二行目"

    conflict = save_after_colleague(
        f"/admin/evaluations/approach/{row.approach_id}/change/", "同僚の更なる内容"
    )
    assert "同僚の更なる内容" in conflict.inner_text()
    conflict.get_by_label("自分が入力した内容（下の欄").check()
    page.get_by_role("button", name="保存", exact=True).click()
    row.refresh_from_db()
    assert row.text == "わたしの内容"
