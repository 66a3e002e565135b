"""The next year and the data of the years before, in a real Chromium."""

import re

import pytest
from playwright.sync_api import expect

from evaluations.models import Evaluation
from evaluations.sample import evaluations
from tests import factories
from tests.browser import SCREENS, scrolls_sideways, violations
from tests.evaluations import campaign

pytestmark = pytest.mark.browser


@pytest.fixture
def last_evaluation(secretariat):
    evaluation = factories.evaluation(evaluations()[2023])
    campaign.sealed_as_it_is(evaluation, secretariat)
    campaign.put(evaluation, "final", secretariat)
    return evaluation


def test_year_is_listed_made_and_opened(page, sign_in, secretariat, last_evaluation):
    sign_in(secretariat)
    page.get_by_role("link", name="令和6年度の評価書を用意する").click()
    page.locator("summary", has_text="解決策の一覧（3件）").click()
    expect(page.get_by_text("解決策2", exact=True)).to_be_visible()
    page.get_by_role("button", name="令和6年度の評価書を用意する").click()
    assert page.url.endswith("/keihin/2024/review/")
    page.get_by_role("button", name="入力を開始する").click()
    assert Evaluation.objects.get(fiscal_year=2024).state == "open"


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("url", ["/keihin/2024/open/", "/keihin/data/"])
def test_pages_are_accessible_on_every_screen(
    page, sign_in, secretariat, last_evaluation, url, size
):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    sign_in(secretariat)
    page.goto(url)
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_data_is_downloaded(page, sign_in, reader, last_evaluation):
    sign_in(reader)
    page.get_by_role("link", name="確定した評価書のデータ").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV.*数値目標の")).click()
    assert download.value.suggested_filename == "keihin-figures.csv"
