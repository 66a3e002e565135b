"""Rules of every entry page: who, when, saving, conflicts, and that no input is lost."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import catalogue
from evaluations.models import Achievement, Actual, Evaluation, Submission
from evaluations.workflow import EvaluationState, SubmissionState
from evaluations.years.rows import rows_of_year
from supports.models import NationalSupport, RegionalText, SchemeResult
from tests import factories
from tests.evaluations.views.entry import ACTUALS, ENTRY, PAGES, SUPPORTS, TEXTS, open_year
from tests.worlds import world
from tokku.accounts.restored_input import PERSON, typed_by
from tokku.figures import Figure

# A field of each page that is 川崎市's, and one that is 横浜市's.
FIELDS = {
    ACTUALS: (Actual, {"municipality__name": "川崎市"}, {"municipality__name": "横浜市"}, "note"),
    TEXTS: (
        RegionalText,
        {"municipality__name": "川崎市"},
        {"municipality__name": "横浜市"},
        "text",
    ),
    SUPPORTS: (
        NationalSupport,
        {"municipality__name": "川崎市"},
        {"municipality__name": "横浜市"},
        "usage",
    ),
}


@world
def evaluation(secretariat):
    return open_year(secretariat)


@pytest.fixture(params=PAGES, ids=lambda url: url.split("/")[-2])
def url(request):
    return request.param


def row_of(url, which=1):
    model, own, other, field = FIELDS[url]
    rows = model.objects.filter(**(own, other)[which - 1])
    if model is Actual:
        rows = rows.filter(fiscal_year=2023)
    else:
        rows = rows.filter(evaluation__fiscal_year=2023)
    return rows.get(), field


def typed(row, **values):
    """The data that a page sends for one row, with these fields."""
    key = row.key
    return {f"{key}-revision": row.revision} | {f"{key}-{k}": v for k, v in values.items()}


def full(row, **values):
    """All the fields of a row, as a browser sends them."""
    from evaluations.entry.forms import form_for

    form = form_for(row)
    stored_values = {name: form[name].value() for name in form.fields}
    stored_values = {
        name: "" if value is None else value for name, value in stored_values.items()
    } | values
    return typed(row, **stored_values)


def read(client, user, url, status=200):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def text_of(response):
    return unescape(response.content.decode())


def close(state):
    Evaluation.objects.filter(fiscal_year=2023).update(state=state)


def hand_in(person):
    Submission.objects.filter(
        evaluation__fiscal_year=2023, municipality=person.municipality
    ).update(
        state=SubmissionState.SUBMITTED,
        submitted_at="2024-06-01T00:00:00Z",
        submitted_by=person,
    )


# Who


@pytest.mark.parametrize("person", ["official", "colleague", "secretariat"])
def test_those_who_may_save(client, request, evaluation, url, person):
    client.force_login(request.getfixturevalue(person))
    row, field = row_of(url)
    assert f'name="{row.key}-{field}"' in client.get(f"{ENTRY}row/{row.key}/").content.decode()
    response = client.post(url, full(row, **{field: "新しい内容"}))
    assert (response.status_code, response.url) == (302, url)
    message = f"[0-9]+時[0-9]{{2}}分に、{re.escape(row.label)}を保存しました。"
    assert re.search(message, client.get(url).content.decode())
    assert getattr(row_of(url)[0], field) == "新しい内容"


def test_every_field_of_the_secretariat_can_be_sent_as_it_stands(client, secretariat, evaluation):
    """Saving a page without a change changes no row."""
    client.force_login(secretariat)
    for url in PAGES:
        part = url.split("/")[-2]
        rows = [row for row in rows_of_year(evaluation).rows if catalogue.kind_of(row).page == part]
        data = {name: value for row in rows for name, value in full(row).items()}
        assert client.post(url, data).status_code == 302
        assert {row.key: row.revision for row in rows} == {
            row.key: row.revision
            for row in rows_of_year(evaluation).rows
            if catalogue.kind_of(row).page == part
        }


def test_page_shows_own_rows_only(client, official, evaluation, url):
    page = read(client, official, url)
    for row in rows_of_year(evaluation).rows:
        if catalogue.kind_of(row).page != url.split("/")[-2] or not list(row.items()):
            continue
        is_own = official.municipality_id in row.owner_ids
        assert (f'name="{row.key}-revision"' in page) is is_own
    assert "横浜市の概要" not in page
    assert "横浜の補助" not in page
    assert "横浜市の成果" not in page


def test_other_municipalitys_rows_cannot_be_written_by_guessing(client, official, evaluation, url):
    client.force_login(official)
    row, field = row_of(url, 2)
    response = client.post(url, full(row, **{field: "横から"}))
    assert response.status_code == 200
    assert "保存できなかった入力" in text_of(response)
    assert "横から" in text_of(response)
    assert getattr(row_of(url, 2)[0], field) == ""


@pytest.mark.parametrize("state", EvaluationState)
@pytest.mark.parametrize("method", ["get", "post"])
def test_reader_is_refused(client, reader, evaluation, url, state, method):
    close(state)
    client.force_login(reader)
    for address in (ENTRY, url):
        if method == "post" and address == ENTRY:
            continue
        response = getattr(client, method)(address)
        assert response.status_code == 403
        assert "ません。" in text_of(response)


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_finds_nothing(client, stranger, evaluation, url, method):
    client.force_login(stranger)
    assert getattr(client, method)(url).status_code == 404
    assert client.get(ENTRY).status_code == 404
    assert client.post(f"{ENTRY}submit/").status_code == 404
    assert client.get(f"{ENTRY}progress/").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_allowed(client, official, evaluation, url, method):
    client.force_login(official)
    assert getattr(client, method)(url).status_code == 405


# When


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("preparing", "入力の開始前です。"),
        ("final", "確定のため、変更できません。"),
        ("sent", "提出済のため、変更できません。"),
        ("handed in", "差し戻されるまで変更できません。"),
    ],
)
def test_what_cannot_be_edited_is_refused_with_all_that_was_typed(
    client, official, evaluation, url, state, sentence
):
    row, field = row_of(url)
    if state == "handed in":
        hand_in(official)
    else:
        close(state)
    page = read(client, official, url)
    assert sentence in page
    assert "<textarea" not in page
    assert "保存する" not in page
    new_row_data = {
        TEXTS: {f"new-achievement-{_approach()}-text": "新しい成果"},
        SUPPORTS: {"new-scheme-name": "新しい成果"},
    }
    response = client.post(url, full(row, **{field: "長い\r\n文章"}) | new_row_data.get(url, {}))
    assert response.status_code == 403
    text = text_of(response)
    assert sentence in text
    assert "readonly>\n長い\r\n文章</textarea>" in text
    assert ("新しい成果" in text) is (url in new_row_data)
    assert getattr(row_of(url)[0], field) == ""


def _approach():
    return Achievement.objects.filter(approach__evaluation__fiscal_year=2023)[0].approach_id


def test_what_is_handed_in_can_be_read(client, official, evaluation):
    hand_in(official)
    assert "川崎市の概要1" in read(client, official, SUPPORTS)
    assert "川崎市の成果" in read(client, official, TEXTS)


def test_joint_scheme_is_edited_by_both(client, official, other_official, evaluation):
    row = SchemeResult.objects.get(evaluation=evaluation, name="共同の事業")
    for person in (official, other_official):
        client.force_login(person)
        row.refresh_from_db()
        client.post(SUPPORTS, full(row, result=f"{person}の実績"))
        row.refresh_from_db()
        assert row.result == f"{person}の実績"


# What cannot be saved


def test_bad_input_is_shown_again_and_the_rest_is_saved(client, official, evaluation):
    row, _ = row_of(ACTUALS)
    client.force_login(official)
    response = client.post(ACTUALS, full(row, value="12o", note="統計調査"))
    page = text_of(response)
    assert response.status_code == 200
    assert "「12o」は単位が「o」で" in page
    assert 'value="12o"' in page
    assert "統計調査" in page
    assert "1件は保存していません。" in page
    assert "1件に誤りがあります" in page
    assert f'name="{row.key}-revision" value="{row.revision}"' in page


def test_each_page_leads_to_the_others_and_to_handing_in(client, official, evaluation):
    client.force_login(official)
    for url in PAGES:
        links = set(re.findall(r'href="([^"#?]*)"', client.get(url).content.decode()))
        assert links >= {ACTUALS, TEXTS, SUPPORTS, ENTRY, "/keihin/2023/"}


def test_saving_says_how_much_was_saved(client, secretariat, evaluation):
    first, second = Actual.objects.filter(fiscal_year=2023)[:2]
    data = full(first, value="3") | full(second, value="4")
    client.force_login(secretariat)
    assert "分に、実績値2件を保存しました。" in text_of(client.post(ACTUALS, data, follow=True))
    data = full(Actual.objects.get(pk=first.pk))
    assert "変更がないため、何も保存していません（" in text_of(
        client.post(ACTUALS, data, follow=True)
    )


def test_rows_beside_a_bad_one_are_saved(client, secretariat, evaluation):
    first, second = Actual.objects.filter(fiscal_year=2023)[:2]
    client.force_login(secretariat)
    response = client.post(ACTUALS, full(first, value="１，２３４") | full(second, value="12o"))
    page = text_of(response)
    assert f"に、{first.label}を保存しました。1件は保存していません。" in page
    assert 'value="1,234"' in page
    assert 'value="12o"' in page
    first.refresh_from_db()
    assert first.value == Figure.of(1234)
    assert f'name="{first.key}-revision" value="{first.revision}"' in page


def test_conflict_shows_both_and_the_choice_is_saved(client, official, colleague, evaluation, url):
    row, field = row_of(url)
    shown_data = full(row, **{field: "私の内容"})
    client.force_login(colleague)
    client.post(url, full(row, **{field: "同僚の内容"}))
    client.force_login(official)
    response = client.post(url, shown_data)
    page = text_of(response)
    name = f"{row.key}-{field}"
    assert response.status_code == 200
    assert "ほかの人が先に保存しました。" in page
    assert f"保存されている内容（{colleague}、" in page
    assert "同僚の内容" in page
    assert re.search(f'<textarea name="{name}"[^>]*>\n私の内容</textarea>', page)
    assert getattr(row_of(url)[0], field) == "同僚の内容"

    choice = {
        f"{name}-conflict": re.search(f'name="{name}-conflict" value="(.*?)"', page)[1],
        f"{name}-keep": "typed",
    }
    assert client.post(url, shown_data | choice).status_code == 302
    assert getattr(row_of(url)[0], field) == "私の内容"


def test_text_typed_into_a_deleted_row_is_shown(client, official, colleague, evaluation):
    row, _ = row_of(SUPPORTS)
    other_result = SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業1")
    data = full(row, usage="長い文章") | full(other_result, result="別の行")
    row.delete()
    client.force_login(official)
    page = text_of(client.post(SUPPORTS, data))
    assert "ほかの人によって外されたか、変更できなくなっています" in page
    assert "長い文章" in page
    other_result.refresh_from_db()
    assert other_result.result == "別の行"


def test_text_is_text_and_never_markup(client, official, evaluation, url):
    row, field = row_of(url)
    client.force_login(official)
    evil = '</textarea><script>alert("1")</script>{{ user }}'
    client.post(url, full(row, **{field: evil}))
    page = client.get(url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;{{ user }}" in page


def test_page_holds_no_script_or_style_of_its_own(client, secretariat, evaluation, url):
    page = read(client, secretariat, url)
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", page)


def test_ids_are_unique(client, secretariat, evaluation, url):
    ids = re.findall(r' id="([^"]*)"', read(client, secretariat, url))
    assert len(ids) == len(set(ids))


# A session that ran out


def test_typed_values_are_there_again_after_signing_in(client, official, evaluation, url):
    row, field = row_of(url)
    data = full(row, **{field: "長い文章"}) | {PERSON: typed_by(official)}
    response = client.post(url, data)
    assert (response.status_code, response.url) == (302, f"/sign-in/?ended=kept&next={url}")
    response = client.post(
        response.url, {"username": official.username, "password": factories.PASSWORD}
    )
    assert response.url == url
    page = client.get(url).content.decode()
    assert "まだ保存していない内容です。" in page
    assert "長い文章" in page
    restored = re.search(r'<ul class="problems">(.*?)</ul>', page, re.DOTALL)[1]
    assert re.findall(r'href="#([^"]+)"', restored) == [f"id_{row.key}-{field}"]
    assert getattr(row_of(url)[0], field) == ""
    # It is there until it is saved.
    assert "長い文章" in client.get(url).content.decode()
    assert client.post(url, data).status_code == 302
    page = client.get(url).content.decode()
    assert "まだ保存していない内容です。" not in page
    assert getattr(row_of(url)[0], field) == "長い文章"


def sign_in(client, person):
    client.post("/sign-in/", {"username": person.username, "password": factories.PASSWORD})


def test_new_rows_are_there_again_too(client, official, evaluation):
    client.post(SUPPORTS, {"new-scheme-name": "新しい事業", PERSON: typed_by(official)})
    sign_in(client, official)
    assert 'value="新しい事業"' in client.get(SUPPORTS).content.decode()


def test_typed_values_are_shown_to_nobody_else(client, official, colleague, evaluation, url):
    row, field = row_of(url)
    client.post(url, full(row, **{field: "長い文章"}) | {PERSON: typed_by(official)})
    sign_in(client, colleague)
    assert "長い文章" not in client.get(url).content.decode()


def test_typed_values_can_be_given_up(client, official, evaluation, url):
    row, field = row_of(url)
    data = full(row, **{field: "長い文章"}) | {PERSON: typed_by(official)}
    client.post(url, data)
    sign_in(client, official)
    client.post(url, data | {"action": "discard"})
    assert "長い文章" not in client.get(url).content.decode()
    assert getattr(row_of(url)[0], field) == ""


def test_typed_values_are_shown_for_copying_when_handed_in_meanwhile(
    client, official, evaluation, url
):
    row, field = row_of(url)
    client.post(url, full(row, **{field: "長い文章"}) | {PERSON: typed_by(official)})
    hand_in(official)
    sign_in(client, official)
    response = client.get(url)
    assert response.status_code == 200
    assert "readonly>\n長い文章</textarea>" in text_of(response)


def test_too_much_is_not_kept(client, official, evaluation):
    """The limit is for all pages of a person together."""
    row, _ = row_of(TEXTS)
    data = full(row, text="長" * 300_000) | {PERSON: typed_by(official)}
    assert "ended=kept" in client.post(TEXTS, data).url
    assert "ended=lost" in client.post(f"{TEXTS}?show=missing", data).url


def test_nothing_is_kept_that_came_from_no_page_of_this_site(client, official, evaluation, url):
    row, field = row_of(url)
    for person in (official.pk, f"{official.pk}:forged", ""):
        data = full(row, **{field: "長い文章"}) | {PERSON: person}
        assert "ended=lost" in client.post(url, data).url
    assert "sessionid" not in client.cookies


def test_other_pages_keep_nothing(client, official, evaluation):
    response = client.post(f"{ENTRY}submit/", {PERSON: typed_by(official)})
    assert "/sign-in/" in response.url
    assert "sessionid" not in client.cookies


# Cost


@pytest.mark.parametrize("person", ["official", "secretariat"])
def test_queries_do_not_depend_on_how_much_there_is(client, request, secretariat, person):
    def queries():
        counts = []
        for url in [ENTRY, *PAGES, "/keihin/2023/"]:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.append(len(captured))
        return counts

    client.force_login(request.getfixturevalue(person))
    open_year(secretariat)
    few = queries()
    assert max(few) <= 75
    from evaluations.models import NumericTarget
    from evaluations.years.rows_at_opening import prepare_rows

    evaluation = Evaluation.objects.get(fiscal_year=2023)
    indicator = NumericTarget.objects.get().indicator
    for number in range(2, 6):
        NumericTarget(
            indicator=indicator, number=number, name=f"目標{number}", unit="件", total=10
        ).save()
    prepare_rows(evaluation)
    for number in range(8):
        row = SchemeResult.objects.create(
            evaluation=evaluation, category="loan", name=f"事業{number}"
        )
        row.municipalities.add(factories.municipality())
    # Fewer where a page has been divided meanwhile.
    assert all(now <= before for now, before in zip(queries(), few, strict=True))


def test_saving_what_did_not_change_costs_no_query_per_row(client, secretariat):
    def queries():
        rows = list(Actual.objects.filter(fiscal_year=2023))
        data = {name: value for row in rows for name, value in full(row).items()}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(ACTUALS, data).status_code == 302
        return len(captured)

    client.force_login(secretariat)
    evaluation = open_year(secretariat)
    few = queries()
    from evaluations.models import NumericTarget
    from evaluations.years.rows_at_opening import prepare_rows

    NumericTarget(
        indicator=NumericTarget.objects.get().indicator, number=2, name="目標", unit="件", total=10
    ).save()
    prepare_rows(evaluation)
    assert queries() == few
