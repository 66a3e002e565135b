"""Pictures of figures in a real Chromium: accessible at every size, reached with the keyboard, printed in black."""

import pytest

from evaluations import sample
from evaluations.years.rows_at_opening import prepare_rows
from tests import factories
from tests.browser import scrolls_sideways, violations
from tests.evaluations import campaign

pytestmark = pytest.mark.browser

FIGURES = "/keihin/2023/figures/"
PAGES = [FIGURES, *(f"{FIGURES}{page}/" for page in ("1-1", "1", "1-1/2023", "fiscal"))]


@pytest.fixture
def year(secretariat):
    """The sample's 2023, handed in, so that everybody sees all of it."""
    year = factories.evaluation(sample.evaluations()[2023])
    campaign.put(year, "open", secretariat)
    prepare_rows(year)
    for submission in year.submission_set.all():
        campaign.put(submission, "approved", secretariat)
    return year


@pytest.mark.parametrize(
    "width",
    [
        pytest.param(320, marks=pytest.mark.full),
        pytest.param(390, marks=pytest.mark.full),
        1280,
        pytest.param(1920, marks=pytest.mark.full),
    ],
)
def test_pages_are_accessible_and_do_not_scroll_sideways(page, sign_in, reader, year, width):
    page.set_viewport_size({"width": width, "height": 720})
    sign_in(reader)
    for url in (*PAGES, "/keihin/2023/"):
        page.goto(url)
        assert violations(page) == [], url
        assert not scrolls_sideways(page), url


def test_from_the_form_to_who_entered_it_with_the_keyboard(page, sign_in, secretariat, year):
    sign_in(secretariat)
    page.goto("/keihin/2023/")
    page.get_by_role("link", name="進捗度 145%の計算の根拠").press("Enter")
    page.wait_for_url(f"**{FIGURES}1-1/2023/")
    assert (
        page.get_by_role("heading", level=1).inner_text()
        == "計算の根拠：数値目標（1）－① 令和5年度"
    )
    page.get_by_role("link", name="数値目標（1）－①").press("Enter")
    page.wait_for_url(f"**{FIGURES}1-1/")
    assert page.get_by_role("img", name="累計と計画期間の目標").is_visible()
    assert page.get_by_role("img", name="各年度の目標値と実績値").is_visible()


def test_texts_of_a_picture_do_not_run_into_each_other(page, sign_in, reader, year):
    sign_in(reader)
    for url in (f"{FIGURES}1-3/", FIGURES):
        page.goto(url)
        overlaps = page.evaluate(
            """() => [...document.querySelectorAll('svg.picture')].flatMap((svg) => {
                const boxes = [...svg.querySelectorAll('text')]
                    .filter((text) => text.textContent)
                    .map((text) => [text.textContent, text.getBoundingClientRect()]);
                const frame = svg.getBoundingClientRect();
                return boxes.flatMap(([name, a], i) => [
                    ...(a.left < frame.left || a.right > frame.right + 1 ? [name] : []),
                    ...boxes.slice(i + 1).filter(([, b]) =>
                        a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom
                    ).map(([other]) => `${name} × ${other}`),
                ]);
            })"""
        )
        assert overlaps == []


def test_print_is_black_and_hatched(page, sign_in, reader, year):
    sign_in(reader)
    page.goto(f"{FIGURES}1-1/")
    page.emulate_media(media="print")
    colour = "(one) => getComputedStyle(one).fill"
    assert page.locator(".picture__actual").first.evaluate(colour) == "rgb(0, 0, 0)"
    assert "hatch" in page.locator(".picture__target").first.evaluate(colour)
    assert not page.get_by_role("link", name="パスワードの変更").is_visible()


def test_tables_stay_tables_on_paper(page, sign_in, reader, year):
    sign_in(reader)
    page.set_viewport_size({"width": 700, "height": 1000})
    page.goto(FIGURES)
    page.emulate_media(media="print")
    display = "(one) => getComputedStyle(one).display"
    assert page.locator(".list tbody tr").first.evaluate(display) == "table-row"
    assert page.locator(".list td.figure").first.evaluate(display) == "table-cell"


def test_pictures_can_be_read_in_colours_of_ones_own_choice(page, sign_in, reader, year):
    sign_in(reader)
    page.emulate_media(forced_colors="active", color_scheme="dark")
    for url, picture in ((FIGURES, ".picture-small"), (f"{FIGURES}1-1/", ".picture")):
        page.goto(url)
        ground = page.locator(picture).first.evaluate(
            "(one) => getComputedStyle(one).backgroundColor"
        )
        assert ground == "rgb(255, 255, 255)"
