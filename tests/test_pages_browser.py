"""What people see and do, in a real Chromium: from signing in to the printed paper."""

import re
import subprocess
from collections import Counter

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from evaluations import sample
from evaluations.catalogue.words import OMITTED
from evaluations.form import compose
from evaluations.models import Evaluation, Submission, TargetAssessment
from evaluations.records.load import load
from evaluations.sealed.media import DRAFT
from evaluations.workflow import SubmissionState
from supports.models import SchemeResult
from tests import factories, paper
from tests.browser import (
    SCREENS,
    scrolls_sideways,
    session_of,
    sign_in_by_password,
    sign_out,
    violations,
)
from tests.evaluations import campaign
from tokku.document.tree import Orientation, Table

pytestmark = pytest.mark.browser

FORM = "/keihin/2023/"
PRINT = "/keihin/2023/print/"
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


@pytest.mark.usefixtures("screen")
def test_from_signing_in_to_the_print_view(page, official, document):
    words = squeezed("".join(document.words()))
    page.goto(FORM)
    assert page.url.endswith(f"/sign-in/?next={FORM}")
    assert violations(page) == []
    assert not scrolls_sideways(page)

    sign_in_by_password(page, official)
    assert page.get_by_role("heading", level=1).inner_text() == "ホーム"
    assert violations(page) == []
    assert not scrolls_sideways(page)

    page.get_by_role("link", name="令和5年度の評価書", exact=True).click()
    page.wait_for_url(f"**{FORM}")  # and until the whole of it is there
    assert squeezed(page.locator("article.document").inner_text()) == words
    assert violations(page) == []
    assert not scrolls_sideways(page)

    page.get_by_role("link", name="印刷用の表示").click()
    page.wait_for_url(f"**{PRINT}")
    assert squeezed(page.locator("article.document").inner_text()) == words
    assert violations(page) == []
    assert not scrolls_sideways(page)

    page.get_by_role("link", name="評価書へ戻る").click()
    sign_out(page)
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


def test_pages_need_no_script(chromium, live_server, official, evaluation):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([session_of(official, live_server)])
    page = context.new_page()
    page.goto(PRINT)
    expect(page.get_by_role("button", name="印刷する")).to_be_hidden()
    expect(page.get_by_text("（Ctrl＋P）")).to_be_visible()
    page.goto(FORM)
    expect(page.get_by_role("link", name="7 総合評価")).to_be_visible()
    context.close()


# On paper


@pytest.fixture
def printed(page, sign_in, official, evaluation, tmp_path):
    """The file that an address prints to."""

    def printed(url):
        sign_in(official)
        page.goto(url)
        pdf = tmp_path / "printed.pdf"
        page.pdf(path=pdf, prefer_css_page_size=True)
        return pdf

    return printed


@pytest.fixture
def pages_of(printed):
    """The words and the size of each page that an address prints; pages are numbered from 1."""

    def pages_of(url):
        pdf = printed(url)

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
            # What stands in the margins is the first thing that Chromium writes.
            margins = f"{DRAFT}{number}"
            assert words_of_page.startswith(margins)
            size = (round(float(width)), round(float(height)))
            pages.append((words_of_page.removeprefix(margins), size))
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


@pytest.mark.parametrize("url", [PRINT, pytest.param(FORM, marks=pytest.mark.full)])
def test_each_page_of_a_part_says_whose_it_is(printed, url):
    Submission.objects.filter(municipality__name="横浜市").update(state=SubmissionState.DRAFT)
    pages = paper.pages(printed(url).read_bytes())
    assert len(pages) > 10
    for page in pages:
        above = [word.text for word in page.words if word.middle < 14 * paper.MM]
        assert above == ["案（神奈川県・川崎市分）"]
    assert any(paper.squeezed(OMITTED) in page.text for page in pages)


@pytest.mark.parametrize("url", [PRINT, pytest.param(FORM, marks=pytest.mark.full)])
def test_sealed_year_is_printed_without_a_mark(printed, evaluation, secretariat, url):
    campaign.sealed_as_it_is(evaluation, secretariat)
    Evaluation.objects.update(state="final")
    for number, page in enumerate(paper.pages(printed(url).read_bytes()), 1):
        size = 14 * paper.MM
        margins = [w for w in page.words if not size < w.middle < page.height - size]
        assert [word.text for word in margins] == [str(number)]


def test_older_browsers_say_that_it_is_a_draft_within_the_page(page, sign_in, official, evaluation):
    """Those that know no words in the margins of a page."""
    sign_in(official)
    page.goto(PRINT)
    page.emulate_media(media="print")
    assert not page.locator(".draft").is_visible()
    css = page.request.get("/static/print.css").text()
    css = css.replace("@supports not (", "@supports (")
    page.route("**/print.css", lambda route: route.fulfill(body=css, content_type="text/css"))
    page.reload()
    assert page.locator(".draft").is_visible()


def without_repeated_headers(pages, document):
    """What the pages say together, in the order of the document and each header of a table once."""
    expected = squeezed("".join(document.words()))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    headers = {
        squeezed(
            "".join(cell.text for row in table.rows[: table.header_rows] for cell in row.cells)
        )
        for table in tables
    } - {""}
    whole = ""
    for words in pages:
        if not expected.startswith(whole + words):
            header = next((header for header in headers if words.startswith(header)), "")
            words = words.removeprefix(header)
        whole += words
    return whole


def test_paper_says_what_the_pdf_says_on_pages_of_the_same_orientation(
    pages_of, document, client, official
):
    of_the_browser = pages_of(PRINT)
    words = without_repeated_headers([words for words, _ in of_the_browser], document)
    client.force_login(official)
    pdf = client.get("/keihin/2023/evaluation.pdf").content
    assert paper.squeezed(words) == paper.squeezed(paper.structure(pdf).text)

    starts = [paper.squeezed(section.blocks[0].text) for section in document.sections]
    of_the_pdf = [(page.text, page.size) for page in paper.pages(pdf)]
    for pages in (of_the_browser, of_the_pdf):
        begun = [
            size for words, size in pages if any(start in paper.squeezed(words) for start in starts)
        ]
        assert begun == [A4, *[A4[::-1]] * (len(starts) - 1)]


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
    pages_of_table = [
        words for words in pages if any(name in words and header in words for name in names)
    ]
    assert len(pages_of_table) > 1
    for name in names:
        assert any(name in words for words in pages_of_table)


@pytest.mark.parametrize(
    "text",
    [
        "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
        pytest.param(
            "https://www.example.lg.jp/" + "evaluation-2023-" * 12 + "?page=1&x=2",
            marks=pytest.mark.full,
        ),
        "長い文章が続き、途中で切れることなく最後まで読めます。" * 111,
    ],
)
def test_nothing_is_cut_off_on_paper_however_long(printed, text):
    for assessment in TargetAssessment.objects.all():
        assessment.self_assessment = text
        assessment.save()
    for row in SchemeResult.objects.all()[:10]:
        row.outline = row.result = text
        row.name = row.other_bodies = text[: 300 - row.pk % 100]
        row.save()
    margins = {A4: (22, 20, 20), A4[::-1]: (15, 14, 15)}
    pages = paper.pages(printed(PRINT).read_bytes())
    assert [cut for page in pages for cut in page.cut(*margins[page.size])] == []
    letters = Counter("".join(page.text for page in pages))
    wanted = Counter(paper.squeezed([text] * 20))
    assert letters >= wanted
