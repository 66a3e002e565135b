"""Settings from the environment: what they accept, what they refuse in a sentence, and that old ones still count."""

import os
import subprocess
import sys

import pytest
from django.test import Client

from tests.factories import PASSWORD

SHOW = "import django.conf; s = django.conf.settings; print(s.TRUSTED_PROXIES, s.SECURE_PROXY_SSL_HEADER, s.ADMINS)"


def run(program, **environment):
    clean = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    environment = {"DJANGO_SETTINGS_MODULE": "tokku.settings", "DEBUG": "true"} | environment
    return subprocess.run(
        [sys.executable, "-c", program], env=clean | environment, capture_output=True, text=True
    )


TLS = "('HTTP_X_FORWARDED_PROTO', 'https')"
PROXIES = [
    ({}, "0 None []"),
    ({"BEHIND_PROXY": "true"}, f"1 {TLS} []"),
    ({"BEHIND_PROXY": "true", "TRUSTED_PROXIES": "2"}, f"2 {TLS} []"),
    ({"TRUSTED_PROXIES": "0", "ADMINS": "a@example.jp"}, "0 None [('', 'a@example.jp')]"),
]


@pytest.mark.parametrize(("environment", "shown"), PROXIES)
def test_proxies(environment, shown):
    assert run(SHOW, **environment).stdout.strip() == shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "-1"),
        ("LOG_FORMAT", "xml"),
        ("OIDC_ROLES", "boss=secretariat"),
        ("OIDC_ROLES", "tanto"),
    ],
)
def test_what_makes_no_sense_is_refused(name, value):
    ending = run(SHOW, **{name: value})
    assert ending.returncode != 0
    assert f"環境変数 {name} は" in ending.stderr


SHOW_PROVIDER = """
import django.conf
s = django.conf.settings
print(s.AUTHENTICATION_BACKENDS[-1].rpartition(".")[2], s.OIDC_ROLES, s.OIDC_MUNICIPALITIES)
"""
PROVIDERS = [
    ({}, "ModelBackend {} {}"),
    ({"OIDC_ROLES": "a=official"}, "ModelBackend {'a': 'official'} {}"),
    (
        {
            "OIDC_ISSUER": "https://id.example.jp/",
            "OIDC_MUNICIPALITIES": "cn=川崎=141305, 市=140007",
        },
        "ProviderBackend {} {'cn=川崎': '141305', '市': '140007'}",
    ),
]


@pytest.mark.parametrize(("environment", "shown"), PROVIDERS)
def test_identity_provider(environment, shown):
    assert run(SHOW_PROVIDER, **environment).stdout.strip() == shown


WRITE = """
import logging, os
import django

django.setup()
lines = logging.getLogger("tokku.audit")
lines.info("ログイン", extra={"fields": {"user": "first"}})
os.rename(os.environ["AUDIT_LOG"], os.environ["AUDIT_LOG"] + ".1")
lines.info("ログイン", extra={"fields": {"user": "second"}})
"""


def test_the_audit_log_as_a_file_that_may_be_rotated(tmp_path):
    file = tmp_path / "audit.log"
    ending = run(WRITE, AUDIT_LOG=str(file))
    for path, user in ((tmp_path / "audit.log.1", "first"), (file, "second")):
        [line] = path.read_text("utf-8").splitlines()
        assert line.endswith(f"INFO tokku.audit ログイン user={user}")
        assert line in ending.stderr


def test_sessions_outlive_a_change_of_the_key(official, settings):
    at_work, away = Client(), Client()
    for client in (at_work, away):
        client.post("/sign-in/", {"username": "kawasaki", "password": PASSWORD})
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-new-key"
    assert at_work.get("/").status_code == 200  # and has a session of the new key
    settings.SECRET_KEY_FALLBACKS = []
    assert at_work.get("/").status_code == 200
    assert away.get("/").status_code == 302
