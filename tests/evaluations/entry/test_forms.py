"""Forms of rows: figures and counts as officials type them, and which fields there are."""

import pytest

from evaluations.entry.forms import TargetsFormField, form_for
from evaluations.models import Evaluation, Indicator, NumericTarget
from tests.test_revision_form import fresh, send
from tokku.figures import Figure


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("１，２３４", Figure("1234")),
        ("1,234 ", Figure("1234")),
        ("△5", Figure("-5")),
        ("0", Figure("0")),
        ("１２．５", Figure("12.5")),
        ("", None),
        ("　", None),
    ],
)
def test_figures_are_understood_as_officials_type_them(evaluation, typed, value):
    NumericTarget.objects.update(decimals=1)
    actual = _actual(evaluation)
    form = send(actual, actual, {"value": typed}, ("value", "note"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["value"] == value


@pytest.mark.parametrize(
    "typed", ["12o", "1,23", "五", "1e5", "NaN", "1" * 30, "0.00001", "１２億"]
)
def test_what_is_no_figure_is_refused_in_japanese(evaluation, typed):
    actual = _actual(evaluation)
    form = send(actual, actual, {"value": typed, "note": "出典"}, ("value", "note"))
    assert not form.is_valid()
    assert list(form.errors) == ["value"]
    assert any("ぁ" <= letter <= "ん" for letter in form.errors["value"][0])
    assert form["value"].value() == typed


def test_counts_are_understood_like_figures(evaluation):
    form = send(evaluation, evaluation, {"tax_support_count": "１，０００"}, ("tax_support_count",))
    assert form.is_valid()
    assert form.cleaned_data["tax_support_count"] == 1000


@pytest.mark.parametrize("typed", ["△1", "1.5", "十"])
def test_counts_are_whole_and_not_negative(evaluation, typed):
    form = send(evaluation, evaluation, {"tax_support_count": typed}, ("tax_support_count",))
    assert not form.is_valid()


def test_figures_are_shown_with_commas(evaluation):
    actual = _actual(evaluation)
    actual.value = Figure("-1234.5")
    actual.save()
    assert form_for(fresh(actual))["value"].value() == "△1,234.5"


def _actual(evaluation):
    target = evaluation.edition.indicator_set.get().numerictarget_set.get()
    return target.actual_set.get(fiscal_year=evaluation.fiscal_year)


def test_every_field_of_an_evaluation_has_a_form(evaluation):
    assert Evaluation.objects.get().pk
    form = form_for(evaluation)
    assert "overall" in form.fields
    assert "score" not in form.fields


def test_targets_are_offered_with_their_numbers_in_the_form():
    first, second = (Indicator(pk=number, number=number) for number in (1, 2))
    targets = [
        NumericTarget(pk=pk, indicator=indicator, number=number, name="目標", unit="件")
        for pk, indicator, number in ((7, first, 1), (8, first, 2), (9, second, 1))
    ]
    labels = dict(TargetsFormField(targets).choices)
    assert labels == {
        "7": "（1）－①　目標（件）",
        "8": "（1）－②　目標（件）",
        "9": "（2）　目標（件）",
    }
