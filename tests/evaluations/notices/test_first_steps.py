"""From an empty site to the first entry: home names the next step, and its button leads to where it is done."""

from datetime import date

import pytest

from evaluations.models import (
    Evaluation,
    Indicator,
    NumericTarget,
    YearlyTarget,
    Zone,
    ZoneMunicipality,
)
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def tasks(client, person):
    """The titles of what the person is to do. Each button leads to a page that may be used."""
    client.force_login(person)
    tasks = client.get("/").context["tasks"]
    for task in tasks:
        page = client.get(task.url)
        assert page.status_code == 200, task
        assert not page.context.get("refusal")
    return [task.title for task in tasks]


def test_an_empty_site_leads_to_the_first_entry(client, administrator):
    assert tasks(client, administrator) == ["特区を登録してください"]

    zone = Zone.objects.create(
        slug="shonan",
        kind="regional",
        name="湘南ロボット特区",
        designated_on=date(2024, 4, 1),
        certified_on=date(2024, 6, 1),
    )
    assert tasks(client, administrator) == ["作成主体を登録してください"]

    for position, name in enumerate(("神奈川県", "三浦市"), 1):
        author = factories.municipality(name)
        ZoneMunicipality.objects.create(zone=zone, municipality=author, position=position)
    assert tasks(client, administrator) == ["取りまとめ担当の利用者を登録してください"]

    secretariat = factories.person("secretariat")
    officials = "担当者の利用者を登録してください"
    assert tasks(client, administrator) == [officials]
    assert tasks(client, secretariat) == ["計画を登録してください", officials]

    plan = factories.plan(zone, 2024, 2025, overview="概要", goal="目標")
    assert tasks(client, secretariat) == ["評価指標を登録してください", officials]

    indicator = Indicator.objects.create(edition=plan.planedition_set.get(), number=1, name="実証")
    step = "評価指標（1）：実証の数値目標を登録してください"
    assert tasks(client, secretariat) == [step, officials]

    target = NumericTarget.objects.create(
        indicator=indicator, number=1, name="件数", unit="件", total=20
    )
    step = "数値目標「件数（件）」の年度ごとの目標値を登録してください"
    assert tasks(client, secretariat) == [step, officials]

    for year in plan.years:
        YearlyTarget.objects.create(target=target, fiscal_year=year, value=10)
    step = "最初の年度の評価書を作成してください"
    assert tasks(client, secretariat) == [step, officials]

    factories.user("kanagawa", of="神奈川県")
    (step, missing) = client.get("/").context["tasks"]
    assert "：三浦市。" in missing.why
    factories.user("miura", of="三浦市")
    assert tasks(client, secretariat) == ["最初の年度の評価書を作成してください"]

    Evaluation.objects.create(zone=zone, edition=plan.planedition_set.get(), fiscal_year=2024)
    assert tasks(client, secretariat) == ["令和6年度の評価書の入力を開始してください"]
    assert tasks(client, administrator) == []


def test_officials_are_asked_for_until_entry_begins(client, secretariat, evaluation):
    evaluation.state = "preparing"
    evaluation.save()
    assert "担当者の利用者を登録してください" in tasks(client, secretariat)
    evaluation.state = "open"
    evaluation.save()
    assert "担当者の利用者を登録してください" not in tasks(client, secretariat)


def test_whoever_writes_no_plan_is_not_asked_for_one(client, reader, official):
    Zone.objects.create(
        slug="shonan",
        kind="regional",
        name="湘南",
        designated_on=date(2024, 4, 1),
        certified_on=date(2024, 6, 1),
    )
    factories.join_zones()
    assert tasks(client, reader) == tasks(client, official) == []
