"""Each field shows its instruction and last year's text, and is described by them for screen readers."""

import re

import pytest
from lxml import html

from evaluations import catalogue
from evaluations.entry.instructions import of_lists
from evaluations.models import Actual
from supports.models import SchemeResult
from tests.evaluations.views.entry import ACTUALS, PAGES, SUPPORTS, TEXTS, open_year
from tests.worlds import world

# Names of rows, a figure between its columns, and ticks whose labels say it all.
NEED_NONE = {
    (catalogue.ACTUAL, "value"),
    (catalogue.NATIONAL_SUPPORT, "name"),
    (catalogue.MEASURE, "name"),
    (catalogue.SUBMISSION, "no_schemes"),
    (catalogue.SUBMISSION, "no_national_supports"),
}


@world
def evaluation(secretariat):
    return open_year(secretariat)


def test_lists_are_explained_on_their_pages_alone():
    assert of_lists({Actual}, 2023) == []
    assert [field.id for _, fields in of_lists({SchemeResult}, 2023) for field in fields] == [
        f"about-schemeresult-{field.name}"
        for field in catalogue.SCHEME_RESULT.fields
        if field.is_entered
    ]


def descriptions(page):
    """The descriptions of each control: the texts of the elements that its aria-describedby names."""
    tree = html.fromstring(page)
    return {
        control.get("name") or control.get("id"): [
            tree.get_element_by_id(element_id).text_content().strip()
            for element_id in control.get("aria-describedby").split()
        ]
        for control in tree.xpath("//*[@aria-describedby]")
    }


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("person", ["official", "secretariat"])
def test_whatever_describes_a_control_is_on_the_page(client, request, evaluation, url, person):
    client.force_login(request.getfixturevalue(person))
    page = client.get(url).content.decode()
    described = descriptions(page)
    assert described
    assert all(text for texts in described.values() for text in texts)
    hints = set(re.findall(r'id="([^"]+_helptext)"', page))
    tied = set(" ".join(re.findall(r'aria-describedby="([^"]*)"', page)).split())
    assert hints <= tied


def test_body_texts_carry_the_clause(client, secretariat, evaluation):
    client.force_login(secretariat)
    described = descriptions(client.get(TEXTS).content.decode())
    name = f"evaluations.evaluation/{evaluation.pk}-weight_rationale"
    assert "寄与度の考え方を記載します。" in described[name][0]


def test_rows_of_a_list_are_described_once_and_still_by_their_errors(client, official, evaluation):
    row = SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業1")
    name = f"supports.schemeresult/{row.pk}"
    client.force_login(official)
    data = {
        f"{name}-revision": row.revision,
        f"{name}-category": "fiscal",
        f"{name}-name": "",
    }
    page = client.post(SUPPORTS, data).content.decode()
    assert descriptions(page)[f"{name}-name"][0] == "別紙3「事業名」又は「取組」"
    assert "入力してください。" in descriptions(page)[f"{name}-name"][1]
    assert page.count("別紙3「実績」") == 1


def test_last_years_source_stands_beside_the_figure(client, official, evaluation):
    last_actual = Actual.objects.get(fiscal_year=2022, municipality=official.municipality)
    last_actual.note = "昨年度の出典"
    last_actual.save()
    client.force_login(official)
    page = client.get(ACTUALS).content.decode()
    assert "前年度：昨年度の出典" in page
    assert page.count("前年度：") == 1
