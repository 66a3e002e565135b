"""From the blocks of the form's page to the fields, and back."""

import re
from html import unescape

import pytest

from evaluations.form import compose
from evaluations.permissions import Access
from evaluations.records.load import load_for
from tests.evaluations.campaign import items_of
from tests.evaluations.views.entry import ENTRY, open_year
from tests.evaluations.views.test_entry_pages import close, hand_in, read
from tests.evaluations.views.test_evaluation_form import document_of, words
from tests.worlds import world

FORM = "/keihin/2023/"


@world
def evaluation(secretariat):
    return open_year(secretariat)


def links(page):
    return re.findall(
        r'<a class="edit-link" id="([^"]*)" href="([^"]*)" aria-label="([^"]*)"', page
    )


def test_links_lead_to_own_fields_and_back(client, official, evaluation):
    page_links = links(read(client, official, FORM))
    own_keys = {str(item.key) for item in items_of(evaluation, official.municipality_id)}
    assert page_links
    for id_, href, label in page_links:
        assert href.removeprefix("entry/?item=") in own_keys
        page, target = client.get(f"{FORM}{href}").url.split("#")
        entry_html = client.get(page).content.decode()
        assert f'id="{target}"' in entry_html
        assert f'href="{FORM}#{id_}"' in entry_html
        assert label.endswith("を入力する")
    assert len({id_ for id_, _, _ in page_links}) == len(page_links)


def test_each_link_stands_before_what_its_field_says(client, secretariat, evaluation):
    page = read(client, secretariat, FORM)
    texts = {str(item.key): item.text.split("\n")[0] for item in items_of(evaluation)}
    linked = re.findall(r'href="entry/\?item=([^"]*)" aria-label="[^"]*"></a>([^<]*)', page)
    assert len([key for key, _ in linked if texts[key]]) > 10
    assert [key for key, text in linked if texts[key] not in unescape(text)] == []


def test_secretariat_is_led_to_every_field(client, secretariat, evaluation):
    hrefs = {href for _, href, _ in links(read(client, secretariat, FORM))}
    assert f"entry/?item={evaluation.key}/overall" in hrefs


def test_item_that_is_filled_in_nowhere_is_not_found(client, official, evaluation):
    client.force_login(official)
    for item in ("x", "evaluations.zone/1/name", "a.b/c/d"):
        assert client.get(f"{ENTRY}?item={item}").status_code == 404


def test_document_says_the_same_words(client, official, evaluation):
    page = read(client, official, FORM)
    document = compose(load_for(Access(official, evaluation)).contents)
    assert words(document_of(page)) == "".join("".join(document.words()).split())


def test_reader_has_no_links(client, reader, evaluation):
    page = read(client, reader, FORM)
    assert links(page) == []
    assert ENTRY not in page


@pytest.mark.parametrize("state", ["final", "sent"])
def test_nobody_has_links_once_it_is_sealed(client, secretariat, evaluation, state):
    close(state)
    assert links(read(client, secretariat, FORM)) == []


def test_official_has_no_links_once_handed_in(client, official, evaluation):
    hand_in(official)
    assert links(read(client, official, FORM)) == []


def test_print_view_has_no_links(client, official, evaluation):
    assert links(read(client, official, f"{FORM}print/")) == []


@pytest.mark.parametrize(
    ("person", "leads"), [("official", True), ("secretariat", True), ("reader", False)]
)
def test_list_of_years_leads_to_entry(client, request, evaluation, person, leads):
    page = read(client, request.getfixturevalue(person), "/")
    assert (f'href="{ENTRY}"' in page) is leads
