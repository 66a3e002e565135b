"""Whatever goes wrong, typed input is either stored or shown on the page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evaluations import moves
from evaluations.models import Achievement, Approach, Evaluation, NumericTarget
from supports.models import NationalSupport, SchemeResult
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.load import EntryPage
from tests.evaluations.views.entry import ENTRY, SUPPORTS, TEXTS, open_year
from tests.evaluations.views.test_entry_pages import full, text_of
from tests.worlds import world
from tokku.accounts.restored_input import PERSON, typed_by


@world
def evaluation(secretariat):
    return open_year(secretariat)


def support():
    return NationalSupport.objects.get(evaluation__fiscal_year=2023, name="川崎の補助")


def result(name="川崎市の事業1"):
    return SchemeResult.objects.get(evaluation__fiscal_year=2023, name=name)


def test_new_approach_beside_an_error(client, secretariat, evaluation):
    client.force_login(secretariat)
    data = full(evaluation, tax_support_count="12o", overall="書きかけ")
    page = text_of(client.post(TEXTS, data | {"new-approach-narrative": "新しい解決策"}))
    assert "「12o」は数値として読み取れません。" in page
    assert "\n書きかけ</textarea>" in page
    assert Approach.objects.filter(narrative="新しい解決策").count() == 1


def test_scheme_that_somebody_else_has_taken_up_again(client, official, evaluation):
    scheme = result().scheme
    result().delete()
    client.force_login(official)
    data = full(support(), usage="打っていた文章") | {"action": f"resume:{scheme.pk}"}
    for _ in range(2):
        assert client.post(SUPPORTS, data).status_code == 302
    assert support().usage == "打っていた文章"
    assert SchemeResult.objects.filter(evaluation=evaluation, scheme=scheme).count() == 1


def test_row_that_is_changed_and_moved_at_once(client, secretariat, evaluation):
    row = Achievement.objects.get(approach__evaluation=evaluation, heading="川崎市の成果")
    client.force_login(secretariat)
    data = full(row, text="打っていた文章") | {"action": f"down:{row.key}"}
    assert client.post(TEXTS, data).status_code == 302
    stored_row = Achievement.objects.get(pk=row.pk)
    assert (stored_row.text, stored_row.position > row.position) == ("打っていた文章", True)
    versions = row.history.filter(revision__gt=row.revision)
    assert [(version.revision, version.text) for version in versions] == [
        (row.revision + 2, "打っていた文章"),
        (row.revision + 1, "打っていた文章"),
    ]


def test_text_that_was_saved_beside_an_error_stands_in_its_new_revision(
    client, secretariat, evaluation
):
    row = Achievement.objects.get(approach__evaluation=evaluation, heading="川崎市の成果")
    client.force_login(secretariat)
    data = full(evaluation, overall="新しい総合評価") | full(row, heading="長い" * 400)
    page = EntryPage(text_of(client.post(TEXTS, data)))
    stored_row, key = Evaluation.objects.get(pk=evaluation.pk), evaluation.key
    assert stored_row.overall == "新しい総合評価"
    assert page.fields[f"{key}-overall"] == "新しい総合評価"
    assert page.fields[f"{key}-revision"] == str(stored_row.revision)


def test_row_that_somebody_else_has_removed(client, official, evaluation):
    row = result()
    key = f"supports.schemeresult/{row.pk}"
    row.delete()
    client.force_login(official)
    data = full(support(), usage="打っていた文章") | {"action": f"up:{key}"}
    assert client.post(SUPPORTS, data).status_code == 302
    assert support().usage == "打っていた文章"
    assert client.post(SUPPORTS, {"action": f"remove:{key}"}).status_code == 302


def test_two_conflicts_of_a_row_are_settled_one_after_the_other(
    client, official, colleague, evaluation
):
    shown_data = full(support())
    row = support()
    row.outline, row.usage = "同僚の概要", "同僚の活用"
    row.save()
    client.force_login(official)
    key = f"supports.nationalsupport/{row.pk}"
    data = shown_data | {f"{key}-outline": "私の概要", f"{key}-usage": "私の活用"}
    client.post(SUPPORTS, data)
    data |= {f"{key}-outline-conflict": row.revision, f"{key}-outline-keep": "typed"}
    page = text_of(client.post(SUPPORTS, data | {f"{key}-usage-conflict": row.revision}))
    # The first choice is still set, and is sent again with the second.
    assert f'name="{key}-outline-keep" value="typed" checked' in page
    data |= {f"{key}-usage-conflict": row.revision, f"{key}-usage-keep": "stored"}
    assert client.post(SUPPORTS, data).status_code == 302
    assert (support().outline, support().usage) == ("私の概要", "同僚の活用")


def test_page_from_before_signing_in_again_in_another_tab(official, evaluation):
    client = Client(enforce_csrf_checks=True)
    client.force_login(official)
    client.get(TEXTS)
    row = SchemeResult.objects.get(pk=result().pk)
    data = full(row, result="打っていた文章") | {PERSON: typed_by(official)}
    response = client.post(SUPPORTS, data | {"csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 302
    assert "\n打っていた文章</textarea>" in text_of(client.get(response.url))
    assert result().result == ""


def test_page_of_another_person_who_was_signed_in_before_is_refused_aloud(
    official, colleague, evaluation
):
    """Redirecting to the page of the person signed in now would lose the input silently."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(colleague)
    data = full(result(), result="打っていた文章") | {PERSON: typed_by(official)}
    response = client.post(SUPPORTS, data)
    assert response.status_code == 403
    assert "別の画面でログインし直した" in text_of(response)


def test_pages_of_two_tabs_are_both_kept(client, official, secretariat, evaluation):
    person = {PERSON: typed_by(secretariat)}
    client.post(TEXTS, full(evaluation, overall="一つ目の画面") | person)
    client.post(SUPPORTS, full(support(), usage="二つ目の画面") | person)
    client.force_login(secretariat)
    assert "\n一つ目の画面</textarea>" in text_of(client.get(TEXTS))
    assert "\n二つ目の画面</textarea>" in text_of(client.get(SUPPORTS))


def test_double_click_adds_once(client, official, evaluation):
    client.force_login(official)
    values = {"kind": "tax", "name": "新しい支援", "outline": "概要", "usage": ""}
    data = {f"new-national-support-{name}": value for name, value in values.items()}
    for _ in range(2):
        assert client.post(SUPPORTS, data).status_code == 302
    assert NationalSupport.objects.filter(name="新しい支援").count() == 1


@pytest.mark.parametrize(("seconds", "count"), [(25, 1), (35, 2)])
def test_same_words_later_are_no_double_click(client, official, evaluation, seconds, count):
    client.force_login(official)
    values = {"kind": "tax", "name": "新しい支援", "outline": "概要", "usage": ""}
    data = {f"new-national-support-{name}": value for name, value in values.items()}
    client.post(SUPPORTS, data)
    added = NationalSupport.history.filter(name="新しい支援")
    added.update(history_date=timezone.now() - timedelta(seconds=seconds))
    client.post(SUPPORTS, data)
    assert NationalSupport.objects.filter(name="新しい支援").count() == count


def test_same_words_elsewhere_are_no_double_click(client, official, secretariat, evaluation):
    """The same words are added at the same moment below another approach and as another municipality's scheme."""
    other_approach = Approach.objects.create(
        evaluation=evaluation, position=2, narrative="別の解決策"
    )
    data = {PERSON: typed_by(official)}
    for approach in Approach.objects.filter(evaluation=evaluation):
        values = {"level": "main", "heading": "同じ見出し", "text": "同じ内容"}
        data |= {f"new-achievement-{approach.pk}-{name}": value for name, value in values.items()}
    client.force_login(official)
    client.post(TEXTS, data)
    assert Achievement.objects.filter(heading="同じ見出し").count() == 2
    assert other_approach.achievement_set.count() == 1

    client.force_login(secretariat)
    values = {"category": "loan", "name": "同じ名称", "outline": "概要"}
    data = {f"new-scheme-{name}": value for name, value in values.items()}
    target = NumericTarget.objects.get(indicator__edition=evaluation.edition)
    ours, theirs = factories.municipality("川崎市").pk, factories.municipality("横浜市").pk
    different = [
        {"new-scheme-municipalities": [ours]},
        {"new-scheme-municipalities": [theirs]},
        {"new-scheme-municipalities": [ours], "new-scheme-outline": "別の概要"},
        {"new-scheme-municipalities": [ours], "new-scheme-targets": [target.pk]},
    ]
    for difference in different:
        for _ in range(2):
            client.post(SUPPORTS, data | difference)
    assert SchemeResult.objects.filter(name="同じ名称").count() == len(different)


def test_answer_of_not_applicable_ends_when_there_is_a_row(client, official, evaluation):
    submission = evaluation.submission_set.get(municipality=official.municipality_id)
    submission.no_schemes = True
    submission.save()
    client.force_login(official)
    client.post(SUPPORTS, full(support(), usage="文章"))
    submission.refresh_from_db()
    assert not submission.no_schemes


def test_adders_stay_folded_unless_something_was_typed(client, official, evaluation):
    client.force_login(official)
    blank = {"new-national-support-kind": "", "new-national-support-name": ""}
    page = text_of(client.post(SUPPORTS, full(support(), name="") | blank))
    assert '<details class="adder" open' not in page
    page = text_of(
        client.post(SUPPORTS, full(support(), name="") | blank | {"new-scheme-name": "新"})
    )
    assert '<details class="adder" open' in page


def test_second_click_on_hand_in_is_no_refusal(client, official, evaluation):
    campaign.fill(evaluation, official.municipality_id)
    client.force_login(official)
    for _ in range(2):
        assert client.post(f"{ENTRY}submit/").status_code == 302
    assert evaluation.statuschange_set.filter(move="submit").count() == 1


def test_reason_of_a_return_stands_where_the_official_begins(
    client, official, secretariat, evaluation
):
    moves.move(
        campaign.hand_in(evaluation, official),
        "return",
        by=secretariat,
        reason="出典を書いてください。",
    )
    client.force_login(official)
    assert "出典を書いてください。" in text_of(client.get(ENTRY))
