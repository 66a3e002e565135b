"""Rows with any value that a field can hold come out of an archive as they went into it, on SQLite and PostgreSQL."""

from datetime import UTC

import pytest
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evaluations import strategies
from tests.examples import share
from tokku.fields import FigureField
from tokku.service.archive import Archive, ArchiveWriter
from tokku.service.backup import known_migrations
from tokku.service.rows import LEFT_OUT, as_json, load_rows, models_at, stored_fields, write_rows

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# PostgreSQL stores no NUL; lone surrogates are no text.
text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e15, 1e15) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)


def values(field):
    """Any value of the field, as it is in an archive; other rows it refers to are not there."""
    strategy = any_value(field).map(as_json)
    return st.none() | strategy if field.null else strategy


def any_value(field):
    match field:
        case models.ForeignKey():
            return st.none() if field.db_constraint else st.integers(1, 2**31 - 1)
        case models.BooleanField():
            return st.booleans()
        case models.BinaryField():
            return st.binary()
        case models.JSONField():
            return json_values
        case FigureField():
            return strategies.figures(4) | strategies.answers
        case models.DecimalField():
            most = 10 ** (field.max_digits - field.decimal_places) - 1
            return st.decimals(-most, most, places=field.decimal_places)
        case models.DateTimeField():
            return st.datetimes(timezones=st.just(UTC))
        case models.DateField():
            return st.dates()
        case models.PositiveSmallIntegerField():
            return st.integers(0, 2**15 - 1)
        case models.PositiveIntegerField() | models.AutoField():
            # A key leaves room for the next ones (see `tables`).
            most = 2**31 - 10 if field.primary_key else 2**31 - 1
            return st.integers(field.primary_key, most)
        case models.BigIntegerField():
            return st.integers(-(2**63), 2**63 - 1)
        case models.UUIDField():
            return st.uuids()
        case models.GenericIPAddressField():
            return st.ip_addresses().map(str)
        case models.CharField():
            return text.map(lambda value: value[: field.max_length])
        case models.TextField():
            return text
    raise NotImplementedError(field)


def is_free(model):
    """Whether its rows need no others, so that any are possible: histories, and logs of signing in."""
    return not (
        model._meta.constraints
        or model._meta.unique_together
        or any(field.unique and not field.primary_key for field in stored_fields(model))
        or any(field.db_constraint and not field.null for field in relations(model))
    )


def relations(model):
    return [field for field in stored_fields(model) if field.is_relation]


MIGRATIONS = known_migrations()
MODELS = {model._meta.label_lower: model for model in models_at(MIGRATIONS)}
FREE = sorted(label for label in MODELS.keys() - LEFT_OUT if is_free(MODELS[label]))


@st.composite
def tables(draw):
    """Rows of some of the tables that are free, in the order of their keys, and the next key of each."""
    made = {}
    for label in draw(st.lists(st.sampled_from(FREE), min_size=1, max_size=5, unique=True)):
        rows = draw(st.lists(st.tuples(*map(values, stored_fields(MODELS[label]))), max_size=2))
        position = [field.primary_key for field in stored_fields(MODELS[label])].index(True)
        by_key = {row[position]: [*row] for row in rows}
        last = max(by_key, default=0)
        made[label] = (
            sorted(by_key.values(), key=lambda row: row[position]),
            last + draw(st.integers(1, 9)),
        )
    return made


def test_histories_are_among_the_tables_that_are_made_up():
    assert {"evaluations.historicalactual", "supports.historicalschemeresult_municipalities"} < {
        *FREE
    }
    kinds = {type(field) for label in FREE for field in stored_fields(MODELS[label])}
    assert {models.BigIntegerField, models.DateTimeField, models.GenericIPAddressField} < kinds


def test_keys_are_numbers():
    """Rows are compared in the order of their keys, and databases differ in the order of texts."""
    for label in MODELS.keys() - LEFT_OUT:
        key = MODELS[label]._meta.pk
        assert isinstance(key.target_field if key.is_relation else key, models.AutoField), label


@settings(
    max_examples=share(50),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(made=tables())
def test_what_is_loaded_is_what_was_saved(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("archives")
    with (folder / "made.zip").open("wb") as file, ArchiveWriter(file, MIGRATIONS) as archive:
        for label, (rows, next_key) in made.items():
            names = [field.attname for field in stored_fields(MODELS[label])]
            archive.add_table(label, names, rows, next_key)

    load_rows(Archive(folder / "made.zip"))
    with (folder / "saved.zip").open("wb") as file, ArchiveWriter(file, MIGRATIONS) as archive:
        write_rows(archive, MIGRATIONS)

    saved = Archive(folder / "saved.zip")
    for table in saved.tables:
        expected = made.get(table.model, ([], None))
        rows = [row for batch in saved.batches(table) for row in batch]
        assert rows == expected[0], table.model
        assert table.next_key == expected[1] or table.model not in made
