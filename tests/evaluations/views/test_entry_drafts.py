"""What is typed and not saved: it comes back to its person, row by row, and exists for nobody else."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from evaluations import moves
from evaluations.models import Achievement, Actual, Draft, Submission
from evaluations.models.draft import LIFETIME
from evaluations.workflow import EvaluationState
from supports.models import NationalSupport, SchemeResult
from tests import factories
from tests.evaluations.views.entry import ACTUALS, ENTRY, PAGES, SUPPORTS, TEXTS, open_year
from tests.evaluations.views.test_entry_pages import close, full, hand_in, row_of, text_of
from tests.worlds import world
from tokku.accounts.restored_input import PERSON, typed_by
from tokku.figures import Figure

DRAFTS = f"{ENTRY}drafts/"


@world
def evaluation(secretariat):
    return open_year(secretariat)


@pytest.fixture(params=PAGES, ids=lambda url: url.split("/")[-2])
def url(request):
    return request.param


def type_in(client, row, **values):
    """As the script does while a person types."""
    response = client.post(DRAFTS, full(row, **values))
    assert response.status_code == 200
    return response.json()


def test_comes_back_as_unsaved_text_and_is_saved_as_one_revision(client, official, evaluation, url):
    row, field = row_of(url)
    client.force_login(official)
    assert set(type_in(client, row, **{field: "書きかけ"})) == {"at"}
    assert getattr(row_of(url)[0], field) == ""

    for address in (url, f"{ENTRY}row/{row.key}/"):
        page = text_of(client.get(address))
        assert "書きかけ</textarea>" in page
        assert "保存していない変更 1件" in page
        assert f'href="#id_{row.key}-{field}"' in page
    client.post(url, full(row, **{field: "書きかけの続き"}))
    stored, _ = row_of(url)
    assert (getattr(stored, field), stored.revision) == ("書きかけの続き", row.revision + 1)
    assert not Draft.objects.exists()
    assert "保存していない変更 1件" not in text_of(client.get(url))


def test_what_is_typed_back_is_no_draft(client, official, evaluation, url):
    row, field = row_of(url)
    client.force_login(official)
    type_in(client, row, **{field: "書きかけ"})
    type_in(client, row)
    assert not Draft.objects.exists()


def test_draft_that_came_after_its_save_is_none(client, official, evaluation, url):
    """The script's last message may overtake nothing, but may arrive late."""
    row, field = row_of(url)
    client.force_login(official)
    typed = full(row, **{field: "文章"})
    client.post(url, typed)
    assert client.post(DRAFTS, typed).status_code == 200
    assert not Draft.objects.exists()


def test_draft_that_came_after_its_row_was_added_is_none(client, official, evaluation):
    client.force_login(official)
    typed = {
        "new-scheme-name": "新しい事業",
        "new-scheme-category": "fiscal",
        "new-scheme-municipalities": official.municipality_id,
    }
    client.post(SUPPORTS, typed)
    assert SchemeResult.objects.filter(name="新しい事業").count() == 1
    assert client.post(DRAFTS, typed).status_code == 200
    assert not Draft.objects.exists()


def test_what_somebody_else_saved_meanwhile_is_asked_about(
    client, official, colleague, evaluation, url
):
    row, field = row_of(url)
    client.force_login(official)
    type_in(client, row, **{field: "私の文章"})
    client.force_login(colleague)
    client.post(url, full(row, **{field: "同僚の文章"}))
    client.force_login(official)
    page = text_of(client.get(url))
    assert "どちらを残しますか" in page
    assert "同僚の文章" in page
    assert "私の文章</textarea>" in page


def test_another_field_of_the_row_that_somebody_saved_stands(
    client, official, colleague, evaluation
):
    row = NationalSupport.objects.get(evaluation=evaluation, name="川崎の補助")
    client.force_login(official)
    type_in(client, row, usage="私の活用")
    client.force_login(colleague)
    client.post(SUPPORTS, full(row, outline="同僚の概要"))
    client.force_login(official)
    page = text_of(client.get(f"{ENTRY}row/{row.key}/"))
    assert "どちらを残しますか" not in page
    assert "同僚の概要</textarea>" in page
    assert "私の活用</textarea>" in page


def test_nobody_else_sees_or_counts_it(
    client, official, colleague, secretariat, reader, evaluation, url
):
    row, field = row_of(url)
    client.force_login(official)
    type_in(client, row, **{field: "秘密の書きかけ"})
    own_missing = text_of(client.get(ENTRY)).count("missing__row")
    for person in (colleague, secretariat, reader):
        client.force_login(person)
        for address in (
            "/", "/keihin/2023/", "/keihin/2023/print/", "/keihin/2023/log/", ENTRY, url,
            f"{ENTRY}row/{row.key}/", "/keihin/2023/checks/", "/keihin/2023/review/",
        ):  # fmt: skip
            assert "秘密の書きかけ" not in text_of(client.get(address)), (person, address)
            assert "下書き" not in text_of(client.get(address))
    client.force_login(colleague)
    assert text_of(client.get(ENTRY)).count("missing__row") == own_missing


def test_home_and_the_page_before_handing_in_say_so(client, official, evaluation):
    client.force_login(official)
    for url in PAGES:
        row, field = row_of(url)
        type_in(client, row, **{field: "書きかけ"})
    assert "保存していない下書きが3件あります" in text_of(client.get("/"))
    page = text_of(client.get(ENTRY))
    assert "保存していない下書き3件" in page
    assert all(f"{ENTRY}row/{row_of(url)[0].key}/" in page for url in PAGES)


def test_is_never_handed_in(client, official, evaluation):
    row = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    client.force_login(official)
    client.post(DRAFTS, full(row, value="5"))
    assert "残り" in text_of(client.get(ENTRY))
    submission = Submission.objects.get(evaluation=evaluation, municipality=official.municipality)
    with pytest.raises(Exception, match="入力"):
        moves.move(submission, "submit", by=official)
    assert Actual.objects.get(pk=row.pk).value is None


def test_new_rows_come_back_too(client, official, evaluation):
    client.force_login(official)
    client.post(DRAFTS, {"new-scheme-name": "新しい事業", "new-scheme-result": "実績"})
    page = text_of(client.get(SUPPORTS))
    assert 'value="新しい事業"' in page
    assert 'class="adder" open' in page
    data = {
        "new-scheme-category": "fiscal",
        "new-scheme-name": "新しい事業",
        "new-scheme-result": "実績",
        "new-scheme-municipalities": official.municipality_id,
    }
    assert client.post(SUPPORTS, data).status_code == 302
    added = SchemeResult.objects.get(name="新しい事業")
    assert (added.result, added.history.filter(history_type="+").count()) == ("実績", 1)
    assert not Draft.objects.exists()


def test_new_row_that_was_typed_as_entry_closed_is_shown_for_copying(client, official, evaluation):
    client.force_login(official)
    hand_in(official)
    client.post(DRAFTS, {"new-scheme-name": "新しい事業", "new-nonsense-name": "x"})
    assert [draft.row for draft in Draft.objects.all()] == ["new-scheme"]
    assert "readonly>\n新しい事業</textarea>" in text_of(client.get(SUPPORTS))


def test_refused_input_stays_and_the_rest_is_saved(client, official, evaluation):
    row = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    client.force_login(official)
    client.post(ACTUALS, full(row, value="12o"))
    for _ in range(2):  # reloaded, too
        page = text_of(client.get(ACTUALS))
        assert 'value="12o"' in page
        assert "1件に誤りがあります" in page
    client.post(ACTUALS, full(row, value="12"))
    assert Actual.objects.get(pk=row.pk).value == Figure.of(12)
    assert not Draft.objects.exists()


def test_input_to_a_row_that_is_gone_is_shown_until_it_is_given_up(client, official, evaluation):
    row = NationalSupport.objects.get(evaluation=evaluation, name="川崎の補助")
    data = full(row, usage="長い文章")
    row.delete()
    client.force_login(official)
    for response in (client.post(SUPPORTS, data), client.get(SUPPORTS)):
        assert "保存できなかった入力" in text_of(response)
        assert "長い文章" in text_of(response)
    client.post(SUPPORTS, {"action": "discard"})
    assert "長い文章" not in text_of(client.get(SUPPORTS))


@pytest.mark.parametrize("state", ["handed in", "final"])
def test_is_shown_for_copying_where_nothing_can_be_entered(
    client, official, evaluation, url, state
):
    row, field = row_of(url)
    client.force_login(official)
    type_in(client, row, **{field: "書きかけ"})
    if state == "handed in":
        hand_in(official)
    else:
        close(EvaluationState.FINAL)
    page = text_of(client.get(url))
    assert "readonly>\n書きかけ</textarea>" in page
    # Returned, it is in its field again.
    if state == "handed in":
        Submission.objects.update(state="returned")
        page = text_of(client.get(url))
        assert "書きかけ</textarea>" in page
        assert "readonly" not in page


def test_those_who_may_not_enter_keep_nothing(client, reader, stranger, evaluation):
    row, field = row_of(TEXTS)
    for person, status in ((reader, 403), (stranger, 404)):
        client.force_login(person)
        assert client.post(DRAFTS, full(row, **{field: "文章"})).status_code == status
    client.logout()
    assert client.post(DRAFTS, full(row, **{field: "文章"})).status_code == 302
    assert not Draft.objects.exists()


def test_what_is_kept_has_a_bound_and_takes_any_letters(client, official, evaluation):
    row, field = row_of(TEXTS)
    client.force_login(official)
    assert type_in(client, row, **{field: "長" * 500_001}) == {}
    assert type_in(client, row, **{field: "一\0二"}) != {}
    assert "一二</textarea>" in text_of(client.get(TEXTS))
    client.post(
        DRAFTS,
        {"accounts.user/1-password": "x", "nonsense": "y", "evaluations.actual/9x-value": "1"},
    )
    assert set(Draft.objects.values_list("row", flat=True)) == {str(row.key)}


def test_old_ones_and_those_of_sealed_years_are_tidied(official, evaluation, capsys):
    now = timezone.now()
    for row, age in (("new-scheme", LIFETIME + timedelta(days=1)), ("new-approach", timedelta())):
        draft = Draft.objects.create(user=official, evaluation=evaluation, row=row, data={})
        Draft.objects.filter(pk=draft.pk).update(typed_at=now - age)
    call_command("tidy_drafts")
    assert [draft.row for draft in Draft.objects.all()] == ["new-approach"]
    close(EvaluationState.FINAL)
    call_command("tidy_drafts")
    assert not Draft.objects.exists()
    assert "1件を削除しました。" in capsys.readouterr().out


def test_achievement_of_another_municipality_is_not_opened_by_a_draft(client, official, evaluation):
    other = Achievement.objects.get(approach__evaluation=evaluation, heading="横浜市の成果")
    client.force_login(official)
    client.post(DRAFTS, full(other, text="横から"))
    page = text_of(client.get(TEXTS))
    assert f'name="{other.key}-text"' not in page
    client.post(TEXTS, full(other, text="横から"))
    assert Achievement.objects.get(pk=other.pk).text == other.text
    assert factories.municipality("横浜市").pk in other.owner_ids


def test_draft_stays_when_the_row_is_closed_while_one_types(client, official, evaluation, url):
    row, field = row_of(url)
    client.force_login(official)
    type_in(client, row, **{field: "書きかけ"})
    hand_in(official)
    assert client.post(DRAFTS, full(row, **{field: "書きかけの続き"})).json() != {}
    assert "書きかけの続き" in text_of(client.get(url))


def test_two_tabs_that_show_different_fields_share_one_draft(client, official, evaluation):
    row = NationalSupport.objects.get(evaluation=evaluation, name="川崎の補助")
    client.force_login(official)
    for name in ("usage", "outline", "usage"):
        data = {
            f"{row.key}-revision": row.revision,
            f"{row.key}-shown": name,
            f"{row.key}-{name}": f"{name}の文",
        }
        client.post(DRAFTS, data)
    page = text_of(client.get(f"{ENTRY}row/{row.key}/"))
    assert "usageの文</textarea>" in page
    assert "outlineの文</textarea>" in page


def test_giving_up_on_the_page_of_a_row_leaves_other_rows_alone(client, official, evaluation):
    client.force_login(official)
    rows = [row_of(url)[0] for url in (ACTUALS, TEXTS)]
    for url in (ACTUALS, TEXTS):
        row, field = row_of(url)
        type_in(client, row, **{field: "書きかけ"})
    client.post(f"{ENTRY}row/{rows[0].key}/", {"action": "discard"})
    assert [draft.row for draft in Draft.objects.all()] == [str(rows[1].key)]


def test_fields_that_are_not_asked_save_nothing(client, official, evaluation):
    row = Actual.objects.get(fiscal_year=2023, municipality=official.municipality)
    client.force_login(official)
    client.post(ACTUALS, full(row, value="5"))
    row.refresh_from_db()
    data = {f"{row.key}-revision": row.revision, f"{row.key}-shown": "nonsense"}
    assert client.post(ACTUALS, data).status_code == 302
    assert Actual.objects.get(pk=row.pk).value == Figure.of(5)
    assert client.post(SUPPORTS, {f"new-scheme-{'9' * 300}-name": "x"}).status_code == 200


def test_page_that_lost_its_session_leaves_drafts_of_what_was_typed_alone(
    client, official, evaluation
):
    rows = list(
        SchemeResult.objects.filter(evaluation=evaluation, municipalities=official.municipality)
    )
    data = {name: value for row in rows for name, value in full(row).items()}
    data |= full(rows[0], result="書きかけ") | {PERSON: typed_by(official)}
    client.post(SUPPORTS, data)
    client.force_login(official)
    client.get(SUPPORTS)
    assert [draft.row for draft in Draft.objects.all()] in ([str(rows[0].key)], [])
