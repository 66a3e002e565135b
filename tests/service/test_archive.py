"""The file of a backup: what is damaged in any way is refused, and what is large is read piece by piece."""

from contextlib import suppress
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import share
from tokku.service import archive as archives
from tokku.service.archive import Archive, ArchiveWriter, StoredFile, UnreadableArchive

MIGRATIONS = {("accounts", "0001_initial")}
ROWS = [[number, "改行\nと\u2028記号", None, 1.5, {"あ": [True]}] for number in range(500)]


def write(path, rows=ROWS, folder=None):
    with path.open("wb") as file, ArchiveWriter(file, MIGRATIONS) as archive:
        archive.add_table("accounts.user", ["id", "name", "a", "b", "c"], rows, 501)
        archive.add_table("accounts.municipality", ["id"], [], 1)
        if folder:
            archive.add_folder(folder)
    return path


def everything(path):
    archive = Archive(path)
    rows = [list(archive.batches(table)) for table in archive.tables]
    return archive.migrations, archive.tables, archive.files, rows


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    (folder / "files" / "図").mkdir(parents=True)
    (folder / "files" / "図" / "1.bin").write_bytes(bytes(range(256)) * 20)
    return write(folder / "whole.zip", folder=folder / "files").read_bytes()


def test_what_is_written_is_read(tmp_path, whole):
    path = tmp_path / "archive.zip"
    path.write_bytes(whole)
    migrations, tables, files, rows = everything(path)
    assert migrations == MIGRATIONS
    assert [(table.model, table.rows, table.next_key) for table in tables] == [
        ("accounts.user", 500, 501),
        ("accounts.municipality", 0, 1),
    ]
    assert rows == [[ROWS], []]
    [file] = files
    Archive(path).extract(file, tmp_path)
    assert (tmp_path / "図" / "1.bin").read_bytes() == bytes(range(256)) * 20


@settings(max_examples=share(1_000))
@given(st.data())
def test_what_is_damaged_is_refused_or_harmless(tmp_path_factory, whole, data):
    """A byte that nobody reads, such as of a date, may be another; nothing else."""
    damaged = bytearray(whole)
    position = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        damaged[position] ^= data.draw(st.integers(1, 255))
    else:
        del damaged[position:]
    path = tmp_path_factory.mktemp("damaged") / "archive.zip"
    path.write_bytes(damaged)
    original = path.with_name("whole.zip")
    original.write_bytes(whole)
    with suppress(UnreadableArchive):
        read = everything(path)
        assert len(damaged) == len(whole)
        assert read == everything(original)


def test_what_somebody_has_packed_anew_is_refused(tmp_path, whole):
    (tmp_path / "whole.zip").write_bytes(whole)
    with ZipFile(tmp_path / "whole.zip") as source, ZipFile(tmp_path / "edited.zip", "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace("記号".encode(), "符号".encode()))
    with pytest.raises(UnreadableArchive, match="読み取れません"):
        Archive(tmp_path / "edited.zip")


def test_another_format_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "FORMAT", 2)
    path = write(tmp_path / "newer.zip")
    monkeypatch.undo()
    with pytest.raises(UnreadableArchive, match="形式 2 のバックアップです"):
        Archive(path)


def test_a_batch_holds_few_large_rows(tmp_path):
    large = "x" * (archives.BATCH_BYTES * 2 // 3)
    archive = Archive(write(tmp_path / "large.zip", [[number, large] for number in range(6)]))
    assert [len(batch) for batch in archive.batches(archive.tables[0])] == [2, 2, 2]


def test_what_is_left_by_an_exception_is_no_archive(tmp_path):
    def rows():
        yield ROWS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "half.zip", rows())
    with pytest.raises(UnreadableArchive):
        Archive(tmp_path / "half.zip")


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "a/../../escaped"])
def test_no_file_is_unpacked_outside_the_folder(tmp_path, whole, name):
    path = tmp_path / "archive.zip"
    path.write_bytes(whole)
    with pytest.raises(UnreadableArchive, match="保管フォルダの外"):
        Archive(path).extract(StoredFile(name=name, sha256=""), tmp_path / "files")
