"""Page, print view, PDF, Word and text of one evaluation say the same, word for word."""

import re
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from docx import Document
from docx.oxml.ns import qn

from evaluations import sample
from evaluations.records.importing import import_file
from tests import factories, published
from tests.paper import printed, squeezed, structure
from tokku.document import docx, text

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(params=["sample", pytest.param("published", marks=published.needed)])
def whole_evaluation(request):
    if request.param == "sample":
        return factories.evaluation(sample.evaluations()[2023])
    for name in factories.CODES:
        factories.municipality(name)
    evaluation = import_file(published.PATH, "keihin").evaluation
    factories.join_zones()
    return evaluation


def words_of_page(page):
    article = re.search(r'<article class="document">(.*)</article>', page, re.S)[1]
    return unescape(re.sub("<[^>]*>", "", article))


def test_all_media_say_the_same(client, secretariat, whole_evaluation):
    out = StringIO()
    call_command("export_evaluation", "keihin", 2023, format="text", stdout=out)
    document = text.read(out.getvalue())
    client.force_login(secretariat)
    page, print_view, pdf, word = (
        client.get(f"/keihin/2023/{address}").content
        for address in ("", "print/", "evaluation.pdf", "evaluation.docx")
    )

    words = printed(document.words())
    assert len(words) > 10_000
    assert "〓" not in words
    assert squeezed(words_of_page(page.decode())) == words
    assert squeezed(words_of_page(print_view.decode())) == words
    assert squeezed(structure(pdf).text) == words
    assert docx.read(word).document == document
    assert squeezed("".join(words_of_word_file(word))) == words


def words_of_word_file(content):
    """The texts of the file's XML; merged cells count once."""
    body = Document(BytesIO(content)).element.body
    return (node.text for node in body.iter(qn("w:t")))
