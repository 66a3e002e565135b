"""The lists of what becomes of every field in the next year: whole, and true of what is made."""

from decimal import Decimal

import pytest
from django.apps import apps
from simple_history.models import HistoricalChanges

from evaluations.carryover import NEW_TERM, NEXT_YEAR, Fate
from evaluations.desk import Desk
from evaluations.form.contents import Approach, Plan
from evaluations.items import as_text, identity
from evaluations.models import Actual, Evaluation, Submission, TargetAssessment
from evaluations.next_year import GOING_ON, NextYear
from evaluations.sample import evaluations
from evaluations.views.entry.entries import entries_of
from supports.models import RegulatoryMeasure
from tests import factories
from tokku.records import value_of

# Apps of others, which know nothing of years.
OTHERS = {"admin", "auth", "axes", "contenttypes", "sessions"}
OWN = {"id", "revision"}


def models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label not in OTHERS and not issubclass(model, HistoricalChanges)
    ]


def fields(model):
    found = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return sorted({field.name for field in found} - OWN)


def named(fates):
    return sorted(name for names in fates.values() for name in names)


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_field_of_every_model_is_named_once(model):
    assert named(NEXT_YEAR[model]) == fields(model)


@pytest.mark.parametrize("model", NEW_TERM, ids=lambda model: model._meta.label)
def test_every_field_of_a_plan_is_named_for_a_new_term(model):
    assert named(NEW_TERM[model]) == fields(model)


def test_no_list_is_of_a_model_that_is_gone():
    assert NEXT_YEAR.keys() == set(models())
    assert NEW_TERM.keys() < NEXT_YEAR.keys()


def test_what_stands_in_a_term_is_listed_for_a_new_one():
    """Whatever belongs to a plan is drafted with it."""
    of_plan = {model for model in models() if model.__name__ in ("Plan", "Indicator")}
    of_plan |= {model for model in models() if "Target" in model.__name__} - {TargetAssessment}
    assert NEW_TERM.keys() == of_plan


@pytest.fixture
def last(db):
    """2023 of the sample with something in every field that people fill in."""
    said = evaluations()[2023]
    evaluation = factories.evaluation(said)
    evaluation.score, evaluation.remarks = Decimal("4.5"), "所見"
    evaluation.save()
    for row in TargetAssessment.objects.all():
        for name in ("qualitative", "alternative", "external_factors"):
            setattr(row, name, f"前年度の{name}")
        row.save()
    for row in RegulatoryMeasure.objects.all():
        row.used, row.details, row.note = True, "詳細", "備考"
        row.ministry, row.ministry_remarks = "厚生労働省", "特記"
        row.ministry_effect, row.ministry_follow_up = "not_recognised", "review"
        row.save()
    return evaluation


@pytest.fixture
def following(last, secretariat):
    evaluation = NextYear(last).save()
    evaluation.move("open", by=secretariat)
    return Evaluation.objects.get(pk=evaluation.pk)


def rows(desk):
    """Each row by what makes it the same in two years; of parts that share a place, the first."""
    return {identity(row): row for row in reversed(desk.all_rows)}


def test_what_is_made_is_what_the_lists_say(last, following, secretariat):
    before = rows(Desk(secretariat, last))
    desk = Desk(secretariat, following)
    checked = set()
    for key, row in rows(desk).items():
        if type(row) not in GOING_ON:
            continue
        source, fates = before[key], NEXT_YEAR[type(row)]
        blank = type(row)()
        for name in fates.get(Fate.CARRIED, ()):
            assert value_of(row, name) == value_of(source, name), (key, name)
            checked.add((type(row), name))
        for name in (*fates.get(Fate.BESIDE, ()), *fates.get(Fate.EMPTIED, ())):
            assert value_of(row, name) == value_of(blank, name), (key, name)
            checked.add((type(row), name))
    unmade = {Fate.MADE, Fate.RESULT, Fate.RENAMED}
    assert checked == {
        (kind, name)
        for kind in GOING_ON
        for fate, names in NEXT_YEAR[kind].items()
        if fate not in unmade
        for name in names
    }


def test_what_is_said_to_stand_beside_does(last, following, secretariat):
    before, desk = rows(Desk(secretariat, last)), Desk(secretariat, following)
    checked = set()
    for entry in (*entries_of(desk, "texts"), *entries_of(desk, "supports")):
        for field in entry.fields:
            name = field.item.field
            if name in NEXT_YEAR[type(entry.row)].get(Fate.BESIDE, ()):
                assert field.previous == as_text(before[identity(entry.row)], name)
                checked.add(type(entry.row))
    assert checked == {kind for kind in NEXT_YEAR if Fate.BESIDE in NEXT_YEAR[kind]} - {Actual}


def test_actual_of_last_year_stands_beside(following, secretariat, client):
    client.force_login(secretariat)
    page = client.get("/keihin/2024/entry/actuals/").content.decode()
    assert "168億円" in page
    assert "70,203人" in page


def test_label_of_results_names_the_new_year(last, following):
    labels = [row.result_label for row in following.approach_set.all()]
    assert labels
    assert all(label.startswith("令和6年度における") for label in labels)


def test_result_of_last_year_goes_to_2(following):
    assert (following.previous_score, following.previous_remarks) == (Decimal("4.5"), "所見")


def test_not_applicable_is_asked_again(last, following):
    assert Submission.objects.filter(evaluation=following).count() == 3
    asked = Submission.objects.filter(evaluation=following)
    assert not any(row.no_schemes or row.no_national_supports for row in asked)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("令和5年度における件数", "令和6年度における件数"),
        ("令和５年度における件数", "令和6年度における件数"),
        ("令和4年度から令和5年度までの件数", "令和4年度から令和6年度までの件数"),
        ("令和15年度における件数", "令和15年度における件数"),
        ("件数", "件数"),
    ],
)
def test_year_in_a_label_is_moved_on(last, label, expected):
    approach = last.approach_set.first()
    approach.result_label = label
    approach.save()
    drafts = [draft.row for draft in NextYear(last).drafts]
    made = next(row for row in drafts if type(row) is type(approach))
    assert made.result_label == expected


def test_label_without_room_for_another_year_stays(db):
    label = "令和9年度" + "件" * 294
    last = factories.evaluation(
        factories.contents(
            fiscal_year=2027,
            plan=Plan(first_year=2027, last_year=2031),
            approaches=(Approach(narrative="解決策", result_label=label + "数"),),
        )
    )
    assert len(label + "数") == 300
    (made,) = (draft.row for draft in NextYear(last).drafts if hasattr(draft.row, "result_label"))
    assert made.result_label == label + "数"
