"""The site as it runs for real, seen from outside: gunicorn without DEBUG, before its database is there."""

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.postgres import free_port

pytestmark = pytest.mark.slow

HOST = "tokku.example.jp"
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "tests.service.live_settings",
    "DEBUG": "false",
    "SECRET_KEY": "of-this-test",
    "ALLOWED_HOSTS": HOST,
    "TRUSTED_PROXIES": "1",
    "LOG_FORMAT": "json",
}


# The collected static files, which a test run may do without.
QUIET = {"PYTHONWARNINGS": "ignore:No directory at:UserWarning"}


def ask(port, path, method="GET", **headers):
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode(), dict(response.getheaders())


@pytest.fixture
def site(tmp_path):
    """The port, and a function that ends the site and returns what it has logged."""
    port = free_port()
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'absent' / 'database'}"}
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "tokku.wsgi"]
    options = ["--threads=4", f"--bind=127.0.0.1:{port}", "--log-level=error"]
    with (
        open(tmp_path / "log", "wb") as log,
        subprocess.Popen(
            [*gunicorn, *options], env=os.environ | ENVIRONMENT | database | QUIET, stderr=log
        ) as process,
    ):
        deadline = time.monotonic() + 60
        while True:
            try:
                ask(port, "/healthz")
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)

        def lines():
            process.terminate()
            process.wait()
            return (tmp_path / "log").read_text().splitlines()

        yield port, lines
        process.terminate()


def test_the_site_from_outside(site):
    port, lines = site
    person = {"Host": HOST, "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    foreign = person | {"Host": "evil.example"}

    # A load balancer asks by address, without TLS.
    assert ask(port, "/healthz")[:2] == (200, "ok\n")
    assert ask(port, "/readyz")[:2] == (503, "not ready: database\n")
    assert ask(port, "/healthz", "POST")[0] == 405
    # A person is led to TLS, and to sign in.
    assert ask(port, "/", Host=HOST)[2]["Location"] == f"https://{HOST}/"
    status, _, headers = ask(port, "/?q=secret", **person)
    assert (status, headers["Location"]) == (302, "/sign-in/?next=/%3Fq%3Dsecret")
    request_id = headers["X-Request-ID"]
    # A foreign host gets a page, and no traceback anywhere.
    status, page, _ = ask(port, "/", **foreign)
    assert status == 400
    assert "不正な要求" in page
    # The session of this cookie cannot be looked up: an error, with its traceback.
    assert ask(port, "/", **person, Cookie="sessionid=of-nobody")[0] == 503

    log = [json.loads(line) for line in lines()]
    requests = [line for line in log if line["logger"] == "tokku.requests"]
    assert [line["status"] for line in requests] == [302, 400, 503]
    assert requests[0].pop("ms") >= 0
    assert requests[0].pop("time")
    assert requests[0] == {
        "level": "INFO",
        "logger": "tokku.requests",
        "message": "answered",
        "method": "GET",
        "path": "/",
        "status": 302,
        "user": None,
        "address": "203.0.113.9",
        "request": request_id,
    }
    problems = [line for line in log if line["level"] != "INFO"]
    # Of being not ready, the POST, the foreign host, and the session.
    assert [(line["level"], "traceback" in line) for line in problems] == [
        ("ERROR", False),
        ("WARNING", False),
        ("WARNING", False),
        ("ERROR", True),
    ]
    assert "evil.example" in json.dumps(problems)
    assert problems[-1]["request"] == requests[2]["request"]
