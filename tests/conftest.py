"""The fixed cast of the tests, and how they run."""

import os
import sys

import pytest
from django.core.cache import caches
from hypothesis import settings

from evaluations import inspection
from tests import factories, worlds
from tests.browser import chromium, page, sign_in, strict_templates
from tests.evaluations.planted import planted
from tests.worlds import Stage, world

# Fixtures of tests of pages, for pytest to find here.
__all__ = ["chromium", "page", "planted", "sign_in", "strict_templates"]

# Other work on the machine is no failure. CI tries the same examples every time, people new ones.
# How many examples of each hundred are tried: few by default, all with --hypothesis-profile=full.
for profile, examples in {"quick": 10, "full": 100}.items():
    settings.register_profile(
        profile, max_examples=examples, deadline=None, derandomize="CI" in os.environ
    )
settings.load_profile("quick")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the tests that ask the database: these alone have to run on PostgreSQL too.

    Those with a browser begin, as they take longest, and the last worker would be waited for.
    """
    for item in items:
        if {"db", "transactional_db"} & {*item.fixturenames} or item.get_closest_marker(
            "django_db"
        ):
            item.add_marker("database")
            if "staged" not in item.fixturenames:  # tests of one function share the list
                item.fixturenames.insert(0, "staged")
    yield
    items.sort(key=lambda item: "browser" not in item.keywords)


@pytest.fixture(scope="session")
def stage(django_db_setup, django_db_blocker):
    """Where the world of the present tests stands (tests/worlds.py)."""
    stage = Stage()
    yield stage
    with django_db_blocker.unblock():
        stage.clear()


@pytest.fixture
def staged(request, stage, django_db_blocker):
    """The world that the test asks for; a test that commits has none, but makes its own rows."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & {*request.fixturenames} or (
        marker and marker.kwargs.get("transaction")
    )
    modules = () if commits else (request.module, sys.modules[__name__])
    with django_db_blocker.unblock():
        stage.show(worlds.world_of(request.fixturenames, *modules))


@pytest.fixture(autouse=True)
def nothing_kept():
    """Rows that a test rolls back give their numbers and revisions to those of the next."""
    caches["kept"].clear()
    inspection.known_findings.cache_clear()


@pytest.fixture
def official(db):
    """川崎市の担当者"""
    return factories.person("official")


@pytest.fixture
def colleague(db):
    return factories.person("colleague")


@pytest.fixture
def other_official(db):
    return factories.person("other_official")


@pytest.fixture
def stranger(db):
    """An official of a municipality that has no part in the zone."""
    return factories.person("stranger")


@pytest.fixture
def miura_official(db):
    """An official of the sample's second zone alone."""
    return factories.person("miura_official")


@pytest.fixture
def miura_secretariat(db):
    """取りまとめ of the sample's second zone alone."""
    return factories.person("miura_secretariat")


@pytest.fixture
def secretariat(db):
    return factories.person("secretariat")


@pytest.fixture
def administrator(db):
    return factories.person("administrator")


@pytest.fixture
def reader(db):
    return factories.person("reader")


@world
def evaluation():
    """A small evaluation of zone keihin, fiscal 2023."""
    return factories.evaluation()
