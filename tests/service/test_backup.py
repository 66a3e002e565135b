"""Backup, restore and copying a database: everything comes back, from SQLite and PostgreSQL to SQLite and PostgreSQL."""

import hashlib
import os
import resource
import shutil
import stat
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from axes.models import AccessLog
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from evaluations import moves
from evaluations.models import Evaluation, SealedFile, SealedVersion
from supports.models import SchemeResult
from tests import factories
from tests.evaluations import campaign
from tests.postgres import free_port
from tests.service.databases import KINDS, connected, new_connection
from tokku.accounts.models import Municipality, User
from tokku.service.archive import Archive, ArchiveWriter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]
FILES = {"令和5/図.png": bytes(range(256)), "empty": b""}


@pytest.fixture
def storage(settings, tmp_path):
    """The storage folder, with two files."""
    folder = tmp_path / "storage"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture(scope="module")
def filled(databases, django_db_blocker):
    """An SQLite database with a sealed year, histories, deleted rows, and other keys than a new database has."""
    url = databases.migrated("sqlite")
    with django_db_blocker.unblock(), connected(url):
        fill()
    return url


def fill():
    # Content types and permissions of an installation that has had other applications.
    ContentType.objects.filter(model="zone").delete()
    for label in ("old", "zone"):
        ContentType.objects.create(app_label="evaluations", model=label)
    secretariat = factories.person("secretariat")
    year = campaign.approved_year(secretariat)
    moves.move(year, "seal", by=secretariat, reason="部長決裁")
    content = os.urandom(300_000)
    SealedFile.objects.filter(format="pdf").update(
        content=content, sha256=hashlib.sha256(content).hexdigest()
    )
    row = SchemeResult.objects.create(evaluation=year, category="fiscal", name="なくなる支援措置")
    row.municipalities.set(Municipality.objects.all()[:2])
    row.delete()  # Its key stays in its history.
    AccessLog.objects.create(username="kawasaki", ip_address="2001:db8::1", user_agent="Edge")
    session = SessionStore()
    session["unsent"] = "text"
    session.create()


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def run(command, *arguments):
    output = StringIO()
    call_command(command, *map(str, arguments), stdout=output)
    return output.getvalue()


def contents(path):
    """The rows and the next key of each table; JSON as values, since PostgreSQL has an order of its own for names."""
    archive = Archive(path)
    return {
        table.model: (table.next_key, [row for batch in archive.batches(table) for row in batch])
        for table in archive.tables
    }


def state_of(url):
    """What a database holds, by a backup of it."""
    path = Path(settings.MEDIA_ROOT).parent / f"{os.urandom(4).hex()}.zip"
    with connected(url):
        run("backup", path)
    return contents(path)


# Everything comes back


def test_everything_comes_back_on_every_way(databases, filled, tmp_path):
    """SQLite → SQLite → PostgreSQL → PostgreSQL → SQLite: at the end there is what was there in the beginning."""
    expected = state_of(filled)
    url = filled
    for number, kind in enumerate(("sqlite", "postgresql", "postgresql", "sqlite")):
        path = tmp_path / f"{number}.zip"
        with connected(url):
            run("backup", path)
        url = databases.migrated(kind)
        with connected(url):
            rows = sum(len(rows) for _, rows in expected.values())
            assert run("restore", path, "--replace") == (
                f"復元しました（{rows:,}行、ファイル2件）。\n"
                "確定版1件と、そのファイル2件を検証しました。全て、確定した時のままです。\n"
            )
            assert not Session.objects.exists()
        assert contents(path) == expected, kind
    # PostgreSQL has an order of its own for the names in JSON; all else is the same to the letter.
    differing = databases.dump(url) ^ databases.dump(filled)
    assert {line.split('"')[1] for line in differing} == {
        "evaluations_sealedversion",
        "evaluations_statuschange",
    }


def test_sqlite_comes_back_to_the_letter(databases, filled, saved):
    url = databases.migrated("sqlite")
    with connected(url):
        run("restore", saved, "--replace")
    assert databases.dump(url) == databases.dump(filled)


def test_keys_of_deleted_rows_are_not_given_again(databases, filled, tmp_path):
    """Else a new row would begin with the history of a row that was deleted."""
    with connected(filled):
        run("backup", tmp_path / "backup.zip")
        last = SchemeResult.history.latest("pk").id
    for kind in KINDS:
        with connected(databases.migrated(kind)):
            run("restore", tmp_path / "backup.zip", "--replace")
            year = Evaluation.objects.get()
            row = SchemeResult.objects.create(
                evaluation=year, category="fiscal", name="新しい支援措置"
            )
            assert row.pk == last + 1
            assert row.history.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_is_of_one_moment_and_nobody_waits_for_it(databases, tmp_path, kind):
    """Somebody saves two rows at once when the table of one has been read and that of the other has not."""
    url = databases.migrated(kind)
    has_saved = False

    def save_meanwhile(execute, sql, *arguments):
        nonlocal has_saved
        if 'FROM "axes_accesslog"' in sql:
            colleague = new_connection(url)  # which fails at once where it would have to wait
            with colleague.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("UPDATE accounts_user SET name = 'meanwhile'")
                cursor.execute("UPDATE django_content_type SET app_label = 'meanwhile'")
                cursor.execute("COMMIT")
            colleague.close()
            has_saved = True
        return execute(sql, *arguments)

    with connected(url):
        factories.user("secretariat", "secretariat", None)
    expected = state_of(url)
    with connected(url), connection.execute_wrapper(save_meanwhile):
        run("backup", tmp_path / "backup.zip")
    assert has_saved
    assert contents(tmp_path / "backup.zip") == expected
    assert state_of(url) != expected


# The file


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(filled, tmp_path):
    with connected(filled):
        run("backup", tmp_path / "backup.zip")
        before = (tmp_path / "backup.zip").read_bytes()
        with pytest.raises(CommandError, match="既にあります"):
            run("backup", tmp_path / "backup.zip")
        (tmp_path / "daily").mkdir()
        run("backup", tmp_path / "daily")
    assert stat.S_IMODE((tmp_path / "backup.zip").stat().st_mode) == 0o600
    assert (tmp_path / "backup.zip").read_bytes() == before
    [dated] = (tmp_path / "daily").iterdir()
    assert contents(dated) == contents(tmp_path / "backup.zip")


def test_a_backup_is_not_made_in_the_folder_that_it_saves(filled, storage):
    with connected(filled), pytest.raises(CommandError, match="保管フォルダ .* の外に"):
        run("backup", storage / "backup.zip")
    assert files_in(storage) == FILES


def test_a_full_disk_leaves_no_half_backup(filled, tmp_path):
    """The system refuses what goes beyond 100 KB of a file, as it does on a full disk; the backup takes more."""
    folder = tmp_path / "full"
    folder.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with connected(filled):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            with pytest.raises(CommandError, match="にバックアップを作れません：File too large"):
                run("backup", folder / "backup.zip")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [*folder.iterdir()] == []


def test_what_cannot_be_written_is_told(filled, tmp_path):
    with connected(filled), pytest.raises(CommandError, match="にバックアップを作れません："):
        run("backup", tmp_path / "nowhere" / "backup.zip")


# Stored files


def test_stored_files_come_back(databases, filled, storage, tmp_path):
    with connected(filled):
        run("backup", tmp_path / "backup.zip")
    (storage / "empty").write_bytes(b"changed")
    (storage / "令和6").mkdir()
    (storage / "令和6" / "later").touch()
    (storage / "later").touch()
    with connected(databases.migrated("sqlite")):
        run("restore", tmp_path / "backup.zip", "--replace")
    assert files_in(storage) == FILES
    assert {path.name for path in storage.iterdir()} == {"令和5", "empty"}


# Refused, and nothing is changed


@pytest.fixture
def target(databases):
    """A database that is in use."""
    url = databases.migrated("sqlite")
    with connected(url):
        factories.user("secretariat", "secretariat", None)
    return url


def refusal(databases, target, storage, path, *options):
    """Why the backup is not restored. Database and files are as they were."""
    state = databases.dump if target.startswith("sqlite") else state_of
    before = state(target), files_in(storage)
    with connected(target), pytest.raises(CommandError) as refused:
        run("restore", path, *options)
    assert (state(target), files_in(storage)) == before
    return str(refused.value)


@pytest.fixture(scope="module")
def backup_of_filled(filled, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    with (
        django_db_blocker.unblock(),
        connected(filled),
        override_settings(MEDIA_ROOT=folder / "nothing"),
    ):
        run("backup", folder / "saved.zip")
    return folder / "saved.zip"


@pytest.fixture
def saved(backup_of_filled, tmp_path):
    """A backup, without files, that a test may change."""
    return Path(shutil.copy(backup_of_filled, tmp_path))


def changed_archive(path, change=lambda model, row: row, migrations=None, more=()):
    """A copy of the archive, with other rows or migrations."""
    archive = Archive(path)
    copy = path.with_name("changed.zip")
    with (
        copy.open("wb") as file,
        ArchiveWriter(file, archive.migrations if migrations is None else migrations) as writer,
    ):
        for table in archive.tables:
            rows = [row for batch in archive.batches(table) for row in batch]
            rows = [change(table.model, dict(zip(table.fields, row, strict=True))) for row in rows]
            values = [[*row.values()] for row in rows]
            writer.add_table(table.model, table.fields, values, table.next_key)
        writer.files = []
    return copy


def test_a_database_in_use_is_not_replaced_by_mistake(databases, target, storage, saved):
    assert "空ではありません（利用者 1 人）" in refusal(databases, target, storage, saved)


def test_a_folder_in_use_is_not_replaced_by_mistake(databases, storage, saved):
    with connected(databases.empty("sqlite")):
        with pytest.raises(CommandError, match="保管フォルダ .* は空ではありません"):
            run("restore", saved)
        assert connection.introspection.table_names() == []
    assert files_in(storage) == FILES


def test_a_damaged_backup_is_refused(databases, target, storage, saved):
    saved.write_bytes(saved.read_bytes()[:-30])
    assert "途中で切れているか、壊れています" in refusal(
        databases, target, storage, saved, "--replace"
    )


def test_what_is_no_backup_is_refused(databases, target, storage, tmp_path):
    assert "から復元できません" in refusal(
        databases, target, storage, tmp_path / "missing.zip", "--replace"
    )
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a.txt", "a")
    assert "読み取れません" in refusal(
        databases, target, storage, tmp_path / "other.zip", "--replace"
    )


def test_a_backup_of_a_newer_version_is_refused(databases, target, storage, saved):
    migrations = Archive(saved).migrations | {("evaluations", "0999_later")}
    newer = changed_archive(saved, migrations=migrations)
    sentence = "新しい版で作られたバックアップです（evaluations 0999_later）"
    assert sentence in refusal(databases, target, storage, newer, "--replace")


def test_a_backup_of_an_older_version_wants_an_empty_database(databases, target, storage, saved):
    older = changed_archive(
        saved, migrations=Archive(saved).migrations - {("axes", "0001_initial")}
    )
    assert "以前の版で作られた" in refusal(databases, target, storage, older, "--replace")


def test_a_database_of_a_newer_version_is_neither_saved_nor_replaced(target, saved, tmp_path):
    with connected(target):
        MigrationRecorder(connection).record_applied("evaluations", "0999_later")
        with pytest.raises(CommandError, match="新しい版のもの.*evaluations 0999_later"):
            run("backup", tmp_path / "backup.zip")
        with pytest.raises(CommandError, match="新しい版のもの"):
            run("restore", saved, "--replace")
        assert User.objects.get().username == "secretariat"
    assert not (tmp_path / "backup.zip").exists()


def test_an_empty_database_is_not_saved(databases, tmp_path):
    with connected(databases.empty("sqlite")), pytest.raises(CommandError, match="空です"):
        run("backup", tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


def without_zone(model, row):
    return row | {"zone_id": 99} if model == "evaluations.plan" else row


def too_precise(model, row):
    """SQLite rounds it without a word."""
    has_weight = model == "evaluations.numerictarget"
    return row | {"weight": "1.23456"} if has_weight else row


def too_long(model, row):
    """SQLite takes any length."""
    return row | {"name": "長" * 61} if model == "accounts.municipality" else row


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        ("sqlite", without_zone, "参照先のない行があります"),
        ("postgresql", without_zone, "参照先のない行があります"),
        (
            "sqlite",
            too_precise,
            "「数値目標」の行 1 は、このデータベースに同じ値で保存できません",
        ),
        ("postgresql", too_long, "「自治体・団体」の行を保存できません"),
    ],
)
def test_what_the_database_cannot_hold_is_refused_whole(
    databases, storage, saved, kind, change, sentence
):
    url = databases.migrated(kind)
    with connected(url):
        factories.user("secretariat", "secretariat", None)
    changed = changed_archive(saved, change)
    assert sentence in refusal(databases, url, storage, changed, "--replace")


@pytest.mark.parametrize("command", ["backup", "copy_database"])
def test_a_database_that_does_not_answer_is_told(tmp_path, monkeypatch, command):
    monkeypatch.setenv("NEW_DATABASE_URL", "sqlite:///unused")
    arguments = [tmp_path / "backup.zip"] if command == "backup" else []
    nobody = f"postgres://postgres@127.0.0.1:{free_port()}/postgres"
    with connected(nobody), pytest.raises(CommandError, match="データベースを読み出せません。"):
        run(command, *arguments)


def test_a_database_that_somebody_writes_to_is_not_replaced(target, saved):
    writer = new_connection(target)
    with writer.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        with connected(target), pytest.raises(CommandError, match="データベースに書き込めません。"):
            run("restore", saved, "--replace")
        cursor.execute("ROLLBACK")
    writer.close()


def test_a_database_is_copied_to_one_that_is_named(filled, monkeypatch):
    monkeypatch.delenv("NEW_DATABASE_URL", raising=False)
    with connected(filled), pytest.raises(CommandError, match="NEW_DATABASE_URL に、写し先"):
        run("copy_database")


# Seals


def test_a_broken_seal_is_restored_as_it_is_and_told(databases, filled, tmp_path):
    broken = databases.copy(filled)
    with connected(broken):
        SealedVersion.objects.update(sha256="0" * 64)
        run("backup", tmp_path / "backup.zip")
    with connected(databases.migrated("sqlite")):
        output = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("restore", str(tmp_path / "backup.zip"), replace=True, stdout=output)
        assert ended.value.code == 1
        assert SealedVersion.objects.get().sha256 == "0" * 64
    assert (
        "文書：令和5年度" in output.getvalue()
        or "第1版は、確定した時の内容と違います" in output.getvalue()
    )
