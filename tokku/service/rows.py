"""All rows of the database, to and from an archive: exactly as they are stored, histories and deleted keys included.

Rows are written and read past the models' own code (`save`, signals), which would date them anew and write histories
of their own. Models are those of the migrations that a database has had, so that one that waits for its migrations
can be saved as well.
"""

import base64
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_iso_string

from tokku.figures import Figure
from tokku.service.archive import Archive, ArchiveWriter, Migration, Row, Table

# Who was signed in is nothing to bring back: a session that has been ended since would be alive again.
LEFT_OUT = {"sessions.session"}
ROWS_READ = 100  # at a time; 1 where a value may be a whole file

# Fields whose values JSON has only as text.
AS_TEXT = (
    models.BinaryField,
    models.DateField,  # and DateTimeField
    models.DecimalField,
    models.DurationField,
    models.TimeField,
    models.UUIDField,
)


class RowsNotLoaded(Exception):
    """The rows could not be stored as they are. Nothing has been changed. The message is in Japanese."""


def latest(loader: MigrationLoader, migrations: set[Migration]) -> list[Migration]:
    """Of these migrations, the last of each application."""
    children = loader.graph.node_map
    return sorted(
        node
        for node in migrations
        if not any(
            child.key[0] == node[0] and child.key in migrations for child in children[node].children
        )
    )


def models_at(migrations: set[Migration]) -> list[type[models.Model]]:
    """The models after these migrations, with those of relations and histories."""
    loader = MigrationLoader(None)
    apps = loader.project_state(latest(loader, migrations)).apps
    return sorted(
        (
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy
        ),
        key=lambda model: model._meta.label_lower,
    )


@contextmanager
def snapshot() -> Iterator[None]:
    """The database as it is at one moment, for reading alone. Who saves meanwhile does not wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Not atomic(), which takes the lock of writers here. In WAL mode a reader has its moment without it.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def write_rows(archive: ArchiveWriter, migrations: set[Migration]) -> None:
    for model in models_at(migrations):
        label, fields = model._meta.label_lower, stored_fields(model)
        if label not in LEFT_OUT:
            names = [field.attname for field in fields]
            with closing(_read(model, fields)) as rows:  # also when the disk is full
                archive.add_table(label, names, rows, _next_key(model))


def load_rows(archive: Archive) -> None:
    """Replace all rows by those of the archive, whose migrations the database must have had, all or nothing.

    RowsNotLoaded when the database cannot hold one of them as it was.
    """
    all_models = models_at(archive.migrations)
    models_by_label = {model._meta.label_lower: model for model in all_models}
    with transaction.atomic():
        _delete_rows(all_models)
        for table in archive.tables:
            model = models_by_label[table.model]
            try:
                _insert(archive, table, model)
            except DatabaseError as error:
                raise RowsNotLoaded(
                    f"「{model._meta.verbose_name}」の行を保存できません。{error}"
                ) from error
            if table.next_key is not None:
                _set_next_key(model, table.next_key)
        try:
            # Whether rows refer to each other in a circle or in any order is settled here.
            connection.check_constraints()
        except DatabaseError as error:
            raise RowsNotLoaded(f"参照先のない行があります。{error}") from error
        for table in archive.tables:
            _compare(archive, table, models_by_label[table.model])


def stored_fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _read(model: type[models.Model], fields: list[models.Field]) -> Iterator[Row]:
    is_large = any(isinstance(field, models.BinaryField) for field in fields)
    names = [field.attname for field in fields]
    rows = model._base_manager.order_by(model._meta.pk.attname).values_list(*names)
    for row in rows.iterator(chunk_size=1 if is_large else ROWS_READ):
        yield [as_json(value) for value in row]


def as_json(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case date() | time():  # datetime too, to the microsecond
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case Figure():
            return value.stored
        case timedelta():
            return duration_iso_string(value)
    return value


def _delete_rows(all_models: list[type[models.Model]]) -> None:
    tables = [model._meta.db_table for model in all_models]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables):
            cursor.execute(statement)


def _insert(archive: Archive, table: Table, model: type[models.Model]) -> None:
    by_name = {field.attname: field for field in stored_fields(model)}
    fields = [by_name[name] for name in table.fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: S608  quoted
    with connection.cursor() as cursor:
        for batch in archive.batches(table):
            cursor.executemany(
                statement,
                [
                    [_prepared(field, value) for field, value in zip(fields, row, strict=True)]
                    for row in batch
                ],
            )


def _prepared(field: models.Field, value: Any) -> Any:
    """The value for the database, past the cleaning that a field does when a model is saved."""
    if value is None:
        return None
    if isinstance(field, AS_TEXT):
        value = field.to_python(value)
    return field.get_db_prep_value(value, connection, prepared=True)


def _compare(archive: Archive, table: Table, model: type[models.Model]) -> None:
    """Read the rows again. A database may round a number or cut a text without a word."""
    by_name = {field.attname: field for field in stored_fields(model)}
    with closing(_read(model, [by_name[name] for name in table.fields])) as stored:
        for row, stored_row in zip_longest(chain.from_iterable(archive.batches(table)), stored):
            if row != stored_row:
                key = (row or stored_row)[table.fields.index(model._meta.pk.attname)]
                raise RowsNotLoaded(
                    f"「{model._meta.verbose_name}」の行 {key} は、このデータベースに同じ値で保存できません。"
                )


# The key of the next new row. Not that after the last row: keys of deleted rows are in histories.


def _next_key(model: type[models.Model]) -> int | None:
    pk = model._meta.pk
    if not isinstance(pk, models.AutoField):
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT last_value + is_called::int FROM {_sequence(cursor, model)}")  # noqa: S608  quoted by PostgreSQL
        else:
            cursor.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = %s", [table])
        return (cursor.fetchone() or [1])[0]


def _set_next_key(model: type[models.Model], key: int) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Not setval(), which would stay after a rollback.
            cursor.execute(f"ALTER SEQUENCE {_sequence(cursor, model)} RESTART WITH {int(key)}")
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            if key > 1:
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, key - 1])


def _sequence(cursor: Any, model: type[models.Model]) -> str:
    """The name of the sequence, quoted."""
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
    return cursor.fetchone()[0]
