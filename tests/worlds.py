"""Worlds: rows that many tests begin with, made once for all of them in a row rather than once for each."""

from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from inspect import signature
from types import FunctionType
from typing import Any

import pytest
from django.db import transaction

from tests import factories

_builders: dict[Any, Callable[..., Any]] = {}  # by fixture


def world(build: FunctionType):
    """Make a fixture of a function that writes rows; its arguments are names of the cast.

    The rows stay for the following tests that ask for the same, and are gone for others. Each test
    works in a savepoint, and has a copy of its own of what the function returned.
    """

    @pytest.fixture(name=build.__name__)
    def fixture(stage, db):
        return stage.copy_of(build)

    fixture.__doc__ = build.__doc__
    _builders[fixture] = build
    return fixture


def world_of(names, *modules) -> Callable[..., Any] | None:
    """The world that a test asks for, by the names of its fixtures and the modules that may have them."""
    fixtures = (next((vars(m)[name] for m in modules if name in vars(m)), None) for name in names)
    worlds = [_builders[fixture] for fixture in fixtures if fixture in _builders]
    assert len(worlds) <= 1, f"a test is in one world: {worlds}"
    return worlds[0] if worlds else None


class Stage:
    """Where a world stands, in a transaction that is never committed; one at a time, or none."""

    _build = _value = _transaction = None

    def show(self, build: Callable[..., Any] | None) -> None:
        if build is self._build:
            return
        self.clear()
        if build:
            with ExitStack() as entered:
                entered.enter_context(transaction.atomic())
                self._build, self._value = build, _built(build)
                self._transaction = entered.pop_all()

    def clear(self) -> None:
        if self._build:
            transaction.set_rollback(True)
            self._transaction.close()
            self._build = self._value = None

    def copy_of(self, build: Callable[..., Any]) -> Any:
        return deepcopy(self._value) if build is self._build else _built(build)


def _built(build: Callable[..., Any]) -> Any:
    return build(*map(factories.person, signature(build).parameters))
