"""Who is locked out is let in again by a link in a mail."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache

from tests.factories import PASSWORD
from tokku import mail as later

pytestmark = [pytest.mark.usefixtures("strict_templates"), pytest.mark.postgres]

ADDRESS = "kawasaki@example.jp"


@pytest.fixture(autouse=True)
def _configured(settings):
    settings.SITE_URL = "https://tokku.example.jp"
    cache.clear()


@pytest.fixture
def person(official):
    official.email = ADDRESS
    official.save()
    return official


def sign_in(client, password=PASSWORD, username="kawasaki", **more):
    return client.post("/sign-in/", {"username": username, "password": password}, **more)


def lock_out(client, username="kawasaki"):
    return [sign_in(client, "wrong horse", username) for _ in range(5)][-1]


def ask(client, username="kawasaki"):
    """The answer to the button of the page, and the mails that were sent."""
    before = len(mail.outbox)
    response = client.post("/sign-in/unlock/", {"username": username})
    later._sender.submit(lambda: None).result()  # until all have gone
    return response, mail.outbox[before:]


def link_of(message):
    return re.search(r"https://tokku\.example\.jp(/sign-in/unlock/\S+)", message.body)[1]


def test_the_link_lets_its_person_in(client, person):
    assert 'value="kawasaki"' in lock_out(client).content.decode()

    response, [message] = ask(client)

    assert "送りました" in response.content.decode()
    assert message.to == [ADDRESS]
    assert "kawasakiさん" in message.body
    link = link_of(message)
    assert "ログインを再開する" in client.get(link).content.decode()
    assert sign_in(client).status_code == 429  # a program that checks mails has opened it
    assert client.post(link).url == "/sign-in/"
    assert "ログインを再開しました。" in client.get("/sign-in/").content.decode()
    assert sign_in(client).status_code == 302


def test_it_does_not_sign_in(client, person):
    lock_out(client)
    _, [message] = ask(client)
    client.post(link_of(message))
    assert client.get("/").status_code == 302


def test_it_ends_with_the_next_sign_in_and_after_an_hour(client, person, monkeypatch):
    lock_out(client)
    _, [message] = ask(client)
    link = link_of(message)
    with monkeypatch.context() as later_than_that:
        later_than_that.setattr("tokku.accounts.unlocking.LINK_LIFETIME", timedelta(seconds=-1))
        assert client.get(link).status_code == 404
    assert client.get(link).status_code == 200
    sign_in(client, REMOTE_ADDR="192.0.2.7")
    assert client.post(link).status_code == 404
    assert AccessAttempt.objects.exists()
    assert client.get(f"{link}x").status_code == 404


def test_a_disabled_person_is_let_in_by_no_link(client, person):
    lock_out(client)
    _, [message] = ask(client)
    person.is_active = False
    person.save()
    assert client.post(link_of(message)).status_code == 404


@pytest.mark.parametrize("username", ["kawasaki-2", "nobody", "", "長" * 300, "kawa\0saki"])
def test_the_answer_tells_nothing_of_other_names(client, person, colleague, username):
    lock_out(client)
    lock_out(client, username)
    expected, _ = ask(client)
    response, sent = ask(client, username)
    assert sent == []  # no such account, or none with an address
    assert (response.status_code, response.content) == (expected.status_code, expected.content)


def test_who_is_not_locked_out_here_gets_none(client, person):
    assert ask(client)[1] == []
    for _ in range(5):
        sign_in(client, "wrong horse", REMOTE_ADDR="192.0.2.7")
    assert ask(client)[1] == []


def test_asking_often_mails_once(client, person):
    lock_out(client)
    assert [len(ask(client)[1]) for _ in range(3)] == [1, 0, 0]


@pytest.mark.parametrize(
    "values",
    [{"SITE_URL": ""}, {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}],
)
def test_a_site_without_mail_offers_none(client, person, settings, values):
    for name, value in values.items():
        setattr(settings, name, value)
    page = lock_out(client).content.decode()
    assert "メールを送る" not in page
    assert "システム管理者" in page
    assert ask(client)[1] == []


def test_the_host_of_the_request_is_in_no_link(client, person, settings):
    settings.ALLOWED_HOSTS = ["*"]
    lock_out(client)
    client.post("/sign-in/unlock/", {"username": "kawasaki"}, HTTP_HOST="evil.example")
    later._sender.submit(lambda: None).result()
    assert "evil" not in mail.outbox[-1].body


def test_a_mail_server_that_fails_breaks_no_page(client, person, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    lock_out(client)
    response, _ = ask(client)
    assert response.status_code == 200
    assert "could not be sent" in caplog.text
