"""What load balancers ask: whether the site lives, and whether it can serve."""

import pytest
from django.contrib.sessions.models import Session
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

ADDRESSES = ["/healthz", "/readyz"]

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_needs_no_allowed_host_no_tls_and_no_session(settings, address):
    settings.ALLOWED_HOSTS = ["tokku.example.jp"]
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    response = client.get(address, HTTP_HOST="10.0.0.7:8000")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert not response.cookies
    assert not Session.objects.exists()
    assert Client().get("/help/", HTTP_HOST="10.0.0.7:8000").status_code == 400


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_answers_during_maintenance(settings, address):
    settings.MAINTENANCE = True
    assert Client().get("/help/").status_code == 503
    assert Client().get(address).status_code == 200


def test_a_site_whose_migrations_are_missing_lives_and_is_not_ready(client, caplog):
    MigrationRecorder.Migration.objects.filter(app="service").delete()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: database\n")
    assert "service.0001_audit_entry" in caplog.text
    assert client.get("/healthz").status_code == 200


def test_a_site_without_its_static_files_is_not_ready(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: static files\n")
    (tmp_path / "staticfiles.json").write_text(
        '{"paths": {"look.css": "look.0.css"}, "version": "1.1", "hash": ""}'
    )
    settings.STORAGES = {**settings.STORAGES}  # read anew
    assert client.get("/readyz").status_code == 200
