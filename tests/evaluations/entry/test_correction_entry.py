"""A figure of an earlier year is corrected by page, workbook, admin and sheet: the same rules in each."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluations import moves
from evaluations.models import Correction, Evaluation
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.admin.test_access import forms_of
from tests.evaluations.admin.test_import_export import confirm as confirm_sheet
from tests.evaluations.admin.test_import_export import preview, sentences, sheet
from tests.evaluations.entry.workbook.books import edited, opened
from tests.evaluations.views.test_workbook import sentences as sentences_of_book
from tests.evaluations.years.test_corrections import (
    CORRECTED,
    REASON,
    correct,
    last,
    printed,
    target_of,
    year,
)
from tokku.accounts.models import User
from tokku.figures import Figure

__all__ = ["last"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ENTRY = "/keihin/2024/entry/"
ACTUALS = f"{ENTRY}actuals/"
WORKBOOK, FILE = "/keihin/2024/workbook/", "/keihin/2024/workbook.xlsx"


def by_page(client, **values) -> str:
    typed = {"target": target_of(year(2024)).pk, "fiscal_year": 2023, "value": "23"}
    typed |= {"reason": REASON} | values
    data = {f"new-correction-{name}": value for name, value in typed.items()}
    return client.post(ACTUALS, data, follow=True).content.decode()


def by_workbook(client, **values) -> str:
    cells = {
        "数値目標": "（1）",
        "修正する年度": "令和5年度",
        "修正後の実績値": "23",
        "修正の理由": REASON,
    }
    names = {"fiscal_year": "修正する年度", "value": "修正後の実績値", "reason": "修正の理由"}
    cells |= {names[name]: value for name, value in values.items()}
    book = client.get(FILE).content
    book = edited(book, *(("実績値の修正", "追加1", *cell) for cell in cells.items() if cell[1]))
    page = client.post(WORKBOOK, {"file": SimpleUploadedFile("入力.xlsx", book)})
    if page.context.get("seen") and not sentences_of_book(page):
        page = client.post(WORKBOOK, {"seen": page.context["seen"]}, follow=True)
    return page.content.decode()


def by_admin(client, **values) -> str:
    address = reverse("admin:evaluations_correction_add")
    typed = {
        "evaluation": year(2024).pk,
        "target": target_of(year(2024)).pk,
        "fiscal_year": 2023,
        "municipality": User.objects.get(username="kawasaki-1").municipality_id,
        "value": "23",
        "reason": REASON,
    }
    return client.post(address, typed | values, follow=True).content.decode()


def by_sheet(client, **values) -> str:
    names = {"fiscal_year": "修正する年度", "value": "修正後の実績値", "reason": "修正の理由"}
    row = {
        "特区": "keihin",
        "年度": "令和6年度",
        "評価指標": 1,
        "数値目標": 1,
        "修正する年度": "令和5年度",
        "自治体コード": "141305",
        "修正後の実績値": "23",
        "修正の理由": REASON,
    }
    row |= {names[name]: value for name, value in values.items()}
    page = preview(client, Correction, [row])
    if found := sentences(page):
        return " ".join(found)
    if not page.context or not page.context.get("seen"):
        return page.content.decode()
    return confirm_sheet(client, Correction, page).content.decode()


CHANNELS = {"page": by_page, "workbook": by_workbook, "admin": by_admin, "sheet": by_sheet}


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_official_corrects_the_own_figure(client, last, official, channel):
    client.force_login(User.objects.get(username="kawasaki-1"))
    CHANNELS[channel](client)
    row = Correction.objects.get()
    assert (row.value, row.reason, row.municipality.name) == (Figure("23"), REASON, "川崎市")
    assert row.history.get().history_user.username == "kawasaki-1"
    assert printed(2024) == CORRECTED
    assert printed(2023) == "88件(速報値)"


REFUSED = {
    "without a reason": ({"reason": ""}, ["page", "workbook"], "修正の理由を入力してください"),
    "without a value": ({"value": ""}, ["page", "workbook", "sheet"], "修正後の実績値を入力して"),
    "without a value there": ({"value": ""}, ["admin"], "必須"),
    "too fine": ({"value": "23.5"}, list(CHANNELS), "整数で入力してください"),
    "in another unit": ({"value": "23人"}, list(CHANNELS), "単位"),
    "of this year": ({"fiscal_year": 2024}, ["admin"], "前年度までの実績値です"),
    "of this year in words": ({"fiscal_year": "令和6年度"}, ["sheet"], "前年度までの実績値です"),
    "of a year that is none": ({"fiscal_year": 2024}, ["page"], "選択"),
}


@pytest.mark.parametrize(
    ("case", "channel"),
    [(case, channel) for case, (_, channels, _) in REFUSED.items() for channel in channels],
)
def test_what_is_refused(client, last, case, channel):
    client.force_login(User.objects.get(username="kawasaki-1"))
    values, _, sentence = REFUSED[case]
    assert sentence in CHANNELS[channel](client, **values)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("channel", CHANNELS)
def test_nobody_tells_it_once_the_figures_are_handed_in(client, last, channel):
    kawasaki = User.objects.get(username="kawasaki-1")
    row = correct(value="22")
    campaign.hand_in(year(2024), kawasaki)
    client.force_login(kawasaki)
    if channel == "workbook":
        assert "実績値の修正" in opened(client.get(FILE).content).sheetnames
    else:
        CHANNELS[channel](client)
    data = {f"{row.key}-revision": row.revision, f"{row.key}-value": "99"}
    assert client.post(ACTUALS, data).status_code == 403
    assert [row.value for row in Correction.objects.all()] == [Figure("22")]


def test_it_is_edited_and_taken_back_on_the_page(client, last):
    row = correct()
    client.force_login(User.objects.get(username="kawasaki-1"))
    page = client.get(ACTUALS).content.decode()
    assert "修正前の値：18件（速報値）" in page
    data = {f"{row.key}-revision": row.revision, f"{row.key}-value": "25"}
    client.post(ACTUALS, data | {f"{row.key}-reason": "改めて公表"})
    row.refresh_from_db()
    assert (row.value, row.reason) == (Figure("25"), "改めて公表")
    refused = client.post(ACTUALS, data | {f"{row.key}-revision": 2, f"{row.key}-value": "2.5"})
    assert "整数で入力" in refused.content.decode()
    assert client.post(ACTUALS, {"action": f"up:{row.key}"}).status_code == 404
    response = client.post(ACTUALS, {"action": f"remove:{row.key}"})
    client.post(response.url, {"revision": str(row.revision)})
    assert not Correction.objects.exists()
    assert printed(2024) == "88件(速報値)"


def test_sending_twice_tells_it_once(client, last):
    client.force_login(User.objects.get(username="kawasaki-1"))
    by_page(client)
    by_page(client)
    assert Correction.objects.count() == 1
    assert "この評価書に既にあります" in by_page(client, value="30")


def test_what_somebody_has_told_just_the_same_is_told(client, last):
    correct()
    client.force_login(User.objects.get(username="kawasaki-1"))
    assert "を保存しました" in by_page(client)
    assert "同じ内容の行が既に登録されているため" in by_workbook(client)
    assert Correction.objects.count() == 1


def test_rows_of_others_are_neither_seen_nor_changed(client, last):
    row = correct(name="横浜市")
    client.force_login(User.objects.get(username="kawasaki-1"))
    assert str(row.key) not in client.get(ACTUALS).content.decode()
    assert client.get(f"{ENTRY}remove/{row.key}/").status_code == 404
    change = reverse("admin:evaluations_correction_change", args=[row.pk])
    assert client.get(change).status_code == 404
    client.post(ACTUALS, {f"{row.key}-revision": row.revision, f"{row.key}-value": "1"})
    row.refresh_from_db()
    assert row.value == Figure("23")


def test_the_secretariat_corrects_the_figure_of_the_zone(client, last, secretariat):
    client.force_login(secretariat)
    by_page(client, value="90", municipality="")
    assert Correction.objects.get().municipality is None
    assert printed(2024) == "90件\n(修正前 88件(速報値))"


def test_the_page_shows_what_stands_and_needs_no_script(client, last):
    client.force_login(User.objects.get(username="kawasaki-1"))
    page = client.get(ACTUALS).content.decode()
    assert "前年度までの実績値を修正する（確報値など）" in page
    assert "川崎市 18件（速報値）" in page
    assert "横浜市 40件" not in page


def test_the_first_year_of_a_plan_has_nothing_to_correct(client, secretariat):
    evaluation = factories.evaluation()
    Evaluation.objects.filter(pk=evaluation.pk).update(fiscal_year=2022)
    evaluation.refresh_from_db()
    moves.move(evaluation, "open", by=secretariat)
    client.force_login(secretariat)
    assert 'id="corrections"' not in client.get("/keihin/2022/entry/actuals/").content.decode()


def test_a_sheet_comes_back_unchanged(client, last, secretariat):
    correct()
    client.force_login(secretariat)
    rows = sheet(client, Correction)
    assert rows[0]["修正後の実績値"] == "23"
    rows[0]["修正の理由"] = "改めて公表"
    confirm_sheet(client, Correction, preview(client, Correction, rows))
    assert Correction.objects.get().reason == "改めて公表"


def test_without_a_reason_nothing_is_handed_in(client, last):
    kawasaki = User.objects.get(username="kawasaki-1")
    row = correct()
    Correction.objects.filter(pk=row.pk).update(reason="")
    (missing,) = (
        item
        for item in campaign.missing_items(year(2024), kawasaki.municipality_id)
        if isinstance(item.row, Correction)
    )
    assert missing.label == "修正の理由"


def test_the_form_for_the_admin_asks_for_all(client, last, secretariat):
    row = correct()
    client.force_login(secretariat)
    address = reverse("admin:evaluations_correction_change", args=[row.pk])
    client.post(address, forms_of(client, address) | {"value": "26"})
    assert Correction.objects.get().value == Figure("26")


def test_the_form_leads_from_the_cell_to_the_correction(client, last):
    row = correct()
    client.force_login(User.objects.get(username="kawasaki-1"))
    form = client.get("/keihin/2024/").content.decode()
    assert f'href="entry/?item={row.key}/value"' in form
