"""用語集 explains the words that the pages use."""

import pytest
from django.template import Context, Template

from evaluations.checks import Level
from evaluations.glossary import GROUPS, TERMS
from evaluations.progress import Formula
from evaluations.workflow import (
    EVALUATION_MOVES,
    SUBMISSION_MOVES,
    EvaluationState,
    SubmissionState,
)
from tokku.accounts.models import Role

GLOSSARY_TEXT = "".join(f"{term.name}{term.meaning}" for term in TERMS.values())


def test_every_anchor_and_name_is_unique():
    terms = [term for group in GROUPS.values() for term in group]
    assert len({term.slug for term in terms}) == len({term.name for term in terms}) == len(terms)


@pytest.mark.parametrize(
    "word",
    [
        *EvaluationState.labels,
        *SubmissionState.labels,
        *Role.labels,
        *(level.label for level in Level),
        *(formula.label.split("（小さい")[0].split("（目標差")[0] for formula in Formula),
    ],
)
def test_labels_of_pages_are_explained(word):
    assert word in GLOSSARY_TEXT


def test_every_move_has_its_term():
    """差し戻す is explained at 差戻し, 確定する at 確定."""
    names = {"open": "states", "send": "states"}
    for name in EVALUATION_MOVES | SUBMISSION_MOVES:
        assert names.get(name, name) in TERMS


def test_link_leads_to_the_term_and_an_unknown_one_fails():
    def rendered(slug):
        return Template(f'{{% load terms %}}{{% term "{slug}" %}}').render(Context())

    assert rendered("return") == '<a class="term" href="/help/terms/#return">差戻し</a>'
    with pytest.raises(KeyError):
        rendered("no-such-term")
