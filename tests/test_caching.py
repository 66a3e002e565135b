"""What browsers may keep: static files, and no page."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/", "/admin/", "/keihin/2023/", "/no/such/page/", "/sign-out/"]
)
def test_no_page_is_kept(client, official, evaluation, address):
    assert "no-store" in client.get(address).headers["Cache-Control"]
    client.force_login(official)
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_a_failure_is_not_kept(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("evaluations.views.help.render", None)
    response = client.get("/help/")
    assert response.status_code == 500
    assert "no-store" in response.headers["Cache-Control"]


def test_static_files_are_kept(settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    response = Client().get("/static/look.css")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "max-age=60, public"
    response.close()
