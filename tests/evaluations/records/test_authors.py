"""The authors that a document names: how their names are parted, which bodies they are, and what the form prints of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.form import UnreadableForm, compose
from evaluations.form.part1_name import split_names
from evaluations.models import Evaluation, Zone, ZoneMunicipality
from evaluations.records.authors import kind_named
from evaluations.records.importing import import_file
from evaluations.records.load import load
from evaluations.records.store import store
from evaluations.years.authors import keep_former_name
from tests import factories
from tokku.accounts.models import BodyKind, Municipality
from tokku.document import text
from tokku.figures import Figure

NAMES = ["神奈川県", "横浜市", "川崎市"]
ODD = [
    "株式会社Ａ・Ｂ",
    "神奈川県東部及び西部広域連合",
    "横浜市及び川崎市並びに三浦市組合",
    "横浜市、川崎市組合",
]


@pytest.mark.parametrize(
    "line",
    [
        "神奈川県、横浜市、川崎市",
        "神奈川県・横浜市及び川崎市",
        "神奈川県，横浜市並びに川崎市",
        "神奈川県、横浜市、及び川崎市",
        "神奈川県 ･ 横浜市 および 川崎市",
        "　神奈川県、　横浜市　及び　川崎市、",
    ],
)
def test_names_are_parted(line):
    assert split_names(line) == split_names(line, NAMES) == split_names(line, ODD) == NAMES


@given(
    st.lists(st.sampled_from(NAMES + ODD), min_size=1, max_size=5),
    st.sampled_from(["、", "・", "及び", "並びに", "、及び", "，"]),
)
def test_a_known_name_is_taken_whole_whatever_stands_in_it(names, separator):
    assert split_names(separator.join(names), {*NAMES, *ODD}) == names


def test_a_name_that_begins_with_a_known_one_is_not_cut():
    line = "横浜市役所及び川崎市"
    assert split_names(line, NAMES) == ["横浜市役所", "川崎市"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("益田地区広域市町村圏事務組合", BodyKind.UNION),
        ("名古屋港管理組合", BodyKind.UNION),
        ("神奈川県東部広域連合", BodyKind.UNION),
        ("みなと水道企業団", BodyKind.UNION),
        ("国立大学法人筑波大学", BodyKind.UNIVERSITY),
        ("国立研究開発法人理化学研究所", BodyKind.UNIVERSITY),
        ("株式会社つくばウエルネスリサーチ", BodyKind.COMPANY),
        ("みなと農業協同組合", BodyKind.COMPANY),
        ("一般社団法人みなと", BodyKind.COMPANY),
        ("株式会社みなと総合研究所", BodyKind.COMPANY),
        ("みなとの会", None),
        ("横浜氏", None),
    ],
)
def test_a_name_tells_what_it_is_of(name, kind):
    assert kind_named(name) == kind


# Reading in


@pytest.fixture
def read_in(db, tmp_path):
    """Read in a document of these authors, as they are printed."""

    def read_in(line, year=2023, slug="keihin"):
        contents = factories.contents(fiscal_year=year)
        zone = replace(contents.zone, municipalities=("作成主体の行",))
        printed = text.write(compose(replace(contents, zone=zone)))
        file = tmp_path / f"{year}.txt"
        file.write_text(printed.replace("作成主体の行", line), encoding="utf-8")
        return import_file(file, slug)

    return read_in


def printed_authors(year=2023) -> str:
    stored = load(Evaluation.objects.get(fiscal_year=year))
    (line,) = [line for line in text.write(compose(stored)).splitlines() if "作成主体" in line]
    return line.partition("：")[2]


def test_unions_universities_and_companies_are_registered_with_a_new_zone(read_in):
    line = "神奈川県、神奈川県東部広域連合、国立大学法人みなと大学、株式会社みなと運営"
    result = read_in(line)
    authors = Zone.objects.get().authors
    assert [(author.kind, author.code) for author in authors] == [
        ("prefecture", "140007"),
        ("union", None),
        ("university", None),
        ("company", None),
    ]
    assert (
        "作成主体の株式会社みなと運営を、企業・団体として登録しました。" in result.changes.notices
    )
    assert printed_authors() == line


def test_parted_names_are_authors(read_in):
    read_in("神奈川県・横浜市及び川崎市")
    assert [str(author) for author in Zone.objects.get().authors] == NAMES
    assert printed_authors() == "神奈川県、横浜市、川崎市"


def test_a_registered_name_wins_over_what_parts_names(read_in):
    for name in ("株式会社Ａ・Ｂ", "東部及び西部広域連合"):
        Municipality.objects.create(kind="company", name=name)
    read_in("神奈川県、東部及び西部広域連合・株式会社Ａ・Ｂ")
    assert [str(author) for author in Zone.objects.get().authors] == [
        "神奈川県",
        "東部及び西部広域連合",
        "株式会社Ａ・Ｂ",
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("神奈川県、高森町", "行目：高森町は、長野県と熊本県にあります。都道府県名を付けるか、"),
        ("神奈川県、横浜氏", "行目：「横浜氏」という自治体・団体は登録されていません。"),
        ("横浜市、神奈川県、神奈川県横浜市", "3行目：作成主体の横浜市が2回あります。"),
    ],
)
def test_a_name_that_means_none_or_two_is_told_and_nothing_is_stored(read_in, line, sentence):
    Municipality.objects.create(code="204030", name="高森町")
    before = [*Municipality.objects.values()]
    with pytest.raises(UnreadableForm, match=sentence):
        read_in(line)
    assert not Zone.objects.exists()
    assert [*Municipality.objects.values()] == before


def test_a_stranger_is_not_registered_into_a_zone_that_is_there(read_in):
    read_in("神奈川県、横浜市")
    with pytest.raises(UnreadableForm, match="「株式会社みなと運営」という自治体・団体は"):
        read_in("神奈川県、横浜市、株式会社みなと運営", 2024)


def test_an_author_of_the_zone_is_meant_before_others_of_its_name(read_in):
    for code in ("204030", "434281"):
        Municipality.objects.create(code=code, name="高森町")
    read_in("神奈川県、熊本県高森町")
    read_in("神奈川県、高森町", 2024)
    assert [author.code for author in Zone.objects.get().authors] == ["140007", "434281"]
    assert (printed_authors(2023), printed_authors(2024)) == (
        "神奈川県、熊本県高森町",
        "神奈川県、高森町",
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_each_year_prints_the_name_of_its_document_in_any_order(read_in, order):
    lines = ["神奈川県、見附市", "神奈川県、新潟県見附市", "神奈川県、見附市"]
    for place in order:
        read_in(lines[place], 2022 + place)
    assert [printed_authors(2022 + place) for place in range(3)] == lines
    author = ZoneMunicipality.objects.get(municipality__name="見附市")
    assert author.name_in(2030) == "見附市"  # as in the newest year
    before = [*ZoneMunicipality.objects.values()]
    assert not read_in(lines[order[-1]], 2022 + order[-1]).changes.updated
    assert [*ZoneMunicipality.objects.values()] == before


def test_what_the_form_prints_comes_back_with_figures_of_both_of_a_name(db):
    """Two authors of the same name: their figures are kept apart, loaded and stored."""
    bodies = [
        Municipality.objects.create(code=code, name="高森町") for code in ("204030", "434281")
    ]
    contents = factories.contents()
    names = ("長野県高森町", "熊本県高森町")
    target = contents.indicators[0].targets[0]
    years = tuple(
        replace(
            figures,
            actual=figures.actual and Figure.of(figures.actual.number * 3),
            by_municipality=tuple(
                zip(names, (figures.actual, Figure.of(figures.actual.number * 2)), strict=True)
            )
            if figures.actual
            else (),
        )
        for figures in target.years
    )
    indicator = replace(contents.indicators[0], targets=(replace(target, years=years),))
    contents = replace(
        contents,
        zone=replace(contents.zone, municipalities=names),
        indicators=(indicator,),
    )
    evaluation, _ = store(contents, "keihin", reason="試験")
    ZoneMunicipality.objects.update(printed_name="")
    loaded = load(evaluation)
    assert loaded.zone.municipalities == names
    assert loaded.indicators[0].targets[0].years[:2] == years[:2]
    assert {author.pk for author in evaluation.zone.authors} == {body.pk for body in bodies}


def test_a_municipality_elsewhere_changes_no_form(db):
    factories.evaluation()
    body = Municipality.objects.get(name="川崎市")
    before = printed_authors()
    Municipality.objects.create(code="142221", name="川崎市")
    body.refresh_from_db()
    assert str(body) == "神奈川県川崎市"
    assert printed_authors() == before


def test_a_former_name_is_known_to_the_year_that_had_it(read_in):
    read_in("神奈川県、横浜市")
    body = Municipality.objects.get(name="横浜市")
    Evaluation.objects.update(state="final")
    body.name = "新横浜市"
    body.save()
    keep_former_name(body, "横浜市")
    Evaluation.objects.update(state="open")
    assert printed_authors() == "神奈川県、横浜市"
    assert not read_in("神奈川県、横浜市").changes.updated
    read_in("神奈川県、新横浜市", 2024)
    assert (printed_authors(2023), printed_authors(2024)) == (
        "神奈川県、横浜市",
        "神奈川県、新横浜市",
    )
    assert Zone.objects.get().authors.count() == 2


def test_names_are_kept_for_years_alone_that_had_another():
    author = ZoneMunicipality(municipality=Municipality(name="見附市"))
    author.set_names({2021: "新潟県見附市", 2022: "新潟県見附市", 2023: "見附市"}, "見附市")
    assert (author.earlier_names, author.printed_name) == ([[2022, "新潟県見附市"]], "")
    names = [author.name_in(year) for year in (2020, 2022, 2023, 2030)]
    assert names == ["新潟県見附市", "新潟県見附市", "見附市", "見附市"]
