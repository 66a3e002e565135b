"""Another municipality's unfinished work: its state is visible, its texts are not."""

import re
from html import unescape

import pytest

from evaluations import moves
from tests import factories
from tests.evaluations import campaign
from tests.worlds import world

FORM = "/keihin/2023/"
PAGES = [
    "/",
    FORM,
    "/keihin/2023/print/",
    "/keihin/2023/remarks/",
    "/keihin/2023/log/",
    "/keihin/2023/result/",
    "/keihin/2023/versions/",
    "/keihin/2023/entry/",
    "/keihin/2023/entry/actuals/",
    "/keihin/2023/entry/texts/",
    "/keihin/2023/entry/supports/",
]
REVIEW = ["/keihin/2023/review/", "/keihin/2023/review/141003/"]
# What a municipality has written; the names of its schemes are known from earlier years.
WORDS = ["成果", "取組", "の補助", "の概要", "の活用", "の制度概要", "の制度実績", "の独自取組"]
# The zone's figure, which is Yokohama's alone.
FIGURE = "98,765"


@world
def year(secretariat):
    """A year with a draft of each municipality, and a remark on Yokohama's."""
    year = campaign.open_year(secretariat)
    for item in campaign.items_of(year):
        if item.field == "value":
            name = item.row.municipality.name
            item.row.value = 98765 if name == "横浜市" else 0
            item.row.note = f"{name}の出典"
            item.row.save()
    return year


def words_of(name):
    return [f"{name}{word}" for word in [*(f"の{word}" for word in WORDS[:2]), *WORDS[2:]]]


def read(client, user, url):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code in (200, 403)
    return unescape(response.content.decode())


@pytest.mark.parametrize("url", [*PAGES, *REVIEW])
@pytest.mark.parametrize("person", ["official", "reader"])
def test_no_word_of_another_draft_is_on_any_page(client, request, year, person, url):
    page = read(client, request.getfixturevalue(person), url)
    main = page[page.index("<main") :]
    assert not [word for word in [*words_of("横浜市"), "横浜市の出典"] if word in main]
    assert FIGURE not in main
    assert "98765" not in main


@pytest.mark.parametrize("person", ["official", "reader"])
@pytest.mark.parametrize("state", ["draft", "returned"])
def test_state_is_shown_and_the_page_names_whom_it_leaves_out(
    client, request, secretariat, year, person, state
):
    campaign.put(campaign.submission(year, "横浜市"), state, secretariat)
    campaign.put(campaign.submission(year, "神奈川県"), "submitted", secretariat)
    user = request.getfixturevalue(person)
    home = read(client, user, "/")
    label = {"draft": "入力中", "returned": "差戻し"}[state]
    assert re.search(
        rf'<dt>横浜市</dt>\s*<dd><span class="badge badge--{state}">{label}</span>', home
    )
    names = "横浜市" if person == "official" else "横浜市、川崎市"
    for url in (FORM, "/keihin/2023/print/"):
        page = read(client, user, url)
        assert f"{names}の内容は、まだ提出されていないため表示していません。" in page
        assert "神奈川県の成果" in page


@pytest.mark.parametrize("person", ["official", "reader"])
def test_work_is_shown_when_it_is_handed_in_and_hidden_when_it_comes_back(
    client, request, secretariat, year, person
):
    user = request.getfixturevalue(person)
    yokohama = factories.user("yokohama-1", of="横浜市")
    submission = campaign.hand_in(year, yokohama)
    assert all(word in read(client, user, FORM) for word in words_of("横浜市"))
    moves.move(submission, "return", by=secretariat, reason="理由")
    assert not any(word in read(client, user, FORM) for word in words_of("横浜市"))


def test_own_draft_and_the_secretariats_view_are_whole(client, secretariat, official, year):
    page = read(client, official, FORM)
    assert all(word in page for word in words_of("川崎市"))
    page = read(client, secretariat, FORM)
    assert all(word in page for name in campaign.AUTHORS for word in words_of(name))
    assert FIGURE in page
    assert "表示していません" not in page


def test_joint_scheme_is_seen_by_any_of_its_municipalities(client, official, year):
    scheme = next(item.row for item in campaign.items_of(year) if item.text == "横浜市の制度実績")
    scheme.municipalities.add(official.municipality)
    assert "横浜市の制度実績" in read(client, official, FORM)


def test_nobody_is_left_out_once_it_is_sealed(client, reader, secretariat):
    campaign.sealed_year(secretariat)
    page = read(client, reader, FORM)
    assert all(word in page for name in campaign.AUTHORS for word in words_of(name))
    assert "表示していません" not in page
