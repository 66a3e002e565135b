"""A whole year in a real Chromium: the sample's 2024 from entry to the sealed page, with and without scripts."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import BooleanField, DecimalField, PositiveSmallIntegerField

from evaluations import catalogue
from evaluations.management.commands.load_sample import PASSWORD
from evaluations.models import Evaluation
from tests.browser import sign_out
from tests.evaluations.campaign import missing_items
from tokku.accounts.models import Municipality
from tokku.fields import FigureField

pytestmark = [pytest.mark.browser, pytest.mark.full]

YEAR = "/keihin/2024/"
OFFICIALS = {"kanagawa": "神奈川県", "yokohama": "横浜市", "kawasaki": "川崎市"}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def window(request, chromium, live_server, strict_templates, settings):
    settings.DEBUG = True
    call_command("load_sample", stdout=StringIO())
    settings.DEBUG = False
    context = chromium.new_context(
        base_url=live_server.url, locale="ja-JP", java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def sign_in(page, username):
    if page.url.startswith("http"):
        sign_out(page)
    page.goto("/sign-in/")
    page.get_by_label("ユーザー名").fill(username)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def fill_in(page, items):
    """Type something into every item, page by page, as its official would."""
    for part in catalogue.PAGES:
        part_items = [item for item in items if catalogue.kind_of(item.row).page == part]
        if not part_items:
            continue
        page.goto(f"{YEAR}entry/{part}/")
        type_into(page, part_items)


def type_into(page, items):
    """Type into those of the items that the page shows, and save."""
    fields = {item.key: page.locator('[name="{}-{}"]'.format(*item.key)) for item in items}
    shown = {item: fields[item.key] for item in items if fields[item.key].count()}
    if not shown:
        return
    for item, field in shown.items():
        match item.row._meta.get_field(item.field):
            case BooleanField(choices=[*_]):
                field.select_option("True")
            case BooleanField():
                field.check()
            case FigureField() | DecimalField() | PositiveSmallIntegerField():
                field.fill("１，２３４")
            case _:
                field.fill(f"{item.label}を記入した。")
    page.get_by_role("button", name="保存する", exact=True).last.click()
    assert "保存しました" in page.content()


def missing(name=None):
    evaluation = Evaluation.objects.get(fiscal_year=2024)
    municipality = name and Municipality.objects.get(name=name).pk
    return missing_items(evaluation, municipality)


def hand_in(page):
    page.goto(f"{YEAR}entry/")
    page.get_by_role("button", name="提出する").click()


def review(page, name, act):
    page.goto(f"{YEAR}review/")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name=act).click()


def set_aside_what_blocks(page):
    """Set aside each finding that blocks sealing, as the typed texts are made up."""
    listed = f"{YEAR}checks/?show=blocking"
    page.goto(listed)
    while (findings := page.locator("article.finding")).count():
        findings.first.locator("summary").click()
        findings.first.get_by_label("確認した理由").fill("見本のため、そのままとする。")
        findings.first.get_by_role("button", name="確認済みにする").click()
        assert "確認済みにしました" in page.content()
        page.goto(listed)


def states():
    evaluation = Evaluation.objects.get(fiscal_year=2024)
    return dict(evaluation.submission_set.values_list("municipality__name", "state"))


@pytest.mark.django_db(transaction=True)
def test_a_year_from_entry_to_the_sealed_page(window):
    page = window
    for username, name in OFFICIALS.items():
        sign_in(page, username)
        fill_in(page, missing(name))
        assert missing(name) == []
        hand_in(page)
    assert set(states().values()) == {"submitted"}

    # A remark and a return with its reason.
    sign_in(page, "secretariat")
    page.goto(f"{YEAR}review/")
    page.get_by_role("link", name="川崎市", exact=True).click()
    page.locator("form:has(textarea[name=text])").first.evaluate(
        "form => { const d = form.closest('details'); if (d) d.open = true; }"
    )
    remark = page.locator("form:has(textarea[name=text])").first
    remark.locator("textarea").fill("出典を確かめてください。")
    remark.get_by_role("button", name="指摘を残す").click()
    page.get_by_label("理由").fill("実績値を確かめてください。")
    page.get_by_role("button", name="差し戻す").click()
    assert states()["川崎市"] == "returned"

    # The official answers, changes a figure and hands in again.
    sign_in(page, "kawasaki")
    page.goto(f"{YEAR}remarks/")
    page.locator("textarea").first.fill("確かめました。")
    page.get_by_role("button", name="回答する").first.click()
    page.goto(f"{YEAR}entry/actuals/")
    page.locator('input[name$="-value"]').first.fill("150")
    page.get_by_role("button", name="保存する", exact=True).last.click()
    hand_in(page)
    assert states()["川崎市"] == "submitted"

    # Approved, the secretariat's own texts, and sealed.
    sign_in(page, "secretariat")
    for name in OFFICIALS.values():
        review(page, name, "承認する")
    assert set(states().values()) == {"approved"}
    fill_in(page, missing())
    set_aside_what_blocks(page)
    page.goto(f"{YEAR}review/")
    page.get_by_role("button", name="確定する").click()
    evaluation = Evaluation.objects.get(fiscal_year=2024)
    assert evaluation.state == "final"

    version = evaluation.sealedversion_set.get()
    page.goto(YEAR)
    assert "第1版" in page.content()
    assert page.locator(".edit-link").count() == 0
    page.goto(f"{YEAR}versions/")
    assert version.sha256[:12] in page.content()
    page.goto(f"{YEAR}log/")
    assert "実績値を確かめてください。" in page.content()
