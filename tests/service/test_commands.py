"""The jobs of each night: tidy removes what is over, daily does all of them whatever one does."""

from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from tokku.service.management.commands import daily
from tokku.service.management.commands.tidy import AUDIT_DAYS
from tokku.service.models import Act, AuditEntry

pytestmark = pytest.mark.django_db


def run(command):
    out, errors = StringIO(), StringIO()
    try:
        call_command(command, stdout=out, stderr=errors)
        status = 0
    except SystemExit as ending:
        status = ending.code
    return status, out.getvalue(), errors.getvalue()


def test_tidy_deletes_what_is_over_and_keeps_the_rest(settings):
    now, day, minute = timezone.now(), timedelta(days=1), timedelta(minutes=1)
    for name, ends in {"over": now - minute, "alive": now + minute}.items():
        Session.objects.create(session_key=name, session_data="", expire_date=ends)
    for name, age in {"over": 31 * minute, "alive": 29 * minute}.items():
        attempt = AccessAttempt.objects.create(username=name, failures_since_start=5)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=now - age)
    for name, age in {"over": (AUDIT_DAYS + 1) * day, "alive": (AUDIT_DAYS - 1) * day}.items():
        AuditEntry.objects.create(act=Act.SIGN_IN, username=name, at=now - age)
        log = AccessLog.objects.create(username=name)
        AccessLog.objects.filter(pk=log.pk).update(attempt_time=now - age)

    status, out, _ = run("tidy")

    assert status == 0
    assert out.count("：1件を削除しました。") == 4
    assert [session.session_key for session in Session.objects.all()] == ["alive"]
    for model in (AccessAttempt, AccessLog, AuditEntry):
        assert [row.username for row in model.objects.all()] == ["alive"]


def test_daily_does_all_jobs(settings):
    settings.SITE_URL = "https://tokku.example.jp"
    status, out, errors = run("daily")
    assert (status, errors) == (0, "")
    assert "== send_reminders\n0通送りました。" in out
    assert out.index("== send_reminders") < out.index("== tidy")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        pytest.param(CommandError("設定がありません。"), "設定がありません。", id="refused"),
        pytest.param(SystemExit(1), "", id="status"),
        pytest.param(ZeroDivisionError("division"), "ZeroDivisionError", id="crashed"),
    ],
)
def test_a_job_that_fails_is_told_and_holds_up_no_other(settings, monkeypatch, error, told):
    settings.SITE_URL = "https://tokku.example.jp"

    def fail(*args, **options):
        raise error

    sending = import_module("evaluations.management.commands.send_reminders")
    monkeypatch.setattr(sending.Command, "handle", fail)
    status, out, errors = run("daily")
    assert status == 1
    assert "失敗した仕事：send_reminders\n" in errors
    assert told in errors
    assert "== tidy\nセッション：" in out


def test_a_job_that_this_site_does_not_have_is_left_out(settings, monkeypatch):
    settings.SITE_URL = "https://tokku.example.jp"
    monkeypatch.setattr(daily, "JOBS", ("no_such_command", "tidy"))
    status, out, _ = run("daily")
    assert status == 0
    assert "no_such_command" not in out
