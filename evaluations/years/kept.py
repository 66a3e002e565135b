"""What was computed from the state of a year, kept in the process until anything that it rests on has changed.

For pages alone: hand-in, sealing, files and checks before them compute anew. Values are kept under the state of the
year, which has the revision of every row that a document, its findings or the progress of a year is made of, so nothing
has to be forgotten by whoever saves. What is kept for a person is never found by another.
"""

import hashlib
import pickle
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.db.models import F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from evaluations import catalogue
from evaluations.models import (
    Actual,
    Correction,
    Evaluation,
    Indicator,
    Membership,
    NumericTarget,
    Plan,
    PlanEdition,
    Remark,
    SealedVersion,
    Waiver,
    YearlyTarget,
    Zone,
    ZoneMunicipality,
)
from tokku.accounts.models import User

T = TypeVar("T")

CHANGED_WITHOUT_REVISION = (
    *("state", "role", "first_year", "last_year"),
    *("printed_name", "earlier_names"),
)

# What rows are of, with the number that stands in the statement for the primary keys that it asks about.
_PLACES = {"evaluation": -1, "plan": -2, "zone": -3}


def kept(
    name: str,
    evaluations: Collection[Evaluation],
    compute: Callable[[list[Evaluation]], dict[int, T]],
    viewer: User | None = None,
) -> dict[int, T]:
    """What `compute` answers for each evaluation, by its primary key, from what is kept as far as possible.

    `name` tells apart what is computed, `viewer` for whom; without one it must be the same for everybody.
    """
    if not evaluations:
        return {}
    states = states_of(evaluations)
    values = {pk: _stored(_key(name, viewer, pk, state)) for pk, state in states.items()}
    if missing := [pk for pk, value in values.items() if value is None]:
        # As they are now, which may be newer than those at hand.
        current = list(
            Evaluation.objects.select_related("zone", "edition__plan").filter(pk__in=missing)
        )
        computed = compute(current)
        values |= computed
        # What was saved meanwhile may be in the value already, or not.
        after = states_of(current)
        for pk, value in computed.items():
            if after[pk] == states[pk]:
                caches["kept"].set(
                    _key(name, viewer, pk, states[pk]), zlib.compress(pickle.dumps(value), 1)
                )
    return values


def _key(name: str, viewer: User | None, evaluation: int, state: str) -> str:
    person = f"{viewer.pk} {viewer.role} {viewer.municipality_id}" if viewer else "all"
    return hashlib.sha256(f"{name} {person} {evaluation} {state}".encode()).hexdigest()


def _stored(key: str) -> Any:
    value = caches["kept"].get(key)
    return None if value is None else pickle.loads(zlib.decompress(value))  # noqa: S301  of this process


def states_of(evaluations: Collection[Evaluation]) -> dict[int, str]:
    """A digest for each evaluation, by its primary key: another one after any change of what is made of its rows.

    Two queries, however many evaluations there are.
    """
    zones = {evaluation.zone_id for evaluation in evaluations}
    of_zones: dict[int, dict[int, tuple]] = defaultdict(dict)  # by zone and year
    all_years = Evaluation.objects.filter(zone__in=zones).order_by()
    for row in all_years.values_list(
        "zone", "fiscal_year", "pk", "edition__plan", "revision", "state"
    ):
        of_zones[row[0]][row[1]] = row
    both = {
        evaluation.pk: [
            row
            for year in (evaluation.fiscal_year, evaluation.fiscal_year - 1)
            if (row := of_zones[evaluation.zone_id].get(year))
        ]
        for evaluation in evaluations
    }
    keys = {
        "evaluation": {row[2] for rows in both.values() for row in rows},
        "plan": {row[3] for rows in both.values() for row in rows},
        "zone": zones,
    }
    rows_of: dict[tuple[str, int], list[tuple]] = defaultdict(list)
    for of, owner, *row in _rows(keys):
        rows_of[of, owner].append(tuple(row))
    states = {}
    for evaluation in evaluations:
        owners = {("zone", evaluation.zone_id)}
        for row in both[evaluation.pk]:
            owners |= {("evaluation", row[2]), ("plan", row[3])}
        state = [sorted(of_zones[evaluation.zone_id].values())]
        state += [(owner, sorted(rows_of[owner])) for owner in sorted(owners)]
        states[evaluation.pk] = hashlib.sha256(repr(state).encode()).hexdigest()
    return states


def _rows(keys: dict[str, set[int]]) -> list[tuple]:
    """All rows of these: what they are of, its primary key, their own, their revision, and what else may change."""
    sql, parameters = _statement()
    primary_keys = {number: list(keys[of]) or [0] for of, number in _PLACES.items()}
    values = [primary_keys.get(parameter, [parameter]) for parameter in parameters]
    places = [", ".join(["%s"] * len(expanded)) for expanded in values]
    with connection.cursor() as cursor:
        cursor.execute(sql % tuple(places), [*chain.from_iterable(values)])
        return cursor.fetchall()


@cache
def _statement() -> tuple[str, tuple]:
    """One statement for all tables. Django would take longer to write it than the database to answer it."""
    first, *others = _tables()
    return first.union(*others, all=True).query.sql_with_params()


def _tables() -> Iterator[QuerySet]:
    for kind in catalogue.KINDS.values():
        if kind.evaluation:
            model = apps.get_model(kind.model)
            yield _table(model, "evaluation", kind.evaluation)
            for field in model._meta.many_to_many:
                through, row = field.remote_field.through, field.m2m_field_name()
                yield _table(through, "evaluation", f"{row}__{kind.evaluation}")
    yield _table(Waiver, "evaluation", "evaluation")
    yield _table(Remark, "evaluation", "submission__evaluation")
    yield _table(SealedVersion, "evaluation", "evaluation")
    yield _table(Plan, "plan", "pk")
    yield _table(PlanEdition, "plan", "plan")
    yield _table(Indicator, "plan", "edition__plan")
    yield _table(NumericTarget, "plan", "indicator__edition__plan")
    yield _table(YearlyTarget, "plan", "target__indicator__edition__plan")
    yield _table(Actual, "plan", "target__indicator__edition__plan")
    yield _table(Correction, "plan", "evaluation__edition__plan")  # those told before hold on
    yield _table(Zone, "zone", "pk")
    yield _table(ZoneMunicipality, "zone", "zone")
    yield _table(Membership, "zone", "zone")
    # Whose saves count as a municipality's.
    yield _table(User, "zone", "municipality__zonemunicipality__zone")


def _table(model: type[Model], of: str, owner: str) -> QuerySet:
    """The rows of a table by their owner, with their revision, and what changes without one."""
    names = {field.name for field in model._meta.fields}
    number = next((F(name) for name in ("revision", "position") if name in names), Value(0))
    # A state is moved without a save, and a municipality has no revision.
    texts = [
        Coalesce(Cast(name, TextField()), _text(""))
        for name in (
            *CHANGED_WITHOUT_REVISION,
            *(f"municipality__{name}" for name in ("code", "name", "label")),
        )
        if name.partition("__")[0] in names
    ]
    parts = [*chain.from_iterable((_text(" "), text) for text in texts)]
    text = _joined([_text(model._meta.label_lower), _text(""), *parts])
    rows = model._default_manager.order_by().filter(**{f"{owner}__in": [_PLACES[of]]})
    return rows.values_list(Value(of), owner, "pk", number, text)


def _joined(parts: list) -> Any:
    """The parts in one text, halved again and again: SQLite reads no expression that is nested deeply."""
    half = len(parts) // 2
    return Concat(_joined(parts[:half]), _joined(parts[half:])) if half else parts[0]


def _text(words: str) -> Value:
    return Value(words, TextField())  # of one type with the columns, which PostgreSQL insists on
