"""`check --deploy` tells of a forgotten collectstatic, at all and since the last upgrade, and of half of OIDC."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from tokku.service.checks import check_collected_static_files, check_identity_provider


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


CLIENT = {"ISSUER": "https://id.example.jp/realm", "CLIENT_ID": "tokku", "CLIENT_SECRET": "secret"}
CLAIMS = {
    "ROLE_CLAIM": "groups",
    "ROLES": {"tanto": "official"},
    "MUNICIPALITY_CLAIM": "company",
    "MUNICIPALITIES": {"川崎市役所": "141305"},
}
# Settings of OIDC, and the words of each complaint.
PROVIDERS = [
    ({}, []),
    (CLIENT, []),
    (CLIENT | CLAIMS, []),
    ({"ISSUER": CLIENT["ISSUER"]}, ["OIDC_CLIENT_ID、OIDC_CLIENT_SECRET がありません"]),
    ({"CLIENT_SECRET": "secret"}, ["OIDC_ISSUER、OIDC_CLIENT_ID がありません"]),
    (CLAIMS, ["OIDC_ISSUER、OIDC_CLIENT_ID、OIDC_CLIENT_SECRET がありません"]),
    (CLIENT | CLAIMS | {"ROLES": {}}, ["OIDC_ROLES がありません"]),
    (CLIENT | {"ROLE_CLAIM": "groups", "ROLES": CLAIMS["ROLES"]}, ["OIDC_MUNICIPALITIES が"]),
    (CLIENT | {"ISSUER": "http://id.example.jp/"}, ["https://"]),
    (
        CLIENT | CLAIMS | {"MUNICIPALITIES": {"a": "141305", "b": "141306", "c": "14130"}},
        ["「141306」：", "「14130」："],
    ),
]


@pytest.mark.parametrize(("given", "complaints"), PROVIDERS)
def test_half_of_an_identity_provider(settings, given, complaints):
    for name, value in given.items():
        setattr(settings, f"OIDC_{name}", value)
    errors = check_identity_provider(None)
    assert len(errors) == len(complaints)
    for error, words in zip(errors, complaints, strict=True):
        assert words in error.msg
