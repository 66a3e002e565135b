"""Mails about deadlines: who gets them, on which days, what they say, and never twice."""

import re
import socket
import threading
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from evaluations import moves
from evaluations.models import Evaluation, Membership, Reminder, Zone
from evaluations.models.reminder import GIVEN_UP
from evaluations.notices.reminders import SendingOutcome, send_reminders
from evaluations.notices.years_at_hand import zone_years_of
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.load import work_together
from tests.postgres import free_port
from tests.worlds import world
from tokku.accounts.models import Role, User

DEADLINE = date(2024, 6, 28)
WEEK_BEFORE = DEADLINE - timedelta(7)


def with_address(person):
    person.email = f"{person.username}@example.jp"
    person.save()
    return person


@world
def year(secretariat):
    """Entry is open until DEADLINE; nobody has an address yet."""
    year = campaign.open_year(secretariat)
    year.deadline = DEADLINE
    year.save()
    return year


@pytest.fixture
def official(official):
    return with_address(official)


@pytest.fixture
def mail_server():
    """A mail server on this machine that refuses one address; its own address, when called."""
    servers = []

    def mail_server(refuses):
        class Conversation(StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 ready\r\n")
                is_text = False
                for line in self.rfile:
                    if is_text and line != b".\r\n":
                        continue
                    is_refused = line.lower().startswith(b"rcpt") and refuses.encode() in line
                    is_text = line.startswith(b"data")
                    answer = b"550 unknown" if is_refused else b"354 go" if is_text else b"250 ok"
                    self.wfile.write(answer + b"\r\n")

        server = ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_address

    yield mail_server
    for server in servers:
        server.shutdown()
        server.server_close()


def sent(today=WEEK_BEFORE):
    """The mails that go out on a day, by address."""
    mail.outbox.clear()
    send_reminders(today)
    return {to: message for message in mail.outbox for to in message.to}


def days_with_mail(first=-40, last=16):
    """The days from the deadline (negative: before) on which mails go out, when the command runs once a day."""
    return [days for days in range(first, last) if sent(DEADLINE + timedelta(days))]


@pytest.mark.slow
def test_days_before_and_after_the_deadline(year, official):
    assert days_with_mail() == [-30, -7, -1, 4, 9, 14]


def test_day_on_which_nothing_ran_is_made_up_for(year, official):
    assert days_with_mail(first=-28) == [-28, -7, -1, 4, 9, 14]


def test_nobody_gets_two_mails_in_five_days_whatever_they_are_about(year, official):
    contents = factories.contents()
    contents = replace(contents, zone=replace(contents.zone, name="別の特区"))
    other = factories.evaluation(contents, slug="other")
    Evaluation.objects.filter(pk=other.pk).update(
        state="open", deadline=DEADLINE + timedelta(days=2)
    )
    # 30, 7 and 1 days before the first deadline. The other's follow within five days and share these mails.
    assert days_with_mail(last=3) == [-30, -7, -1]
    assert [reminder.day for reminder in Reminder.objects.filter(person=official)] == [
        DEADLINE - timedelta(days) for days in (1, 7, 30)
    ]
    Reminder.objects.all().delete()
    body = sent()[official.email].body
    assert "/keihin/2023/entry/" in body
    assert "/other/2023/entry/" in body


def test_officials_read_whom_to_ask(year, official, secretariat):
    secretariat.email, secretariat.municipality = "boss@example.jp", None
    secretariat.save()
    factories.user("deputy", "secretariat", of="神奈川県")
    factories.user("gone", "secretariat")
    User.objects.filter(username="gone").update(is_active=False)
    body = sent()[official.email].body
    assert re.findall("取りまとめ担当：(.*)", body) == [
        "secretariatさん（boss@example.jp）",
        "神奈川県　deputyさん",
    ]


def test_second_run_sends_nothing(year, official, secretariat):
    with_address(secretariat)
    assert len(sent()) == 2
    assert sent() == {}


def test_official_reads_missing_fields_deadline_and_address(year, official, settings):
    settings.SITE_URL = "https://tokku.example.jp"
    message = sent()[official.email]
    assert message.subject == (
        "【特区評価書】令和5年度評価書の提出のお願い（期限：令和6年6月28日、あと7日）"
    )
    missing = "実績値「数値目標その1」（川崎市）　実績値（件）"
    for words in (
        "提出期限：令和6年6月28日（あと7日）",
        "まだ入力されていない必須の欄：7件中1件",
        missing,
        "https://tokku.example.jp/keihin/2023/entry/",
    ):
        assert words in message.body
    assert "横浜市" not in message.body


def test_only_those_are_reminded_who_have_still_to_hand_in(
    year, official, other_official, secretariat, reader, stranger
):
    for person in (other_official, reader, stranger):
        with_address(person)
    campaign.hand_in(year, official)
    assert sent().keys() == {other_official.email}

    Reminder.objects.all().delete()
    moves.move(
        campaign.submission(year), "return", by=secretariat, reason="出典を確認してください。"
    )
    messages = sent()
    assert messages.keys() == {official.email, other_official.email}
    assert "状態：差戻し" in messages[official.email].body
    assert "必須の欄は、全て入力されています。内容を確認し" in messages[official.email].body


@pytest.mark.parametrize(
    "values", [{"state": "preparing"}, {"state": "final"}, {"state": "sent"}, {"deadline": None}]
)
def test_nothing_is_sent_where_nothing_is_to_be_handed_in(year, official, secretariat, values):
    with_address(secretariat)
    Evaluation.objects.filter(pk=year.pk).update(**values)
    assert sent() == {}


def test_deactivated_person_gets_no_mail(year, official):
    official.is_active = False
    official.save()
    assert sent() == {}


def digest_lines(message):
    pairs = (line.strip().partition("：") for line in message.body.splitlines() if "：" in line)
    return {label: value for label, _, value in pairs}


def test_secretariat_reads_where_everybody_stands(year, official, secretariat, settings, client):
    settings.SITE_URL = "https://tokku.example.jp"
    with_address(secretariat)
    yokohama = factories.user("yokohama", of="横浜市")
    campaign.hand_in(year, yokohama)
    lines = digest_lines(sent()[secretariat.email])
    assert lines["まだ担当者が何も保存していない"] == (
        "神奈川県（必須の欄7件中6件を入力済み）、川崎市（必須の欄7件中6件を入力済み）"
    )
    assert lines["審査待ち"].startswith("横浜市（必須の欄7件中7件を入力済み")
    assert lines["差戻し中"] == lines["入力の途中"] == "なし"
    assert lines["審査の画面"] == "https://tokku.example.jp/keihin/2023/review/"
    assert lines["・神奈川県"] == "担当者の利用者が登録されていません"
    assert "・川崎市" not in lines

    Reminder.objects.all().delete()
    client.force_login(official)
    actual = next(i.row for i in campaign.items_of(year, official.municipality_id))
    client.post(
        "/keihin/2023/entry/actuals/",
        {
            f"evaluations.actual/{actual.pk}-revision": actual.revision,
            f"evaluations.actual/{actual.pk}-value": "5",
        },
    )
    actual.refresh_from_db()
    assert actual.history.first().history_user == official
    lines = digest_lines(sent()[secretariat.email])
    assert lines["入力の途中"].startswith("川崎市")
    assert lines["まだ担当者が何も保存していない"].startswith("神奈川県")
    # Home shows the same.
    authors = zone_years_of(secretariat, Zone.objects.all())[0].years[0].authors
    assert [str(author.municipality) for author in authors if author.has_not_begun] == ["神奈川県"]


def test_digest_names_officials_without_an_address(year, official, colleague, secretariat):
    with_address(secretariat)
    assert digest_lines(sent()[secretariat.email])["・川崎市"] == (
        "kawasaki-2さん（メールアドレスの登録がありません）"
    )


def test_digest_tells_of_no_official_of_another_zone(year, official, colleague, secretariat):
    """An author of two zones has officials for each."""
    with_address(secretariat)
    Membership.objects.filter(user__in=[official, colleague]).delete()

    line = digest_lines(sent()[secretariat.email])["・川崎市"]

    assert line == "担当者の利用者が登録されていません"


def test_digest_is_of_own_zones_and_ends_when_everything_is_approved(year, secretariat):
    with_address(secretariat)
    elsewhere = with_address(factories.user("sapporo", Role.SECRETARIAT, of="札幌市"))
    assert sent().keys() == {secretariat.email}
    assert elsewhere.email not in sent()
    Reminder.objects.all().delete()
    for official in campaign.officials():
        moves.move(campaign.hand_in(year, official), "approve", by=secretariat)
    assert sent() == {}


def test_mail_that_fails_is_tried_again_and_holds_up_no_other(
    year, official, colleague, settings, caplog
):
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with_address(colleague)
    unreachable = [SendingOutcome.UNREACHABLE] * 2
    assert [outcome for _, outcome in send_reminders(WEEK_BEFORE)] == unreachable
    assert "could not be sent" in caplog.text
    settings.EMAIL_BACKEND = works
    assert sent().keys() == {official.email, colleague.email}
    assert all(reminder.sent_at for reminder in Reminder.objects.all())


def test_a_server_that_never_answers_is_waited_for_once(year, official, colleague, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 0.2
    with_address(colleague)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0)
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        outcomes = send_reminders(WEEK_BEFORE)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):  # nobody else has come
            silent.accept()
    assert [outcome for _, outcome in outcomes] == [SendingOutcome.UNREACHABLE] * 2
    assert not Reminder.objects.exists()


def test_an_address_that_the_server_refuses_holds_up_no_other(
    year, official, colleague, settings, mail_server
):
    with_address(colleague)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server(refuses=official.email)
    outcomes = {mail.person: outcome for mail, outcome in send_reminders(WEEK_BEFORE)}
    assert outcomes == {official: SendingOutcome.FAILED, colleague: SendingOutcome.SENT}


@pytest.mark.postgres
def test_claimed_mail_is_left_to_its_process_until_that_must_have_died(year, official):
    claimed = Reminder.objects.claim(official, WEEK_BEFORE)
    assert [outcome for _, outcome in send_reminders(WEEK_BEFORE)] == []
    Reminder.objects.filter(pk=claimed.pk).update(claimed_at=timezone.now() - 2 * GIVEN_UP)
    assert sent().keys() == {official.email}


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_send_one_mail(year, official, secretariat):
    with_address(secretariat)
    both = threading.Barrier(2)
    outcomes = []

    def run():
        try:
            both.wait()
            outcomes.extend(outcome for _, outcome in send_reminders(WEEK_BEFORE))
        finally:
            connection.close()

    mail.outbox.clear()
    work_together([run, run])
    assert sorted(to for message in mail.outbox for to in message.to) == [
        official.email,
        secretariat.email,
    ]
    assert outcomes.count(SendingOutcome.SENT) == 2


def run(**options):
    out = StringIO()
    call_command("send_reminders", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def due_today(year):
    year.deadline = timezone.localdate() + timedelta(7)
    year.save()


def test_command_lists_the_mails_that_it_sent(due_today, official):
    assert "送信：kawasakiさん 【特区評価書】令和5年度評価書の提出のお願い" in run()
    assert len(mail.outbox) == 1
    assert run() == "0通送りました。\n"


def test_dry_run_shows_the_mails_and_sends_none(due_today, official):
    output = run(dry_run=True)
    assert official.email in output
    assert "まだ入力されていない必須の欄：7件中1件" in output
    assert mail.outbox == []
    assert not Reminder.objects.exists()


def test_command_fails_where_a_mail_fails(due_today, official, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with pytest.raises(SystemExit) as end:
        run()
    assert end.value.code == 1


def test_links_need_the_address_of_the_site(due_today, official, settings):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL"):
        run()
