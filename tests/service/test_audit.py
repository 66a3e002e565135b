"""The audit log: every act of signing in, files, moves and accounts, by the names of then; for the administrator alone."""

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.urls import reverse

from evaluations import moves
from evaluations.memberships import set_zones
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.admin.test_access import INLINE
from tests.factories import PASSWORD
from tests.service.databases import connected
from tests.worlds import world
from tokku.accounts.models import Municipality, Role, User
from tokku.service.audit import BY_COMMAND, audit
from tokku.service.models import Act, AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LIST = reverse("admin:service_auditentry_changelist")
FROM = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def administrator(db):
    person = User(username="it", name="情報政策課", role=Role.ADMINISTRATOR, is_superuser=True)
    person.set_password(PASSWORD)
    person.save()
    return person


@world
def open_year(secretariat):
    return campaign.open_year(by=secretariat)


@pytest.fixture
def recorded():
    """The entries since the last call, oldest first: act, user name, address and subject."""
    last = [max(AuditEntry.objects.values_list("pk", flat=True), default=0)]

    def recorded():
        entries = [*AuditEntry.objects.filter(pk__gt=last[0]).order_by("pk")]
        last[0] = entries[-1].pk if entries else last[0]
        return [(entry.act, entry.username, entry.address, entry.subject) for entry in entries]

    return recorded


def sign_in(client, password=PASSWORD, username="kawasaki"):
    return client.post("/sign-in/", {"username": username, "password": password}, **FROM)


def test_signing_in_and_out_with_the_names_of_then(client, official, recorded):
    recorded()
    sign_in(client)
    client.post("/sign-out/", **FROM)
    assert recorded() == [
        ("sign-in", "kawasaki", "192.0.2.7", ""),
        ("sign-out", "kawasaki", "192.0.2.7", ""),
    ]
    User.objects.update(name="改姓", role=Role.READER)
    entry = AuditEntry.objects.first()
    assert (entry.name, entry.belongs) == ("kawasakiさん", "川崎市・担当者")


def test_failures_the_lock_and_who_ends_it(client, official, recorded):
    recorded()
    for _ in range(7):
        sign_in(client, "wrong horse")
    failure = ("failure", "kawasaki", "192.0.2.7", "")
    locked_failure = ("failure", "kawasaki", "192.0.2.7", "停止している間の試み")
    lock = ("lock", "kawasaki", "192.0.2.7", "")
    assert recorded() == [failure] * 5 + [lock] + [locked_failure] * 2
    call_command("axes_reset_username", "kawasaki")
    assert recorded() == [("unlock", BY_COMMAND, None, "kawasaki")]
    sign_in(client)  # success ends no lock
    assert recorded() == [("sign-in", "kawasaki", "192.0.2.7", "")]


def test_a_name_that_no_account_has_is_kept_as_it_was_typed(client, db, recorded):
    sign_in(client, username="誰か")
    assert recorded() == [("failure", "誰か", "192.0.2.7", "")]


DOWNLOADS = {
    "/keihin/2023/evaluation.docx": "download",
    "/keihin/2023/workbook.xlsx": "download",
    "/keihin/data/figures.csv": "download",
    "/admin/evaluations/actual/export/xlsx/": "export",
}


@pytest.mark.parametrize("address", DOWNLOADS)
def test_every_file_that_somebody_gets(client, secretariat, open_year, recorded, address):
    client.force_login(secretariat)
    recorded()
    response = client.get(address, {"q": "1"}, **FROM)
    assert response.status_code == 200, address
    [(act, username, remote, subject)] = recorded()
    assert (act, username, remote) == (DOWNLOADS[address], "secretariat", "192.0.2.7")
    assert f"（{address}?q=1）" in subject
    name, _, _ = subject.partition("（/")
    assert name.endswith((".docx", ".xlsx", ".csv"))
    assert "=" not in name


def test_pages_and_refusals_are_no_files(client, stranger, open_year, recorded):
    client.force_login(stranger)
    recorded()
    client.get("/")
    assert client.get("/keihin/2023/evaluation.docx").status_code == 404
    assert recorded() == []


def test_moves_without_their_reasons(client, open_year, secretariat, recorded):
    recorded()
    submission = open_year.submission_set.get(municipality__name="川崎市")
    campaign.put(submission, "submitted", secretariat)
    moves.move(submission, "return", by=secretariat, reason="人に見せない理由")
    [(act, username, _, subject)] = recorded()
    assert (act, username) == ("move", "secretariat")
    assert "川崎市" in subject
    assert "差し戻す" in subject
    assert "人に見せない理由" not in subject


def test_a_move_that_is_refused_leaves_nothing(open_year, official, recorded):
    recorded()
    with pytest.raises(Exception, match="取りまとめ"), transaction.atomic():
        moves.move(open_year, "seal", by=official)
    assert recorded() == []


def test_whatever_is_changed_of_an_account(client, evaluation, official, secretariat, recorded):
    client.force_login(secretariat)
    recorded()
    address = reverse("admin:accounts_user_change", args=[official.pk])
    form = {
        "username": "kawasaki",
        "name": "川崎花子",
        "email": "h@example.jp",
        "role": "official",
        "municipality": factories.municipality("横浜市").pk,
        "zones": [evaluation.zone_id],
    }
    client.post(address, form, **FROM)
    assert recorded() == [
        (
            "account",
            "secretariat",
            "192.0.2.7",
            "kawasaki（川崎花子）：氏名 kawasakiさん → 川崎花子、メールアドレス （空） → h@example.jp、"
            "所属自治体 川崎市 → 横浜市",
        )
    ]
    actions = reverse("admin:accounts_user_changelist")
    client.post(actions, {"action": "disable", "_selected_action": [official.pk]}, **FROM)
    assert [subject for *_, subject in recorded()] == ["kawasaki（川崎花子）：有効 はい → いいえ"]
    set_zones(official, [])
    [(_, _, _, subject)] = recorded()
    assert subject == f"kawasaki（kawasakiさん）：担当する特区 {evaluation.zone} → （空）"
    set_zones(official, [])
    assert recorded() == []
    factories.user("new")
    assert recorded() == [("account", BY_COMMAND, None, "new（newさん）：登録")]


def test_a_password_is_told_when_a_person_sets_it_and_not_when_its_hash_is_renewed(
    client, official, recorded, settings
):
    recorded()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    sign_in(client)
    assert User.objects.get().password.startswith("pbkdf2")
    assert [act for act, *_ in recorded()] == ["sign-in"]
    new = "atarashii-aikotoba"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post("/password/", sent)
    assert [subject for *_, subject in recorded()] == ["kawasaki（kawasakiさん）：パスワード"]


def test_a_line_follows_each_entry_that_is_committed(
    client, official, caplog, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, "wrong", "a\nforged line")
    [record] = [record for record in caplog.records if record.name == "tokku.audit"]
    assert record.getMessage() == "ログインの失敗"
    assert record.fields["user"] == "a\nforged line"  # in its line: test_logs.py
    assert record.fields["address"] == "192.0.2.7"
    assert record.fields["request"]


def test_where_no_row_can_be_stored_people_go_on_and_the_line_is_written(
    client, official, open_year, caplog, monkeypatch, django_capture_on_commit_callbacks
):
    """As on a full disk."""
    client.force_login(official)

    def refuse(execute, sql, *args):
        if sql.startswith("INSERT") and "service_auditentry" in sql:
            raise DatabaseError("database or disk is full")
        return execute(sql, *args)

    with django_capture_on_commit_callbacks(execute=True), connection.execute_wrapper(refuse):
        assert client.get("/keihin/2023/evaluation.docx").status_code == 200
    assert [r.getMessage() for r in caplog.records if r.name == "tokku.audit"] == ["ダウンロード"]
    assert "could not be stored" in caplog.text


@pytest.mark.slow
def test_an_act_that_has_been_undone_with_its_entry_is_not_told_as_done(databases):
    """The database ends the connection while the last row of an act is written, which is the entry."""

    def end_connection(execute, sql, *args):
        if sql.startswith("INSERT") and "service_auditentry" in sql:
            with psycopg.connect(databases.server, autocommit=True) as server:
                pid = connection.connection.info.backend_pid
                server.execute("SELECT pg_terminate_backend(%s)", [pid])
        return execute(sql, *args)

    @transaction.atomic
    def act():
        Municipality.objects.create(name="札幌市", code="011002")
        audit(Act.MOVE)

    with connected(databases.migrated("postgresql")):
        with connection.execute_wrapper(end_connection), pytest.raises(OperationalError):
            act()
        connection.close()
        assert not Municipality.objects.filter(name="札幌市").exists()


# In the admin


@pytest.mark.parametrize("person", ["official", "secretariat", "reader"])
def test_nobody_but_the_administrator_reads_it(client, request, person):
    client.force_login(request.getfixturevalue(person))
    entry = AuditEntry.objects.first() or AuditEntry.objects.create(act=Act.SIGN_IN)
    for name, args in [("changelist", []), ("add", []), ("change", [entry.pk])]:
        address = reverse(f"admin:service_auditentry_{name}", args=args)
        assert client.get(address).status_code == 403


def test_the_administrator_reads_searches_and_changes_nothing(client, administrator):
    client.force_login(administrator)
    audit(Act.DOWNLOAD, "ファイル.pdf（/a/）", user=administrator)
    entry = AuditEntry.objects.first()
    page = client.get(LIST, {"q": "ファイル"}).content.decode()
    assert "ファイル.pdf" in page
    assert "情報政策課" in page
    assert client.get(LIST, {"act__exact": "lock"}).context["cl"].result_count == 0
    change, delete = (
        reverse(f"admin:service_auditentry_{name}", args=[entry.pk])
        for name in ("change", "delete")
    )
    form = client.get(change)
    assert form.status_code == 200
    assert not INLINE.search(page + form.content.decode())
    assert client.post(change, {"username": "x"}).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=entry.pk).exists()
    assert "操作の記録" in client.get("/admin/").content.decode()


def test_it_is_in_the_order_of_the_acts_whatever_the_clock_says(db):
    first, second = (AuditEntry.objects.create(act=act) for act in (Act.SIGN_IN, Act.SIGN_OUT))
    AuditEntry.objects.filter(pk=second.pk).update(at="2000-01-01T00:00Z")
    assert [*AuditEntry.objects.all()[:2]] == [second, first]
