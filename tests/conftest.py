"""The fixed cast of the tests, and how they run."""

import os

import pytest
from hypothesis import settings

from tests import factories
from tests.browser import chromium, page, sign_in, strict_templates
from tests.evaluations.planted import planted
from tokku.accounts.models import Role

# Fixtures of tests of pages, for pytest to find here.
__all__ = ["chromium", "page", "planted", "sign_in", "strict_templates"]

# Other work on the machine is no failure. CI tries the same examples every time, people new ones.
settings.register_profile("tokku", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("tokku")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the tests that ask the database: these alone have to run on PostgreSQL too."""
    for item in items:
        if {"db", "transactional_db"} & {*item.fixturenames} or item.get_closest_marker(
            "django_db"
        ):
            item.add_marker("database")


@pytest.fixture
def official(db):
    """川崎市の担当者"""
    return factories.user("kawasaki")


@pytest.fixture
def colleague(db):
    return factories.user("kawasaki-2")


@pytest.fixture
def other_official(db):
    return factories.user("yokohama", of="横浜市")


@pytest.fixture
def stranger(db):
    """An official of a municipality that has no part in the zone."""
    return factories.user("sapporo", of="札幌市")


@pytest.fixture
def miura_official(db):
    """An official of the sample's second zone alone."""
    return factories.user("miura", of="三浦市")


@pytest.fixture
def miura_secretariat(db):
    """取りまとめ of the sample's second zone alone."""
    return factories.user("miura-secretariat", Role.SECRETARIAT, of="横須賀市")


@pytest.fixture
def secretariat(db):
    return factories.user("secretariat", Role.SECRETARIAT, of=None)


@pytest.fixture
def reader(db):
    return factories.user("reader", Role.READER, of=None)


@pytest.fixture
def evaluation(db):
    """A small evaluation of zone keihin, fiscal 2023."""
    return factories.evaluation()
