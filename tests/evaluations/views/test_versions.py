"""Sealed versions: the list, each version, differences; and that the page of a sealed year never changes."""

import re
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from itertools import product
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations import moves
from evaluations.form import contents as c
from evaluations.models import (
    Correction,
    Evaluation,
    Remark,
    ResultPart,
    SealedVersion,
    StatusChange,
    Submission,
    Waiver,
)
from supports.models import RegulatoryMeasureKind
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.views.evaluation_form import document_of
from tests.worlds import world
from tokku.accounts.models import Municipality
from tokku.fields import FigureField
from tokku.figures import Figure
from tokku.records import Record

YEAR = "/keihin/2023/"
VERSIONS = f"{YEAR}versions/"


@world
def year(secretariat):
    measures = tuple(
        c.Measure(kind=kind, name=f"{kind}の事業") for kind in RegulatoryMeasureKind.values
    )
    return campaign.sealed_year(secretariat, measures=measures)


@pytest.fixture
def twice(year, secretariat):
    """The year sealed a second time, after a text and a figure were changed and a scheme was removed."""
    moves.move(year, "reopen", by=secretariat, reason="訂正")
    rows = {item.text: item.row for item in campaign.items_of(year)}
    done = rows["川崎市の成果"]
    done.text = "川崎市の大きな成果"
    done.save()
    for item in campaign.items_of(year):
        if item.field == "value":
            item.row.value = 9
            item.row.save()
    rows["横浜市の制度実績"].delete()
    campaign.fill(year)  # Answers 該当なし for 横浜市, which has no scheme any more.
    moves.move(year, "seal", by=secretariat, reason="訂正版")
    return year


def words(page):
    return " ".join(unescape(re.sub("<[^>]*>", " ", page)).split())


def get(client, user, url):
    client.force_login(user)
    return client.get(url)


def read(client, user, url=VERSIONS):
    response = get(client, user, url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("person", ["official", "other_official", "secretariat", "reader"])
def test_versions_are_listed_the_last_first(client, request, twice, person):
    page = words(read(client, request.getfixturevalue(person)))
    first, second = SealedVersion.objects.order_by("number")
    assert re.search(
        rf"第2版 令和\d+年\d+月\d+日 \d+時\d\d分 secretariatさん 訂正版 {second.sha256[:12]} "
        rf"第1版 令和\d+年\d+月\d+日 \d+時\d\d分 secretariatさん 部長決裁 {first.sha256[:12]} ",
        page,
    )
    assert first.sha256[:13] not in page


def test_year_that_was_never_sealed_says_so(client, official, evaluation):
    assert "まだ確定していません。" in read(client, official)


def test_version_is_shown_as_it_was(client, official, year, secretariat):
    sealed = document_of(read(client, official, YEAR))
    moves.move(year, "reopen", by=secretariat, reason="訂正")
    for item in campaign.items_of(year):
        if item.field == "text":
            item.row.text = "別の文"
            item.row.save()
    page = read(client, official, f"{VERSIONS}1/")
    assert document_of(page) == sealed
    assert 'class="contents"' in page
    assert "説明：部長決裁" in page


@pytest.mark.parametrize(
    "url", [f"{VERSIONS}1/", f"{VERSIONS}1/2/", f"{VERSIONS}2/1/", YEAR, f"{YEAR}print/"]
)
def test_broken_seal_is_reported_and_nothing_else_shown(client, official, twice, url, caplog):
    for version in SealedVersion.objects.all():
        changed = version.document.replace("川崎市の", "改ざんの")
        SealedVersion.objects.filter(pk=version.pk).update(document=changed)
    response = get(client, official, url)
    page = response.content.decode()
    assert response.status_code == 500
    assert re.search(
        r"令和5年度 第\d版は、確定した時の内容と違います（SHA-256 が一致しません）。", page
    )
    assert "改ざん" not in page
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert re.search(
        r"evaluations\.SealedVersion \d+: \d+ bytes, sealed as [0-9a-f]{64}, now [0-9a-f]{64}",
        record.getMessage(),
    )
    assert "一致しません" in record.getMessage()


def test_list_is_there_although_a_seal_is_broken(client, official, year):
    SealedVersion.objects.update(document="")
    assert "第1版" in read(client, official)


def test_differences_are_shown_by_character_and_the_rest_is_folded(client, official, twice):
    page = read(client, official, f"{VERSIONS}1/2/")
    assert "川崎市の<ins>" in page
    assert "［追加］</span>大きな<span" in page
    assert "［削除］</span>横浜市の制度実績" in page
    assert "変わらない部分（" in page
    text = re.sub(r"<details.*?</details>", "", page, flags=re.S)
    assert "神奈川県の成果" in page
    assert "神奈川県の成果" not in text
    assert re.search(r"違い (\d+)か所", words(page))[1] == str(page.count('<div class="change">'))


def test_differences_the_other_way_round(client, official, twice):
    page = read(client, official, f"{VERSIONS}2/1/")
    assert "［削除］</span>大きな<span" in page
    assert "［追加］</span>横浜市の制度実績" in page


def test_version_does_not_differ_from_itself(client, official, year):
    assert "二つの版の内容は同じです。" in read(client, official, f"{VERSIONS}1/1/")


def test_two_versions_are_chosen_in_a_form(client, official, twice):
    assert get(client, official, f"{VERSIONS}?from=1&to=2").url == f"{VERSIONS}1/2/"
    assert "別々の版を選んでください。" in read(client, official, f"{VERSIONS}?from=1&to=1")
    for query in ("from=1", "from=1&to=9", "from=x&to=y"):
        read(client, official, f"{VERSIONS}?{query}")


@pytest.mark.parametrize("url", [VERSIONS, f"{VERSIONS}1/", f"{VERSIONS}1/1/"])
def test_strangers_do_not_find_it(client, stranger, year, url):
    assert get(client, stranger, url).status_code == 404


@pytest.mark.parametrize(
    "url", [f"{VERSIONS}2/", f"{VERSIONS}0/", f"{VERSIONS}1/2/", "/keihin/2022/versions/1/"]
)
def test_what_is_not_there_is_not_found(client, official, year, url):
    assert get(client, official, url).status_code == 404


@pytest.mark.parametrize("url", [VERSIONS, f"{VERSIONS}1/", f"{VERSIONS}1/1/"])
def test_anonymous_and_other_methods(client, official, year, url):
    assert client.get(url).url == f"/sign-in/?next={url}"
    client.force_login(official)
    assert client.post(url).status_code == 405


def test_queries_do_not_depend_on_the_number_of_versions(client, official, twice):
    urls = [VERSIONS, f"{VERSIONS}1/", f"{VERSIONS}1/2/", YEAR]
    client.force_login(official)

    def queries():
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as counted:
                assert client.get(url).status_code == 200
            counts.append(len(counted))
        return counts

    few = queries()
    assert max(few) <= 12
    for number in range(3, 9):
        version = SealedVersion.objects.first()
        version.pk, version.number = None, number
        version.save()
    assert queries() == few


# The page of a sealed year


def change_every_record():
    """Change every text, name, figure, date and choice of every record that the form is composed from."""
    kinds = [
        kind
        for label in ("evaluations", "supports")
        for kind in apps.get_app_config(label).get_models()
        if issubclass(kind, Record)
        and kind not in (Correction, ResultPart, Submission, Remark, Waiver)
    ]
    # Fields that identify the year, its state and its address.
    unchanged_fields = {"id", "slug", "state", "fiscal_year", "revision"}
    changed, unchanged = set(), set()
    for kind in [*kinds, Municipality]:
        for row, field in product(kind.objects.all(), kind._meta.concrete_fields):
            if field.is_relation or field.name in unchanged_fields:
                continue
            with suppress(IntegrityError), transaction.atomic():
                new = other_value(row, field)
                kind.objects.filter(pk=row.pk).update(**{field.name: new})
                changed.add((kind.__name__, field.name))
            unchanged.add((kind.__name__, field.name))
    # Fields tied by constraints: a target in 万 is a flow, a formula needs its baseline.
    together = {"nature", "total_in_man", "formula", "baseline", "baseline_year"}
    assert {item for item in unchanged - changed if item[1] not in together} == set()
    assert {kind for kind, _ in changed} == {kind.__name__ for kind in [*kinds, Municipality]}


def other_value(row, field):
    value = getattr(row, field.name)
    match field:
        case _ if field.choices:
            return next(choice for choice, _ in field.flatchoices if choice != value)
        case models.CharField() | models.TextField():
            return f"別{row.pk}"[: field.max_length]
        case FigureField():
            return Figure.of(1 if value is None else (value.number + 1) % 5)
        case models.DecimalField():
            return Decimal(1) if value is None else (value + 1) % 5
        case models.DateField():
            days = timedelta(days=-1 if field.name == "designated_on" else 1)
            return (value or timezone.now()) + days
        case models.BooleanField():
            return not value
        case models.UUIDField():
            return uuid4()
        case models.IntegerField():
            return {"decimals": 3, "first_year": 2021, "last_year": 2027}.get(
                field.name, (value or 0) + 10
            )
    raise AssertionError(field)


def without_token(page):
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", page)


@pytest.mark.parametrize("url", [YEAR, f"{YEAR}print/"])
@pytest.mark.parametrize(
    ("person", "state"), [("secretariat", "final"), ("official", "final"), ("reader", "sent")]
)
def test_page_of_a_sealed_year_stays_the_same_to_the_byte(
    client, request, year, secretariat, url, person, state
):
    if state == "sent":
        moves.move(year, "send", by=secretariat, sent_on=date(2024, 6, 28))
    user = request.getfixturevalue(person)
    before = read(client, user, url)
    assert "京浜臨海部ライフイノベーション国際戦略総合特区" in before
    change_every_record()
    Municipality.objects.filter(pk=user.municipality_id).update(name="川崎市", label="川崎市")
    after = read(client, user, url)
    assert without_token(after).encode() == without_token(before).encode()
    # The records did change: opened again, the page is another one.
    Evaluation.objects.update(state="open")
    assert "京浜臨海部" not in read(client, user, url)


def test_page_stays_the_same_after_rows_were_added_and_removed(client, reader, year):
    before = read(client, reader, YEAR)
    for item in campaign.items_of(year):
        if type(item.row).__name__ in ("Achievement", "SchemeResult", "NationalSupport"):
            type(item.row).objects.filter(pk=item.row.pk).delete()
    year.zone.zonemunicipality_set.first().delete()
    year.zone.zonemunicipality_set.create(municipality=factories.municipality("札幌市"))
    StatusChange.objects.all().delete()
    assert without_token(read(client, reader, YEAR)) == without_token(before)


def test_sealed_year_shows_its_version(client, reader, twice):
    assert re.search(
        r"第2版（令和\d+年\d+月\d+日 \d+時\d\d分確定）", words(read(client, reader, YEAR))
    )
