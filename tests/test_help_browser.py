"""使い方 and 用語集 in a real Chromium, and the pictures of 使い方, which are taken here.

`make help-pictures` takes them anew; without it the test says when a page no longer looks like its picture.
"""

import json
import os
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Locator, Page

from evaluations import moves
from evaluations.models import Achievement, Actual, Evaluation
from tests import factories
from tests.browser import SCREENS, scrolls_sideways, session_of, violations
from tests.evaluations import campaign
from tokku.accounts.models import User

pytestmark = pytest.mark.browser

FOLDER = Path(settings.BASE_DIR) / "tokku" / "static" / "help"
WORDS = Path(__file__).parent / "help_pictures.json"
SIZE = (1080, 640)  # templates/help/_picture.html says so too
MOST_BYTES, MOST_BYTES_OF_ALL = 60_000, 500_000
RENEWS = os.environ.get("HELP_PICTURES") == "renew"

YEAR = "/keihin/2024/"


# The pictures


@pytest.fixture
def sample(live_server, settings):
    settings.DEBUG = True
    call_command("load_sample", stdout=StringIO())
    settings.DEBUG = False


@pytest.fixture
def page_of(chromium, live_server, strict_templates, sample):
    """A page that a person of the sample has open."""
    contexts = []

    def page_of(username: str) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale="ja-JP",
            viewport=dict(zip(("width", "height"), SIZE, strict=True)),
        )
        contexts.append(context)
        context.add_cookies([session_of(User.objects.get(username=username), live_server)])
        return context.new_page()

    yield page_of
    for context in contexts:
        context.close()


def framed(page: Page, locator: Locator) -> Page:
    """The page with the element in the middle of the picture, in a red frame."""
    locator.first.evaluate(
        """element => {
            element.scrollIntoView({ block: "center" });
            element.style.outline = "4px solid #ce0000";
            element.style.outlineOffset = "4px";
        }"""
    )
    return page


def show(page: Page, url: str, locator: Locator) -> Page:
    page.goto(url)
    return framed(page, locator)


def pictures(page_of) -> Iterator[tuple[str, Page]]:
    """Each picture's name and the page that it shows, in the course of the sample's year."""
    official, secretariat = page_of("kawasaki"), page_of("secretariat")
    evaluation = Evaluation.objects.get(fiscal_year=2024)
    kawasaki = factories.municipality("川崎市")
    entry = f"{YEAR}entry/"
    review = f"{YEAR}review/{kawasaki.code}/"

    def button(page, name):
        return page.get_by_role("button", name=name, exact=True)

    yield (
        "open-year",
        show(secretariat, "/keihin/2025/open/", secretariat.locator("main form .button")),
    )
    yield "home", show(official, "/", official.locator("main a.button"))
    yield "entry", show(official, entry, official.locator(".parts"))
    figure = official.locator('input[name$="-value"]')
    yield "actuals", show(official, f"{entry}actuals/", figure)
    text = official.locator('textarea[name*="achievement/"]')
    yield "texts", show(official, f"{entry}texts/", text)
    result = official.locator('textarea[name$="-result"]')
    yield "supports", show(official, f"{entry}supports/", result)
    achievement = Achievement.objects.filter(
        approach__evaluation=evaluation, municipality=kawasaki
    ).first()
    achievement.text = "試作を3件支援した（うち共同研究が2件。"  # without its closing bracket
    achievement.save()
    mend = official.get_by_role("link", name="この欄を直す")
    yield "checks", show(official, f"{YEAR}checks/", mend)

    achievement.text = "試作を3件支援した（うち共同研究が2件）。"
    achievement.save()
    for row in Actual.objects.filter(fiscal_year=2024, municipality=kawasaki, value=None):
        before = Actual.objects.get(target=row.target, fiscal_year=2023, municipality=kawasaki)
        row.value = before.value.number + 1
        row.save()
    campaign.fill(evaluation, kawasaki.pk)
    yield "hand-in", show(official, entry, button(official, "提出する"))
    submission = campaign.submission(evaluation)
    moves.move(submission, "submit", by=User.objects.get(username="kawasaki"))
    secretariat.goto(review)
    secretariat.locator("details.write-remark").first.evaluate("details => { details.open = true }")
    yield "review", framed(secretariat, button(secretariat, "指摘を残す"))
    by = User.objects.get(username="secretariat")
    moves.move(submission, "return", by=by, reason="投資額の出典を確かめてください。")
    yield "returned", show(official, entry, official.locator("section:has(#returned)"))
    for name in ("kanagawa", "yokohama", "kawasaki"):
        moves.move(campaign.hand_in(evaluation, User.objects.get(username=name)), "approve", by=by)
    campaign.fill(evaluation)
    campaign.set_aside(Evaluation.objects.get(fiscal_year=2024), by)
    yield "seal", show(secretariat, f"{YEAR}review/", button(secretariat, "確定する"))
    bundle = secretariat.get_by_role("link", name="提出用ファイル一式（ZIP）")
    yield "sealed", show(secretariat, "/keihin/2023/", bundle)


def words_in(page: Page) -> list[str]:
    """The title of the page, and the buttons that are in the picture."""
    return page.evaluate(
        """() => [...document.querySelectorAll("h1, main button, main .button")]
            .filter(element => {
                const box = element.getBoundingClientRect();
                return element.matches("h1")
                    || (box.width > 1 && box.top >= 0 && box.bottom <= window.innerHeight);
            })
            .map(element => element.textContent.replace(/\\s+/g, " ").trim())"""
    )


def as_webp(picture: bytes) -> bytes:
    """The picture as WebP with 64 colours, which is small and sharp."""
    file = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(64, dither=Image.Dither.NONE).convert(
        "RGB"
    ).save(file, "WEBP", lossless=True, quality=100, method=6)
    return file.getvalue()


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_pictures_show_the_pages_as_they_are(page_of):
    taken = {}
    for name, page in pictures(page_of):
        taken[name] = words_in(page)
        if RENEWS:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / f"{name}.webp").write_bytes(as_webp(page.screenshot()))
    if RENEWS:
        WORDS.write_text(json.dumps(taken, ensure_ascii=False, indent=2) + "\n")
    assert taken == json.loads(WORDS.read_text()), "make help-pictures takes the pictures anew"


def test_pictures_are_small_and_of_the_size_that_the_page_makes_room_for():
    files = {path.stem: path for path in FOLDER.iterdir()}
    assert files.keys() == json.loads(WORDS.read_text()).keys()
    sizes = {name: path.stat().st_size for name, path in files.items()}
    assert max(sizes.values()) <= MOST_BYTES, sizes
    assert sum(sizes.values()) <= MOST_BYTES_OF_ALL, sizes
    for path in files.values():
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == ("WEBP", SIZE)


# The pages


@pytest.fixture(params=SCREENS, ids=lambda size: "x".join(map(str, size)))
def screen(request, page):
    page.set_viewport_size(dict(zip(("width", "height"), request.param, strict=True)))


def assert_sound(page):
    assert violations(page) == []
    assert not scrolls_sideways(page)


@pytest.mark.usefixtures("screen")
def test_from_signing_in_to_the_meaning_of_a_term(page, official):
    page.goto("/sign-in/")
    page.get_by_role("link", name="使い方").click()
    assert page.get_by_role("heading", level=1).inner_text() == "使い方"
    assert_sound(page)
    page.get_by_role("link", name="差し戻す", exact=True).click()
    assert page.url.endswith("/help/terms/#return")
    assert page.locator("#return:target dt").inner_text() == "差戻し"
    assert_sound(page)


@pytest.mark.parametrize(
    ("person", "marked_steps"), [("official", 7), ("secretariat", 10), ("reader", 0)]
)
def test_own_work_is_marked(page, sign_in, request, person, marked_steps):
    sign_in(request.getfixturevalue(person))
    page.get_by_role("banner").get_by_role("link", name="使い方").click()
    assert page.locator(".step__own").count() == marked_steps
    assert page.locator("section.step").count() == 10
    assert_sound(page)


@pytest.mark.usefixtures("screen")
def test_pictures_are_there_when_they_come_into_view_and_move_nothing(page):
    page.goto("/help/")
    page.evaluate(
        """() => {
            window.shifted = 0;
            new PerformanceObserver(list => {
                for (const entry of list.getEntries()) window.shifted += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
        }"""
    )
    shown = []
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete", arg=picture.element_handle())
        assert picture.evaluate("image => image.naturalWidth") == SIZE[0]
        assert len(picture.get_attribute("alt")) > 20
        shown.append(Path(picture.get_attribute("src")).stem)
    assert sorted(shown) == sorted(json.loads(WORDS.read_text()))
    assert page.evaluate("window.shifted") == 0
