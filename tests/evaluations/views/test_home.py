import re
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations import moves
from evaluations.models import Evaluation, Remark, Submission, Zone, ZoneMunicipality
from evaluations.notices.years_at_hand import zone_years_of
from evaluations.review.hand_in_progress import Amount, HandInProgress, hand_in_progress
from evaluations.workflow import EvaluationState
from evaluations.years.rows import rows_of_year
from supports.models import SchemeResult
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.views.test_review import words
from tests.worlds import world

URL = "/"
ZONE = "京浜臨海部ライフイノベーション国際戦略総合特区"
ENTRY, REVIEW = (f"/keihin/2023/{page}/" for page in ("entry", "review"))
WALK = f"{ENTRY}next/"
REMARKS = f"{WALK}?walk=remarks"
IMPORT = "/admin/accounts/user/import/"


class ShownTask(NamedTuple):
    """A task as the page shows it."""

    title: str
    button_text: str
    url: str
    is_first: bool


def another_zone(slug="shinryoku", of="札幌市"):
    zone = Zone(
        slug=slug,
        kind="regional",
        name=f"特区{slug}",
        designated_on=date(2011, 12, 22),
        certified_on=date(2012, 3, 9),
    )
    zone.save()
    ZoneMunicipality.objects.create(zone=zone, municipality=factories.municipality(of))
    factories.join_zones()
    return zone


def year_of_another_zone(slug):
    contents = campaign.contents()
    return factories.evaluation(
        replace(contents, zone=replace(contents.zone, name=f"特区{slug}")), slug
    )


def read(client, user):
    client.force_login(user)
    response = client.get(URL)
    assert response.status_code == 200
    return response.content.decode()


def tasks(client, user):
    return [
        ShownTask(title, button_text, url, "outline" not in kind)
        for title, kind, url, button_text in re.findall(
            r'<div class="task.*?<h3>(.*?)</h3>.*?<a class="(button.*?)" href="(.*?)">([^<]*)',
            read(client, user),
            re.DOTALL,
        )
    ]


def save_something(evaluation, by):
    """Save as on the entry pages, with the person in the history."""
    result = next(
        row
        for row in rows_of_year(evaluation).rows
        if isinstance(row, SchemeResult) and by.municipality_id in row.owner_ids
    )
    result.result = "入力した実績"
    result._history_user = by
    result.save()


def remark_on(evaluation, by):
    Remark(
        submission=campaign.submission(evaluation), record="x", text="指摘", written_by=by
    ).save()


def sealed(evaluation, by, state="final", **values):
    campaign.put(evaluation, state, by)
    Evaluation.objects.filter(pk=evaluation.pk).update(**values)


# The stages of a year and the tasks of each person in them. Every function takes the opened year, the official of
# 川崎市 and the secretariat.


def before_opening(year, official, secretariat):
    campaign.put(year, "preparing", secretariat)


def opened(year, official, secretariat):
    pass


def begun(year, official, secretariat):
    save_something(year, official)


def remarked(year, official, secretariat):
    save_something(year, official)
    remark_on(year, secretariat)


def filled_in(year, official, secretariat):
    save_something(year, official)
    campaign.fill(year, official.municipality_id)


def handed_in(year, official, secretariat):
    campaign.hand_in(year, official)


def returned(year, official, secretariat):
    moves.move(
        campaign.hand_in(year, official), "return", by=secretariat, reason="出典を書いてください"
    )


def returned_with_remarks(year, official, secretariat):
    returned(year, official, secretariat)
    remark_on(year, secretariat)


def approved(year, official, secretariat):
    moves.move(campaign.hand_in(year, official), "approve", by=secretariat)


def all_approved(year, official, secretariat):
    campaign.fill(year)
    for submission in year.submission_set.all():
        campaign.put(submission, "approved", secretariat)


def late(year, official, secretariat):
    save_something(year, official)
    yesterday = timezone.localdate() - timedelta(days=1)
    Evaluation.objects.update(deadline=yesterday)
    campaign.put(campaign.submission(year, "神奈川県"), "approved", secretariat)


def final(year, official, secretariat):
    sealed(year, secretariat)


def sent(year, official, secretariat):
    sealed(year, secretariat, "sent")


def result_entered(year, official, secretariat):
    sealed(year, secretariat, "sent", score=4)


NAME = "令和5年度の評価書"
OF_ZONE = (
    "令和5年度：特区全体に関わる欄を入力してください",
    "特区全体の欄を入力する",
    f"{ENTRY}texts/",
)
NEXT = (
    "令和6年度の評価書を用意してください",
    "令和6年度の評価書を用意する",
    "/keihin/2024/open/",
)


@world
def year(secretariat):
    return campaign.open_year(secretariat)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (before_opening, None),
        (opened, (f"{NAME}の入力を始めてください", "入力を始める", WALK)),
        (begun, (f"{NAME}の入力を続けてください", "続きを入力する", WALK)),
        (remarked, (f"{NAME}に指摘があります", "指摘に答える", REMARKS)),
        (filled_in, (f"{NAME}を提出してください", "確かめて提出する", f"{ENTRY}#hand-in")),
        (handed_in, None),
        (returned, (f"{NAME}が差し戻されました", "理由を確かめて直す", ENTRY)),
        (returned_with_remarks, (f"{NAME}が差し戻されました", "差戻しの指摘に答える", REMARKS)),
        (approved, None),
        (late, (f"{NAME}の入力を続けてください", "続きを入力する", WALK)),
        (final, None),
        (sent, None),
    ],
)
def test_official_is_told_the_next_step(client, year, official, secretariat, situation, expected):
    situation(year, official, secretariat)
    assert tasks(client, official) == ([ShownTask(*expected, True)] if expected else [])
    assert ("今することはありません。" in read(client, official)) is not expected


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (
            before_opening,
            [
                (f"{NAME}の入力を開始してください", "入力を開始する", f"{REVIEW}#moves"),
                ("担当者の利用者を登録してください", "利用者をまとめて登録する", IMPORT),
            ],
        ),
        (opened, [OF_ZONE]),
        (
            handed_in,
            [
                (
                    "令和5年度：川崎市の提出を審査してください",
                    "川崎市を審査する",
                    f"{REVIEW}141305/",
                ),
                OF_ZONE,
            ],
        ),
        (returned, [OF_ZONE]),
        (approved, [OF_ZONE]),
        (
            late,
            [
                (
                    "令和5年度：横浜市、川崎市の提出を確かめてください",
                    "提出の状況を見る",
                    REVIEW,
                ),
                OF_ZONE,
            ],
        ),
        (all_approved, [(f"{NAME}を確定してください", "確定する", f"{REVIEW}#moves")]),
        (
            final,
            [(f"{NAME}を内閣府へ提出してください", "提出済みにする", f"{REVIEW}#moves"), NEXT],
        ),
        (
            sent,
            [
                (
                    "令和5年度の評価結果が返ってきたら入力してください",
                    "評価結果を入力する",
                    "/keihin/2023/result/",
                ),
                NEXT,
            ],
        ),
        (result_entered, [NEXT]),
    ],
)
def test_secretariat_is_told_all_that_waits(
    client, year, official, secretariat, situation, expected
):
    situation(year, official, secretariat)
    assert tasks(client, secretariat) == [
        ShownTask(*task, is_first=not place) for place, task in enumerate(expected)
    ]


@pytest.mark.parametrize("situation", [before_opening, opened, handed_in, final, sent])
def test_reader_has_nothing_to_do_but_reads_the_year(
    client, year, official, secretariat, reader, situation
):
    situation(year, official, secretariat)
    page = read(client, reader)
    assert "今すること" not in page
    assert '<a href="/keihin/2023/">令和5年度の評価書</a>' in page
    assert "/entry/" not in page


# How urgent it is


@pytest.mark.parametrize(
    ("days", "words", "urgency"),
    [
        (12, "あと12日", ""),
        (7, "あと7日", "soon"),
        (0, "本日まで", "soon"),
        (-3, "期限を3日過ぎています", "late"),
    ],
)
def test_open_year_shows_the_days_left(client, year, official, days, words, urgency):
    Evaluation.objects.update(deadline=timezone.localdate() + timedelta(days=days))
    assert f'deadline__left--{urgency}">{words}</strong>' in read(client, official)


@pytest.mark.parametrize("state", [EvaluationState.FINAL, EvaluationState.SENT])
def test_settled_year_shows_the_deadline_alone(client, official, year, state):
    Evaluation.objects.update(deadline=date(2024, 5, 31), state=state)
    page = read(client, official)
    assert "令和6年5月31日" in page
    assert "過ぎています" not in page


def test_deadline_does_not_press_those_who_have_handed_in(client, year, official, secretariat):
    late(year, official, secretariat)
    assert "過ぎています" in read(client, official)
    handed_in(year, official, secretariat)
    assert "過ぎています" not in read(client, official)


def test_most_urgent_task_comes_first_and_what_has_no_deadline_last(
    client, secretariat, year, official
):
    today = timezone.localdate()
    Evaluation.objects.update(deadline=today + timedelta(days=20))
    soon = year_of_another_zone("soon")
    Evaluation.objects.filter(pk=soon.pk).update(deadline=today + timedelta(days=2))
    later = another_zone("later")
    urls = [task.url for task in tasks(client, secretariat)]
    plan = f"/admin/evaluations/plan/add/?zone={later.pk}"
    assert urls == ["/soon/2023/review/#moves", f"{ENTRY}texts/", plan, IMPORT, IMPORT]


# What came back


def test_returned_work_shows_the_last_reason_to_its_municipality_alone(
    client, year, official, other_official, secretariat, reader
):
    returned(year, official, secretariat)
    submission = campaign.submission(year)
    moves.move(submission, "submit", by=official)
    moves.move(submission, "return", by=secretariat, reason="単位も書いてください")
    page = read(client, official)
    assert "単位も書いてください" in page
    assert "出典を書いてください" not in page
    for person in (other_official, reader):
        assert "書いてください" not in words(read(client, person)).split("今すること")[-1]


def test_remarks_without_an_answer_are_counted(client, year, official, secretariat):
    returned_with_remarks(year, official, secretariat)
    assert "回答していない指摘が1件あります。" in read(client, official)
    row = re.search("川崎市 差戻し.*?特区全体", words(read(client, secretariat)))[0]
    assert "7／7件 1件" in row


# How far everybody is


def test_secretariat_sees_who_has_not_begun_and_who_saved_when(client, year, official, secretariat):
    save_something(year, official)
    page = words(read(client, secretariat))
    assert re.search(r"神奈川県 入力中 6／7件 なし まだありません", page)
    assert re.search(r"川崎市 入力中 6／7件 なし 令和\d+年\d+月\d+日 \d+時\d\d分", page)
    assert re.search(r"特区全体 取りまとめ担当が入力 \d+／\d+件", page)
    assert f'href="{REVIEW}141305/"' in read(client, secretariat)


def test_what_the_secretariat_saves_is_no_beginning_of_a_municipality(client, year, secretariat):
    official = factories.user("kawasaki-9")
    factories.user("boss", "secretariat", of="川崎市")
    save_something(year, secretariat_of := type(official).objects.get(username="boss"))
    assert secretariat_of.municipality == official.municipality
    assert "川崎市 入力中 6／7件 なし まだありません" in words(read(client, secretariat))


def test_official_sees_the_own_figures_and_of_others_the_state_alone(
    client, year, official, secretariat
):
    page = read(client, official)
    assert re.search(r"実績値 （令和5年度） 0／1件.*支援措置 （令和5年度） 4／4件", words(page))
    assert page.count("<progress") == 3
    assert re.search(r"神奈川県 入力中 横浜市 入力中 川崎市 入力中", words(page))


def test_amounts_are_those_of_the_review(year, official, secretariat):
    ZoneMunicipality.objects.filter(municipality__name="横浜市").delete()
    begun(year, official, secretariat)
    [shown_year] = zone_years_of(secretariat, Zone.objects.all())[0].years
    reviewed = hand_in_progress([rows_of_year(year)])[year.pk]
    assert [
        (progress.amount.required, progress.amount.filled)
        for progress in [*shown_year.authors, shown_year.zone_progress]
    ] == [
        (progress.amount.required, progress.amount.filled)
        for progress in [*reviewed.authors, reviewed.zone_progress]
    ]


def test_reader_sees_states_alone(client, year, reader):
    page = read(client, reader)
    assert re.search(r"神奈川県 入力中 横浜市 入力中 川崎市 入力中", words(page))
    assert "<progress" not in page


@pytest.mark.parametrize(("filled", "is_marked"), [(0, True), (1, False), (23, False)])
def test_not_begun_is_not_said_beside_what_is_filled_in(filled, is_marked):
    author = HandInProgress(None, amounts={"texts": Amount(30, filled)})
    shown = render_to_string("evaluations/home/_standing.html", {"author": author})
    assert ("未着手" in shown) is is_marked


# The years


@pytest.mark.parametrize("state", EvaluationState)
def test_state_is_shown_among_those_on_the_way(client, reader, year, state):
    Evaluation.objects.update(state=state)
    steps = re.findall(r'<li [^>]*aria-current="step">(.*?)</li>', read(client, reader))
    assert steps == [state.label]


@pytest.mark.parametrize("person", ["official", "secretariat", "reader"])
def test_years_before_are_folded_away_but_for_readers(client, request, year, person):
    past = {"state": "sent", "score": "4.0", "sent_on": date(2023, 6, 20)}
    Evaluation(zone=year.zone, edition=year.edition, fiscal_year=2022, **past).save()
    page = read(client, request.getfixturevalue(person))
    assert ('<details class="past" open>' in page) is (person == "reader")
    assert "令和4年度 提出済 令和5年6月20日 4.0点" in words(page)
    assert '<a href="/keihin/2022/evaluation.pdf">' in page


def test_year_that_was_opened_again_is_at_hand(client, official, year):
    Evaluation(zone=year.zone, edition=year.edition, fiscal_year=2024, state="open").save()
    page = read(client, official)
    assert page.index("令和6年度の評価書</a>") < page.index("令和5年度の評価書</a>")
    assert "これまでの年度" not in page


@pytest.mark.parametrize(("state", "ahead"), [("open", True), ("final", False)])
def test_next_year_can_be_made_ahead_until_it_is_a_task(client, secretariat, year, state, ahead):
    campaign.put(year, state, secretariat)
    page = read(client, secretariat)
    assert page.count('href="/keihin/2024/open/"') == 1
    assert (NEXT[1] in [task.button_text for task in tasks(client, secretariat)]) is not ahead


# Nothing to show


def test_stranger_sees_only_the_own_zone(client, stranger, year):
    another_zone()
    page = read(client, stranger)
    assert "特区shinryoku" in page
    assert ZONE not in page


def test_stranger_without_a_zone_reads_what_to_expect(client, stranger, year):
    page = read(client, stranger)
    assert "表示できる特区がありません。あなたの利用者に「担当する特区」が設定されると" in page
    assert "今すること" not in page


def test_reader_without_any_zone_reads_what_to_expect(client, reader):
    assert "表示できる特区がありません。特区が登録されると" in read(client, reader)


def test_zone_without_a_year_says_so(client, stranger):
    another_zone()
    page = read(client, stranger)
    assert "この特区の評価書は、まだありません。" in page
    assert "今することはありません。" in page


def test_municipality_that_joined_an_open_year_has_to_begin(client, stranger, year):
    ZoneMunicipality.objects.create(zone=year.zone, municipality=stranger.municipality, position=4)
    factories.join_zones()
    assert [task.button_text for task in tasks(client, stranger)] == ["入力を始める"]


# Cost, and who may come


@pytest.mark.parametrize(("person", "most"), [("official", 33), ("secretariat", 31), ("reader", 7)])
def test_queries_depend_neither_on_zones_nor_years_nor_rows(
    client, request, year, secretariat, person, most, django_assert_num_queries
):
    client.force_login(request.getfixturevalue(person))
    with CaptureQueriesContext(connection) as first:
        client.get(URL)
    assert len(first) == most
    for number in range(3):
        moves.move(year_of_another_zone(f"zone{number}"), "open", by=secretariat)
    for fiscal_year in range(2015, 2022):
        Evaluation(
            zone=year.zone,
            edition=year.edition,
            fiscal_year=fiscal_year,
            state=EvaluationState.OPEN,
        ).save()
    assert Submission.objects.count() == 12
    with django_assert_num_queries(most):
        client.get(URL)


@pytest.mark.parametrize("person", ["secretariat", "reader"])
def test_zones_of_the_country_come_in_light_pages(client, request, secretariat, person):
    slugs = [f"zone{number:02}" for number in range(12)]
    for slug in slugs:
        newest = year_of_another_zone(slug)
        for fiscal_year in range(newest.fiscal_year - 15, newest.fiscal_year):
            Evaluation(
                zone=newest.zone,
                edition=newest.edition,
                fiscal_year=fiscal_year,
                state="sent",
                score=4,
            ).save()
    user = request.getfixturevalue(person)
    client.force_login(user)
    pages = [client.get(f"{URL}{query}").content.decode() for query in ("", "?page=2", "?page=9")]

    shown = [re.findall(r'<section aria-labelledby="zone-(.*?)"', page) for page in pages]
    assert shown == [slugs[:10], slugs[10:], slugs[10:]]
    assert "特区12件のうち、1件目から10件目まで" in pages[0]
    assert '<a href="?page=2">' in pages[0]
    assert '<span aria-current="page">2</span>' in pages[1]
    for slug in slugs[:10]:
        assert pages[0].count(f'href="/{slug}/2010/"') == 1
    assert len(pages[0].encode()) <= 150_000


def test_anonymous_is_asked_to_sign_in(client, db):
    assert client.get(URL).url == "/sign-in/?next=/"


def test_only_reading(client, official):
    client.force_login(official)
    assert client.post(URL).status_code == 405
