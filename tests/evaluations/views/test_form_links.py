"""Marks in the margin of the form's page, beside the blocks in which the checks find something."""

import re
from html import unescape

import pytest

from evaluations.checks import Picture
from evaluations.inspection import inspect
from evaluations.models import Evaluation
from evaluations.permissions import Access
from evaluations.records.load import load
from tests.evaluations import campaign
from tests.evaluations.planted import DOUBTFUL, WRONG, rewrite
from tests.evaluations.views.test_entry_pages import read
from tests.evaluations.views.test_evaluation_form import document_of, words
from tests.worlds import world
from tokku.document import html

pytestmark = pytest.mark.usefixtures("planted")

FORM = "/keihin/2023/"
FIGURES = "【当該年度目標値 10件、当該年度実績値 、進捗度 】"
MARK = re.compile(
    r'<a class="finding-mark finding-mark--(\w+)" id="mark-(\d+)" href="([^"]*)" aria-label="([^"]*)"></a>'
    r'(?:<a class="edit-link"[^>]*></a>)?([^<]*)'
)


@world
def year(secretariat):
    year = campaign.open_year(secretariat)
    rewrite(year, "川崎市の成果", f"前の段落\n川崎市の{WRONG}成果")
    rewrite(year, "川崎市の制度実績", f"{DOUBTFUL}川崎市の{WRONG}制度実績")
    rewrite(year, "横浜市の独自取組", f"横浜市の{DOUBTFUL}独自取組")
    return Evaluation.objects.get(pk=year.pk)


def marks(page):
    """The text of each marked block, with the level and the label of its mark."""
    return [(text, level, unescape(name)) for level, _, _, name, text in MARK.findall(page)]


def test_each_mark_stands_in_the_block_that_is_meant(client, year, secretariat):
    assert marks(read(client, secretariat, FORM)) == [
        (FIGURES, "caution", "点検の結果：注意1件"),
        (f"川崎市の{WRONG}成果", "blocking", "点検の結果：確認が必要1件"),
        (f"横浜市の{DOUBTFUL}独自取組", "caution", "点検の結果：注意1件"),
        (f"{DOUBTFUL}川崎市の{WRONG}制度実績", "blocking", "点検の結果：確認が必要1件、注意1件"),
    ]


def test_mark_leads_to_its_finding(client, year, secretariat):
    page = read(client, secretariat, FORM)
    listed = read(client, secretariat, f"{FORM}checks/")
    for _, number, href, _, _ in MARK.findall(page):
        address, _, anchor = href.partition("#")
        assert address == f"{FORM}checks/"
        assert f'id="{anchor}"' in listed
        assert f'href="{FORM}#mark-{number}"' in listed


def test_document_says_the_same_words(client, year, secretariat):
    document = Picture(load(year)).document
    page = read(client, secretariat, FORM)
    assert words(document_of(page)) == "".join("".join(document.words()).split())


def test_findings_count_the_blocks_of_the_page(year, secretariat):
    picture = Picture(load(year))
    blocks = []

    def beside(line):
        blocks.append((line.source, line.text))
        return ()

    html.write(picture.document, beside)
    assert blocks == [(passage.source, passage.text) for passage in picture.passages]


def test_official_sees_marks_in_their_own_blocks_alone(client, year, official, other_official):
    assert len(marks(read(client, official, FORM))) == 3
    assert [text for text, *_ in marks(read(client, other_official, FORM))] == [
        FIGURES,
        f"横浜市の{DOUBTFUL}独自取組",
    ]


def test_what_is_set_aside_has_no_mark(client, year, secretariat):
    for inspected in inspect(Access(secretariat, year)).findings:
        inspected.set_aside(year, reason="確認した", by=secretariat)
    page = read(client, secretariat, FORM)
    assert marks(page) == []
    assert "点検で見つかった箇所に印を付けています" not in page


def test_reader_sees_no_marks_and_nobody_in_print(client, year, reader, secretariat):
    assert "finding-mark" not in read(client, reader, FORM)
    assert "finding-mark" not in read(client, secretariat, f"{FORM}print/")


def test_sealed_form_has_no_marks(client, year, secretariat):
    campaign.put(year, "final", secretariat)
    assert "finding-mark" not in read(client, secretariat, FORM)


def test_legend_counts_by_level(client, year, secretariat):
    page = read(client, secretariat, FORM)
    legend = re.search(r'<p class="legend">(.*?)</p>', page, re.DOTALL)[1]
    assert words(legend) == "点検で見つかった箇所に印を付けています：確認が必要2件注意3件"
