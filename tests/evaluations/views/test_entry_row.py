"""The page of one row: what it shows, one save for value and answer, the walk through what is to be done, taking out."""

import pytest

from evaluations import moves
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Remark,
    Submission,
    TargetAssessment,
)
from evaluations.years.rows import rows_of_year
from supports.models import NationalSupport, RegionalText, SchemeResult
from tests import factories
from tests.evaluations.views.entry import ACTUALS, ENTRY, SUPPORTS, TEXTS, open_year
from tests.evaluations.views.test_entry_pages import close, full, hand_in, text_of
from tests.worlds import world
from tokku.figures import Figure


@world
def evaluation(secretariat):
    return open_year(secretariat)


def page_of(row):
    return f"{ENTRY}row/{row.key}/"


def actual(name="川崎市"):
    return Actual.objects.get(fiscal_year=2023, municipality__name=name)


def scheme(name="川崎市の事業1"):
    return SchemeResult.objects.get(evaluation__fiscal_year=2023, name=name)


def remark_on(row, field, by, text="確かめてください。"):
    submission = Submission.objects.get(
        evaluation__fiscal_year=2023, municipality=factories.municipality()
    )
    remark = Remark(
        submission=submission, written_by=by, record=str(row.key), field=field, text=text
    )
    moves.add_remark(remark)
    return remark


def test_every_row_that_is_filled_in_has_its_page(client, secretariat, evaluation):
    client.force_login(secretariat)
    rows = [row for row in rows_of_year(evaluation).rows if row.row_kind.page and row.items()]
    assert {type(row) for row in rows} >= {Actual, Evaluation, Approach, Achievement, SchemeResult}
    for row in rows:
        page = text_of(client.get(page_of(row)))
        for item in row.items():
            assert f'name="{row.key}-{item.field}"' in page, row.key


def test_saves_and_shows_last_year_beside(client, official, evaluation):
    client.force_login(official)
    page = text_of(client.get(page_of(scheme())))
    assert "前年度の実績" in page
    response = client.post(page_of(scheme()), full(scheme(), result="本年度の実績"))
    assert (response.status_code, response.url) == (302, page_of(scheme()))
    assert scheme().result == "本年度の実績"


def test_only_the_fields_that_were_shown_are_merged(client, official, evaluation):
    row = scheme()
    client.force_login(official)
    data = {
        f"{row.key}-revision": row.revision,
        f"{row.key}-shown": "result",
        f"{row.key}-result": "実績だけ",
    }
    assert client.post(SUPPORTS, data).status_code == 302
    assert (scheme().result, scheme().outline) == ("実績だけ", row.outline)


@pytest.mark.parametrize("person", ["other_official", "reader", "stranger"])
def test_others_do_not_see_it(client, request, evaluation, person):
    client.force_login(request.getfixturevalue(person))
    for method in (client.get, client.post):
        assert method(page_of(scheme())).status_code in (403, 404)
    assert client.get(f"{page_of(scheme())}last-year/?field=result").status_code in (403, 404)


@pytest.mark.parametrize(
    "key", ["nonsense", "accounts.user/1", "evaluations.actual/999999", "supports.scheme/1"]
)
def test_there_is_no_page_of_other_things(client, secretariat, evaluation, key):
    client.force_login(secretariat)
    assert client.get(f"{ENTRY}row/{key}/").status_code == 404
    assert client.post(f"{ENTRY}row/{key}/", {}).status_code == 404


def test_what_was_handed_in_can_be_read_there(client, official, evaluation):
    hand_in(official)
    client.force_login(official)
    page = text_of(client.get(page_of(scheme())))
    assert "川崎市の概要1" in page
    assert "<textarea" not in page
    assert client.post(page_of(scheme()), full(scheme(), result="遅い")).status_code == 403
    assert "遅い" in text_of(client.get(page_of(scheme())))


# Last year's text


def test_last_years_text_is_copied_with_its_year_renamed(client, official, evaluation):
    last = SchemeResult.objects.get(evaluation__fiscal_year=2022, name="川崎市の事業1")
    last.result = "令和4年度は、令和３年度を上回った。令和４年度の実績である。"
    last.save()
    client.force_login(official)
    copied = "令和5年度は、令和３年度を上回った。令和5年度の実績である。"
    address = f"{page_of(scheme())}last-year/?field=result"
    assert client.get(address).content.decode() == copied
    # Without scripts, the button enters it; not over what is there.
    name = f"{scheme().key}-result"
    client.post(SUPPORTS, full(scheme()) | {"action": f"copy:{name}"})
    assert scheme().result == copied
    client.post(SUPPORTS, full(scheme(), result="自分の文") | {"action": f"copy:{name}"})
    assert scheme().result == "自分の文"


# Remarks


def test_value_and_answer_are_one_save(client, official, secretariat, evaluation):
    row = actual()
    remark = remark_on(row, "value", secretariat)
    client.force_login(official)
    page = text_of(client.get(page_of(row)))
    assert "確かめてください。" in page
    response = client.post(
        page_of(row), full(row, value="7") | {f"{row.key}-answer-{remark.pk}": "7に直した。"}
    )
    assert response.status_code == 302
    stored = actual()
    assert (stored.value, stored.revision) == (Figure.of(7), row.revision + 1)
    assert Remark.objects.get().answer == "7に直した。"
    page = text_of(client.get(page_of(row)))
    assert "指摘1件に回答しました。" in page


def test_ticking_that_it_is_done_is_an_answer(client, official, secretariat, evaluation):
    remark = remark_on(scheme(), "result", secretariat)
    client.force_login(official)
    client.post(SUPPORTS, full(scheme()) | {f"{scheme().key}-done-{remark.pk}": "on"})
    assert Remark.objects.get().answer == "直しました。"


def test_nothing_is_answered_while_the_row_is_refused(client, official, secretariat, evaluation):
    row = actual()
    remark = remark_on(row, "value", secretariat)
    client.force_login(official)
    data = full(row, value="12o") | {f"{row.key}-answer-{remark.pk}": "直した。"}
    for page in (text_of(client.post(page_of(row), data)), text_of(client.get(page_of(row)))):
        assert "直した。</textarea>" in page
        assert 'value="12o"' in page
    assert Remark.objects.get().is_open


def test_answer_that_comes_second_is_shown_and_not_lost(
    client, official, colleague, secretariat, evaluation
):
    row = actual()
    remark = remark_on(row, "value", secretariat)
    moves.answer_remark(remark, "同僚の回答", by=colleague)
    client.force_login(official)
    data = full(row, value="7") | {f"{row.key}-answer-{remark.pk}": "私の回答"}
    page = text_of(client.post(page_of(row), data))
    assert "ほかの人が先に回答しました" in page
    assert "私の回答" in page
    assert actual().value == Figure.of(7)
    assert Remark.objects.get().answer == "同僚の回答"


def test_others_cannot_answer_by_guessing(client, other_official, secretariat, evaluation):
    row = scheme("共同の事業")
    remark = remark_on(row, "result", secretariat, "川崎市への指摘")
    client.force_login(other_official)
    assert "川崎市への指摘" not in text_of(client.get(page_of(row)))
    client.post(page_of(row), full(row) | {f"{row.key}-answer-{remark.pk}": "横から"})
    assert Remark.objects.get().is_open


# Figures and the past


def test_assessment_stands_beside_its_figures(client, secretariat, evaluation):
    row = actual()
    row.value = Figure.of(4)
    row.save()
    client.force_login(secretariat)
    assessment = TargetAssessment.objects.get(evaluation=evaluation)
    page = text_of(client.get(page_of(assessment)))
    assert "令和5年度の数値" in page
    assert "数値目標その1" in page
    assert "10件" in page
    # The text of the whole evaluation has all of them, a scheme none.
    assert "令和5年度の数値" in text_of(
        client.get(page_of(Evaluation.objects.get(pk=evaluation.pk)))
    )
    assert "令和5年度の数値" not in text_of(client.get(page_of(scheme())))


def test_says_who_saved_it_and_when(client, official, colleague, evaluation):
    client.force_login(colleague)
    client.post(page_of(scheme()), full(scheme(), result="同僚の文"))
    client.force_login(official)
    assert str(colleague) in text_of(client.get(page_of(scheme())))


# From one to the next


def test_walk_through_what_is_missing_ends_where_one_hands_in(client, official, evaluation):
    client.force_login(official)
    address, visited = client.get(f"{ENTRY}next/").url, []
    while "/row/" in address:
        key = address.partition("/row/")[2].partition("/?")[0]
        visited.append(key)
        row = next(
            row
            for row in rows_of_year(Evaluation.objects.get(pk=evaluation.pk)).rows
            if str(row.key) == key
        )
        missing = {
            item.field: "該当なし" if item.field not in ("value", "used") else "3"
            for item in row.items()
            if item.is_missing
        }
        response = client.post(address.partition("#")[0], full(row, **missing) | {"next": "1"})
        assert response.status_code == 302, text_of(response)
        address = response.url
        assert len(visited) < 50
    assert address == ENTRY
    assert len(visited) == len({*visited}) > 2
    assert "まだ入力されていない必須の欄" in text_of(client.get(ENTRY))


def test_walk_through_remarks(client, official, secretariat, evaluation):
    rows = [actual(), scheme()]
    remarks = [remark_on(rows[0], "value", secretariat), remark_on(rows[1], "result", secretariat)]
    client.force_login(official)
    address = client.get(f"{ENTRY}next/?walk=remarks").url
    for row, remark in zip(rows, remarks, strict=True):
        assert address.startswith(f"{page_of(row)}?walk=remarks")
        answer = {f"{row.key}-done-{remark.pk}": "on", "next": "1"}
        address = client.post(address.partition("#")[0], full(row) | answer).url
    assert address == ENTRY
    assert not Remark.objects.open().exists()


# Taking out and putting back


def removable():
    return [
        scheme(),
        NationalSupport.objects.get(evaluation__fiscal_year=2023, name="川崎の補助"),
        Achievement.objects.get(approach__evaluation__fiscal_year=2023, heading="川崎市の成果"),
    ]


@pytest.mark.parametrize("number", range(3), ids=["scheme", "national support", "achievement"])
def test_row_is_taken_out_and_put_back_with_its_words_in_its_place(
    client, official, evaluation, number
):
    row = removable()[number]
    targets = [*row.targets.all()] if hasattr(row, "targets") else []
    texts = {item.field: item.text for item in row.items()}
    url = f"{ENTRY}{row.row_kind.page}/"
    client.force_login(official)
    response = client.post(url, {"action": f"remove:{row.key}"})
    assert not type(row).objects.filter(pk=row.pk).exists()
    page = text_of(client.get(response.url))
    assert f"{row.label}を外しました。" in page
    assert f'value="put-back:{row.key}"' in page
    # The page of the row leads there, too.
    assert client.get(page_of(row)).url == response.url.replace("%2F", "/")
    client.post(url, {"action": f"put-back:{row.key}"})
    again = type(row).objects.get(pk=row.pk)
    assert {item.field: item.text for item in again.items()} == texts
    assert (again.position, again.owner_ids) == (row.position, row.owner_ids)
    assert not targets or [*again.targets.all()] == targets
    # Twice is once.
    assert client.post(url, {"action": f"put-back:{row.key}"}).status_code == 302


def test_approach_comes_back_with_what_was_below_it(client, secretariat, evaluation):
    approach = Approach.objects.get(evaluation=evaluation)
    alone = Achievement.objects.filter(approach=approach).first()
    below = {row.pk for row in Achievement.objects.filter(approach=approach)} - {alone.pk}
    client.force_login(secretariat)
    client.post(TEXTS, {"action": f"remove:{alone.key}"})
    client.post(TEXTS, {"action": f"remove:{approach.key}"})
    client.post(TEXTS, {"action": f"put-back:{approach.key}"})
    # Not what had been taken out by itself before.
    assert {row.pk for row in Achievement.objects.filter(approach=approach)} == below


def test_scheme_that_was_reported_again_meanwhile_is_not_put_back_beside(
    client, official, colleague, evaluation
):
    row = scheme()
    client.force_login(official)
    client.post(SUPPORTS, {"action": f"remove:{row.key}"})
    client.force_login(colleague)
    client.post(SUPPORTS, {"action": f"resume:{row.scheme_id}"})
    client.force_login(official)
    response = client.post(SUPPORTS, {"action": f"put-back:{row.key}"}, follow=True)
    assert "既にあります" in text_of(response)
    assert SchemeResult.objects.filter(evaluation=evaluation, scheme=row.scheme_id).count() == 1


def test_only_who_may_edit_takes_out_and_puts_back(
    client, official, other_official, reader, evaluation
):
    row = scheme()
    for person in (other_official, reader):
        client.force_login(person)
        assert client.post(SUPPORTS, {"action": f"remove:{row.key}"}).status_code in (403, 404)
    client.force_login(official)
    client.post(SUPPORTS, {"action": f"remove:{row.key}"})
    client.force_login(other_official)
    assert f"put-back:{row.key}" not in text_of(client.get(f"{SUPPORTS}?removed={row.key}"))
    client.post(SUPPORTS, {"action": f"put-back:{row.key}"})
    assert not SchemeResult.objects.filter(pk=row.pk).exists()
    client.force_login(official)
    close("final")
    client.post(SUPPORTS, {"action": f"put-back:{row.key}"})
    assert not SchemeResult.objects.filter(pk=row.pk).exists()


def test_row_of_another_year_is_not_put_back_here(client, official, evaluation):
    last = SchemeResult.objects.get(evaluation__fiscal_year=2022, name="川崎市の事業1")
    key = last.key
    last.delete()
    client.force_login(official)
    assert client.post(SUPPORTS, {"action": f"put-back:{key}"}).status_code == 404


# Beside a figure


@pytest.mark.parametrize(
    ("typed", "sentence", "level"),
    [
        ("5", "1.00倍", ""),
        ("4", "0.80倍", ""),
        ("47", "前年度の9.40倍です", "caution"),
        ("500", "前年度の100.0倍です", "caution"),
        ("1", "前年度の0.20倍です", "caution"),
        ("0", "前年度は5件でした", "caution"),
        ("未集計", "", ""),
        ("", "", ""),
    ],
)
def test_what_is_said_beside_a_figure_is_the_same_while_typing_and_when_shown(
    client, official, evaluation, typed, sentence, level
):
    client.force_login(official)
    address = f"{ENTRY}progress/?row={actual().key}&value={typed}"
    said = client.get(address).json()["rows"][str(actual().key)]
    assert (said["sentence"], said["level"]) == (sentence, level)
    client.post(ACTUALS, full(actual(), value=typed))
    page = text_of(client.get(ACTUALS))
    shown = f'<span class="says{f" says--{level}" if level else ""}" id="says-{actual().key}" aria-live="polite">{sentence}</span>'
    assert shown in page


def test_refused_figure_says_why_at_once(client, official, evaluation):
    client.force_login(official)
    said = client.get(f"{ENTRY}progress/?row={actual().key}&value=12o").json()["rows"]
    assert said[str(actual().key)]["level"] == "error"
    assert "12o" in said[str(actual().key)]["sentence"]
    assert said[str(actual().key)]["progress"] == ""


def test_text_of_a_municipality_is_folded_for_the_secretariat(client, secretariat, evaluation):
    """Its officials write it; it opens where the secretariat has something to do with it."""
    row = RegionalText.objects.get(evaluation=evaluation, municipality=factories.municipality())
    client.force_login(secretariat)
    assert f'name="{row.key}-text"' not in text_of(client.get(TEXTS))
    assert page_of(row) in text_of(client.get(TEXTS))
    remark_on(row, "text", secretariat)
    assert f'name="{row.key}-text"' in text_of(client.get(TEXTS))


# Whose scheme it is


def sharing(row, *names):
    """What the page of the row sends for its municipalities alone."""
    return {
        f"{row.key}-revision": row.revision,
        f"{row.key}-shown": "municipalities",
        f"{row.key}-municipalities": [factories.municipality(name).pk for name in names],
    }


def test_official_shares_a_scheme_with_another_and_takes_nobody_out(client, official, evaluation):
    client.force_login(official)
    page = text_of(client.get(page_of(scheme())))
    assert f'name="{scheme().key}-municipalities"' in page
    assert f'name="{scheme().key}-municipalities"' not in text_of(client.get(SUPPORTS))
    client.post(page_of(scheme()), sharing(scheme(), "川崎市", "横浜市"))
    assert len(scheme().owner_ids) == 2
    for left in (["川崎市"], ["横浜市"], []):
        page = text_of(client.post(page_of(scheme()), sharing(scheme(), *left)))
        assert "ほかの作成主体を外すことは、取りまとめ担当だけができます。" in page
    assert len(scheme().owner_ids) == 2


def test_scheme_is_shared_with_none_that_has_handed_in(
    client, official, other_official, evaluation
):
    hand_in(other_official)
    client.force_login(official)
    page = text_of(client.post(page_of(scheme()), sharing(scheme(), "川崎市", "横浜市")))
    assert "既に提出した作成主体は、加えられません。" in page
    assert len(scheme().owner_ids) == 1


def test_secretariat_decides_whose_scheme_it_is(client, secretariat, stranger, evaluation):
    client.force_login(secretariat)
    client.post(page_of(scheme()), sharing(scheme(), "横浜市"))
    assert scheme().owner_ids == {factories.municipality("横浜市").pk}
    client.post(page_of(scheme()), sharing(scheme(), stranger.municipality.name))
    assert scheme().owner_ids == {factories.municipality("横浜市").pk}


def test_sharing_by_a_colleague_meanwhile_is_kept(client, official, colleague, evaluation):
    shown = full(scheme(), result="実績") | sharing(scheme(), "川崎市")
    client.force_login(colleague)
    client.post(page_of(scheme()), sharing(scheme(), "川崎市", "横浜市"))
    client.force_login(official)
    shown[f"{scheme().key}-shown"] = ["municipalities", "result"]
    assert client.post(page_of(scheme()), shown).status_code == 302
    assert (scheme().result, len(scheme().owner_ids)) == ("実績", 2)
