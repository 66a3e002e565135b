"""A change of the plan from a year on: earlier years say and ask what they did, in every state and order of acts."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings, strategies

from evaluations import moves
from evaluations.charts.inputs import Inputs
from evaluations.charts.visible_figures import visible_figures
from evaluations.form import compose
from evaluations.keys import TargetKey
from evaluations.models import (
    Actual,
    Evaluation,
    NumericTarget,
    PlanEdition,
    TargetAssessment,
    ZoneMunicipality,
)
from evaluations.permissions import Access
from evaluations.records.load import load
from evaluations.sealed.sealing import read_sealed
from evaluations.years.editions import CannotBeginEdition, begin_edition
from evaluations.years.next_year import NextYear
from evaluations.years.rows import rows_of_year
from evaluations.years.rows_at_opening import prepare_open_years
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.admin.test_access import change, forms_of
from tests.examples import share
from tests.worlds import world
from tokku.document import text
from tokku.figures import Figure

pytestmark = pytest.mark.django_db


@world
def last(secretariat):
    """The evaluation of 2023, sealed, and that of 2024, open."""
    last = campaign.sealed_year(secretariat)
    moves.move(NextYear(last).save(by=secretariat), "open", by=secretariat)
    return last


def following() -> Evaluation:
    return Evaluation.objects.get(fiscal_year=2024)


def said(year: int) -> str:
    return text.write(compose(load(Evaluation.objects.get(fiscal_year=year))))


def asked(year: int) -> set:
    rows = rows_of_year(Evaluation.objects.get(fiscal_year=year)).rows
    return {item.key for row in rows for item in row.required_items()}


# What a plan may be changed in. Each takes the edition from 2024 on.


def target_of(edition) -> NumericTarget:
    return NumericTarget.objects.of_edition(edition)[0]


def save(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def add_target(edition):
    NumericTarget.objects.create(
        indicator=edition.indicator_set.first(), number=9, name="加えた目標", unit="人", total=9
    )
    prepare_open_years(edition.plan.zone)


CHANGES_OF_TARGET = {
    "a target dropped": lambda edition: target_of(edition).delete(),
    "a weight": lambda edition: save(target_of(edition), weight=Decimal(70)),
    "a name": lambda edition: save(target_of(edition), name="改めた目標"),
    "a unit": lambda edition: save(target_of(edition), unit="社"),
    "a total": lambda edition: save(target_of(edition), total=Figure.of(99)),
    "decimals": lambda edition: save(target_of(edition), decimals=2, total="60.00"),
    "a formula": lambda edition: save(
        target_of(edition), formula="improvement", baseline=1, baseline_year=2021
    ),
    "a yearly target": lambda edition: save(
        target_of(edition).yearlytarget_set.get(fiscal_year=2023), value=Decimal(77)
    ),
}
CHANGES = {
    "a target added": add_target,
    **CHANGES_OF_TARGET,
    "an indicator's name": lambda edition: save(edition.indicator_set.first(), name="改めた指標"),
    "the goal": lambda edition: save(edition, goal="改めた目標"),
    "the day": lambda edition: save(edition, certified_on=date(2024, 3, 29)),
}
NOT_PRINTED = {"a formula"}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_from_a_year_on_changes_nothing_before(last, secretariat, name):
    before, asked_before, after = said(2023), asked(2023), said(2024)
    edition = begin_edition(last.edition, 2024, by=secretariat)
    assert (said(2024), asked(2023)) == (after, asked_before)

    CHANGES[name](edition)

    assert (said(2023), asked(2023)) == (before, asked_before)
    assert (said(2024) != after) or name in NOT_PRINTED


def open_again(year, by):
    """Open a sealed year again; of an open one nothing."""
    evaluation = Evaluation.objects.get(fiscal_year=year)
    if evaluation.state == "final":
        moves.move(evaluation, "reopen", by=by, reason="誤りを直すため")


def seal_again(year, by):
    evaluation = Evaluation.objects.get(fiscal_year=year)
    if evaluation.state == "open":
        campaign.fill(evaluation)
        for submission in evaluation.submission_set.all():
            campaign.put(submission, "approved", by)
        campaign.sealed_as_it_is(evaluation, by)
        campaign.put(evaluation, "final", by)


ACTS = {
    "open 2023 again": lambda by: open_again(2023, by),
    "seal 2023": lambda by: seal_again(2023, by),
    "open 2024 again": lambda by: open_again(2024, by),
    "seal 2024": lambda by: seal_again(2024, by),
    **{
        name: lambda by, act=act: act(PlanEdition.objects.get(first_year=2024))
        for name, act in CHANGES.items()
    },
}


@settings(
    max_examples=share(8),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(strategies.lists(strategies.sampled_from(sorted(ACTS)), min_size=3, max_size=6, unique=True))
def test_every_order_of_acts_leaves_the_earlier_year_as_it_was(last, secretariat, names):
    with transaction.atomic():
        before, asked_before = said(2023), asked(2023)
        begin_edition(last.edition, 2024, by=secretariat)
        gone = False
        for name in names:
            if gone and name in CHANGES_OF_TARGET:
                continue
            ACTS[name](secretariat)
            gone |= name == "a target dropped"
            assert (said(2023), asked(2023)) == (before, asked_before), names
        transaction.set_rollback(True)


@pytest.mark.postgres
def test_a_year_that_is_opened_again_differs_in_what_was_corrected_alone(last, secretariat):
    """The whole story: the plan changes in every way and an author joins from 2024 on; 2023 is opened again."""
    first = last.sealedversion_set.get()
    edition = begin_edition(
        last.edition, 2024, by=secretariat, certified_on=date(2024, 3, 29), reason="目標の追加"
    )
    for name in sorted(CHANGES, key="a target dropped".__eq__):  # at last the one that has changed
        CHANGES[name](edition)
    author = factories.municipality("横須賀市")
    ZoneMunicipality.objects.create(
        zone=last.zone, municipality=author, position=9, first_year=2024
    )
    before = asked(2023)
    moves.move(last, "reopen", by=secretariat, reason="誤りを直すため")
    assert asked(2023) == before

    actual = Actual.objects.filter(fiscal_year=2023, municipality__name="川崎市").get()
    save(actual, value=Decimal(7))
    for submission in last.submission_set.all():
        campaign.put(submission, "approved", secretariat)
    campaign.set_aside(last, secretariat)
    moves.move(last, "seal", by=secretariat, reason="部長決裁")

    second = last.sealedversion_set.first()
    lines = [text.write(read_sealed(version)).splitlines() for version in (first, second)]
    different = [pair for pair in zip(*lines, strict=True) if pair[0] != pair[1]]
    assert different
    # The figure, and what is computed from it: in 3①, in 別紙1, and the progress of the indicator.
    assert all(
        any(mark in one for mark in ("実績値", "進捗度", "評価指標")) for one, _ in different
    )


def test_rows_of_the_year_are_those_of_its_edition(last, secretariat):
    old = target_of(last.edition)
    edition = begin_edition(last.edition, 2024, by=secretariat)
    new = target_of(edition)
    assert new != old
    assert new.thread == old.thread
    assert set(TargetAssessment.objects.values_list("evaluation__fiscal_year", "target")) == {
        (2023, old.pk),
        (2024, new.pk),
    }
    targets = dict(Actual.objects.values_list("fiscal_year", "target"))
    assert targets == {2022: old.pk, 2023: old.pk, 2024: new.pk}
    # The form of 2024 has the actuals of the years before.
    figures = load(following()).target(TargetKey(1, 1)).years
    assert [each.actual for each in figures[:2]] == [Figure.of(12), Figure.of(15)]


def test_another_unit_is_another_target(last, secretariat):
    edition = begin_edition(last.edition, 2024, by=secretariat)
    target = target_of(edition)
    save(target, unit="社")
    assert target.thread != target_of(last.edition).thread
    figures = load(following()).target(TargetKey(1, 1)).years
    assert [each.actual for each in figures[:2]] == [None, None]


@pytest.mark.parametrize(
    ("year", "sentence"),
    [(2023, "からの版は作れません"), (2022, "からの版は作れません")],
)
def test_no_edition_begins_with_a_year_that_is_over(last, year, sentence):
    edition = last.edition
    save(edition, first_year=2023)
    with pytest.raises(CannotBeginEdition, match=sentence):
        begin_edition(edition, year)


def test_no_edition_begins_with_a_sealed_year(last, secretariat):
    seal_again(2024, secretariat)
    with pytest.raises(CannotBeginEdition, match="令和6年度の評価書は確定のため"):
        begin_edition(last.edition, 2024)


# In the admin


@pytest.fixture
def sign_in(client, secretariat):
    client.force_login(secretariat)


def messages_of(client, address, data) -> str:
    return client.post(address, data, follow=True).content.decode()


@pytest.mark.usefixtures("sign_in")
def test_an_edition_begins_in_the_admin(client, last):
    data = {
        "plan": last.plan.pk,
        "first_year": "2024",
        "certified_on": "2024-03-29",
        "reason": "数値目標の追加",
    }
    page = messages_of(client, reverse("admin:evaluations_planedition_add"), data)
    assert "令和6年度からの版を作成しました。" in page
    edition = PlanEdition.objects.get(first_year=2024)
    assert following().edition == edition
    assert target_of(edition).name == target_of(last.edition).name
    assert "令和6年3月29日最終認定" in said(2024)
    assert "最終認定" not in said(2023)


@pytest.mark.usefixtures("sign_in")
@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        ("2022", "同じ年度からの版が既にあります。"),
        ("2027", "計画の期間に含まれる年度を入力してください。"),
        ("2024", "令和6年度の評価書は確定のため、その年度の計画は変えられません。"),
    ],
)
def test_an_edition_that_cannot_begin_is_refused_beside_its_year(
    client, last, secretariat, year, sentence
):
    seal_again(2024, secretariat)
    data = {"plan": last.plan.pk, "first_year": year, "reason": "理由"}
    page = messages_of(client, reverse("admin:evaluations_planedition_add"), data)
    assert sentence in page
    assert "理由</textarea>" in page
    assert PlanEdition.objects.count() == 1


@pytest.mark.usefixtures("sign_in")
def test_what_a_sealed_year_says_stays_in_the_admin(client, last, secretariat):
    target = target_of(last.edition)
    yearly = target.yearlytarget_set.first()
    for row in (last.edition, target.indicator, target, yearly):
        page = client.get(change(row)).content.decode()
        assert "この版は、令和5年度までの評価書に記載しているため、変更できません。" in page
        assert f"?plan={last.plan.pk}&amp;first_year=2024" in page
        assert client.post(change(row), {}).status_code == 403
    new = begin_edition(last.edition, 2024, by=secretariat)
    sent = forms_of(client, change(target_of(new))) | {"name": "改めた目標"}
    assert client.post(change(target_of(new)), sent).status_code == 302
    assert target_of(new).name == "改めた目標"
    assert target_of(last.edition).name == "数値目標その1"


@pytest.mark.usefixtures("sign_in")
def test_a_plan_begins_with_an_edition(client, last):
    data = {"zone": last.zone.pk, "term": "9", "first_year": "2027", "last_year": "2031"}
    response = client.post(reverse("admin:evaluations_plan_add"), data)
    edition = PlanEdition.objects.get(plan__term=9)
    assert edition.first_year == 2027
    assert response.url == change(edition)


def test_a_new_year_goes_by_the_edition_of_its_year(last, secretariat):
    begin_edition(last.edition, 2025, by=secretariat, goal="改めた目標")
    assert following().edition == last.edition
    later = NextYear(following()).save(by=secretariat)
    assert later.edition.goal == "改めた目標"


def test_a_unit_that_is_put_right_makes_it_the_same_target_again(last, secretariat):
    target = target_of(begin_edition(last.edition, 2024, by=secretariat))
    for unit in ("社", "件"):
        save(target, unit=unit)
    assert target.thread == target_of(last.edition).thread


def test_figures_of_before_are_no_inputs_of_another_target(last, secretariat):
    target = target_of(begin_edition(last.edition, 2024, by=secretariat))
    save(target, unit="社")
    access = Access(secretariat, following())
    figures = visible_figures(access)
    key = TargetKey(1, 1)
    printed = figures.contents.target(key)
    assert list(Inputs(access, figures).actuals(key, printed, 2023)) == []


@pytest.mark.usefixtures("sign_in")
def test_no_figure_is_added_under_the_target_of_another_years_edition(client, last, secretariat):
    edition = begin_edition(last.edition, 2024, by=secretariat)
    before = said(2024)
    data = {
        "target": target_of(edition).pk,
        "fiscal_year": "2023",
        "municipality": factories.municipality().pk,
        "value": "7",
    }
    page = client.post(reverse("admin:evaluations_actual_add"), data)
    assert "令和5年度の計画にない数値目標は選べません。" in page.content.decode()
    assert said(2024) == before


@pytest.mark.usefixtures("sign_in")
def test_an_edition_without_a_day_of_its_own_has_that_of_the_one_before(client, last):
    save(last.edition, certified_on=date(2023, 3, 1))
    data = {"plan": last.plan.pk, "first_year": "2024", "certified_on": "", "reason": "寄与度"}
    client.post(reverse("admin:evaluations_planedition_add"), data)
    assert PlanEdition.objects.get(first_year=2024).certified_on == date(2023, 3, 1)


@pytest.mark.usefixtures("sign_in")
def test_a_closed_edition_leads_to_the_one_that_says_the_rest(client, last, secretariat):
    later = begin_edition(last.edition, 2024, by=secretariat)
    page = client.get(change(last.edition)).content.decode()
    assert f'<a href="{change(later)}">' in page


@pytest.mark.usefixtures("sign_in")
def test_the_years_of_a_plan_stay_once_one_is_sealed(client, last):
    before = said(2023)
    sent = forms_of(client, change(last.plan))
    page = client.post(change(last.plan), sent | {"last_year": 2027}).content.decode()
    assert "計画の期間は変更できません。" in page
    assert client.post(change(last.plan), sent | {"term": 9}).status_code == 302
    assert said(2023) == before


@pytest.mark.usefixtures("sign_in")
def test_an_edition_with_figures_is_not_deleted(client, last, secretariat):
    edition = begin_edition(last.edition, 2025, by=secretariat)
    delete = change(last.edition).replace("change", "delete")
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert (
        client.post(change(edition).replace("change", "delete"), {"post": "yes"}).status_code == 302
    )
