"""The cost of a page does not grow with the zone: queries are counted at both ends of the scale."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import sample
from evaluations.form.contents import Indicator, Relation, Scheme, YearFigures
from evaluations.inspection import inspect
from evaluations.keys import TargetKey
from evaluations.models import Evaluation
from evaluations.permissions import Access
from evaluations.records.load import load
from evaluations.records.store import store
from evaluations.views.entry.lists import MOST_OPEN
from evaluations.years.rows_at_opening import prepare_rows
from supports.models import SchemeResult
from tests import factories
from tests.evaluations.planted import DOUBTFUL, EVERYWHERE, WRONG
from tests.evaluations.views.entry import open_year
from tests.worlds import world
from tokku.figures import Figure
from tokku.japanese import katakana

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEARS = range(2022, 2027)


def large():
    """20 municipalities, 40 targets, 200 schemes, and of everything else what the sample has."""
    names = tuple(f"第{katakana(n)}市" for n in range(1, 21))
    for n, name in enumerate(names, 1):
        factories.Municipality.objects.create(name=name, code=f"{n:06}")
    figures = tuple(
        YearFigures(
            year=year,
            target=Figure.of(20),
            by_municipality=tuple((name, Figure.of(1)) for name in names) if year <= 2023 else (),
        )
        for year in YEARS
    )
    indicators = tuple(
        Indicator(
            number=i,
            name=f"指標{i}",
            targets=tuple(factories.numeric_target(t, years=figures) for t in range(1, 5)),
        )
        for i in range(1, 11)
    )
    contents = sample.evaluations()[2023]
    return replace(
        contents,
        zone=replace(contents.zone, name="大きな特区", municipalities=names),
        indicators=indicators,
        approaches=tuple(
            replace(approach, targets=(TargetKey(1, 1),)) for approach in contents.approaches
        ),
        measures=tuple(
            replace(measure, relation=Relation(all_targets=True)) for measure in contents.measures
        ),
        schemes=tuple(
            Scheme(
                category="fiscal",
                name=f"支援{n}",
                municipalities=tuple({names[0]: 0, names[n % 20]: 0}),
                relation=Relation(targets=(TargetKey(1 + n % 10, 1),)),
            )
            for n in range(200)
        ),
    )


@world
def zones():
    """The slugs of a zone like the sample's and of a large one, both being filled in."""
    for _, name in sample.MUNICIPALITIES:
        factories.municipality(name)
    for slug, contents in (("keihin", sample.evaluations()[2023]), ("large", large())):
        evaluation, _ = store(contents, slug, reason="試験")
        evaluation.state = "open"
        evaluation.save()
        prepare_rows(evaluation)
    return "keihin", "large"


def queries_of(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_loading_costs_the_same(zones):
    fresh = Evaluation.objects.select_related("zone", "edition__plan")
    costs = [queries_of(lambda slug=slug: load(fresh.get(zone__slug=slug))) for slug in zones]

    assert costs[0] == costs[1]


def test_the_large_zone_is_all_there(zones):
    contents = load(Evaluation.objects.get(zone__slug="large"))

    assert len(contents.schemes) == 200
    assert len(list(contents.targets())) == 40
    assert contents.target(TargetKey(10, 4)).figures(2023).actual == 20


# The most queries of each page.
PAGES = {
    "reader": {"": 30, "print/": 25},
    "secretariat": {
        "": 30,
        "print/": 25,
        "checks/": 30,
        "review/": 60,
        "figures/": 30,
        "figures/1-1/": 30,
        "figures/1-1/2023/": 35,
        "figures/fiscal/": 30,
        "entry/": 50,
        "entry/texts/": 60,
        "entry/actuals/": 50,
    },
}


def test_pages_cost_the_same(client, zones, request):
    """In one test: to make the large zone takes longer than to open all pages."""
    for person, pages in PAGES.items():
        client.force_login(request.getfixturevalue(person))

        for page, most in pages.items():
            costs = [
                queries_of(lambda slug=slug, page=page: client.get(f"/{slug}/2023/{page}"))
                for slug in zones
            ]
            assert client.get(f"/large/2023/{page}").status_code == 200, page
            assert costs[0] >= costs[1], page
            assert costs[0] <= most, page


def test_pictures_of_a_large_zone_are_small(client, zones, secretariat):
    client.force_login(secretariat)
    for page in ("", "1-1/", "1/", "1-1/2023/", "fiscal/"):
        assert len(client.get(f"/large/2023/figures/{page}").content) < 150_000, page


def things(page):
    """The HTML of each thing of a list, by whether it is folded as a whole."""
    found = re.findall(r'<article class="thing(.*?)".*?</article>', page, re.DOTALL)
    whole = re.finditer(r'<article class="thing.*?</article>', page, re.DOTALL)
    return [(bool(folded), match[0].encode()) for folded, match in zip(found, whole, strict=True)]


def test_rows_of_a_large_zone_are_folded_and_light(client, zones):
    """Beyond the rows that are open, each is a line whose texts come when it is opened."""
    client.force_login(factories.user("large", of="第ア市"))

    shown = things(client.get("/large/2023/entry/supports/").content.decode())

    shown = [thing for thing in shown if b"schemeresult" in thing[1]]
    assert len(shown) == 200
    folded = [html for is_folded, html in shown if is_folded]
    assert len(folded) == 200 - MOST_OPEN
    assert max(map(len, folded)) <= 700


def test_page_of_thirty_schemes_is_light(client, secretariat, official):
    """With texts as long as the published evaluation's."""
    evaluation = open_year(secretariat, targets=6, schemes=30)
    for number, row in enumerate(SchemeResult.objects.all(), 1):
        row.all_targets = True
        row.outline = (
            f"第{number}区の企業が行う研究開発に要する経費の一部を補助し、新しい製品の実用化を後押しする。"
            f"あわせて、販路の開拓について第{number}区の専門家の助言を受けられるようにする。"
        )
        row.result = (
            f"令和{row.year - 2018}年度は、第{number}区の企業の計画を外部の専門家とともに審査した。"
            f"第{number}区で補助を受けた企業は、試作品の評価を終え、量産の準備を進めている。"
        )
        row.save()
    client.force_login(official)

    page = client.get("/keihin/2023/entry/supports/").content

    assert page.count(b'-result"') >= evaluation.schemeresult_set.count() // 2
    assert len(page) <= 150_000


@pytest.mark.usefixtures("planted")
def test_findings_cost_no_queries_each(client, zones, secretariat):
    """Rows, owners and waivers are loaded for all findings together."""
    client.force_login(secretariat)
    evaluation = Evaluation.objects.get(zone__slug="keihin")

    def costs():
        return [
            queries_of(lambda url=url: client.get(f"/keihin/2023/{url}"))
            for url in ("checks/", "", "review/", "entry/", "entry/texts/", "entry/supports/")
        ]

    few = costs()
    for row in evaluation.schemeresult_set.all():
        row.result = f"{WRONG}{DOUBTFUL}"
        row.save()
    for row in evaluation.regionaltext_set.all():
        row.text += f"{WRONG}{EVERYWHERE}"
        row.save()
    inspection = inspect(Access(secretariat, evaluation))
    assert len(inspection.findings) > 40
    for finding in inspection.findings[::2]:
        finding.set_aside(evaluation, reason="確認した", by=secretariat)

    assert costs() == few
