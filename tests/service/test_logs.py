"""Lines of the log: one for each request, none that somebody forged, and no traceback for what was refused."""

import io
import json
import logging
import re
import socket

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tokku import mail as later
from tokku.service.logs import ErrorMailHandler, JsonFormatter, RefusalFilter, TextFormatter

REQUESTS = logging.getLogger("tokku.requests")


@pytest.fixture
def log(monkeypatch):
    """The lines that are written, with the handlers of the settings replaced by one that keeps them."""

    def log(formatter=TextFormatter, handler=None):
        stream = io.StringIO()
        handler = handler or logging.StreamHandler(stream)
        handler.setFormatter(formatter())
        handler.addFilter(RefusalFilter())
        monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
        monkeypatch.setattr(REQUESTS, "level", logging.INFO)
        REQUESTS.manager._clear_cache()
        return lambda: stream.getvalue().splitlines()

    yield log
    REQUESTS.manager._clear_cache()


@pytest.mark.parametrize(
    ("address", "status", "user"),
    [("/help/", 200, "-"), ("/", 200, "kawasaki"), ("/admin/accounts/user/", 403, "kawasaki")],
)
def test_a_line_for_each_request(client, official, log, address, status, user):
    if user != "-":
        client.force_login(official)
    lines = log()
    response = client.get(f"{address}?q=searched", REMOTE_ADDR="192.0.2.7:1234")
    assert response.status_code == status
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d INFO tokku\.requests answered"
        rf" method=GET path={address} status={status} ms=\d+ user={user} address=192\.0\.2\.7"
        rf" request={response['X-Request-ID']}",
        lines()[-1],
    )


def test_the_same_as_json(client, official, log):
    lines = log(JsonFormatter)
    response = client.get("/help/")
    line = json.loads(lines()[-1])
    assert line.pop("time")
    assert isinstance(line.pop("ms"), int)
    assert line == {
        "level": "INFO",
        "logger": "tokku.requests",
        "message": "answered",
        "method": "GET",
        "path": "/help/",
        "status": 200,
        "user": None,
        "address": "127.0.0.1",
        "request": response["X-Request-ID"],
    }


def test_the_id_of_a_trusted_proxy_is_taken_and_no_other(client, settings):
    def id_of(proposed):
        return client.get("/help/", HTTP_X_REQUEST_ID=proposed)["X-Request-ID"]

    assert id_of("0123456789abcdef") != "0123456789abcdef"
    settings.TRUSTED_PROXIES = 1
    assert id_of("0123456789abcdef") == "0123456789abcdef"
    for forged in ("short", "x" * 65, "a b c d e f g h", "12345678\n", ""):
        assert re.fullmatch("[0-9a-f]{32}", id_of(forged))


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
def test_what_is_refused_takes_a_line_without_traceback(client, official, log, settings, formatter):
    client.force_login(official)
    lines = log(formatter)
    settings.ALLOWED_HOSTS = ["tokku.example.jp"]
    client.get("/help/", HTTP_HOST="evil.example")
    client.get("/admin/evaluations/zone/add/", HTTP_HOST="tokku.example.jp")
    client.get("/nowhere/at/all/", HTTP_HOST="tokku.example.jp")
    text = "\n".join(lines())
    assert "Traceback" not in text
    assert "ERROR" not in text
    assert "Invalid HTTP_HOST header: 'evil.example'" in text
    assert "システム管理者だけ" in text
    refusals = [line for line in lines() if "WARNING" in line]
    assert len(refusals) == 3
    assert all(re.search('request"?[=:] ?"?[0-9a-f]{32}', line) for line in refusals)


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
def test_an_error_has_its_traceback_and_its_request(client, db, log, monkeypatch, formatter):
    client.raise_request_exception = False
    monkeypatch.setattr("evaluations.views.help.render", None)
    lines = log(formatter)
    response = client.get("/help/")
    text = "\n".join(lines())
    assert response.status_code == 500
    assert "TypeError: 'NoneType' object is not callable" in text
    [error] = [line for line in lines() if "ERROR" in line]
    assert response["X-Request-ID"] in error


@given(st.text(), st.text())
def test_whatever_is_written_stays_in_its_line(message, value):
    record = logging.LogRecord("name", logging.INFO, __file__, 1, "%s", (message,), None)
    record.fields = {"value": value}
    text = TextFormatter().format(record)
    assert len(text.splitlines()) == 1
    assert text.isprintable()
    written = json.loads(JsonFormatter().format(record))
    assert "\n" not in JsonFormatter().format(record)
    assert (written["message"], written["value"]) == (message, value)


# Errors by mail


@pytest.fixture
def mailed(settings):
    settings.ADMINS = [("", "it@example.jp")]
    handler = ErrorMailHandler()
    handler.addFilter(RefusalFilter())
    logger = logging.Logger("site")
    logger.addHandler(handler)

    def mailed(act):
        act(logger)
        later._sender.submit(lambda: None).result()
        sent = mail.outbox[:]
        mail.outbox.clear()
        return sent

    return mailed


def fail(logger, error=None):
    error = error or ZeroDivisionError("division")
    secret = "入力した文章"  # noqa: F841
    try:
        raise error
    except type(error):
        logger.exception("It failed.")


def test_an_error_is_mailed_without_what_was_entered(mailed):
    [message] = mailed(fail)
    assert message.to == ["it@example.jp"]
    assert message.subject == "【特区評価書】エラー：ZeroDivisionError site"
    assert "It failed." in message.body
    assert "test_logs.py" in message.body
    assert "入力した文章" not in message.body.replace('secret = "入力した文章"', "")


def test_the_same_error_is_mailed_once_in_an_hour(mailed, monkeypatch):
    assert [len(mailed(fail)) for _ in range(3)] == [1, 0, 0]
    assert len(mailed(lambda logger: logger.error("another place"))) == 1
    monkeypatch.setattr("tokku.service.logs.PAUSE", 0)
    assert len(mailed(fail)) == 1


def test_refusals_and_warnings_are_not_mailed(mailed):
    assert mailed(lambda logger: fail(logger, PermissionDenied("いいえ"))) == []
    assert mailed(lambda logger: logger.warning("beware")) == []


def test_without_admins_nothing_is_mailed(mailed, settings):
    settings.ADMINS = []
    assert mailed(fail) == []


def test_a_mail_server_that_never_answers_holds_no_request(client, db, settings, monkeypatch):
    """The page is there while the mail still waits for its server."""
    client.raise_request_exception = False
    monkeypatch.setattr("evaluations.views.help.render", None)
    settings.ADMINS = [("", "it@example.jp")]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 20
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [ErrorMailHandler()])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        assert Client(raise_request_exception=False).get("/help/").status_code == 500
        connection, _ = silent.accept()
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):  # it is open: the mail still waits for a greeting
            connection.recv(1)
        connection.close()
    later._sender.submit(lambda: None).result()
