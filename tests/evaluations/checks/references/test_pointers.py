"""Marks, tables and addresses that texts refer to."""

import pytest

from evaluations.checks.references import pointers
from tests.evaluations.checks.pictures import found_by, saying


@pytest.mark.parametrize(
    ("check", "text", "words"),
    [
        (pointers.marks_pointed_at, "①相談、②試作。上記③は次に行う。", ["上記③"]),
        (pointers.marks_pointed_at, "①相談、②試作。上記②は次に行う。", []),
        (pointers.marks_from_one, "②試作、③販売", ["②"]),
        (pointers.marks_from_one, "①相談\n②試作\n③販売", []),
        (pointers.marks_from_one, "要件①、②を満たす。本文4②、3④のとおり。", []),
        (
            pointers.tables_and_pictures,
            "下表のとおり、次の図に示す、表2を参照",
            ["下表", "次の図", "表2"],
        ),
        (pointers.tables_and_pictures, "代表3名、図書館、表彰式、次の表彰、別紙1の表", []),
    ],
)
def test_references_to_nothing_are_found(check, text, words):
    assert found_by(check, saying("overall", text)) == words


def test_marks_may_stand_in_another_paragraph():
    assert not found_by(
        pointers.marks_pointed_at, saying("overall", "①相談を行った。\n上記①に続く。")
    )


@pytest.mark.parametrize(
    "address",
    [
        "http:/www.example.lg.jp/",
        "ttps://www.example.lg.jp/",
        "https://www.example..lg.jp/",
        "https://www.example,lg.jp",
        "https://example/",
        "ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｊｐ",
        "www.example,jp",
        "tokku@example,lg.jp",
        "tokku＠example.lg.jp",
    ],
)
def test_broken_addresses_are_found(address):
    assert found_by(
        pointers.addresses, saying("overall", f"詳細は、{address} に掲載している。")
    ) == [address]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.lg.jp/tokku/index.html?year=2023#top",
        "http://example.jp:8080/",
        "www.example.jp",
        "tokku.tanto@pref.example.lg.jp",
    ],
)
def test_addresses_that_open_are_not_found(address):
    text = f"詳細は、{address}に掲載している（{address}）。{address}。"
    assert not found_by(pointers.addresses, saying("overall", text))
