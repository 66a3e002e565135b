"""What people see and do, in a real Chromium: from signing in to the printed paper."""

import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from evaluations import sample
from evaluations.form import compose
from evaluations.form.records import load
from evaluations.models import Submission
from evaluations.workflow import SubmissionState
from tests import factories
from tokku.document.tree import Orientation, Table

pytestmark = pytest.mark.browser

FORM = "/keihin/2023/"
PRINT = "/keihin/2023/print/"
SCREENS = [(1280, 720), (1920, 1080), (390, 844)]
A4 = (595, 842)  # in points


def squeezed(text):
    return "".join(text.split())


@pytest.fixture
def evaluation(official):
    """The sample: as long as a real one, and handed in, so that everybody sees all of it."""
    evaluation = factories.evaluation(sample.evaluations()[2023])
    for municipality in evaluation.zone.municipalities.all():
        Submission.objects.create(
            evaluation=evaluation,
            municipality=municipality,
            state=SubmissionState.APPROVED,
            submitted_at=timezone.now(),
            submitted_by=official,
        )
    return evaluation


@pytest.fixture
def document(evaluation):
    return compose(load(evaluation))


@pytest.fixture(params=SCREENS, ids=lambda size: "x".join(map(str, size)))
def screen(request, page):
    page.set_viewport_size(dict(zip(("width", "height"), request.param, strict=True)))


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def assert_accessible(page):
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []


@pytest.mark.usefixtures("screen")
def test_from_signing_in_to_the_print_view(page, sign_in, official, document):
    words = squeezed("".join(document.words()))
    page.goto(FORM)
    assert page.url.endswith(f"/sign-in/?next={FORM}")
    assert_accessible(page)
    assert not scrolls_sideways(page)

    sign_in(official)
    assert page.get_by_role("heading", level=1).inner_text() == "評価書の一覧"
    assert_accessible(page)
    assert not scrolls_sideways(page)

    page.get_by_role("link", name="令和5年度").click()
    assert page.url.endswith(FORM)
    assert squeezed(page.locator("article.document").inner_text()) == words
    assert_accessible(page)
    assert not scrolls_sideways(page)

    page.get_by_role("link", name="印刷用の表示").click()
    assert page.url.endswith(PRINT)
    assert squeezed(page.locator("article.document").inner_text()) == words
    assert_accessible(page)
    assert not scrolls_sideways(page)

    page.get_by_role("link", name="評価書へ戻る").click()
    page.get_by_role("button", name="ログアウト").click()
    assert page.get_by_role("heading", level=1).inner_text() == "ログイン"


def test_pages_reflow_on_the_narrowest_screen(page, sign_in, official, evaluation):
    """320 pixels: the narrowest that WCAG asks for, and 1280 at 400 %."""
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(official)
    for url in ("/", FORM, PRINT, "/sign-in/"):
        page.goto(url)
        assert not scrolls_sideways(page)


@pytest.mark.usefixtures("screen")
def test_table_of_contents_is_worked_with_the_keyboard(page, sign_in, official, evaluation):
    sign_in(official)
    page.goto(FORM)
    contents = page.get_by_role("navigation", name="目次")
    link = contents.get_by_role("link", name="7 総合評価")
    wide = page.viewport_size["width"] >= 1024
    assert link.is_visible() is wide
    if not wide:
        contents.locator("summary").press("Enter")
    link.press("Enter")
    heading = page.get_by_role("heading", name="7 総合評価")
    assert heading.bounding_box()["y"] < page.viewport_size["height"]


def test_skip_link_comes_first_and_leads_to_the_page(page, sign_in, official, evaluation):
    sign_in(official)
    page.goto(FORM)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "本文へ移動"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_print_button_opens_the_browsers_dialogue(page, sign_in, official, evaluation):
    sign_in(official)
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(PRINT)
    page.get_by_role("button", name="印刷する").click()
    assert page.evaluate("window.printed")


def test_pages_need_no_script(chromium, live_server, official, evaluation, client):
    client.force_login(official)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([cookie | {"url": live_server.url}])
    page = context.new_page()
    page.goto(PRINT)
    assert not page.get_by_role("button", name="印刷する").is_visible()
    assert page.get_by_text("（Ctrl＋P）").is_visible()
    page.goto(FORM)
    assert page.get_by_role("link", name="7 総合評価").is_visible()
    context.close()


# On paper


@pytest.fixture
def pages_of(page, sign_in, official, evaluation, tmp_path):
    """The words and the size of each page that an address prints; pages are numbered from 1."""

    def pages_of(url):
        sign_in(official)
        page.goto(url)
        pdf = tmp_path / "printed.pdf"
        page.pdf(path=pdf, prefer_css_page_size=True)

        def output(*command):
            return subprocess.run(command, capture_output=True, check=True, text=True).stdout

        sizes = re.findall(
            r"Page +\d+ size: +([\d.]+) x ([\d.]+)", output("pdfinfo", "-l", "999", pdf)
        )
        words = map(squeezed, output("pdftotext", "-raw", pdf, "-").split("\f"))
        pages = []
        for number, (words_of_page, (width, height)) in enumerate(
            zip(words, sizes, strict=False), 1
        ):
            # The number of the page is the first thing that Chromium writes.
            assert words_of_page.startswith(str(number))
            size = (round(float(width)), round(float(height)))
            pages.append((words_of_page.removeprefix(str(number)), size))
        return pages

    return pages_of


@pytest.mark.parametrize("url", [PRINT, FORM])
def test_document_alone_is_printed_its_body_upright_and_its_annexes_across(pages_of, document, url):
    pages = pages_of(url)
    everything = "".join(words for words, _ in pages)
    for control in ("ログアウト", "印刷する", "評価書へ戻る", "目次", "本文へ移動"):
        assert control not in everything
    firsts = [squeezed(next(iter(section.blocks[0].words()))) for section in document.sections]
    expected = {Orientation.PORTRAIT: A4, Orientation.LANDSCAPE: A4[::-1]}
    section = -1
    for words, size in pages:
        if section + 1 < len(firsts) and words.startswith(firsts[section + 1]):
            section += 1  # Each section begins a page.
        assert size == expected[document.sections[section].orientation]
    assert section == len(firsts) - 1


def test_each_sheet_of_annex_1_is_one_page(pages_of, document):
    title = squeezed("■ 目標に向けた取組の進捗に関する評価")
    sheets = [section for section in document.sections if section.label.startswith("別紙1")]
    printed = [words for words, _ in pages_of(PRINT) if words.startswith(title)]
    assert len(printed) == len(sheets) > 1
    assert all("※寄与度:一つの評価指標" in words for words in printed)


def test_long_table_repeats_its_header_on_every_page(pages_of, document):
    table = max(
        (block for block in document.sections[-1].blocks if isinstance(block, Table)),
        key=lambda table: len(table.rows),
    )
    header = squeezed("".join(cell.text for cell in table.rows[0].cells))
    pages = [words for words, _ in pages_of(PRINT)]
    names = [squeezed(row.cells[0].text) for row in table.rows[1:]]
    spanned = [words for words in pages if any(name in words and header in words for name in names)]
    assert len(spanned) > 1
    for name in names:
        assert any(name in words for words in spanned)
