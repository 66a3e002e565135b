"""What people read when something fails, and what they can do then."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import Client
from django.views import defaults


@pytest.fixture
def request_of(rf):
    def request_of(user):
        request = rf.get("/")
        request.user = user
        return request

    return request_of


def test_unknown_address_leads_back_to_the_list(client, official):
    client.force_login(official)
    response = client.get("/no/such/page/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "ページが見つかりません" in page
    assert 'href="/"' in page


def test_unknown_address_is_said_to_anyone(client, db):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "ページが見つかりません" in response.content.decode()


def test_refusal_says_why(request_of, official):
    reason = "提出した後は編集できません。"
    response = defaults.permission_denied(request_of(official), PermissionDenied(reason))
    assert response.status_code == 403
    assert reason in response.content.decode()


def test_refusal_without_a_reason_is_a_sentence_too(request_of, official):
    response = defaults.permission_denied(request_of(official), PermissionDenied())
    assert "この画面を使う権限がありません。" in response.content.decode()


def test_form_that_is_too_old_says_what_to_do(official):
    client = Client(enforce_csrf_checks=True)
    client.force_login(official)
    response = client.post("/sign-out/")
    assert response.status_code == 403
    assert "「戻る」で前の画面に戻って書き写してから" in response.content.decode()


def test_bad_request_says_what_to_do(request_of, official):
    response = defaults.bad_request(request_of(official), SuspiciousOperation())
    assert response.status_code == 400
    assert "画面を開き直してください。" in response.content.decode()


def test_failure_says_what_to_do_without_needing_anything():
    page = render_to_string("500.html")
    assert "少し待ってから、もう一度お試しください。" in page
