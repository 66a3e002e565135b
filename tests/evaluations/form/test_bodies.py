"""The cell 自治体名 of 別紙3: authors, and words on others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.form import compose, interpret
from evaluations.form.annex3_schemes import split_bodies
from evaluations.form.contents import Scheme
from tests import factories

AUTHORS = ("神奈川県", "横浜市", "川崎市")


@pytest.mark.parametrize(
    ("cell", "authors", "words", "is_reordered"),
    [
        ("", (), "", False),
        ("横浜市", ("横浜市",), "", False),
        ("横浜市\n川崎市", ("横浜市", "川崎市"), "", False),
        ("横浜市、川崎市", ("横浜市", "川崎市"), "", False),
        ("関係市町村", (), "関係市町村", False),
        ("5県", (), "5県", False),
        ("横浜市、5県", ("横浜市",), "5県", False),
        ("横浜市\n5県、関係市町村", ("横浜市",), "5県、関係市町村", False),
        ("横浜市，５県，関係市町村", ("横浜市",), "５県，関係市町村", False),
        ("（株）横浜 研究所", (), "（株）横浜 研究所", False),
        ("㈱横浜\n研究所", (), "㈱横浜 研究所", False),
        ("まち・ひと協会", (), "まち・ひと協会", False),
        ("横浜市及び近隣", ("横浜市",), "近隣", True),
        ("横浜市及び川崎市", ("横浜市", "川崎市"), "", True),
        ("横浜市・川崎市", ("横浜市", "川崎市"), "", True),
        ("横浜市 及び 川崎市", ("横浜市", "川崎市"), "", True),
        ("川崎市、横浜市", ("川崎市", "横浜市"), "", True),
        ("関係市町村、横浜市", ("横浜市",), "関係市町村", True),
        ("横浜市、5県、川崎市", ("横浜市", "川崎市"), "5県", True),
        ("横浜市、川崎市並びに関係市町村", ("横浜市", "川崎市"), "関係市町村", True),
        # What stands in brackets belongs to the name, and makes it another.
        ("横浜市（港湾局、都市局）", (), "横浜市（港湾局、都市局）", False),
        ("関係市町村（横浜市、川崎市及び5県）", (), "関係市町村（横浜市、川崎市及び5県）", False),
        ("横浜市、川崎市（臨海部・内陸部）", ("横浜市",), "川崎市（臨海部・内陸部）", False),
        ("横浜市（", (), "横浜市（", False),
    ],
)
def test_authors_are_told_from_words(cell, authors, words, is_reordered):
    assert split_bodies(cell, AUTHORS) == (authors, words, is_reordered)


PIECES = st.sampled_from(
    [*AUTHORS, "5県", "関係市町村", "（株）横浜", "、", "，", "\n", " ", "及び", "・", "（", "）"]
)


@given(st.lists(PIECES, max_size=9).map("".join))
def test_nothing_of_a_cell_is_lost_and_what_is_printed_reads_the_same(cell):
    authors, words, is_reordered = split_bodies(cell, AUTHORS)
    printed = "\n".join(filter(None, [*authors, words]))
    for word in (*AUTHORS, "5県", "関係市町村", "株"):
        assert (word in printed) == (word in cell)
    again = split_bodies(printed, AUTHORS)
    assert (set(again[0]), again[1]) == (set(authors), words)
    if not is_reordered:
        assert again == (authors, words, False)


def test_words_stand_below_the_authors_and_come_back():
    schemes = tuple(
        Scheme(category="fiscal", name=f"事業{words}", municipalities=authors, other_bodies=words)
        for authors in ((), ("横浜市", "川崎市"))
        for words in ("", "5県、関係市町村")
    )
    contents = factories.contents(schemes=schemes).printed()
    interpretation = interpret(compose(contents))
    assert interpretation.contents == contents
    assert interpretation.notices == []
