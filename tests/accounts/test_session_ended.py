"""A session that ended: the sign-in page says so and leads back, and what was sent is not lost."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from evaluations.models import Remark, Submission
from tests import factories
from tests.browser import scrolls_sideways, violations
from tests.evaluations import campaign
from tests.worlds import world

YEAR = "/keihin/2023/"
ENDED = "セッションが切れました"


@world
def evaluation(secretariat):
    return campaign.open_year(by=secretariat)


@pytest.fixture
def handed_in(evaluation, official):
    return campaign.hand_in(evaluation, official)


def sign_in(client, person, url="/sign-in/"):
    return client.post(url, {"username": person.username, "password": factories.PASSWORD})


def end_sessions():
    Session.objects.all().delete()


def returning(submission):
    return f"{YEAR}review/{submission.municipality.code}/moves/return/"


def text_of(response):
    return response.content.decode()


def test_page_opened_after_the_session_ended(client, official, evaluation):
    sign_in(client, official)
    end_sessions()
    response = client.get(YEAR)
    assert response.url == f"/sign-in/?ended=opened&next={YEAR}"
    page = text_of(client.get(response.url))
    assert ENDED in page
    assert "保存済みの内容は失われていません。" in page
    # Also after a wrong password.
    wrong = client.post(response.url, {"username": "kawasaki", "password": "?", "next": YEAR})
    assert ENDED in text_of(wrong)
    assert sign_in(client, official, response.url).url == YEAR


def test_sign_in_page_says_nothing_of_sessions_to_who_had_none_or_signed_out(client, official):
    assert client.get("/").url == "/sign-in/?next=/"
    sign_in(client, official)
    client.post("/sign-out/")
    assert client.get("/").url == "/sign-in/?next=/"
    assert ENDED not in text_of(client.get("/sign-in/?next=/"))


def test_button_pressed_after_the_session_ended_leads_back_to_its_page(
    client, official, evaluation
):
    """The address of a button takes no GET: signing in must not lead there."""
    url = f"{YEAR}entry/submit/"
    headers = {"referer": f"http://testserver{YEAR}entry/?a=1"}
    response = client.post(url, headers=headers)
    assert response.url == f"/sign-in/?ended=lost&next={YEAR}entry/%3Fa%3D1"
    assert "今回の操作は行われていません。" in text_of(client.get(response.url))
    for referer in ({}, {"referer": "https://example.com/x"}):
        assert client.post(url, headers=referer).url == "/sign-in/?ended=lost&next=/"


def test_what_was_given_up_leads_to_no_other_site(client, secretariat, handed_in):
    url = returning(handed_in)
    sign_in(client, secretariat)
    end_sessions()
    client.post(
        url, {"return-reason": "理由"}, headers={"referer": "http://testserver//a.example/"}
    )
    sign_in(client, secretariat)
    assert client.post("/sign-in/unsent/", {"path": url}).url == "/%2Fa.example/"


def test_what_was_sent_is_shown_and_sent_again(client, secretariat, handed_in):
    url = returning(handed_in)
    back = url.partition("moves/")[0]
    sign_in(client, secretariat)
    end_sessions()
    sent = {"return-reason": "一行目\r\n二行目"}
    response = client.post(url, sent, headers={"referer": f"http://testserver{back}"})
    assert response.url == "/sign-in/?ended=kept&next=/sign-in/unsent/"
    assert "失われていません" in text_of(client.get(response.url))
    assert sign_in(client, secretariat, response.url).url == "/sign-in/unsent/"

    page = text_of(client.get("/sign-in/unsent/"))
    assert "「差し戻す」" in page
    assert "理由" in page
    assert "一行目" in page
    assert f'action="{url}"' in page
    assert Submission.objects.get(pk=handed_in.pk).state == "submitted"
    assert client.post(url, sent).url == back
    assert Submission.objects.get(pk=handed_in.pk).last_return.reason == "一行目\n二行目"
    assert client.get("/sign-in/unsent/").url == "/"


def test_what_was_sent_can_be_given_up(client, secretariat, handed_in):
    url = returning(handed_in)
    sign_in(client, secretariat)
    end_sessions()
    client.post(url, {"return-reason": "理由"}, headers={"referer": f"http://testserver{YEAR}"})
    sign_in(client, secretariat)
    assert client.post("/sign-in/unsent/", {"path": url}).url == YEAR
    assert client.get("/sign-in/unsent/").url == "/"
    assert Submission.objects.get(pk=handed_in.pk).state == "submitted"


def test_what_was_sent_is_shown_to_nobody_else(client, official, secretariat, handed_in):
    url = returning(handed_in)
    sign_in(client, secretariat)
    end_sessions()
    client.post(url, {"return-reason": "取りまとめの理由"})
    sign_in(client, official)
    assert client.get("/sign-in/unsent/").url == "/"


def test_nothing_is_kept_of_strangers_nor_without_end(secretariat, handed_in):
    url = returning(handed_in)
    stranger, forger, talker = Client(), Client(), Client()
    forger.cookies["last-person"] = str(secretariat.pk)
    sign_in(talker, secretariat)
    end_sessions()
    for client, reason in ((stranger, "理由"), (forger, "理由"), (talker, "長" * 200_000)):
        assert "ended=lost" in client.post(url, {"return-reason": reason}).url
        assert "unsent" not in client.session


def test_forms_of_the_admin_are_kept_too_but_no_password(client, secretariat, evaluation):
    url = f"/admin/evaluations/planedition/{evaluation.edition_id}/change/"
    sign_in(client, secretariat)
    end_sessions()
    sent = {
        "overview": "新しい概要",
        "plan": "1",
        "indicator_set-0-name": "指標の名称",
    }
    assert "ended=kept" in client.post(url, sent).url
    new_user = {"username": "somebody", "password1": "secret horse", "password2": "secret horse"}
    assert "ended=lost" in client.post("/admin/accounts/user/add/", new_user).url
    # Nothing was typed where something is only selected.
    assert "ended=lost" in client.post("/admin/evaluations/plan/", {"action": "delete"}).url
    sign_in(client, secretariat)
    page = text_of(client.get("/sign-in/unsent/"))
    assert "総合特区計画の概要" in page
    assert "<p>新しい概要</p>" in page
    assert "secret horse" not in page


def test_what_was_sent_from_a_page_older_than_the_sign_in_is_shown_too(secretariat, handed_in):
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretariat)
    remember = Client()
    sign_in(remember, secretariat)
    client.cookies["last-person"] = remember.cookies["last-person"].value
    response = client.post(returning(handed_in), {"return-reason": "理由の文"})
    assert response.url == "/sign-in/unsent/"
    assert "理由の文" in text_of(client.get(response.url))


@pytest.mark.browser
@pytest.mark.parametrize(
    "width",
    [
        1280,
        pytest.param(1920, marks=pytest.mark.full),
        pytest.param(390, marks=pytest.mark.full),
    ],
)
def test_from_the_end_of_a_session_back_to_work(page, secretariat, handed_in, width):
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(returning(handed_in).partition("moves/")[0])

    def sign_in_here():
        page.get_by_label("ユーザー名").fill("secretariat")
        page.get_by_label("パスワード").fill(factories.PASSWORD)
        page.get_by_role("button", name="ログイン").click()

    sign_in_here()
    end_sessions()
    page.locator("summary", has_text="指摘を書く").first.click()
    page.get_by_label("指摘").first.fill("出典を確かめてください。\n二行目")
    page.get_by_role("button", name="指摘を残す").first.click()
    expect(page.get_by_role("heading", name=ENDED)).to_be_visible()
    assert violations(page) == []
    sign_in_here()
    expect(page.get_by_text("二行目")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="この内容を送信する").click()
    expect(page.get_by_text("に指摘を書きました。")).to_be_visible()
    assert Remark.objects.get().text == "出典を確かめてください。\n二行目"
