"""A whole hand-in with the keyboard alone: at every stop the focus is seen."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Actual, Submission
from supports.models import RegionalText
from tests import factories
from tests.browser import SCREENS
from tests.evaluations.views.entry import open_year
from tests.evaluations.views.test_entry_browser import fill_in

pytestmark = pytest.mark.browser

# The focused element, and whether that is visible: outlined, within the window and not covered.
STOP = """() => {
  const on = document.activeElement, style = getComputedStyle(on);
  const box = on.getClientRects()[0] ?? on.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const above = document.elementFromPoint(x, y);
  return {
    tag: on.tagName, name: on.name ?? "", href: on.getAttribute("href") ?? "", html: on.outerHTML.slice(0, 200),
    text: on.textContent,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    uncovered: on.contains(above) || Boolean(above?.contains(on)),
  };
}"""


def tab_to(page, is_meant, most=150):
    """Tab on until the element is reached."""
    page.wait_for_load_state()
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["tag"] == "BODY":
            continue  # Past the last element; the focus starts again at the first.
        assert stop["outlined"], stop
        assert stop["uncovered"], stop
        if is_meant(stop):
            return
    raise AssertionError("not reached with the Tab key")


def enter(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")


def to_link(end):
    return lambda stop: stop["tag"] == "A" and stop["href"].endswith(end)


def to_button(text):
    return lambda stop: stop["tag"] == "BUTTON" and stop["text"].strip() == text


def to_field(end):
    return lambda stop: stop["name"].endswith(end)


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: "x".join(map(str, size)))
def test_whole_hand_in_without_a_pointer(page, official, secretariat, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    evaluation = open_year(secretariat)
    fill_in(evaluation, but=[Actual, RegionalText])

    page.goto("/")
    tab_to(page, to_field("username"))
    page.keyboard.type(official.username)
    tab_to(page, to_field("password"))
    page.keyboard.type(factories.PASSWORD)
    enter(page)

    tab_to(page, to_link("/keihin/2023/entry/"))
    enter(page)
    tab_to(page, to_link("/entry/actuals/"))
    enter(page)
    tab_to(page, to_field("-value"))
    page.keyboard.type("５")
    page.keyboard.press("Enter")  # from the last figure to the button
    enter(page)
    expect(page.get_by_text("を保存しました。")).to_be_visible()

    tab_to(page, to_link("/entry/texts/"))
    enter(page)
    part = RegionalText.objects.get(evaluation=evaluation, municipality=official.municipality)
    tab_to(page, to_field(f"regionaltext/{part.pk}-text"))
    page.keyboard.type("記入した。")
    tab_to(page, to_button("保存する"))
    enter(page)
    expect(page.get_by_text("を保存しました。")).to_be_visible()

    tab_to(page, to_link("/2023/entry/"))
    enter(page)
    tab_to(page, to_button("提出する"))
    enter(page)
    expect(page.get_by_text("川崎市の入力を提出しました。")).to_be_visible()
    submission = Submission.objects.get(
        evaluation=evaluation, municipality=official.municipality_id
    )
    assert submission.state == "submitted"
