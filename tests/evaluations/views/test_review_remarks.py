"""Remarks and their answers, the log, and the returned result."""

import re
import threading
import time
from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.db.models.signals import post_save
from django.test import Client

from evaluations import moves
from evaluations.models import Evaluation, Remark, StatusChange
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.load import work_together
from tests.evaluations.views.review import copied, words
from tests.worlds import world

YEAR = "/keihin/2023"
REMARKS = f"{YEAR}/remarks/"
LOG = f"{YEAR}/log/"
RESULT = f"{YEAR}/result/"


@world
def year(secretariat):
    return campaign.open_year(secretariat)


@pytest.fixture
def remark(year, official, secretariat):
    """A remark on Kawasaki's achievement, which was handed in and returned."""
    submission = campaign.hand_in(year, official)
    row = next(
        item.row
        for item in campaign.items_of(year, official.municipality_id)
        if item.text == "川崎市の成果"
    )
    remark = Remark(
        submission=submission,
        record=f"evaluations.achievement/{row.pk}",
        field="text",
        text="根拠を書いてください",
        written_by=secretariat,
    )
    remark.save()
    moves.move(submission, "return", by=secretariat, reason="指摘のとおり")
    return remark


def read(client, user, url=REMARKS):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def answer(client, user, remark, text):
    client.force_login(user)
    url = f"{REMARKS}{remark.pk}/answer/"
    return client.post(url, {f"remark-{remark.pk}-answer": text})


# Remarks


def test_official_reads_the_remark_with_its_item_and_answers(client, official, secretariat, remark):
    page = read(client, official)
    assert "取組・成果「川崎市の取組」：内容" in words(page)
    assert "川崎市の成果" in page
    assert "根拠を書いてください" in page
    assert "secretariatさん" in page
    assert re.search(r'href="/keihin/2023/entry/row/[^"]*achievement/\d+-text"', page)
    response = answer(client, official, remark, "根拠を\n追記しました")
    assert response.url == f"{REMARKS}#remark-{remark.pk}"
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by) == ("根拠を\n追記しました", official)
    assert remark.answered_at is not None
    for person in (official, secretariat):
        page = read(client, person)
        assert "根拠を\n追記しました" in page
        assert "kawasakiさん" in page
        assert "<form" not in page[page.index("<main") :]


@pytest.mark.parametrize("url", ["/keihin/2023/entry/", "/keihin/2023/entry/texts/"])
def test_remark_stands_in_the_entry_pages_until_it_is_answered(client, official, remark, url):
    assert "根拠を書いてください" in read(client, official, url)
    answer(client, official, remark, "追記しました")
    assert "根拠を書いてください" not in read(client, official, url)


def test_open_remarks_come_first(client, official, secretariat, remark):
    answer(client, official, remark, "回答")
    later = Remark(
        submission=remark.submission, record="x", text="後の指摘", written_by=secretariat
    )
    later.save()
    page = read(client, official)
    assert page.index("後の指摘") < page.index("根拠を書いてください")


@pytest.mark.parametrize("person", ["other_official", "reader"])
def test_others_see_no_remark_on_another_municipality(client, request, remark, person):
    user = request.getfixturevalue(person)
    page = read(client, user)
    assert "根拠を書いてください" not in page
    assert "川崎市の成果" not in page
    assert answer(client, user, remark, "回答").status_code == 404
    remark.refresh_from_db()
    assert remark.is_open


def test_secretariat_reads_remarks_but_does_not_answer(client, secretariat, remark):
    assert "回答できるのは、川崎市の担当者だけです。" in read(client, secretariat)
    response = answer(client, secretariat, remark, "回答")
    assert response.status_code == 403
    assert "回答できるのは、川崎市の担当者だけです。" in response.content.decode()


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_no_answer_once_handed_in(client, official, secretariat, remark, state):
    campaign.put(remark.submission, state, secretariat)
    sentence = "提出した内容は、差し戻されるまで変更できません。"
    assert sentence in read(client, official)
    response = answer(client, official, remark, "入力した\n回答")
    assert response.status_code == 403
    assert sentence in response.content.decode()
    assert copied(response) == ["入力した\n回答"]
    remark.refresh_from_db()
    assert remark.is_open


@pytest.mark.parametrize("state", ["preparing", "final", "sent"])
def test_no_answer_unless_the_evaluation_is_open(client, official, secretariat, remark, state):
    Evaluation.objects.update(state=state)
    response = answer(client, official, remark, "入力した回答")
    assert response.status_code == 403
    assert copied(response) == ["入力した回答"]
    remark.refresh_from_db()
    assert remark.is_open


def check_loser(response, first, second, by):
    """The person who came second sees the first answer and their own input."""
    page = response.content.decode()
    assert response.status_code == 409
    assert "この指摘には、既に回答しています。" in page
    head = words(page[page.index('class="refused"') : page.index('class="remark-entry"')])
    assert re.search(f"先に保存された回答 令和.* {by.name} {first}", head)
    assert copied(response) == [second]


def test_second_answer_is_refused_and_the_first_stays(client, official, colleague, remark):
    answer(client, official, remark, "一つ目")
    response = answer(client, colleague, remark, "二つ目")
    check_loser(response, "一つ目", "二つ目", official)
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by) == ("一つ目", official)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_officials_answer_at_the_same_moment(official, colleague, remark):
    texts, responses = {official: "一つ目", colleague: "二つ目"}, {}
    clients = {user: Client() for user in texts}
    for user, client in clients.items():
        client.force_login(user)
    barrier = threading.Barrier(2)

    def reply(user):
        try:
            barrier.wait()
            data = {f"remark-{remark.pk}-answer": texts[user]}
            responses[user] = clients[user].post(f"{REMARKS}{remark.pk}/answer/", data)
        finally:
            connection.close()

    work_together([partial(reply, user) for user in texts])
    remark.refresh_from_db()
    winner = remark.answered_by
    [loser] = set(texts) - {winner}
    assert responses[winner].status_code == 302
    assert remark.answer == texts[winner]
    assert remark.history.filter(answered_at__isnull=False).count() == 1
    check_loser(responses[loser], texts[winner], texts[loser], winner)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_remark_sent_twice_at_the_same_moment_is_one(secretariat, year):
    item = campaign.items_of(year, factories.municipality().pk)[0]
    is_saved = threading.Event()

    def linger(**kwargs):
        """Delay the commit, so that the second request comes before the first is committed."""
        is_saved.set()
        time.sleep(1)

    def click(when=None):
        client = Client()
        client.force_login(secretariat)
        try:
            if when:
                assert when.wait(20)
            client.post(
                f"{YEAR}/review/141305/remarks/", {"item": str(item.key), "text": "根拠は？"}
            )
        finally:
            connection.close()

    post_save.connect(linger, sender=Remark)
    try:
        work_together([click, partial(click, is_saved)])
    finally:
        post_save.disconnect(linger, sender=Remark)
    assert Remark.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_blank_answer_is_shown_again(client, official, remark, text):
    response = answer(client, official, remark, text)
    assert response.status_code == 200
    assert "回答を入力してください。" in response.content.decode()


def test_answer_that_cannot_be_read_is_shown_again_with_what_was_typed(client, official, remark):
    response = answer(client, official, remark, "回答\x00")
    assert response.status_code == 200
    assert ">\n回答" in response.content.decode()


def test_remark_on_a_deleted_row_can_still_be_read(client, official, remark):
    row = next(
        item.row
        for item in campaign.items_of(remark.submission.evaluation, official.municipality_id)
        if item.text == "川崎市の成果"
    )
    row.delete()
    page = words(read(client, official))
    assert "取組・成果「川崎市の取組」：内容" in page
    assert "この欄は、指摘の後になくなりました。" in page


@pytest.mark.parametrize(
    "record", ["x", "accounts.user/1", "evaluations.actual/x", "supports.scheme/"]
)
def test_remark_on_nothing_known_can_still_be_read(client, official, secretariat, remark, record):
    Remark.objects.update(record=record)
    assert "根拠を書いてください" in read(client, official)
    assert "根拠を書いてください" in read(client, secretariat)
    assert "根拠を書いてください" in read(client, secretariat, f"{YEAR}/review/141305/")


def test_page_without_remarks_says_what_to_expect(client, official, year):
    assert "取りまとめ担当が審査で指摘を書くと、ここに表示されます。" in read(client, official)


def test_remark_of_another_year_is_not_found_here(client, official, remark):
    year = remark.submission.evaluation
    other_year = Evaluation(zone=year.zone, edition=year.edition, fiscal_year=2024)
    other_year.save()
    client.force_login(official)
    url = f"/keihin/2024/remarks/{remark.pk}/answer/"
    assert client.post(url, {f"remark-{remark.pk}-answer": "回答"}).status_code == 404


# The log


@pytest.mark.parametrize("person", ["official", "other_official", "secretariat", "reader"])
def test_everybody_of_the_zone_reads_the_log(client, request, remark, person):
    page = words(read(client, request.getfixturevalue(person), LOG))
    assert "川崎市 差し戻す 提出 → から 差戻し" in page
    # Why it was returned is between the municipality and the secretariat, like remarks.
    assert ("指摘のとおり" in page) is (person in ("official", "secretariat"))
    assert "評価書全体 入力を開始する 準備中 → から 入力中" in page
    assert page.index("差し戻す") < page.index("提出する") < page.index("入力を開始する")
    assert "川崎市の成果" not in page


def test_log_stays_after_sealing_and_reopening(client, secretariat, official, remark):
    moves.answer_remark(remark, "回答", by=official)
    moves.move(remark.submission, "submit", by=official)
    year = remark.submission.evaluation
    campaign.put(year, "final", secretariat)
    moves.move(year, "reopen", by=secretariat, reason="数値の訂正のため")
    page = read(client, official, LOG)
    assert "指摘のとおり" in page
    assert "数値の訂正のため" in page


def test_empty_log_says_what_to_expect(client, official, evaluation):
    assert "まだ記録がありません。" in read(client, official, LOG)


# The returned result


@pytest.fixture
def sent_evaluation(year, secretariat):
    campaign.put(year, "sent", secretariat)
    return year


def enter(client, user, evaluation, **values):
    client.force_login(user)
    prefix = f"evaluations.evaluation/{evaluation.pk}"
    data = {"revision": evaluation.revision, "score": "", "remarks": ""} | values
    return client.post(RESULT, {f"{prefix}-{name}": value for name, value in data.items()})


@pytest.mark.parametrize("state", ["final", "sent"])
def test_result_is_entered_although_the_evaluation_is_closed(client, secretariat, year, state):
    campaign.put(year, state, secretariat)
    response = enter(
        client, secretariat, year, score="４．２", remarks="よく進んでいる\n数値が低い"
    )
    assert response.url == RESULT
    year.refresh_from_db()
    assert (year.score, year.remarks) == ("4.2", "よく進んでいる\n数値が低い")
    assert (year.state, year.history.count()) == (state, year.revision)
    page = words(read(client, secretariat, RESULT))
    assert "評価点 4.2点" in page
    history = page[page.index("変更の履歴") :]
    assert "secretariatさん" in history
    assert "変更後： 4.2" in history


def test_every_change_of_the_result_stays_in_its_history(client, secretariat, sent_evaluation):
    for score in ("4.2", "4.3"):
        enter(client, secretariat, sent_evaluation, score=score)
        sent_evaluation.refresh_from_db()
    page = words(read(client, secretariat, RESULT))
    assert "変更前： 4.2 → 変更後： 4.3" in page
    assert page.index("変更後： 4.3") < page.index("変更後： 4.2")


def test_same_result_once_more_changes_nothing(client, secretariat, sent_evaluation):
    enter(client, secretariat, sent_evaluation, score="4.2")
    sent_evaluation.refresh_from_db()
    enter(client, secretariat, sent_evaluation, score=" ４．２点 ")
    assert Evaluation.objects.get().revision == sent_evaluation.revision
    enter(client, secretariat, sent_evaluation, score="4.20")
    assert Evaluation.objects.get().score == "4.20"


@pytest.mark.parametrize("score", ["△1", "12o", "4. 5", "1e1", "nan", "四"])
def test_score_that_cannot_be_is_refused_with_what_was_typed(
    client, secretariat, sent_evaluation, score
):
    response = enter(client, secretariat, sent_evaluation, score=score, remarks="所見の文章")
    page = response.content.decode()
    assert response.status_code == 200
    assert f'value="{score}"' in page
    assert "所見の文章</textarea>" in page
    assert "errorlist" in page
    assert Evaluation.objects.get().score is None


@pytest.mark.parametrize("state", ["preparing", "open"])
def test_no_result_before_sealing(client, secretariat, year, state):
    campaign.put(year, state, secretariat)
    sentence = f"評価書が{year.get_state_display()}のため、評価結果は入力できません。"
    assert sentence in read(client, secretariat, RESULT)
    response = enter(client, secretariat, year, score="4.2", remarks="所見の\n文章")
    assert response.status_code == 403
    assert sentence in response.content.decode()
    assert copied(response) == ["4.2", "所見の\n文章"]
    assert Evaluation.objects.get().score is None


@pytest.mark.parametrize("person", ["official", "other_official", "reader"])
def test_others_read_the_result_and_do_not_enter_it(
    client, request, secretariat, sent_evaluation, person
):
    enter(client, secretariat, sent_evaluation, score="4.2", remarks="所見の文章")
    page = read(client, request.getfixturevalue(person), RESULT)
    assert "4.2点" in page
    assert "所見の文章" in page
    assert "<textarea" not in page
    assert (
        enter(client, request.getfixturevalue(person), sent_evaluation, score="1").status_code
        == 403
    )
    assert Evaluation.objects.get().score == "4.2"


def test_two_people_enter_a_result(client, secretariat, sent_evaluation):
    other_person = factories.user("secretariat-2", "secretariat", of=None)
    revision = sent_evaluation.revision
    enter(client, other_person, sent_evaluation, score="4.2")
    response = enter(client, secretariat, sent_evaluation, score="3.9", revision=revision)
    page = response.content.decode()
    assert response.status_code == 200
    assert "ほかの人が先に保存しました。" in page
    assert "保存されている内容（secretariat-2さん、" in page
    assert "4.2" in page
    assert 'value="3.9"' in page
    current = Evaluation.objects.get()
    assert current.score == "4.2"
    chosen = {"score-conflict": current.revision, "score-keep": "typed", "revision": revision}
    assert enter(client, secretariat, sent_evaluation, score="3.9", **chosen).url == RESULT
    assert Evaluation.objects.get().score == "3.9"


def test_entering_a_result_does_not_touch_the_rest(client, secretariat, sent_evaluation):
    enter(
        client,
        secretariat,
        sent_evaluation,
        score="4.2",
        overall="改ざん",
        state="open",
        sent_on="2024-01-01",
    )
    stored = Evaluation.objects.get()
    assert (stored.overall, stored.state, stored.sent_on) == ("", "sent", None)


# The parts of the score


def enter_parts(client, user, evaluation, *parts, removed=(), **values):
    """Send the page as it is stored, with these changes: by name of a stored part, or in rows to add."""
    stored = {part.name: part for part in evaluation.resultpart_set.all()}
    data = {"score": evaluation.score or "", "remarks": ""}
    for part in stored.values():
        fields = {"name": part.name, "score": part.score, "weight": part.weight}
        fields |= {"revision": part.revision}
        data |= {f"{part.key}-{name}": value for name, value in fields.items()}
        if part.name in removed:
            data[f"{part.key}-remove"] = "on"
    for number, part in enumerate(parts, 1):
        of_stored = part[0] in stored and part[0] not in removed and len(part) == 4
        prefix = stored[part[0]].key if of_stored else f"new-part-{number}"
        fields = zip(("name", "score", "weight"), part[1:] if of_stored else part, strict=False)
        data |= {f"{prefix}-{name}": value for name, value in fields}
    data |= values
    client.force_login(user)
    prefix = f"evaluations.evaluation/{evaluation.pk}"
    own = {"revision": evaluation.revision} | {n: data.pop(n) for n in ("score", "remarks")}
    return client.post(RESULT, data | {f"{prefix}-{name}": value for name, value in own.items()})


THREE = [("地域の評価", "４．０点", ""), ("国の評価", "4.00", "1"), ("総括", "4.5", "２")]


def parts_of(evaluation):
    return list(evaluation.resultpart_set.values_list("name", "score", "weight", "position"))


def test_parts_are_kept_as_they_were_announced_in_their_order(
    client, secretariat, official, sent_evaluation
):
    assert enter_parts(client, secretariat, sent_evaluation, *THREE, score="4.3").url == RESULT
    assert parts_of(sent_evaluation) == [
        ("地域の評価", "4.0", "1", 1),
        ("国の評価", "4.00", "1", 2),
        ("総括", "4.5", "2", 3),
    ]
    assert "内訳の評価点を" not in words(read(client, secretariat, RESULT))  # 4.25 is 4.3
    page = words(read(client, official, RESULT))
    assert "地域の評価 4.0点 1" in page
    assert "総括 4.5点 2" in page
    assert "［追加］ 総括 4.5（重み 2）" in page


def test_a_score_that_is_not_the_mean_of_its_parts_stays_and_is_told(
    client, secretariat, official, sent_evaluation
):
    enter_parts(client, secretariat, sent_evaluation, *THREE, score="4.1")
    sent_evaluation.refresh_from_db()
    assert sent_evaluation.score == "4.1"
    sentence = "内訳の評価点を重みで平均すると4.3点になり、評価点の4.1点と違います。"
    for person in (secretariat, official):
        assert sentence in words(read(client, person, RESULT))
    enter_parts(client, secretariat, sent_evaluation, ("国の評価", "国の評価", "Ａ", "1"))
    assert "内訳の評価点を" not in words(read(client, secretariat, RESULT))


def test_a_part_is_changed_and_removed(client, secretariat, sent_evaluation):
    enter_parts(client, secretariat, sent_evaluation, *THREE)
    revisions = sent_evaluation.revision
    renamed = ("総括", "総合的な評価", "4.4", "2")
    enter_parts(client, secretariat, sent_evaluation, renamed, removed=["国の評価"])
    assert parts_of(sent_evaluation) == [
        ("地域の評価", "4.0", "1", 1),
        ("総合的な評価", "4.4", "2", 3),
    ]
    sent_evaluation.refresh_from_db()
    assert sent_evaluation.revision == revisions  # of which nothing has changed
    page = words(read(client, secretariat, RESULT))
    assert "［削除］ 国の評価 4.00（重み 1）" in page
    enter_parts(client, secretariat, sent_evaluation, ("国の評価", "4.2"), removed=["地域の評価"])
    assert [name for name, *_ in parts_of(sent_evaluation)] == ["総合的な評価", "国の評価"]


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (("地域の評価", "", ""), "評価点を入力してください。"),
        (("", "4.0", ""), "内訳の名称を入力してください。"),
        (("地域の評価", "4. 0", ""), "「4. 0」は評価点として読み取れません。"),
        (("地域の評価", "4.0", "1:2"), "「1:2」は重みとして読み取れません。"),
        (("地域の評価", "4.0", "0"), "「0」は重みとして読み取れません。"),
        (("総括", "4.0", ""), "同じ名称の内訳が既にあります。"),
        (("総括", "総括", "4", "33%"), "「33%」は重みとして読み取れません。"),
        (("総括", "国の評価", "4", "1"), "同じ名称の内訳が既にあります。"),
    ],
)
def test_a_part_that_cannot_be_is_refused_with_everything_that_was_typed(
    client, secretariat, sent_evaluation, part, sentence
):
    enter_parts(client, secretariat, sent_evaluation, THREE[2], THREE[1])
    before = parts_of(sent_evaluation)
    response = enter_parts(client, secretariat, sent_evaluation, part, remarks="所見の文章")
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "所見の文章</textarea>" in page
    for typed in filter(None, part[-3:]):
        assert f'value="{typed}"' in page
    assert parts_of(sent_evaluation) == before
    assert Evaluation.objects.get().remarks == ""


def test_two_people_change_the_parts(client, secretariat, sent_evaluation):
    enter_parts(client, secretariat, sent_evaluation, *THREE)
    part = sent_evaluation.resultpart_set.get(name="総括")
    part.score = "4.6"
    part.save()
    seen = {f"{part.key}-revision": part.revision - 1}
    response = enter_parts(client, secretariat, sent_evaluation, removed=["総括"], **seen)
    assert "この画面を開いた後にほかの人が保存しました。" in response.content.decode()
    typed = {f"{part.key}-score": "4.7"}
    response = enter_parts(client, secretariat, sent_evaluation, **seen, **typed)
    assert "ほかの人が先に保存しました。" in response.content.decode()
    assert 'value="4.7"' in response.content.decode()
    sent = {f"{part.key}-name": "総括", f"{part.key}-score": "4.5", f"{part.key}-weight": "2"}
    sent_evaluation.resultpart_set.get(name="総括").delete()
    response = enter_parts(client, secretariat, sent_evaluation, **seen, **sent)
    assert "ほかの人が削除した内訳があります。" in response.content.decode()


@pytest.mark.parametrize("person", ["official", "reader"])
def test_others_do_not_enter_parts(client, request, sent_evaluation, person):
    response = enter_parts(client, request.getfixturevalue(person), sent_evaluation, *THREE)
    assert response.status_code == 403
    assert "総括" in copied(response)
    assert parts_of(sent_evaluation) == []


# Everywhere


@pytest.mark.parametrize("url", [REMARKS, LOG, RESULT])
def test_strangers_do_not_find_it(client, stranger, year, url):
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert client.get(url.replace("2023", "2021")).status_code == 404


@pytest.mark.parametrize("url", [REMARKS, LOG, RESULT, f"{REMARKS}1/answer/"])
def test_anonymous_is_asked_to_sign_in(client, year, url):
    assert client.post(url).url == "/sign-in/?ended=lost&next=/"


def test_methods(client, official, remark):
    client.force_login(official)
    assert client.post(REMARKS).status_code == 405
    assert client.post(LOG).status_code == 405
    assert client.get(f"{REMARKS}{remark.pk}/answer/").status_code == 405
    assert client.delete(RESULT).status_code == 405


def test_day_of_sending_is_shown(client, official, secretariat, year):
    campaign.put(year, "final", secretariat)
    moves.move(year, "send", by=secretariat, sent_on=date(2024, 6, 28))
    assert "内閣府への提出日 令和6年6月28日" in words(read(client, official, RESULT))
    assert StatusChange.objects.first().move == "send"


def test_hand_in_of_a_kind_that_is_no_more_can_still_be_read(client, official, secretariat, remark):
    year = remark.submission.evaluation
    hand_in = year.statuschange_set.filter(move="submit").first()
    hand_in.snapshot = {"evaluations.report/1/text": "以前の種類の行の文"}
    hand_in.save()
    page = read(client, secretariat, f"{YEAR}/review/141305/")
    assert "以前の種類の行の文" in page
    assert "evaluations.report/1/text" in page
