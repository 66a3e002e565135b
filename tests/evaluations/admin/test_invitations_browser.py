"""Twenty accounts from home: a sheet, its preview, and invitations, in at most eight clicks."""

from io import BytesIO

import pikepdf
import pytest
from django.core import mail
from django.urls import reverse

from tests import factories
from tests.browser import scrolls_sideways, violations
from tokku.accounts.models import User
from tokku.spreadsheets import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLUMNS = ["ユーザー名", "氏名", "メールアドレス", "役割", "所属自治体", "担当する特区"]
ROWS = [
    [f"kawasaki-{n}", f"川崎 {n}子", f"k{n}@example.jp", "担当者", "川崎市", "keihin"]
    for n in range(10, 30)
]


@pytest.fixture
def clicks(page):
    """Every click and choice of the person, as the browser has them. Opening a list and choosing are two."""
    made = []
    page.expose_function("countClick", lambda what: made.append(what))
    page.add_init_script(
        "addEventListener('click', e => { if (e.isTrusted) countClick(e.target.outerHTML.slice(0, 60)) }, true);"
        "addEventListener('change', e => { if (e.target.tagName == 'SELECT') { countClick('open'); countClick('choose') } }, true);"
    )
    return made


@pytest.mark.parametrize(
    "person", ["secretariat", pytest.param("administrator", marks=pytest.mark.full)]
)
def test_twenty_accounts_take_eight_clicks(page, sign_in, settings, clicks, request, person):
    settings.SITE_URL = "https://tokku.example.jp"
    factories.evaluation()
    sign_in(request.getfixturevalue(person))

    page.get_by_role("link", name="利用者をまとめて登録する（Excel・CSV）").click()
    assert violations(page) == []
    with page.expect_file_chooser() as chooser:
        page.locator("#id_sheet").click()
    sheet = xlsx.write("利用者", COLUMNS, ROWS)
    chooser.value.set_files({"name": "利用者.xlsx", "mimeType": "", "buffer": sheet})
    page.get_by_role("button", name="内容を確かめる").click()
    assert page.get_by_text("追加 20行").is_visible()
    assert violations(page) == []
    page.get_by_role("button", name="この内容で取り込む").click()
    page.get_by_text("利用者 20件").first.wait_for()
    assert page.locator("#result_list tbody tr").count() == 20
    assert violations(page) == []
    page.locator("#action-toggle").check()
    page.get_by_label("操作").select_option("mail_invitations")
    page.get_by_role("button", name="実行").click()

    page.get_by_text("20人に招待のメールを送りました。").wait_for()
    assert len(mail.outbox) == 20
    assert len(clicks) <= 8, clicks


def test_sheets_are_printed_a_page_each(page, sign_in, secretariat, settings, live_server):
    settings.SITE_URL = live_server.url
    factories.evaluation()
    for number in (1, 2, 3):
        factories.user(f"kawasaki-{number}")
    sign_in(secretariat)
    page.goto(reverse("admin:accounts_user_changelist") + "?role__exact=official")
    page.locator("#action-toggle").check()
    page.get_by_label("操作").select_option("print_invitations")
    page.get_by_role("button", name="実行").click()
    page.get_by_role("heading", name="利用者登録のお知らせ").first.wait_for()
    assert violations(page) == []
    assert not scrolls_sideways(page)

    printed = page.pdf(prefer_css_page_size=True)

    with pikepdf.open(BytesIO(printed)) as document:
        assert len(document.pages) == 3

    link = page.locator(".invitation__code", has_text="/password/").first.inner_text()
    page.context.clear_cookies()
    page.goto(link)
    assert violations(page) == []
    page.get_by_label("新しいパスワード", exact=True).fill("atarashii-aikotoba")
    page.get_by_label("新しいパスワード（確認）").fill("atarashii-aikotoba")
    page.get_by_role("button", name="設定する").click()
    page.get_by_text("パスワードを設定しました。").wait_for()
    assert User.objects.get(username="kawasaki-1").check_password("atarashii-aikotoba")
