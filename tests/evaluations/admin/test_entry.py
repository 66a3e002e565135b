"""The admin of what is filled in follows the form of the row's year, as the catalogue has it."""

import pytest
from django.contrib import admin
from django.urls import reverse

from evaluations import catalogue
from evaluations.admin.base.entry import EntryAdmin
from evaluations.catalogue import part2_plan
from evaluations.catalogue.structure import ByYear
from evaluations.models import Actual, Approach, Correction, Evaluation, NumericTarget, ResultPart
from evaluations.years.rows_at_opening import prepare_rows
from supports.models import RegulatoryMeasure
from tests import factories, worlds
from tests.evaluations.admin.test_access import contents_of_every_kind, row_of
from tests.evaluations.entry.workbook.test_columns import changed

pytestmark = pytest.mark.django_db

MODELS = [one.model for one in admin.site._registry.values() if isinstance(one, EntryAdmin)]
FIELDS = [(model, name) for model in MODELS for name in catalogue.kind_of(model).entered]


def label(value):
    return value if isinstance(value, str) else value._meta.model_name


@worlds.world
def evaluation():
    """A year with a row of every kind, being filled in."""
    evaluation = factories.evaluation(contents_of_every_kind())
    Actual.objects.filter(target__indicator__edition=evaluation.edition).delete()
    evaluation.state = "open"
    evaluation.save()
    prepare_rows(evaluation)
    ResultPart.objects.create(evaluation=evaluation, name="地域の評価", score="4.0")
    Correction.objects.create(
        evaluation=evaluation,
        target=NumericTarget.objects.of_edition(evaluation.edition)[0],
        fiscal_year=evaluation.fiscal_year - 1,
        municipality=factories.municipality("川崎市"),
        value="9",
        reason="確報値",
    )
    return evaluation


@pytest.fixture
def page(client, secretariat, evaluation):
    """Opens the page of a row: the admin's form in it."""
    client.force_login(secretariat)

    def open_page(model):
        row = row_of(model, evaluation)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        response = client.get(reverse(name, args=[row.pk]))
        assert response.status_code == 200
        return response

    return open_page


def sets(response):
    """What stands under each title."""
    return {
        fieldset.name: [name for name in fieldset.fields if name != "seen_revision"]
        for fieldset in response.context["adminform"]
    }


def shown_fields(response):
    return [name for names in sets(response).values() for name in names]


def columns(response):
    """The fields of the rows inside the form of their parent."""
    (inline,) = response.context["inline_admin_formsets"]
    return {field["name"]: field for field in inline.fields()}


def test_what_the_form_has_stands_under_the_parts_of_the_form(page):
    assert sets(page(Evaluation)) == {
        None: ["zone", "fiscal_year", "edition", "deadline", "state_of_evaluation"],
        "本文2": ["previous_score", "previous_remarks", "response_to_previous", "considerations"],
        "本文3": ["weight_rationale", "pathway"],
        "本文4": ["no_measures_reason"],
        "本文5": [
            "fiscal_support_count",
            "no_fiscal_support_reason",
            "tax_support_count",
            "loan_support_count",
        ],
        "本文7": ["overall"],
        "内閣府への提出と評価の結果": ["sent_on", "score", "remarks"],
    }
    assert sets(page(RegulatoryMeasure)) == {
        None: ["evaluation", "kind", "position", "name", "details"],
        "別紙2": ["all_targets", "targets", "used", "note"],
        "規制所管府省による評価": [
            "ministry",
            "ministry_effect",
            "ministry_follow_up",
            "ministry_remarks",
        ],
    }


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_field_of_the_catalogue_is_shown(page, model):
    replaced = {"state"} if model is Evaluation else set()
    names = {field.name for field in catalogue.kind_of(model).fields}
    assert set(shown_fields(page(model))) >= names - replaced


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=label)
def test_what_the_form_of_a_year_does_not_have_is_not_shown(page, evaluation, model, name):
    before = shown_fields(page(model))
    with changed(catalogue.kind_of(model)[name], until=evaluation.fiscal_year - 1):
        assert shown_fields(page(model)) == [field for field in before if field != name]


def test_achievements_inside_their_approach_have_what_the_form_of_the_year_has(page, evaluation):
    before = columns(page(Approach))
    assert [*before][-2:] == ["heading", "text"]
    with changed(catalogue.ACHIEVEMENT["text"], until=evaluation.fiscal_year - 1):
        assert [*columns(page(Approach))] == [*before][:-1]


def test_a_part_that_moves_is_called_by_its_place_in_the_year(page, evaluation):
    year = evaluation.fiscal_year
    with changed(part2_plan.PART, number=ByYear(((2012, "2"), (year, "9")))):
        assert "本文9" in sets(page(Evaluation))
    with changed(part2_plan.PART, number=ByYear(((2012, "2"), (year + 1, "9")))):
        assert "本文2" in sets(page(Evaluation))


@pytest.mark.parametrize("is_sealed", [False, True], ids=["open", "sealed"])
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_instructions_are_shown_where_fields_are_written_and_where_they_are_read(
    page, evaluation, model, is_sealed
):
    if is_sealed:
        Evaluation.objects.update(state="final")
    row, kind = row_of(model, evaluation), catalogue.kind_of(model)
    content = page(model).content.decode()
    for name in kind.entered:
        text = kind[name].instruction_in(evaluation.fiscal_year, getattr(row, "kind", ""))
        assert text in content


@pytest.mark.parametrize("is_sealed", [False, True], ids=["open", "sealed"])
def test_rows_inside_their_parent_have_their_instructions(page, evaluation, is_sealed):
    if is_sealed:
        Evaluation.objects.update(state="final")
    texts = columns(page(Approach))
    for name in ("heading", "text"):
        text = catalogue.ACHIEVEMENT[name].instruction_in(evaluation.fiscal_year)
        assert text == texts[name]["help_text"]
