"""The secretariat's pages: the overview of a year, one municipality item by item, and the moves."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db.models import F
from django.utils import timezone

from evaluations import moves
from evaluations.models import Evaluation, Remark, SealedVersion, StatusChange
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.views.review import copied, words
from tests.worlds import world

YEAR = "/keihin/2023"
REVIEW = f"{YEAR}/review/"
KAWASAKI = f"{REVIEW}141305/"
MANAGE = "この操作は、取りまとめ担当だけができます。"
ADDRESSES = {
    "review": ("get", REVIEW, {}),
    "municipality": ("get", KAWASAKI, {}),
    "seal": ("post", f"{REVIEW}moves/seal/", {}),
    "reopen": ("post", f"{REVIEW}moves/reopen/", {"reopen-reason": "理由"}),
    "return": ("post", f"{KAWASAKI}moves/return/", {"return-reason": "理由"}),
    "approve": ("post", f"{KAWASAKI}moves/approve/", {}),
    "remark": ("post", f"{KAWASAKI}remarks/", {"item": "x/1/y", "text": "指摘"}),
}


@world
def year(secretariat):
    return campaign.open_year(secretariat)


def read(client, user, url=REVIEW):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def post(client, user, url, **data):
    client.force_login(user)
    return client.post(url, data)


def item_of(evaluation, name, kind, field):
    """The first item of a kind of row of a municipality."""
    items = campaign.items_of(evaluation, factories.municipality(name).pk)
    return next(item for item in items if type(item.row).__name__ == kind and item.field == field)


def change(item, value):
    setattr(item.row, item.field, value)
    item.row.save()


# Who


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("person", ["official", "other_official", "reader"])
def test_others_of_the_zone_are_refused_with_the_sentence(client, request, year, person, address):
    method, url, data = ADDRESSES[address]
    client.force_login(request.getfixturevalue(person))
    before = (Evaluation.objects.get().state, campaign.submission(year).state)
    response = getattr(client, method)(url, data)
    assert response.status_code == 403
    assert MANAGE in response.content.decode()
    assert (Evaluation.objects.get().state, campaign.submission(year).state) == before
    assert not Remark.objects.exists()


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_do_not_find_it(client, stranger, year, address):
    method, url, data = ADDRESSES[address]
    client.force_login(stranger)
    assert getattr(client, method)(url, data).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_secretariat_of_another_zone_does_not_find_it(client, year, address):
    method, url, data = ADDRESSES[address]
    client.force_login(factories.user("sapporo-secretariat", "secretariat", of="札幌市"))
    assert getattr(client, method)(url, data).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_anonymous_is_asked_to_sign_in(client, year, address):
    method, url, data = ADDRESSES[address]
    address = "?ended=lost&next=/" if method == "post" else f"?next={url}"
    assert getattr(client, method)(url, data).url == f"/sign-in/{address}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_other_methods_are_refused(client, secretariat, year, address):
    method, url, _ = ADDRESSES[address]
    client.force_login(secretariat)
    assert getattr(client, {"get": "post", "post": "get"}[method])(url).status_code == 405


@pytest.mark.parametrize(
    "url",
    [
        f"{REVIEW}011002/",
        f"{REVIEW}nothing/",
        "/keihin/2022/review/",
        "/nowhere/2023/review/",
        "/keihin/2022/review/141305/",
    ],
)
def test_what_is_not_there_is_not_found(client, secretariat, year, url):
    factories.municipality("札幌市")
    client.force_login(secretariat)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "url", [f"{REVIEW}moves/nothing/", f"{KAWASAKI}moves/nothing/", f"{KAWASAKI}moves/submit/"]
)
def test_moves_that_there_are_not_here(client, secretariat, year, url):
    assert post(client, secretariat, url).status_code == 404


# The overview of a year


def test_glance_shows_how_far_each_municipality_is(client, secretariat, official, year):
    campaign.hand_in(year, official)
    Remark(
        submission=campaign.submission(year, "横浜市"), record="x", text="a", written_by=secretariat
    ).save()
    page = words(read(client, secretariat))
    rows = re.search("作成主体ごとの状況(.*)特区全体に関わる欄", page)[1]
    # 実績値 of one target, and the texts: an achievement, a support (2), a scheme (2), the region's own.
    assert re.search(r"神奈川県 入力中 未提出 6／7件 未入力1件 なし", rows)
    assert re.search(r"横浜市 入力中 未提出 6／7件 未入力1件 1件", rows)
    assert re.search(r"川崎市 提出 令和\d+年\d+月\d+日 \d+時\d\d分 kawasakiさん 7／7件 なし", rows)


def test_glance_names_what_is_missing_for_the_zone_as_a_whole(client, secretariat, year):
    page = read(client, secretariat)
    assert "評価書の本文：総合評価" in words(page)
    assert re.search(r'<a href="/keihin/2023/entry/row/[^"]*overall">評価書の本文：総合評価', page)
    campaign.fill(year)
    assert "未入力の必須欄" not in words(read(client, secretariat))


def test_glance_shows_state_and_deadline(client, secretariat, year):
    Evaluation.objects.update(deadline=timezone.localdate() + timedelta(days=3))
    page = read(client, secretariat)
    assert re.search(r'<li [^>]*aria-current="step">入力中</li>', page)
    assert "あと3日" in words(page)


def test_year_that_is_not_opened_yet(client, secretariat):
    factories.evaluation(campaign.contents())
    page = read(client, secretariat)
    assert "神奈川県 まだありません 未提出" in words(page)
    assert (offered(page), disabled(page)) == ({"入力を開始する"}, set())


MOVES = {"入力を開始する", "確定する", "提出済みにする", "再開する", "差し戻す", "承認する"}


def offered(page):
    return MOVES & set(re.findall(r"<button[^>]*>(.*?)</button>", page))


def disabled(page):
    return set(re.findall(r"<button[^>]* disabled[^>]*>(.*?)</button>", page))


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("preparing", {"入力を開始する"}),
        ("open", {"確定する"}),
        ("final", {"提出済みにする", "再開する"}),
        ("sent", {"再開する"}),
    ],
)
def test_moves_that_the_state_rules_out_are_not_shown(client, secretariat, state, possible):
    year = campaign.approved_year(secretariat)
    campaign.put(year, state, secretariat)
    page = read(client, secretariat)
    assert (offered(page), disabled(page)) == (possible, set())


def test_sealing_says_what_is_in_the_way(client, secretariat, year):
    page = read(client, secretariat)
    assert "神奈川県、横浜市、川崎市がまだ提出していないため、確定できません。" in page
    assert "確定する" in disabled(page)


# Moves of the evaluation


def test_whole_way_of_an_evaluation(client, secretariat):
    year = factories.evaluation(campaign.contents())

    def move(name, **data):
        response = post(client, secretariat, f"{REVIEW}moves/{name}/", **data)
        assert (response.status_code, response.url) == (302, REVIEW)
        year.refresh_from_db()
        return year.state

    assert move("open") == "open"
    campaign.fill(year)
    for official in campaign.officials():
        moves.move(campaign.hand_in(year, official), "approve", by=secretariat)
    campaign.set_aside(year, secretariat)
    assert move("seal", **{"seal-reason": "部長決裁"}) == "final"
    assert move("send", **{"send-sent_on": "2024-06-28"}) == "sent"
    assert "内閣府への提出日 令和6年6月28日" in words(read(client, secretariat))
    assert move("reopen", **{"reopen-reason": "数値の訂正"}) == "open"
    assert SealedVersion.objects.get().reason == "部長決裁"
    assert "評価書を再開しました。" in words(read(client, secretariat))


@pytest.mark.parametrize(
    ("state", "name", "data", "sentence"),
    [
        ("final", "reopen", {}, "「再開する」には理由を入力してください。"),
        ("final", "reopen", {"reopen-reason": " \n"}, "「再開する」には理由を入力してください。"),
        ("final", "send", {}, "「提出済みにする」には日付を入力してください。"),
        ("final", "send", {"send-sent_on": "2999-01-01"}, "今日までの日を入力してください。"),
        ("final", "send", {"send-sent_on": "12o"}, "日付を正しく入力してください。"),
    ],
)
def test_move_without_what_it_needs_is_shown_again(
    client, secretariat, state, name, data, sentence
):
    year = campaign.approved_year(secretariat)
    campaign.put(year, state, secretariat)
    response = post(client, secretariat, f"{REVIEW}moves/{name}/", **data)
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert all(f'value="{value}"' in page for value in data.values() if value.strip())
    year.refresh_from_db()
    assert year.state == state


def test_move_that_is_not_possible_is_refused_with_its_sentence(client, secretariat, year):
    response = post(client, secretariat, f"{REVIEW}moves/seal/")
    assert response.status_code == 403
    assert "がまだ提出していないため、確定できません。" in response.content.decode()


def test_second_click_of_the_same_person_is_no_failure(client, secretariat):
    campaign.approved_year(secretariat)
    for _ in range(2):
        assert post(client, secretariat, f"{REVIEW}moves/seal/").url == REVIEW
    assert StatusChange.objects.filter(move="seal").count() == SealedVersion.objects.count() == 1


def test_second_return_of_the_same_person_with_another_reason_is_not_lost(
    client, secretariat, official, year
):
    campaign.hand_in(year, official)
    url = f"{KAWASAKI}moves/return/"
    for _ in range(2):
        assert post(client, secretariat, url, **{"return-reason": "理由"}).url == KAWASAKI
    response = post(client, secretariat, url, **{"return-reason": "別の理由"})
    assert response.status_code == 403
    assert copied(response) == ["別の理由"]
    assert [change.reason for change in StatusChange.objects.filter(move="return")] == ["理由"]


@pytest.mark.parametrize(("seconds", "is_double_click"), [(25, True), (35, False), (86_400, False)])
@pytest.mark.parametrize("move", ["return", "reopen"])
def test_the_same_move_later_is_no_double_click(
    client, secretariat, official, year, move, seconds, is_double_click
):
    """Within half a minute the page says that it is done; later, that it is too late, and shows the input."""
    if move == "return":
        url = KAWASAKI
        campaign.hand_in(year, official)
    else:
        url = REVIEW
        campaign.put(year, "final", secretariat)
    data = {f"{move}-reason": "根拠が足りません"}
    assert post(client, secretariat, f"{url}moves/{move}/", **data).status_code == 302
    StatusChange.objects.update(changed_at=F("changed_at") - timedelta(seconds=seconds))

    response = post(client, secretariat, f"{url}moves/{move}/", **data)

    assert response.status_code == (302 if is_double_click else 403), f"{seconds} seconds later"
    if not is_double_click:
        assert copied(response) == ["根拠が足りません"]
    assert StatusChange.objects.filter(move=move).count() == 1


def test_what_is_handed_in_again_is_returned_again_for_the_same_reason(
    client, secretariat, official, year
):
    submission = campaign.hand_in(year, official)
    for times in (1, 2):
        post(client, secretariat, f"{KAWASAKI}moves/return/", **{"return-reason": "根拠"})
        submission.refresh_from_db()
        assert submission.state == "returned"
        assert StatusChange.objects.filter(move="return", reason="根拠").count() == times
        moves.move(submission, "submit", by=official)


def test_click_after_someone_else_was_first_is_refused(client, secretariat):
    year = campaign.approved_year(secretariat)
    moves.move(year, "seal", by=factories.user("secretariat-2", "secretariat", of=None))
    response = post(client, secretariat, f"{REVIEW}moves/seal/")
    assert response.status_code == 403
    assert "状態が「確定」のため" in response.content.decode()


def second_secretariat():
    return factories.user("secretariat-2", "secretariat", of=None)


@pytest.mark.parametrize(
    ("name", "state", "sentence"),
    [
        ("seal", "sent", "状態が「提出済」のため、「確定する」ことはできません。"),
        ("reopen", "open", "状態が「入力中」のため、「再開する」ことはできません。"),
    ],
)
def test_reason_of_a_move_that_came_too_late_is_shown_to_be_copied(
    client, secretariat, name, state, sentence
):
    campaign.put(campaign.approved_year(secretariat), state, secretariat)
    response = post(
        client, secretariat, f"{REVIEW}moves/{name}/", **{f"{name}-reason": "入力した\n理由"}
    )
    assert response.status_code == 403
    assert sentence in response.content.decode()
    assert copied(response) == ["入力した\n理由"]
    assert not StatusChange.objects.filter(move=name).exists()


def test_move_without_what_it_needs_that_came_too_late_is_refused(client, secretariat, year):
    for url, move in ((REVIEW, "send"), (REVIEW, "reopen"), (KAWASAKI, "return")):
        response = post(client, secretariat, f"{url}moves/{move}/")
        assert response.status_code == 403
        assert "状態が「入力中」のため" in response.content.decode()


# One municipality, item by item


def test_every_item_of_the_municipality_and_no_other_is_shown(client, secretariat, year):
    page = read(client, secretariat, KAWASAKI)
    items = campaign.items_of(year, factories.municipality("川崎市").pk)
    expected_items = [item for item in items if item.text or item.is_required]
    assert 0 < len(expected_items) < len(items)
    assert all(page.count(f'id="{item.key}"') == 1 for item in expected_items)
    assert all(item.text in unescape(page) for item in expected_items)
    assert "横浜市の成果" not in page
    keys = [page.index(f'id="{item.key}"') for item in expected_items]
    assert keys == sorted(keys)


def test_blank_items_that_may_be_blank_take_a_line_and_can_be_remarked_on(
    client, secretariat, year
):
    note = item_of(year, "川崎市", "Actual", "note")
    page = read(client, secretariat, KAWASAKI)
    assert "記入のない任意の欄：出典・備考" in words(page)
    assert f'id="{note.key}"' not in page
    assert f'name="item" value="{note.key}"' in read(client, secretariat, f"{KAWASAKI}?show=blank")


def test_changes_since_the_last_hand_in_are_shown_by_character(client, secretariat, official, year):
    submission = campaign.hand_in(year, official)
    moves.move(submission, "return", by=secretariat, reason="直してください")
    change(item_of(year, "川崎市", "Achievement", "text"), "川崎市の大きな成果")
    change(item_of(year, "川崎市", "Actual", "value"), 7)
    moves.move(submission, "submit", by=official)
    page = read(client, secretariat, KAWASAKI)
    assert (
        '川崎市の<ins><span class="visually-hidden">［追加］</span>大きな'
        '<span class="visually-hidden">［追加ここまで］</span></ins>成果'
    ) in page
    assert re.search(r"変更前：</span>5</del>.*→.*変更後：</span>7</ins>", page)
    page = read(client, secretariat, f"{KAWASAKI}?show=changed")
    assert len(re.findall('<div class="item"', page)) == 2
    assert "川崎市の制度実績" not in page


def test_changes_of_the_secretariat_after_the_only_hand_in_are_shown(
    client, secretariat, official, year
):
    campaign.hand_in(year, official)
    assert "該当する欄はありません。" in read(client, secretariat, f"{KAWASAKI}?show=changed")
    change(item_of(year, "川崎市", "Achievement", "text"), "")
    page = read(client, secretariat, f"{KAWASAKI}?show=changed")
    assert "［削除］</span>川崎市の成果" in page


def test_row_deleted_since_the_hand_in_is_shown(client, secretariat, official, year):
    submission = campaign.hand_in(year, official)
    moves.move(submission, "return", by=secretariat, reason="直してください")
    item_of(year, "川崎市", "Achievement", "text").row.delete()
    item_of(year, "川崎市", "SchemeResult", "result").row.delete()
    page = read(client, secretariat, KAWASAKI)
    assert "前回の提出の後になくなった欄" in page
    deleted_text = words(page[page.index("なくなった欄") :])
    assert "取組・成果「川崎市の取組」" in deleted_text
    assert "財政支援措置「川崎市の制度」" in deleted_text
    assert "［削除］ 川崎市の制度実績" in deleted_text


def test_changes_against_last_year_are_shown(client, secretariat, year):
    last_year = Evaluation(zone=year.zone, edition=year.edition, fiscal_year=2022)
    last_year.save()
    for row in (
        item_of(year, "川崎市", "SchemeResult", "result").row,
        item_of(year, "川崎市", "NationalSupport", "usage").row,
    ):
        row.pk, row.evaluation, row._state.adding = None, last_year, True
        if hasattr(row, "usage"):
            row.usage = "川崎市の去年の活用"
        row.save()
    campaign.fill(year, factories.municipality("川崎市").pk)
    page = read(client, secretariat, f"{KAWASAKI}?show=last-year")
    assert "［削除］</span>去年の" in page
    assert re.search(r"変更前：</span>4</del>.*→.*変更後：</span>5</ins>", page)
    assert len(re.findall('<div class="item"', page)) == 2
    assert "前年度の評価書にはない欄です。" in read(client, secretariat, KAWASAKI)


def test_missing_and_remarked_items_can_be_shown_alone(client, secretariat, year):
    page = read(client, secretariat, f"{KAWASAKI}?show=missing")
    assert len(re.findall('<div class="item"', page)) == 1
    assert "未入力（必須）" in page
    item = item_of(year, "川崎市", "Achievement", "text")
    post(
        client, secretariat, f"{KAWASAKI}remarks/", item=str(item.key), text="根拠を書いてください"
    )
    page = read(client, secretariat, f"{KAWASAKI}?show=remarks")
    assert len(re.findall('<div class="item"', page)) == 1
    assert "根拠を書いてください" in page


def test_unknown_filter_shows_everything(client, secretariat, year):
    every = read(client, secretariat, KAWASAKI).count('class="item"')
    assert read(client, secretariat, f"{KAWASAKI}?show=x").count('class="item"') == every


def test_text_is_text_and_never_markup(client, secretariat, official, year):
    submission = campaign.hand_in(year, official)
    moves.move(submission, "return", by=secretariat, reason="<b>理由</b>")
    change(item_of(year, "川崎市", "Achievement", "text"), "<script>alert(1)</script>")
    page = read(client, secretariat, KAWASAKI)
    assert "<script>alert" not in page
    assert "<b>理由" not in page
    assert "&lt;script&gt;" in page


# Return, approve, remark


def test_return_with_reason_and_approve(client, secretariat, official, year):
    submission = campaign.hand_in(year, official)
    response = post(
        client, secretariat, f"{KAWASAKI}moves/return/", **{"return-reason": "根拠が\n足りません"}
    )
    assert response.url == KAWASAKI
    submission.refresh_from_db()
    assert submission.state == "returned"
    assert "根拠が\n足りません" in read(client, secretariat, KAWASAKI)
    moves.move(submission, "submit", by=official)
    assert post(client, secretariat, f"{KAWASAKI}moves/approve/").url == KAWASAKI
    submission.refresh_from_db()
    assert submission.state == "approved"


def test_return_without_a_reason_is_shown_again(client, secretariat, official, year):
    campaign.hand_in(year, official)
    response = post(client, secretariat, f"{KAWASAKI}moves/return/", **{"return-reason": " "})
    assert response.status_code == 200
    assert "「差し戻す」には理由を入力してください。" in response.content.decode()
    assert campaign.submission(year).state == "submitted"


@pytest.mark.parametrize("state", ["open", "final"])
def test_reason_of_a_return_that_came_too_late_is_shown_to_be_copied(
    client, secretariat, official, year, state
):
    submission = campaign.hand_in(year, official)
    if state == "open":
        moves.move(submission, "return", by=second_secretariat(), reason="先の理由")
    campaign.put(year, state, secretariat)
    data = {"return-reason": "入力した\n理由"}
    response = post(client, secretariat, f"{KAWASAKI}moves/return/", **data)
    assert response.status_code == 403
    assert "「差し戻す」ことはできません。" in response.content.decode()
    assert copied(response) == ["入力した\n理由"]
    assert not StatusChange.objects.filter(reason__contains="入力した").exists()


def test_draft_can_be_neither_returned_nor_approved(client, secretariat, year):
    page = read(client, secretariat, KAWASAKI)
    assert not offered(page)
    assert "川崎市が提出すると、承認するか差し戻すことができます。" in page
    response = post(client, secretariat, f"{KAWASAKI}moves/approve/")
    assert response.status_code == 403
    assert "状態が「入力中」のため、「承認する」ことはできません。" in response.content.decode()


def test_municipality_of_a_sealed_year_can_be_neither_returned_nor_approved(client, secretariat):
    campaign.put(campaign.approved_year(secretariat), "final", secretariat)
    page = read(client, secretariat, KAWASAKI)
    assert not offered(page)
    assert "評価書が確定のため、差戻しも承認もできません。" in page


def test_what_was_done_is_said_of_the_municipality(client, secretariat, official, year):
    campaign.hand_in(year, official)
    post(client, secretariat, f"{KAWASAKI}moves/approve/")
    assert "川崎市を承認しました。" in read(client, secretariat, KAWASAKI)
    post(client, secretariat, f"{KAWASAKI}moves/return/", **{"return-reason": "理由"})
    assert "川崎市を差し戻しました。" in read(client, secretariat, KAWASAKI)


def test_remark_on_an_item(client, secretariat, year):
    item = item_of(year, "川崎市", "Achievement", "text")
    response = post(client, secretariat, f"{KAWASAKI}remarks/", item=str(item.key), text="根拠は？")
    assert response.url == f"{KAWASAKI}#{item.key}"
    remark = Remark.objects.get()
    assert (remark.item_key, remark.text, remark.written_by, remark.is_open) == (
        item.key,
        "根拠は？",
        secretariat,
        True,
    )
    page = read(client, secretariat, KAWASAKI)
    assert page.index(f'id="{item.key}"') < page.index("根拠は？")


SAME = "あなたの同じ指摘が既にあります"


def test_the_same_remark_sent_again_is_one_while_it_is_open(client, secretariat, official, year):
    key = str(item_of(year, "川崎市", "Achievement", "text").key)
    url = f"{KAWASAKI}remarks/"
    post(client, secretariat, url, item=key, text="根拠は？\n出典も")

    # As another browser sends it: line ends and outer spaces do not matter.
    response = post(client, secretariat, url, item=key, text=" 根拠は？\r\n出典も\n")

    assert response.url == f"{KAWASAKI}#{key}"
    assert SAME in read(client, secretariat, KAWASAKI)
    remark = Remark.objects.get()
    assert remark.revision == 1
    # After it was answered, the same remark can be made again.
    moves.answer_remark(remark, "統計です。", by=official)
    post(client, secretariat, url, item=key, text="根拠は？\n出典も")
    assert SAME not in read(client, secretariat, KAWASAKI)
    assert Remark.objects.count() == 2


def test_what_differs_in_anything_is_another_remark(client, secretariat, year):
    text = item_of(year, "川崎市", "Achievement", "text").key
    heading = item_of(year, "川崎市", "Achievement", "heading").key
    other_row = item_of(year, "川崎市", "RegionalText", "text").key
    for person, key, words_of_it in [
        (secretariat, text, "根拠は？"),
        (secretariat, text, "根拠は"),
        (secretariat, heading, "根拠は？"),
        (secretariat, other_row, "根拠は？"),
        (second_secretariat(), text, "根拠は？"),
    ]:
        post(client, person, f"{KAWASAKI}remarks/", item=str(key), text=words_of_it)
        assert "指摘を書きました。" in read(client, person, KAWASAKI)
    assert Remark.objects.count() == 5


def test_blank_remark_is_shown_again_at_its_item(client, secretariat, year):
    item = item_of(year, "川崎市", "Achievement", "text")
    response = post(client, secretariat, f"{KAWASAKI}remarks/", item=str(item.key), text=" ")
    assert response.status_code == 200
    assert "指摘の内容を入力してください。" in response.content.decode()
    assert not Remark.objects.exists()


def test_remark_that_cannot_be_read_is_shown_again_with_what_was_typed(client, secretariat, year):
    key = str(item_of(year, "川崎市", "Achievement", "text").key)
    response = post(client, secretariat, f"{KAWASAKI}remarks/", item=key, text="指摘\x00")
    assert response.status_code == 200
    assert ">\n指摘" in response.content.decode()


def test_remark_on_a_row_that_was_just_removed_is_shown_to_be_copied(client, secretariat, year):
    item = item_of(year, "川崎市", "Achievement", "text")
    item.row.delete()
    response = post(client, secretariat, f"{KAWASAKI}remarks/", item=str(item.key), text="根拠は？")
    assert response.status_code == 404
    assert "指摘しようとした欄がありません。" in response.content.decode()
    assert copied(response) == ["根拠は？"]


@pytest.mark.parametrize(
    "key", ["", "x", "evaluations.actual/999/value", "accounts.user/1/password"]
)
def test_remark_on_what_is_not_there(client, secretariat, year, key):
    response = post(client, secretariat, f"{KAWASAKI}remarks/", item=key, text="指摘")
    assert response.status_code == 404


def test_remark_on_an_item_of_another_municipality(client, secretariat, year):
    key = str(item_of(year, "横浜市", "Achievement", "text").key)
    response = post(client, secretariat, f"{KAWASAKI}remarks/", item=key, text="指摘")
    assert response.status_code == 404
    assert copied(response) == ["指摘"]
    assert not Remark.objects.exists()


@pytest.mark.parametrize("state", ["preparing", "final", "sent"])
def test_no_remarks_unless_the_evaluation_is_open(client, secretariat, year, state):
    campaign.put(year, state, secretariat)
    key = str(item_of(year, "川崎市", "Achievement", "text").key)
    response = post(client, secretariat, f"{KAWASAKI}remarks/", item=key, text="入力した\n指摘")
    assert response.status_code == 403
    assert copied(response) == ["入力した\n指摘"]
    sentence = f"評価書が{year.get_state_display()}のため、指摘を書くことはできません。"
    assert sentence in response.content.decode()
    page = read(client, secretariat, KAWASAKI)
    assert sentence in page
    assert "指摘を書く<" not in page


# Cost


def count_queries(client, user, urls, django_assert_max_num_queries):
    client.force_login(user)
    counts = []
    for url in urls:
        with django_assert_max_num_queries(60) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    return counts


def test_queries_do_not_depend_on_how_much_there_is(
    client, secretariat, official, year, django_assert_max_num_queries
):
    urls = [REVIEW, KAWASAKI, f"{KAWASAKI}?show=changed", f"{YEAR}/remarks/", f"{YEAR}/log/"]
    submission = campaign.hand_in(year, official)
    key = str(item_of(year, "川崎市", "Achievement", "text").key)
    post(client, secretariat, f"{KAWASAKI}remarks/", item=key, text="指摘")
    moves.move(submission, "return", by=secretariat, reason="理由")
    few = count_queries(client, secretariat, urls, django_assert_max_num_queries)
    for item in campaign.items_of(year, official.municipality_id):
        if item.field in ("text", "result", "usage"):
            row = item.row
            for number in range(3):
                if type(row).__name__ == "SchemeResult":
                    continue
                row.pk, row._state.adding, row.revision = None, True, 0
                setattr(row, item.field, f"{number}")
                row.save()
    for remark in Remark.objects.all():
        for _ in range(5):
            remark.pk, remark._state.adding, remark.revision = None, True, 0
            remark.save()
    for change in StatusChange.objects.all():
        for _ in range(3):
            change.pk, change._state.adding = None, True
            change.save()
    many = count_queries(client, secretariat, urls, django_assert_max_num_queries)
    assert many == few
