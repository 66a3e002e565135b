"""A draft that leaves out what other municipalities have not handed in says so, in each medium and at each place."""

from dataclasses import replace
from io import BytesIO

import docx as word_files
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.catalogue import part5_national, part6_regional
from evaluations.catalogue.words import NOT_APPLICABLE, OMITTED
from evaluations.checks.picture import Picture
from evaluations.form import compose, interpret
from evaluations.form import contents as c
from evaluations.models import Actual, Evaluation
from evaluations.permissions import Access
from evaluations.records.load import load, load_for
from evaluations.sealed.media import DRAFT, Edition, part_of
from supports.models import RegionalText
from tests import factories
from tests.evaluations import campaign, strategies
from tests.evaluations.sealed.test_media import words_of_page
from tests.evaluations.strategies import as_stated
from tests.evaluations.views.test_evaluation_pdf import file_name
from tests.examples import share
from tests.paper import pages, printed, squeezed, structure
from tests.worlds import world
from tokku.document import docx, json, text

pytestmark = pytest.mark.slow

URL = "/keihin/2023/"
MARK = "案（横浜市分）"


@world
def evaluation(secretariat):
    """A year that is being filled in, in which each municipality has written something of each kind."""
    evaluation = campaign.open_year(secretariat)
    for name, value in {"神奈川県": 3, "横浜市": 4, "川崎市": 5}.items():
        Actual.objects.filter(fiscal_year=2023, municipality__name=name).update(value=value)
        factories.municipality(name)
    for kind in ("organisation", "private"):
        RegionalText.objects.create(
            evaluation=evaluation,
            kind=kind,
            text=f"神奈川県の{kind}",
            municipality=factories.municipality("神奈川県"),
        )
    return Evaluation.objects.get(pk=evaluation.pk)


def document_for(person, evaluation):
    return compose(load_for(Access(person, evaluation)).contents)


def lines_of(document):
    return [line for line in document.words() if line]


# Places


def test_each_place_that_leaves_something_out_says_so(other_official, evaluation):
    words = "\n".join(lines_of(document_for(other_official, evaluation)))
    for place in (
        "横浜市の成果\n（未提出の内容を省略）",  # 3④
        "当該年度実績値 （未提出の内容を省略）、",  # 3①
        "横浜市の活用\n（未提出の内容を省略）",  # 5
        "横浜市の独自取組\n（未提出の内容を省略）",  # 6
        "実績値\n12件\n（未提出の内容を省略）\n",  # 別紙1
        "横浜市の制度実績\n横浜市\n（未提出の内容を省略）",  # 別紙3
        "体制強化\n（未提出の内容を省略）",
        "民間の取組等\n（未提出の内容を省略）",
    ):
        assert place in words
    assert "神奈川県の" not in words
    assert "川崎市の" not in words


def test_list_whose_rows_are_all_hidden_does_not_say_not_applicable(reader, evaluation):
    whole = "".join(lines_of(compose(load(evaluation))))
    partial = "".join(lines_of(document_for(reader, evaluation)))
    assert partial.count(NOT_APPLICABLE) == whole.count(NOT_APPLICABLE)
    assert partial.count(OMITTED) == 8
    assert OMITTED not in whole


def test_count_of_a_result_is_left_out_where_a_figure_is_hidden(
    other_official, secretariat, evaluation
):
    approach = evaluation.approach_set.get()
    approach.result_label = "件数"
    approach.save()
    approach.targets.set([Actual.objects.first().target])
    assert "件数：12件" in lines_of(document_for(secretariat, evaluation))
    partial = document_for(other_official, evaluation)
    assert "件数：（未提出の内容を省略）" in lines_of(partial)
    assert interpret(partial).notices == []


def test_row_of_several_municipalities_is_shown_to_each(other_official, evaluation):
    scheme = evaluation.schemeresult_set.get(name="川崎市の制度")
    scheme.municipalities.add(factories.municipality("横浜市"))
    assert "川崎市の制度" in lines_of(document_for(other_official, evaluation))


def test_blank_rows_of_others_are_not_marked_as_left_out(other_official, evaluation):
    """Opening a year makes blank rows for every municipality."""
    Actual.objects.filter(fiscal_year=2023).exclude(municipality__name="横浜市").update(value=None)
    RegionalText.objects.exclude(municipality__name="横浜市").update(text="")
    omitted = load_for(Access(other_official, evaluation)).contents.omitted
    assert omitted == ("achievement/1", "national_support/fiscal", "scheme/fiscal")


def test_mark_of_an_omission_is_neither_checked_nor_linked(client, other_official, evaluation):
    contents = load_for(Access(other_official, evaluation)).contents
    assert OMITTED not in "".join(passage.text for passage in Picture(contents).passages)
    client.force_login(other_official)
    page = client.get(URL).content.decode()
    assert f">{OMITTED}</td>" in page  # and not in a link to how it was computed
    assert f">{OMITTED}</a>" not in page


def test_secretariat_reads_the_whole_draft(secretariat, evaluation):
    assert document_for(secretariat, evaluation) == compose(load(evaluation))


# The mark


def test_part_is_named_by_the_municipalities_in_it():
    omitting = campaign.contents(omitted=("achievement/1",))
    authors = tuple(f"第{number}市" for number in range(1, 13))
    many = replace(omitting, zone=replace(omitting.zone, municipalities=authors))
    assert part_of(campaign.contents(), {"横浜市"}) == ""
    assert part_of(omitting, {"横浜市", "川崎市"}) == "神奈川県分"
    assert part_of(omitting, {"横浜市"}) == "神奈川県・川崎市分"
    assert part_of(omitting, set(campaign.AUTHORS)) == "未提出分を除く"
    assert part_of(omitting, set()) == "未提出分を除く"
    assert part_of(many, {"第2市"}) == "第1市ほか10自治体分"


@pytest.mark.parametrize(
    ("person", "mark"),
    [("other_official", MARK), ("reader", "案（未提出分を除く）"), ("secretariat", DRAFT)],
)
def test_every_medium_says_whose_part_it_is_and_the_same_words(
    client, request, evaluation, person, mark
):
    person = request.getfixturevalue(person)
    document = document_for(person, evaluation)
    words = printed(document.words())
    client.force_login(person)
    page, print_view = (
        client.get(f"{URL}{address}").content.decode() for address in ("", "print/")
    )
    for html in (page, print_view):
        assert f'<span class="draft__mark">{mark}</span>' in html
        assert f'<html lang="ja" data-draft="{mark}">' in html
        assert squeezed(words_of_page(html)) == words
    bracketed = mark if "（" in mark else f"（{mark}）"
    pdf, word = (client.get(f"{URL}evaluation.{suffix}") for suffix in ("pdf", "docx"))
    assert file_name(pdf).endswith(f" 評価書{bracketed}.pdf")
    assert file_name(word).endswith(f" 評価書{bracketed}.docx")
    assert squeezed(structure(pdf.content).text) == words
    assert all(squeezed(mark) in page.text for page in pages(pdf.content))
    assert docx.read(word.content).document == document
    header = word_files.Document(BytesIO(word.content)).sections[0].header
    assert header.paragraphs[0].text.startswith(f"{bracketed}令和5年度")
    assert text.read(text.write(document)) == document


def test_sealed_year_is_no_draft(client, secretariat, reader):
    campaign.sealed_year(secretariat)
    client.force_login(reader)
    for address in ("", "print/"):
        page = client.get(f"{URL}{address}").content.decode()
        assert "draft" not in page
        assert OMITTED not in page


def test_mark_of_a_sealed_version_is_blank_whatever_the_part():
    assert Edition(None, None, version=object(), part="横浜市分").mark == ""


# Reading


def omittable(contents: c.Contents) -> list[str]:
    """The places that can be marked as left out: lists, and blank actuals."""
    return [
        *(f"achievement/{number}" for number, _ in enumerate(contents.approaches, 1)),
        *(f"national_support/{kind}" for kind in part5_national.KINDS),
        *(f"scheme/{category}" for category in part6_regional.TABLES),
        *(f"regional_text/{kind}" for kind in part6_regional.TEXT_KINDS),
        *(
            f"target/{key}/{figures.year}"
            for key, _, target in contents.targets()
            for figures in target.years
            if figures.actual is None and figures.year <= contents.fiscal_year
        ),
    ]


@settings(max_examples=share(60), deadline=None)
@given(strategies.contents(), st.data())
def test_readers_pass_over_what_is_left_out(contents, data):
    places = data.draw(st.sets(st.sampled_from(omittable(contents))))
    partial = compose(replace(contents, omitted=tuple(places)))
    whole = interpret(compose(contents))
    for media in (text, json):
        interpretation = interpret(media.read(media.write(partial)))
        assert as_stated(interpretation.contents) == as_stated(contents.printed())
        assert interpretation.unplaced == []
        assert [notice.sentence for notice in interpretation.notices] == [
            notice.sentence for notice in whole.notices
        ]


def test_edited_word_file_of_a_part_proposes_the_edit_and_no_marks(
    client, other_official, evaluation
):
    client.force_login(other_official)
    file = word_files.Document(BytesIO(client.get(f"{URL}evaluation.docx").content))
    (line,) = [paragraph for paragraph in file.paragraphs if paragraph.text == "横浜市の成果"]
    line.runs[0].text = "横浜市の大きな成果"
    saved = BytesIO()
    file.save(saved)
    response = client.post(
        f"{URL}word/", {"file": SimpleUploadedFile("評価書.docx", saved.getvalue())}
    )
    (proposal,) = response.context["proposals"]
    assert proposal.difference.new == "横浜市の大きな成果"
    assert response.context["refused"] == []
    assert response.context["edited"].leftovers == []
    assert response.context["edited"].notices == []
