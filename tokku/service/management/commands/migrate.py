import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

WAITING = "別の migrate が実行中です。終わるのを待っています。"
# In PostgreSQL: any number that nothing else locks in this database.
LOCK = 7_235_891
MOST_SECONDS = 24 * 60 * 60


class Command(migrate.Command):
    """Django's, one at a time: two at once would both run what neither has recorded yet."""

    # And not `handle`, since the checks before it write to SQLite, and take a locked one for one that is too old.
    def execute(self, *args, **options):
        with _alone(connections[options["database"]], lambda: self.stderr.write(WAITING)):
            return super().execute(*args, **options)


@contextmanager
def _alone(connection: BaseDatabaseWrapper, tell_to_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock during the block. After an error, it ends with the connection to the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                tell_to_wait()
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    elif connection.vendor == "sqlite" and not connection.is_in_memory_db():
        # That of an empty database beside it, since one of its own would end with each migration.
        beside = f"{connection.settings_dict['NAME']}-migrate"
        with closing(sqlite3.connect(beside, timeout=0, isolation_level=None)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                tell_to_wait()
                lock.execute(f"PRAGMA busy_timeout = {MOST_SECONDS * 1000}")
                lock.execute("BEGIN EXCLUSIVE")
            yield
    else:
        yield
