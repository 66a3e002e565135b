"""Every move of the workflow, in every state, by every role."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from evaluations import moves
from evaluations.models import SealedVersion, StatusChange
from evaluations.permissions import why_not_move
from evaluations.workflow import (
    EVALUATION_MOVES,
    SUBMISSION_MOVES,
    EvaluationState,
    SubmissionState,
)
from tests.evaluations import campaign
from tests.worlds import world

pytestmark = pytest.mark.postgres

PEOPLE = ["official", "colleague", "other_official", "stranger", "secretariat", "reader"]
SECRETARIAT_ONLY = "この操作は、取りまとめ担当だけができます。"
KAWASAKI_ONLY = "「提出する」ことができるのは、川崎市の担当者だけです。"

# By move: the states it starts from, the state it leads to, who may, and the refusal for others.
SUBMISSION_TABLE = {
    "submit": ({"draft", "returned"}, "submitted", {"official", "colleague"}, KAWASAKI_ONLY),
    "return": ({"submitted", "approved"}, "returned", {"secretariat"}, SECRETARIAT_ONLY),
    "approve": ({"submitted"}, "approved", {"secretariat"}, SECRETARIAT_ONLY),
}
EVALUATION_TABLE = {
    "open": ({"preparing"}, "open", {"secretariat"}, SECRETARIAT_ONLY),
    "seal": ({"open"}, "final", {"secretariat"}, SECRETARIAT_ONLY),
    "send": ({"final"}, "sent", {"secretariat"}, SECRETARIAT_ONLY),
    "reopen": ({"final", "sent"}, "open", {"secretariat"}, SECRETARIAT_ONLY),
}
LABELS = {
    "submit": "提出する",
    "return": "差し戻す",
    "approve": "承認する",
    "open": "入力を開始する",
    "seal": "確定する",
    "send": "提出済みにする",
    "reopen": "再開する",
}
DONE = {
    "submit": "横浜市の内容を提出しました。",
    "return": "横浜市を差し戻しました。",
    "approve": "横浜市を承認しました。",
    "open": "評価書の入力を開始しました。",
    "seal": "評価書を確定しました。",
    "send": "評価書を提出済みにしました。",
    "reopen": "評価書を再開しました。",
}
YESTERDAY = timezone.localdate() - timedelta(days=1)


@world
def year(secretariat):
    return campaign.open_year(secretariat)


def required_values(name):
    """The reason or day that a move requires, as keyword arguments."""
    return (
        {"reason": "理由"}
        if name in ("return", "reopen")
        else ({"sent_on": YESTERDAY} if name == "send" else {})
    )


def check_move(subject, name, user, expected):
    """The move is made and logged exactly when no refusal is expected, and nothing else changes."""
    before, logged = subject.state, StatusChange.objects.count()
    versions = SealedVersion.objects.count()
    target = (SUBMISSION_TABLE | EVALUATION_TABLE)[name][1]
    assert why_not_move(user, subject, name) == expected
    with transaction.atomic():
        if expected:
            with pytest.raises(PermissionDenied) as refusal:
                moves.move(subject, name, by=user, **required_values(name))
            assert str(refusal.value) == expected
        else:
            moves.move(subject, name, by=user, **required_values(name))
        stored = type(subject).objects.get(pk=subject.pk)
        assert stored.state == (before if expected else target)
        assert StatusChange.objects.count() == logged + (not expected)
        assert SealedVersion.objects.count() == versions + (name == "seal" and not expected)
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", SUBMISSION_TABLE)
def test_every_move_of_a_submission_in_every_state_by_everybody(request, year, secretariat, name):
    sources, _, movers, sentence = SUBMISSION_TABLE[name]
    people = {person: request.getfixturevalue(person) for person in PEOPLE}
    submission = campaign.submission(year)
    campaign.fill(year, submission.municipality_id)
    for state, person in product(SubmissionState, PEOPLE):
        campaign.put(submission, state, secretariat)
        expected = ""
        if person not in movers:
            expected = sentence
        elif state not in sources:
            expected = f"状態が「{state.label}」のため、「{LABELS[name]}」ことはできません。"
        check_move(submission, name, people[person], expected)


@pytest.mark.parametrize("name", SUBMISSION_TABLE)
def test_submissions_move_only_while_the_evaluation_is_open(request, year, secretariat, name):
    sources, _, movers, _ = SUBMISSION_TABLE[name]
    campaign.put(campaign.submission(year), min(sources), secretariat)
    for state in set(EvaluationState) - {EvaluationState.OPEN}:
        campaign.put(year, state, secretariat)
        expected = f"評価書が{state.label}のため、「{LABELS[name]}」ことはできません。"
        check_move(campaign.submission(year), name, request.getfixturevalue(min(movers)), expected)


@pytest.mark.parametrize("name", EVALUATION_TABLE)
def test_every_move_of_an_evaluation_in_every_state_by_everybody(request, secretariat, name):
    sources, _, movers, sentence = EVALUATION_TABLE[name]
    people = {person: request.getfixturevalue(person) for person in PEOPLE}
    year = campaign.approved_year(secretariat)
    for state, person in product(EvaluationState, PEOPLE):
        campaign.put(year, state, secretariat)
        expected = ""
        if person not in movers:
            expected = sentence
        elif state not in sources:
            expected = f"状態が「{state.label}」のため、「{LABELS[name]}」ことはできません。"
        check_move(year, name, people[person], expected)


def test_what_was_done_is_said_in_plain_words():
    done = {name: move.done_to("横浜市") for name, move in SUBMISSION_MOVES.items()}
    assert done | {name: move.done_to("評価書") for name, move in EVALUATION_MOVES.items()} == DONE
