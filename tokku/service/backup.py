"""Backup and restore: the whole site's data, rows and stored files, in one file that any database takes."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tokku.service.archive import Archive, ArchiveWriter, Migration
from tokku.service.rows import latest, load_rows, snapshot, write_rows


class Refused(Exception):
    """The backup is not made, or not restored, and nothing has been changed. The message is in Japanese."""


def write_backup(path: Path, *, with_files: bool = True) -> ArchiveWriter:
    """Write what is stored at this moment to a new file, and return what it has of what.

    OSError when the file cannot be written, and then there is no file. Refused when there is one already.
    """
    folder = Path(settings.MEDIA_ROOT)
    if path.exists():
        raise Refused(f"{path} は既にあります。別の名前を指定してください。")
    if with_files and path.resolve().is_relative_to(folder.resolve()):
        raise Refused(f"バックアップは、保管フォルダ {folder} の外に作ってください。")
    with _new_file(path) as file, snapshot():
        migrations = applied_migrations()
        if unknown := migrations - known_migrations():
            raise Refused(
                f"データベースは、このプログラムより新しい版のものです（{_names(unknown)}）。"
                "その版のプログラムでバックアップを作ってください。"
            )
        if not migrations:
            raise Refused("データベースは空です。バックアップするものがありません。")
        with ArchiveWriter(file, migrations) as archive:
            write_rows(archive, migrations)
            if with_files:
                archive.add_folder(folder)
    return archive


def restore_backup(path: Path, *, replace: bool = False) -> Archive:
    """Put the backup into the database and the storage folder, which are empty or, with `replace`, are emptied.

    An empty database is one that has not been migrated. UnreadableArchive, Refused or RowsNotLoaded, and OSError for
    the files, when that cannot be done; what was there before stays.
    """
    archive = Archive(path)
    if unknown := archive.migrations - known_migrations():
        raise Refused(
            f"{path} は、このプログラムより新しい版で作られたバックアップです（{_names(unknown)}）。"
            "作成したときの版以降のプログラムで復元してください。"
        )
    _check_target(archive, replace=replace)
    with _unpacked_files(archive):
        _bring_to(archive.migrations)
        load_rows(archive)
        if archive.migrations != known_migrations():  # of an earlier version
            call_command("migrate", verbosity=0, interactive=False)
    ContentType.objects.clear_cache()
    return archive


def _check_target(archive: Archive, *, replace: bool) -> None:
    applied = applied_migrations()
    if applied - known_migrations():
        raise Refused("復元先のデータベースは、このプログラムより新しい版のものです。")
    if applied and not replace:
        people = get_user_model()._base_manager.count()
        raise Refused(
            f"復元先のデータベースは空ではありません（利用者 {people} 人）。空のデータベースを指定してください。"
            "今の内容を全て捨てて置き換えるときは、そのバックアップを作った上で --replace を付けます。"
        )
    if applied and archive.migrations != known_migrations():
        raise Refused(
            "このバックアップは、以前の版で作られたものです。空のデータベース（migrate する前のもの）に復元してください。"
        )
    folder = Path(settings.MEDIA_ROOT)
    if archive.files is not None and not replace and folder.is_dir() and any(folder.iterdir()):
        raise Refused(f"保管フォルダ {folder} は空ではありません。空のフォルダを指定してください。")


def _bring_to(migrations: set[Migration]) -> None:
    """Make the tables that these migrations make. Later ones must not have been applied."""
    executor = MigrationExecutor(connection)
    executor.migrate(latest(executor.loader, migrations))


def known_migrations() -> set[Migration]:
    return {*MigrationLoader(None).disk_migrations}


def applied_migrations() -> set[Migration]:
    return {*MigrationRecorder(connection).applied_migrations()}


def _names(migrations: set[Migration]) -> str:
    return "、".join(f"{app} {name}" for app, name in sorted(migrations))


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone, which gets its name when it is complete. Else nothing is left."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        os.rename(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


@contextmanager
def _unpacked_files(archive: Archive) -> Iterator[None]:
    """Unpack the stored files before the block, and put them in place of what is there after it."""
    folder = Path(settings.MEDIA_ROOT)
    if archive.files is None or not (archive.files or folder.exists()):
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(prefix=".restore-", dir=folder))
    try:
        for file in archive.files:
            archive.extract(file, unpacked)
        yield
        for path in folder.iterdir():
            if path != unpacked:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in unpacked.iterdir():
            path.rename(folder / path.name)
    finally:
        shutil.rmtree(unpacked)
