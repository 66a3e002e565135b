import re

from django.utils import timezone

from supports.models import NationalSupport, SchemeResult
from tests import factories
from tests.evaluations.views.entry import ENTRY, SUPPORTS, open_year
from tests.evaluations.views.test_entry_pages import full, read, text_of
from tests.worlds import world


@world
def evaluation(secretariat):
    return open_year(secretariat, schemes=2)


def result(name="川崎市の事業1", fiscal_year=2023):
    return SchemeResult.objects.get(name=name, evaluation__fiscal_year=fiscal_year)


def names():
    rows = SchemeResult.objects.filter(evaluation__fiscal_year=2023, category="fiscal").order_by(
        "position", "pk"
    )
    return [row.name for row in rows]


def new_scheme(*municipalities, **values):
    fields = {"category": "fiscal", "name": "新しい事業", "outline": "概要", "result": "実績"}
    fields |= values
    fields["municipalities"] = [factories.municipality(name).pk for name in municipalities]
    return {f"new-scheme-{name}": value for name, value in fields.items()}


def test_own_and_joint_schemes_with_last_years_result(client, official, evaluation):
    page = read(client, official, SUPPORTS)
    assert "川崎市の事業1" in page
    assert "共同の事業" in page
    assert "横浜市の事業1" not in page
    assert "前年度の実績" in page


def test_results_are_saved(client, official, evaluation):
    client.force_login(official)
    client.post(SUPPORTS, full(result(), result="3件に補助した。"))
    assert result().result == "3件に補助した。"


def test_scheme_is_added(client, official, evaluation):
    client.force_login(official)
    data = new_scheme("川崎市", "横浜市", targets=[])
    assert client.post(SUPPORTS, data).status_code == 302
    added = SchemeResult.objects.get(name="新しい事業")
    assert added.owner_ids == {
        factories.municipality("川崎市").pk,
        factories.municipality("横浜市").pk,
    }
    assert (added.outline, added.result) == ("概要", "実績")
    assert names()[-1] == "新しい事業"


def test_scheme_is_given_to_none_that_has_handed_in(client, official, evaluation):
    evaluation.submission_set.filter(municipality__name="横浜市").update(
        state="submitted", submitted_at=timezone.now(), submitted_by=official
    )
    client.force_login(official)
    page = text_of(client.post(SUPPORTS, new_scheme("川崎市", "横浜市")))
    assert "既に提出した作成主体は、加えられません。" in page
    assert not SchemeResult.objects.filter(name="新しい事業").exists()


def test_scheme_of_others_alone_is_refused(client, official, evaluation):
    client.force_login(official)
    page = text_of(client.post(SUPPORTS, new_scheme("横浜市")))
    assert "川崎市を含めてください。" in page
    assert 'value="新しい事業"' in page
    assert not SchemeResult.objects.filter(name="新しい事業").exists()


def test_municipality_outside_the_zone_cannot_be_chosen(client, official, stranger, evaluation):
    client.force_login(official)
    assert client.post(SUPPORTS, new_scheme("川崎市", "札幌市")).status_code == 200
    assert not SchemeResult.objects.filter(name="新しい事業").exists()


def test_scheme_called_not_applicable_is_refused(client, official, evaluation):
    client.force_login(official)
    page = text_of(client.post(SUPPORTS, new_scheme("川崎市", name="該当なし")))
    assert "行を追加せずに空のままにしてください。" in page


def test_form_of_adding_that_was_left_alone_adds_nothing(client, official, evaluation):
    client.force_login(official)
    count = SchemeResult.objects.count()
    data = new_scheme("川崎市", category="", name="", outline="", result="")
    assert client.post(SUPPORTS, data).status_code == 302
    assert SchemeResult.objects.count() == count


def test_scheme_is_retired_and_its_history_stays(client, official, evaluation):
    client.force_login(official)
    row = result()
    client.post(SUPPORTS, {"action": f"remove:{row.key}"})
    assert names() == ["川崎市の事業2", "横浜市の事業1", "横浜市の事業2"]
    assert result(fiscal_year=2022).result == "前年度の実績"
    assert SchemeResult.history.filter(id=row.pk).exists()


def test_retired_scheme_is_taken_up_again(client, official, evaluation):
    result().delete()
    client.force_login(official)
    page = client.get(SUPPORTS).content.decode()
    assert "本年度の評価書に載っていない前年度までの事業（1件）" in page
    scheme = result(fiscal_year=2022).scheme_id
    response = client.post(SUPPORTS, {"action": f"resume:{scheme}"})
    key = f"supports.schemeresult/{result().pk}"
    assert response.url == f"{SUPPORTS}#{key}"
    assert (result().outline, result().result) == ("川崎市の概要1", "")


def test_others_schemes_are_not_taken_up(client, official, evaluation):
    result("横浜市の事業1").delete()
    client.force_login(official)
    assert "横浜市の事業1" not in client.get(SUPPORTS).content.decode()
    for key in (result("横浜市の事業1", 2022).scheme_id, 0, "x"):
        assert client.post(SUPPORTS, {"action": f"resume:{key}"}).status_code == 404
    assert "横浜市の事業1" not in names()


def test_order_changes_among_the_own(client, official, evaluation):
    client.force_login(official)
    key = f"supports.schemeresult/{result('川崎市の事業2').pk}"
    client.post(SUPPORTS, {"action": f"up:{key}"})
    assert names() == ["川崎市の事業2", "川崎市の事業1", "横浜市の事業1", "横浜市の事業2"]
    assert client.post(SUPPORTS, {"action": "sideways:x"}).status_code == 404


def test_a_row_goes_up_and_down_within_its_table_alone(client, secretariat, evaluation):
    pages = (
        read(client, secretariat, f"{ENTRY}row/{row.key}/")
        for row in SchemeResult.objects.filter(evaluation=evaluation)
    )
    stuck = re.findall(r'value="(up|down):supports\.schemeresult/(\d+)" disabled', "".join(pages))
    first, last, alone = (
        result(name).pk for name in ("川崎市の事業1", "横浜市の事業2", "共同の事業")
    )
    assert {(direction, int(pk)) for direction, pk in stuck} == {
        ("up", first),
        ("down", last),
        ("up", alone),
        ("down", alone),
    }


def test_national_support_is_added_and_deleted(client, official, evaluation):
    client.force_login(official)
    values = {"kind": "tax", "name": "新しい支援", "outline": "概要", "usage": ""}
    client.post(SUPPORTS, {f"new-national-support-{name}": v for name, v in values.items()})
    row = NationalSupport.objects.get(name="新しい支援")
    assert (row.municipality, row.evaluation, row.position) == (
        official.municipality,
        evaluation,
        1,
    )
    assert client.post(SUPPORTS, {"action": f"remove:{row.key}"}).status_code == 302
    assert not NationalSupport.objects.filter(name="新しい支援").exists()


def test_action_waits_for_what_is_wrong(client, official, evaluation):
    client.force_login(official)
    names_before = names()
    support = NationalSupport.objects.get(evaluation=evaluation, name="川崎の補助")
    key = f"supports.schemeresult/{result('川崎市の事業2').pk}"
    page = text_of(client.post(SUPPORTS, full(support, name="") | {"action": f"up:{key}"}))
    assert "選んだ操作は行っていません。" in page
    assert "事業の名称を入力してください。" in page
    assert names() == names_before


def test_reason_of_an_empty_list_is_named(client, official, secretariat, evaluation):
    NationalSupport.objects.all().delete()
    assert "「財政支援に該当する事業がない理由」" in read(client, official, SUPPORTS)
    link = f"{ENTRY}row/evaluations.evaluation/{evaluation.pk}/#id_evaluations.evaluation/{evaluation.pk}-no_fiscal_support_reason"
    assert link in read(client, secretariat, SUPPORTS)


def test_what_is_wrong_with_a_new_row_is_linked_to(client, official, evaluation):
    client.force_login(official)
    page = text_of(client.post(SUPPORTS, new_scheme("横浜市", category="")))
    for target in ("id_new-scheme-category", "id_new-scheme-municipalities-choices"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
    assert "区分を選んでください。" in page
