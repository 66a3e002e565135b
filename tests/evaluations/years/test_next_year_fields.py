"""Each field of the next year's rows is carried over as the catalogue says."""

import pytest

from evaluations import catalogue, moves
from evaluations.catalogue.structure import Carryover
from evaluations.entry.scope import EntryScope
from evaluations.form.contents import Approach, Plan
from evaluations.models import Evaluation, Submission, TargetAssessment
from evaluations.sample import evaluations
from evaluations.views.entry.row_display import displayed_rows
from evaluations.years.next_year import NextYear
from supports.models import RegulatoryMeasure
from tests import factories
from tests.worlds import world
from tokku.records import value_of


@world
def last():
    """2023 of the sample with something in every field that people fill in."""
    contents = evaluations()[2023]
    evaluation = factories.evaluation(contents)
    evaluation.score, evaluation.remarks = "4.5", "所見"
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
    moves.move(evaluation, "open", by=secretariat)
    return Evaluation.objects.get(pk=evaluation.pk)


def rows(scope):
    """The rows by class and identity, which is the same in every year; the first where rows share an identity."""
    return {(type(row), row.identity): row for row in reversed(scope.year.rows)}


def kinds_that_go_on():
    return [kind for kind in catalogue.KINDS.values() if kind.goes_on]


def test_fields_are_carried_over_or_blank_as_the_catalogue_says(last, following, secretariat):
    before = rows(EntryScope(secretariat, last))
    scope = EntryScope(secretariat, following)
    checked = set()
    for key, row in rows(scope).items():
        kind = catalogue.kind_of(row)
        if not kind.goes_on:
            continue
        source, blank = before[key], type(row)()
        for name in kind.with_fate(Carryover.CARRIED):
            assert value_of(row, name) == value_of(source, name), (key, name)
            checked.add((kind.model, name))
        for name in kind.with_fate(Carryover.BESIDE, Carryover.EMPTIED):
            assert value_of(row, name) == value_of(blank, name), (key, name)
            checked.add((kind.model, name))
    assert checked == {
        (kind.model, name)
        for kind in kinds_that_go_on()
        for name in kind.with_fate(Carryover.CARRIED, Carryover.BESIDE, Carryover.EMPTIED)
    }


def test_last_years_values_are_shown_beside_as_the_catalogue_says(last, following, secretariat):
    before, scope = rows(EntryScope(secretariat, last)), EntryScope(secretariat, following)
    checked = set()
    for entry in (*displayed_rows(scope, "texts"), *displayed_rows(scope, "supports")):
        kind = catalogue.kind_of(entry.row)
        for field in entry.fields:
            if field.item.field in kind.with_fate(Carryover.BESIDE):
                earlier = before[type(entry.row), entry.row.identity]
                assert field.previous == earlier.text_of(field.item.field)
                checked.add(kind.model)
    beside = {kind.model for kind in catalogue.KINDS.values() if kind.with_fate(Carryover.BESIDE)}
    assert checked == beside - {catalogue.ACTUAL.model}


def test_actual_of_last_year_is_shown_beside(following, secretariat, client):
    client.force_login(secretariat)
    page = client.get("/keihin/2024/entry/actuals/").content.decode()
    assert "前年度の特区の実績 168億円" in page
    assert "前年度の特区の実績 70,203人" in page


def test_label_of_results_names_the_new_year(last, following):
    labels = [row.result_label for row in following.approach_set.all()]
    assert labels
    assert all(label.startswith("令和6年度における") for label in labels)


def test_result_of_last_year_is_copied_to_part_2(following):
    assert (following.previous_score, following.previous_remarks) == ("4.5", "所見")


def test_ticks_for_not_applicable_are_cleared(last, following):
    assert Submission.objects.filter(evaluation=following).count() == 3
    submissions = Submission.objects.filter(evaluation=following)
    assert not any(row.no_schemes or row.no_national_supports for row in submissions)


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
    drafted = next(row for row in drafts if type(row) is type(approach))
    assert drafted.result_label == expected


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
    (drafted,) = (
        draft.row for draft in NextYear(last).drafts if hasattr(draft.row, "result_label")
    )
    assert drafted.result_label == label + "数"
