"""The rows of an open year, also for authors and targets added while it is being filled in."""

import pytest
from django.urls import reverse

from evaluations import moves
from evaluations.form import contents as c
from evaluations.models import (
    Actual,
    Evaluation,
    Indicator,
    NumericTarget,
    TargetAssessment,
    ZoneMunicipality,
)
from evaluations.permissions import Access
from evaluations.records.load import load, load_for
from evaluations.review.comparison import changed_since_hand_in
from evaluations.review.hand_in_progress import hand_in_progress
from evaluations.years.editions import begin_edition
from evaluations.years.rows import rows_of_year
from evaluations.years.rows_at_opening import prepare_open_years
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.campaign import items_of, missing_items
from tests.evaluations.views.entry import open_year
from tests.worlds import world
from tokku.figures import Figure

ALL = {"神奈川県", "横浜市", "川崎市"}


@world
def evaluation(secretariat):
    return open_year(secretariat)


def add_author(evaluation):
    added_author = factories.municipality("札幌市")
    ZoneMunicipality.objects.create(zone=evaluation.zone, municipality=added_author, position=9)
    prepare_open_years(evaluation.zone)
    return added_author


def figures(evaluation, year):
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    (indicator,) = load(evaluation).indicators
    return next(
        year_figures for year_figures in indicator.targets[0].years if year_figures.year == year
    )


def test_joining_municipality_is_asked_for_everything(evaluation):
    added_author = add_author(evaluation)
    missing = missing_items(evaluation, added_author.pk)
    assert {type(item.row).__name__ for item in missing} == {
        "Actual",
        "RegionalText",
        "Submission",
    }


def test_joining_municipality_changes_no_past_year(evaluation):
    assert figures(evaluation, 2022).actual == Figure.of(12)
    add_author(evaluation)
    assert figures(evaluation, 2022).actual == Figure.of(12)


# Each way to add a target or an author makes rows in the open year and in no other


def save_in_admin(client, row, more):
    """Send the admin's page of the row, or the page that adds one, with `more` filled in."""
    name = f"admin:evaluations_{row._meta.model_name}"
    url = reverse(f"{name}_change", args=[row.pk]) if row.pk else reverse(f"{name}_add")
    page = client.get(url)
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {
        bound_field.html_name: bound_field.value()
        for form in forms
        for bound_field in form
        if bound_field.value() is not None
    }
    assert client.post(url, sent | more).status_code == 302


TARGET = {"number": 7, "name": "新しい目標", "unit": "件", "total": 50}


def on_its_page(client, edition):
    indicator = edition.indicator_set.get().pk
    save_in_admin(client, NumericTarget(), TARGET | {"indicator": indicator})


def _inline_values(prefix, number, values):
    total = {f"{prefix}-TOTAL_FORMS": number + 1}
    return total | {f"{prefix}-{number}-{name}": value for name, value in values.items()}


def in_the_form_of_its_indicator(client, edition):
    save_in_admin(
        client,
        edition.indicator_set.get(),
        _inline_values("numerictarget_set", 1, TARGET),
    )


def with_its_indicator(client, edition):
    values = {"edition": edition.pk, "number": 2, "name": "新しい指標"}
    save_in_admin(client, Indicator(), values | _inline_values("numerictarget_set", 0, TARGET))


@pytest.mark.parametrize("add", [on_its_page, in_the_form_of_its_indicator, with_its_indicator])
def test_target_that_is_added_is_asked_for(client, secretariat, evaluation, add):
    client.force_login(secretariat)
    add(client, begin_edition(evaluation.edition, 2023))
    new = NumericTarget.objects.get(name="新しい目標")
    assert TargetAssessment.objects.filter(evaluation=evaluation, target=new).exists()
    actuals = Actual.objects.filter(fiscal_year=2023, target=new)
    assert set(actuals.values_list("municipality__name", flat=True)) == ALL
    assert not Actual.objects.filter(fiscal_year=2022, target=new).exists()


def in_the_form_of_the_zone(client, evaluation):
    author_values = {"municipality": factories.municipality("札幌市").name, "position": 9}
    save_in_admin(client, evaluation.zone, _inline_values("zonemunicipality_set", 3, author_values))


def test_added_author_is_asked_for_its_rows(client, secretariat, evaluation):
    client.force_login(secretariat)
    in_the_form_of_the_zone(client, evaluation)
    author_filter = {"municipality__name": "札幌市"}
    assert evaluation.submission_set.filter(**author_filter).exists()
    assert Actual.objects.filter(fiscal_year=2023, **author_filter).exists()
    assert not Actual.objects.filter(fiscal_year=2022, **author_filter).exists()


@pytest.mark.parametrize(
    ("aggregation", "stored", "asked"),
    [
        ("sum", (), ALL),
        ("sum", ("横浜市",), ALL),
        ("sum", (None,), {None}),
        ("once", (), {None}),
        ("once", ("横浜市",), {"横浜市"}),
        ("once", (None,), {None}),
    ],
)
def test_figure_is_asked_of_each_municipality_or_once_for_the_zone(
    secretariat, official, aggregation, stored, asked
):
    """Never both, not even where one of them has reported already or when another municipality joins."""
    blank = tuple(c.YearFigures(year=year, target=Figure.of(10)) for year in range(2022, 2027))
    target = factories.numeric_target(aggregation=aggregation, years=blank)
    indicator = c.Indicator(number=1, name="経済効果", targets=(target,))
    year = factories.evaluation(factories.contents(indicators=(indicator,)))
    for name in stored:
        Actual.objects.create(
            target=NumericTarget.objects.get(),
            fiscal_year=2023,
            municipality=name and factories.municipality(name),
        )

    moves.move(year, "open", by=secretariat)

    rows = Actual.objects.filter(fiscal_year=2023)
    assert set(rows.values_list("municipality__name", flat=True)) == asked
    assert rows.count() == len(asked)
    missing = missing_items(year, official.municipality_id)
    assert any(isinstance(item.row, Actual) for item in missing) == ("川崎市" in asked)
    add_author(year)
    added_names = {"札幌市"} if asked == ALL else set()
    assert set(rows.values_list("municipality__name", flat=True)) == asked | added_names


def test_sealed_year_is_left_alone(secretariat):
    year = campaign.sealed_year(secretariat)
    add_author(year)
    assert not year.submission_set.filter(municipality__name="札幌市").exists()
    moves.move(year, "reopen", by=secretariat, reason="訂正")
    assert year.submission_set.filter(municipality__name="札幌市").exists()


def test_rows_of_a_municipality_that_has_left_still_count_as_missing(evaluation, official):
    ZoneMunicipality.objects.get(municipality=official.municipality).delete()
    progress = hand_in_progress([rows_of_year(evaluation)])[evaluation.pk]
    assert official.municipality not in [author.municipality for author in progress.authors]
    assert any(
        official.municipality_id in item.row.owner_ids for item in progress.zone_progress.missing
    )


@pytest.mark.parametrize("value", [5, 0])
def test_figure_that_one_has_reported_is_asked_of_nobody_else(evaluation, official, value):
    target = NumericTarget.objects.get(indicator__edition=evaluation.edition)
    target.aggregation = "once"
    target.save()
    other = Actual.objects.get(fiscal_year=2023, municipality__name="横浜市")
    other.value = value
    other.save()
    missing = missing_items(evaluation, official.municipality_id)
    assert not any(isinstance(item.row, Actual) for item in missing)


def test_result_of_last_year_is_copied_to_part_2(secretariat):
    last = campaign.sealed_year(secretariat)
    last.score, last.remarks = "4.5", "所見"
    last.save()
    following = Evaluation.objects.create(zone=last.zone, edition=last.edition, fiscal_year=2024)
    moves.move(following, "open", by=secretariat)
    following.refresh_from_db()
    assert (following.previous_score, following.previous_remarks) == ("4.5", "所見")


def test_late_result_is_copied_to_part_2_unless_that_is_filled_in(client, secretariat):
    last = campaign.sealed_year(secretariat)
    following = Evaluation.objects.create(zone=last.zone, edition=last.edition, fiscal_year=2024)
    moves.move(following, "open", by=secretariat)
    client.force_login(secretariat)
    key = f"evaluations.evaluation/{last.pk}"
    sent = {f"{key}-revision": last.revision, f"{key}-score": "4.5", f"{key}-remarks": "所見"}
    client.post("/keihin/2023/result/", sent)
    following.refresh_from_db()
    assert following.previous_remarks == "所見"
    last.refresh_from_db()
    sent |= {f"{key}-revision": last.revision, f"{key}-remarks": "訂正された所見"}
    client.post("/keihin/2023/result/", sent)
    following.refresh_from_db()
    assert following.previous_remarks == "所見"


@pytest.mark.parametrize(
    ("person", "seen"), [("official", None), ("reader", None), ("secretariat", 77_785)]
)
def test_unfinished_figure_of_an_earlier_year_is_hidden_from_others(
    request, secretariat, evaluation, person, seen
):
    """Two years may be open at once, such as one that was opened again."""
    last = Evaluation.objects.get(fiscal_year=2022)
    moves.move(last, "open", by=secretariat)
    row = Actual.objects.get(fiscal_year=2022, municipality__name="横浜市")
    row.value = 77_777
    row.save()
    (indicator,) = load_for(Access(request.getfixturevalue(person), evaluation)).contents.indicators
    figures_of_2022 = next(
        year_figures for year_figures in indicator.targets[0].years if year_figures.year == 2022
    )
    assert figures_of_2022.actual == Figure.of(seen)
    # Once it is handed in, everybody of the zone sees it.
    campaign.put(campaign.submission(last, "横浜市"), "submitted", secretariat)
    campaign.put(campaign.submission(last, "神奈川県"), "submitted", secretariat)
    campaign.put(campaign.submission(last, "川崎市"), "submitted", secretariat)
    access = Access(request.getfixturevalue(person), evaluation)
    assert not {year for _, year in access.hidden_actuals} & {2022}


def test_change_after_the_hand_in_is_counted(secretariat):
    year = campaign.approved_year(secretariat)
    assert not any(changed_since_hand_in(rows_of_year(year)).values())
    row = next(item.row for item in items_of(year) if item.text == "川崎市の制度実績")
    row.result = "承認後の実績"
    row.save()
    changed = changed_since_hand_in(rows_of_year(year))
    assert +changed == {factories.municipality("川崎市").pk: 1}
