"""`check --deploy` tells of a forgotten collectstatic: at all, and since the last upgrade."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from tokku.service.checks import check_collected_static_files


@pytest.fixture
def collected(settings, tmp_path):
    """As without DEBUG, of three files."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("a.css", "b.css", "c.css"):
        (source / name).write_text("p {}")
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    return source


def collect(settings):
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.STORAGES = {**settings.STORAGES}  # the manifest is read anew, as by a new process


def test_never_collected(collected):
    [error] = check_collected_static_files(None)
    assert error.id == "service.E001"
    assert "まだ用意されていません" in error.msg
    assert "collectstatic" in error.hint


def test_collected(collected, settings):
    collect(settings)
    assert check_collected_static_files(None) == []


@pytest.mark.parametrize("change", ["new", "changed"])
def test_collected_before_an_upgrade(collected, settings, change):
    collect(settings)
    (collected / ("d.css" if change == "new" else "b.css")).write_text("q {}")
    [error] = check_collected_static_files(None)
    assert "今のプログラムのものではありません" in error.msg
    assert ("d.css" if change == "new" else "b.css") in error.msg


def test_a_local_machine_collects_nothing():
    assert not hasattr(staticfiles_storage, "hashed_files")
    assert check_collected_static_files(None) == []
