"""Worlds are made once, are the same for every test, and are absent in tests that ask for none."""

import pytest

from evaluations.models import Evaluation
from tests import factories
from tests.worlds import Stage, world
from tokku.accounts.models import User


@world
def year(secretariat):
    """An evaluation and the secretariat."""
    evaluation = factories.evaluation()
    evaluation.overall = f"{secretariat.name}の文"
    evaluation.save()
    return evaluation


@pytest.mark.parametrize("time", ["first", "second"])
def test_changes_of_a_test_are_undone_for_the_next(year, secretariat, time):
    assert year.overall == Evaluation.objects.get().overall == "secretariatさんの文"
    assert User.objects.get() == secretariat
    year.overall = "変えた文"
    year.save()


def test_nothing_of_a_world_is_there_for_a_test_that_does_not_ask_for_it(secretariat):
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_commits_gets_rows_of_its_own(transactional_db, year, time):
    assert year == Evaluation.objects.get()


@pytest.fixture
def empty(db):
    """A second stage, beside the one with the worlds of this module."""
    stage = Stage()
    yield stage
    stage.clear()


def test_a_world_is_made_once_for_tests_in_a_row(empty):
    made = []

    def build():
        made.append(factories.municipality("札幌市"))
        return made

    empty.show(build)
    empty.show(build)
    assert len(made) == 1
    assert empty.copy_of(build) == made
    assert empty.copy_of(build) is not made

    empty.show(None)
    empty.show(build)
    assert len(made) == 2


def test_a_world_that_cannot_be_made_leaves_nothing(empty):
    def build():
        factories.evaluation()
        raise ValueError("no such municipality")

    with pytest.raises(ValueError, match="no such municipality"):
        empty.show(build)
    assert not Evaluation.objects.exists()
