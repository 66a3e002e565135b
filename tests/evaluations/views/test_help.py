"""使い方 says what the pages say, and its links lead somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.evaluations.views.review import words

ROOT = Path(settings.BASE_DIR)
HELP = ROOT / "templates" / "help"


@pytest.fixture
def page(client):
    return client.get(reverse("help")).content.decode()


def test_links_within_the_page_lead_to_a_place_on_it(page):
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links >= {"offline", "after", "posts", "trouble", "step-10"}
    assert links <= set(re.findall(r'id="([^"]+)"', page))


def test_every_label_that_is_quoted_is_on_some_page(page):
    """A button that gets another name is renamed in 使い方 too."""
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "tokku").rglob("*.py")]
    sources += [*(ROOT / "evaluations").rglob("*.py"), *(ROOT / "supports").rglob("*.py")]
    said = "".join(path.read_text() for path in sources if HELP not in path.parents)
    quoted = set(re.findall("「([^「」]+)」", words(page[page.index("<main") :]).replace(" ", "")))
    assert {label for label in quoted if label not in said.replace(" ", "")} == set()
