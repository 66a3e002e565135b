"""What moves, remarks and answers need, keep and log, and that no move is half done."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import ProtectedError
from django.utils import timezone

from evaluations import moves
from evaluations.models import (
    Actual,
    Evaluation,
    Remark,
    SealedVersion,
    StatusChange,
    Submission,
    TargetAssessment,
)
from evaluations.workflow import EvaluationState, SubmissionState
from tests.evaluations import campaign
from tests.evaluations.test_workflow import LABELS, SECRETARIAT_ONLY
from tests.worlds import world

pytestmark = pytest.mark.postgres


@world
def year(secretariat):
    return campaign.open_year(secretariat)


@pytest.mark.parametrize("reason", ["", "   ", "\n\t\n", "\u3000", "\x00"])
def test_return_needs_a_reason(year, official, secretariat, reason):
    submission = campaign.hand_in(year, official)
    with pytest.raises(PermissionDenied, match="「差し戻す」には理由を入力してください。"):
        moves.move(submission, "return", by=secretariat, reason=reason)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.SUBMITTED


@pytest.mark.parametrize("reason", ["", "   ", "\n", "\u3000"])
def test_reopening_needs_a_reason(secretariat, reason):
    year = campaign.sealed_year(secretariat)
    with pytest.raises(PermissionDenied, match="「再開する」には理由を入力してください。"):
        moves.move(year, "reopen", by=secretariat, reason=reason)
    year.refresh_from_db()
    assert year.state == EvaluationState.FINAL


def test_sending_needs_a_day_that_is_not_yet_to_come(secretariat):
    year = campaign.sealed_year(secretariat)
    with pytest.raises(PermissionDenied, match="日付を入力してください"):
        moves.move(year, "send", by=secretariat)
    with pytest.raises(PermissionDenied, match="今日までの日を入力してください"):
        moves.move(year, "send", by=secretariat, sent_on=timezone.localdate() + timedelta(days=1))


def test_day_of_sending_is_kept_and_stays_in_the_log_after_reopening(secretariat):
    year = campaign.sealed_year(secretariat)
    moves.move(year, "send", by=secretariat, sent_on=date(2024, 6, 28))
    year.refresh_from_db()
    assert year.sent_on == date(2024, 6, 28)
    moves.move(year, "reopen", by=secretariat, reason="数値の訂正")
    year.refresh_from_db()
    assert year.sent_on is None
    reasons = StatusChange.objects.filter(move__in=["send", "reopen"]).values_list(
        "reason", flat=True
    )
    assert list(reasons) == ["数値の訂正", "提出日：令和6年6月28日"]


def test_every_return_with_its_reason_stays_in_the_log(year, official, secretariat):
    submission = campaign.hand_in(year, official)
    for round in range(3):
        moves.move(submission, "return", by=secretariat, reason=f"{round}回目の理由")
        moves.move(submission, "submit", by=official)
    log = StatusChange.objects.filter(submission=submission).order_by("pk")
    assert [(change.get_from_state_display(), change.get_to_state_display()) for change in log] == [
        ("入力中", "提出"),
        *[("提出", "差戻し"), ("差戻し", "提出")] * 3,
    ]
    assert [change.reason for change in log if change.move == "return"] == [
        "0回目の理由",
        "1回目の理由",
        "2回目の理由",
    ]
    assert {change.changed_by for change in log if change.move == "return"} == {secretariat}


def test_submission_and_evaluation_with_a_log_cannot_be_deleted(year, official, secretariat):
    submission = campaign.hand_in(year, official)
    with pytest.raises(ProtectedError):
        submission.delete()
    with pytest.raises(ProtectedError):
        year.delete()


def test_handing_in_keeps_the_text_of_every_item(year, official):
    submission = campaign.hand_in(year, official)
    snapshot = StatusChange.objects.get(submission=submission).snapshot
    assert "川崎市の成果" in snapshot.values()
    assert "横浜市の成果" not in snapshot.values()


@pytest.mark.parametrize(
    ("person", "state", "sentence"),
    [
        ("secretariat", "open", ""),
        ("secretariat", "final", "評価書が確定のため、指摘を書くことはできません。"),
        ("official", "open", SECRETARIAT_ONLY),
    ],
)
def test_remark_is_left_once_by_those_who_may(request, year, secretariat, person, state, sentence):
    campaign.put(year, state, secretariat)

    def leave():
        return moves.add_remark(
            Remark(
                submission=campaign.submission(year),
                record="x",
                text="直してください",
                written_by=request.getfixturevalue(person),
            )
        )

    if sentence:
        with pytest.raises(PermissionDenied, match=sentence):
            leave()
    else:
        assert leave()
        assert not leave()
    assert Remark.objects.count() == (0 if sentence else 1)


@pytest.mark.parametrize("person", ["other_official", "secretariat", "reader"])
def test_remark_is_answered_only_by_its_municipality(request, year, secretariat, person):
    remark = Remark.objects.create(
        submission=campaign.submission(year), record="x", text="指摘", written_by=secretariat
    )
    with pytest.raises(PermissionDenied, match="回答できるのは、川崎市の担当者だけです。"):
        moves.answer_remark(remark, "回答", by=request.getfixturevalue(person))
    assert Remark.objects.get().is_open


def test_stale_row_keeps_what_others_stored_meanwhile(year, official, secretariat):
    stale = campaign.submission(year)
    campaign.hand_in(year, official)
    moves.move(stale, "approve", by=secretariat)
    stored = campaign.submission(year)
    assert (stored.state, stored.submitted_by) == (SubmissionState.APPROVED, official)
    assert stored.submitted_at is not None


def test_opening_makes_the_rows_once(year, secretariat):
    assert Submission.objects.filter(evaluation=year, state=SubmissionState.DRAFT).count() == 3
    assert TargetAssessment.objects.filter(evaluation=year).count() == 1
    assert Actual.objects.filter(fiscal_year=2023).count() == 3


# All or nothing: a worker that is killed, and two clicks at the same time.


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """Two functions: the first returns the URL of the database for another process, the second fetches its changes."""
    settings = connection.settings_dict
    if connection.vendor == "postgresql":
        user = quote(settings["USER"]) + (
            f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
        )
        host = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
        return lambda: f"postgres://{user}@{host}/{settings['NAME']}", lambda: None
    file = tmp_path / "shared.sqlite3"

    def lend():
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{file}"

    def bring_back():
        with closing(sqlite3.connect(file)) as copy:
            copy.backup(connection.connection)

    return lend, bring_back


def run_until(url, pause, *arguments):
    """Start another process that carries out a move and pauses in the middle."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.evaluations.pausing", pause, *map(str, arguments)],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_in(shared_database, pause, *arguments):
    lend, bring_back = shared_database
    with run_until(lend(), pause, *arguments) as process:
        try:
            assert process.stdout.readline().strip() == f"paused at {pause}"
        finally:
            process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    bring_back()


def everything():
    """Counts and states of all rows that a move writes."""
    kinds = [
        Evaluation.history,
        Submission.history,
        StatusChange.objects,
        SealedVersion.objects,
    ]
    return [kind.count() for kind in kinds] + [
        *Evaluation.objects.values_list("state", "revision"),
        *Submission.objects.order_by("pk").values_list("state", "submitted_at", "revision"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("pause", ["Submission", "HistoricalSubmission", "StatusChange"])
def test_worker_killed_while_handing_in_leaves_nothing_of_it(
    shared_database, year, official, pause
):
    submission = campaign.submission(year)
    campaign.fill(year, submission.municipality_id)
    before = everything()
    kill_in(shared_database, pause, "submission", submission.pk, "submit", official.pk)
    assert everything() == before
    moves.move(submission, "submit", by=official)
    assert StatusChange.objects.filter(submission=submission).count() == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "pause", ["StatusChange", "Evaluation", "HistoricalEvaluation", "SealedVersion"]
)
def test_worker_killed_while_sealing_leaves_nothing_of_it(shared_database, secretariat, pause):
    year = campaign.approved_year(secretariat)
    before = everything()
    kill_in(shared_database, pause, "evaluation", year.pk, "seal", secretariat.pk)
    assert everything() == before
    moves.move(year, "seal", by=secretariat)
    assert [version.number for version in SealedVersion.objects.all()] == [1]


@pytest.mark.slow
@pytest.mark.parametrize("move_name", ["submit", "seal"])
def test_worker_killed_after_the_move_leaves_all_of_it(shared_database, secretariat, move_name):
    year = campaign.approved_year(secretariat)
    if move_name == "seal":
        kill_in(shared_database, "end", "evaluation", year.pk, "seal", secretariat.pk)
        assert SealedVersion.objects.count() == 1
        year.refresh_from_db()
        assert year.state == EvaluationState.FINAL
    else:
        submission = campaign.submission(year)
        moves.move(submission, "return", by=secretariat, reason="理由")
        by = submission.submitted_by
        kill_in(shared_database, "end", "submission", submission.pk, "submit", by.pk)
        submission.refresh_from_db()
        assert submission.state == SubmissionState.SUBMITTED
    assert StatusChange.objects.first().move == move_name


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite in memory has one writer; PostgreSQL runs this"
)
@pytest.mark.parametrize("move_name", ["submit", "seal"])
def test_two_clicks_at_the_same_time_are_one_move(transactional_db, secretariat, move_name):
    year = campaign.approved_year(secretariat)
    submission = campaign.submission(year)
    if move_name == "submit":
        moves.move(submission, "return", by=secretariat, reason="理由")
    by = submission.submitted_by if move_name == "submit" else secretariat
    both, outcomes = threading.Barrier(2), []

    def click():
        kind = Submission if move_name == "submit" else Evaluation
        subject = kind.objects.get(pk=submission.pk if move_name == "submit" else year.pk)
        both.wait()
        try:
            moves.move(subject, move_name, by=by)
            outcomes.append("done")
        except PermissionDenied as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    logged = StatusChange.objects.filter(move=move_name).count()
    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] == "done"
    assert f"「{LABELS[move_name]}」ことはできません。" in sorted(outcomes)[1]
    assert StatusChange.objects.filter(move=move_name).count() == logged + 1
    assert SealedVersion.objects.count() == (move_name == "seal")


def test_second_click_with_a_stale_row_is_refused(secretariat):
    year = campaign.approved_year(secretariat)
    stale = Evaluation.objects.get(pk=year.pk)
    moves.move(year, "seal", by=secretariat)
    with pytest.raises(PermissionDenied, match="状態が「確定」のため"):
        moves.move(stale, "seal", by=secretariat)
    assert SealedVersion.objects.count() == StatusChange.objects.filter(move="seal").count() == 1
