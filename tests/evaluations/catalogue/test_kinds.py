"""The catalogue is complete, and agrees with models, pages, documents and files."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from simple_history.models import HistoricalChanges

from evaluations import catalogue, moves, sample
from evaluations.addresses import in_page_address
from evaluations.catalogue import part4_measures, part5_national, part6_regional, words
from evaluations.catalogue.structure import ZONE_KINDS, Carryover
from evaluations.models import Correction, NumericTarget
from evaluations.models.zone import ZoneKind
from evaluations.years.rows import rows_of_year
from supports import models as supports
from tests import factories

# Apps whose models are not part of the catalogue.
OTHER_APPS = {"admin", "auth", "axes", "contenttypes", "made_up", "service", "sessions"}
TECHNICAL_FIELDS = {"id", "revision"}
ENTERED = [kind for kind in catalogue.KINDS.values() if kind.page]
OF_PLAN = [
    catalogue.PLAN,
    catalogue.PLAN_EDITION,
    catalogue.INDICATOR,
    catalogue.TARGET,
    catalogue.YEARLY_TARGET,
]


def own_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in OTHER_APPS and not issubclass(model, HistoricalChanges)
    ]


def name_of(kind):
    return kind.model


def test_every_model_is_in_the_catalogue():
    assert {model._meta.label_lower for model in own_models()} == catalogue.KINDS.keys()


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_field_of_every_model_is_in_the_catalogue_once(model):
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    named = [field.name for field in catalogue.kind_of(model).fields]
    assert sorted(named) == sorted({field.name for field in fields} - TECHNICAL_FIELDS)


@pytest.mark.parametrize("kind", OF_PLAN, ids=name_of)
def test_every_field_of_a_plan_says_what_a_new_term_does_with_it(kind):
    assert all(field.new_term for field in kind.fields)


def test_only_kinds_of_a_plan_are_drafted_for_a_new_term():
    with_term = [kind for kind in catalogue.KINDS.values() if any(f.new_term for f in kind.fields)]
    assert with_term == OF_PLAN


def test_every_kind_that_is_filled_in_has_its_name_identity_page_and_list(secretariat):
    """No row has the label of an unknown kind, or the identity of another row."""
    evaluation = factories.evaluation(sample.evaluations()[2023])
    moves.move(evaluation, "open", by=secretariat)
    target = NumericTarget.objects.of_edition(evaluation.edition_id)[0]
    Correction.objects.create(evaluation=evaluation, target=target, fiscal_year=2022, value=1)
    rows = rows_of_year(evaluation).rows
    rows_by_kind = {}
    for row in rows:
        rows_by_kind.setdefault(row._meta.label_lower, []).append(row)
    assert rows_by_kind.keys() == {kind.model for kind in ENTERED}
    for kind in ENTERED:
        rows_of_kind = rows_by_kind[kind.model]
        assert len({row.label for row in rows_of_kind}) > len(rows_of_kind) / 2
        # Two parts of a regional text may have the same identity.
        assert len({row.identity for row in rows_of_kind}) >= len(rows_of_kind) - (
            kind is catalogue.REGIONAL_TEXT
        )
        assert f"/entry/{kind.page}/#" in in_page_address(evaluation, rows_of_kind[0].key)
        assert all(row.asked_fields for row in rows_of_kind) or kind is catalogue.SUBMISSION
        assert kind.is_listed <= (kind.is_ordered or kind is catalogue.CORRECTION)
        if kind.evaluation:
            assert rows_of_kind[0].year == 2023


def test_every_prose_field_of_the_form_is_checked_but_the_remarks():
    """Checks may skip only texts that no reader of the form sees."""
    unread = {
        (kind.model, field.name)
        for model in own_models()
        for kind in [catalogue.kind_of(model)]
        for field in kind.fields
        if kind.source
        and isinstance(model._meta.get_field(field.name), models.TextField)
        and not field.is_prose
    }
    assert unread == {("evaluations.evaluation", "remarks"), ("evaluations.planedition", "reason")}


@pytest.mark.parametrize("kind", ENTERED, ids=name_of)
def test_every_entered_field_has_an_instruction(kind):
    # These need no instruction: names of rows, figures below their columns, and ticks with a full label.
    need_none = {"value"} if kind is catalogue.ACTUAL else set()
    need_none |= {"name"} if kind in (catalogue.NATIONAL_SUPPORT, catalogue.MEASURE) else set()
    need_none |= set(kind.entered) if kind is catalogue.SUBMISSION else set()
    model = apps.get_model(kind.model)
    kinds = [""]
    if "kind" in kind:
        kinds = [value for value, _ in model._meta.get_field("kind").flatchoices]
    for row_kind in kinds:
        without = {name for name in kind.entered if not kind[name].instruction_in(2023, row_kind)}
        assert without == need_none & set(kind.entered), row_kind


def test_instruction_of_a_support_names_its_kind():
    instruction = catalogue.NATIONAL_SUPPORT["usage"].instruction_in(2023, "tax")
    assert instruction == "本文5　イ 評価対象年度における税制支援の活用状況と目標達成への寄与"


@pytest.mark.parametrize(
    "kind", [catalogue.EVALUATION, catalogue.ASSESSMENT, catalogue.SUBMISSION], ids=name_of
)
def test_codes_of_workbooks_never_change(kind):
    """A workbook that was handed out before an upgrade may come back after it."""
    expected = {
        "evaluations.evaluation": {
            "previous_score": "1",
            "previous_remarks": "2",
            "response_to_previous": "3",
            "considerations": "4",
            "weight_rationale": "5",
            "pathway": "6",
            "no_measures_reason": "7",
            "fiscal_support_count": "8",
            "no_fiscal_support_reason": "9",
            "tax_support_count": "10",
            "loan_support_count": "11",
            "overall": "12",
        },
        "evaluations.targetassessment": {
            "qualitative": "1",
            "alternative": "2",
            "strategy": "3",
            "target_basis": "4",
            "self_assessment": "5",
            "external_factors": "6",
        },
        "evaluations.submission": {"no_schemes": "支援措置", "no_national_supports": "国の支援"},
    }[kind.model]
    codes = {name: kind[name].code for name in kind.entered}
    assert codes.items() >= expected.items()
    assert len(set(codes.values())) == len(codes)
    assert all(codes.values())


def test_every_kind_of_a_model_has_its_heading():
    assert dict(ZoneKind.choices) == ZONE_KINDS
    assert set(supports.RegulatoryMeasureKind.values) == set(part4_measures.KINDS)
    assert supports.NationalSupportKind.values == list(part5_national.KINDS)
    assert supports.SchemeCategory.values == list(part6_regional.TABLES)
    assert list(part6_regional.TABLES) == [
        category for group in part6_regional.GROUPS.values() for category in group
    ]
    assert supports.RegionalTextKind.values == list(part6_regional.TEXT_KINDS)
    assert set(supports.MinistryEffect.values) - {""} == set(part4_measures.MINISTRY_EFFECTS)
    assert set(supports.MinistryFollowUp.values) - {""} == set(part4_measures.MINISTRY_FOLLOW_UPS)
    assert supports.NOT_APPLICABLE == words.NOT_APPLICABLE


def test_catalogue_imports_nothing_of_the_project():
    for path in Path(catalogue.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                top = node.module.split(".")
                standard_modules = {"collections", "dataclasses", "enum", "typing"}
                assert top[0] in standard_modules or top[:2] == ["evaluations", "catalogue"], path


def test_only_kinds_that_go_on_carry_fields_to_the_next_year():
    for kind in catalogue.KINDS.values():
        if not kind.goes_on:
            assert not kind.with_fate(Carryover.CARRIED, Carryover.RENAMED, Carryover.RESULT), (
                kind.model
            )
