"""The secretariat adds, fills in, orders and removes approaches and measures; relations to targets."""

import pytest

from evaluations.models import Approach, Evaluation, NumericTarget
from supports.models import RegulatoryMeasure, SchemeResult
from tests.evaluations.views.entry import ENTRY, SUPPORTS, TEXTS, open_year
from tests.evaluations.views.test_entry_pages import full, read, text_of
from tests.worlds import world


@world
def evaluation(secretariat):
    return open_year(secretariat, targets=2)


def new(row_type, **values):
    return {f"new-{row_type}-{name}": value for name, value in values.items()}


def targets():
    return list(NumericTarget.objects.order_by("number"))


def measure(**values):
    return RegulatoryMeasure.objects.get(**values)


# Approaches


def test_approach_is_added_with_its_targets(client, secretariat, evaluation):
    client.force_login(secretariat)
    data = new("approach", narrative="新しい解決策", targets=[targets()[1].pk])
    assert client.post(TEXTS, data).status_code == 302
    added = Approach.objects.get(narrative="新しい解決策")
    assert (added.evaluation, added.position, [*added.targets.all()]) == (
        evaluation,
        2,
        targets()[1:],
    )
    page = read(client, secretariat, f"/keihin/{evaluation.fiscal_year}/")
    assert "イ 解決策2 数値目標（1）－②に寄与" in page


def test_approach_without_words_is_not_added(client, secretariat, evaluation):
    client.force_login(secretariat)
    page = text_of(client.post(TEXTS, new("approach", narrative="", targets=[targets()[0].pk])))
    assert "内容を入力してください。" in page
    assert Approach.objects.filter(evaluation=evaluation).count() == 1


@pytest.mark.parametrize("row_type", ["approach", "measure"])
def test_official_adds_nothing_of_the_zone(client, official, evaluation, row_type):
    client.force_login(official)
    assert f"new-{row_type}" not in text_of(client.get(TEXTS))
    counts_before = Approach.objects.count(), RegulatoryMeasure.objects.count()
    client.post(TEXTS, new(row_type, narrative="横から", kind="general", name="横から"))
    assert (Approach.objects.count(), RegulatoryMeasure.objects.count()) == counts_before
    row = Approach.objects.get(evaluation=evaluation)
    assert client.post(TEXTS, {"action": f"remove:{row.key}"}).status_code == 404


# Measures


@pytest.mark.parametrize(
    ("kind", "asked", "not_asked"),
    [
        ("specific", {"name", "details", "targets"}, {"used", "note"}),
        ("general", {"name", "details"}, {"targets", "used", "note"}),
        ("proposal", {"name", "details"}, {"targets", "used", "note"}),
        ("feasible", {"name", "targets", "used", "note"}, {"details"}),
        ("nationwide", {"name", "targets", "used", "note"}, {"details"}),
    ],
)
def test_measure_is_asked_for_what_its_kind_prints(
    client, secretariat, evaluation, kind, asked, not_asked
):
    client.force_login(secretariat)
    assert client.post(TEXTS, new("measure", kind=kind, name="新しい措置")).status_code == 302
    key = f"supports.regulatorymeasure/{measure(name='新しい措置').pk}"
    page = text_of(client.get(f"{ENTRY}row/{key}/"))
    for name in asked:
        assert f'name="{key}-{name}"' in page
    for name in not_asked:
        assert f'name="{key}-{name}"' not in page


def test_measure_is_added_with_everything_at_once(client, secretariat, evaluation):
    client.force_login(secretariat)
    values = {"kind": "feasible", "name": "新しい措置", "used": "True", "note": "利用した。"}
    client.post(TEXTS, new("measure", targets=[targets()[0].pk], **values))
    added = measure(name="新しい措置")
    assert (added.used, added.note, [*added.targets.all()]) == (True, "利用した。", targets()[:1])


def test_measure_is_given_nothing_that_its_kind_does_not_print(client, secretariat, evaluation):
    client.force_login(secretariat)
    values = {"kind": "general", "name": "新しい措置", "details": "実績", "note": "利用した。"}
    page = text_of(client.post(TEXTS, new("measure", **values)))
    assert "「一般事業（本文4②）」には、この欄はありません。" in page
    assert "利用した。</textarea>" in page
    assert not RegulatoryMeasure.objects.filter(name="新しい措置").exists()


def test_measure_is_filled_in_ordered_and_removed(client, secretariat, evaluation):
    client.force_login(secretariat)
    for name in ("一つ目", "二つ目"):
        client.post(TEXTS, new("measure", kind="feasible", name=name))
    row = measure(name="二つ目")
    key = f"supports.regulatorymeasure/{row.pk}"
    data = full(row, used="True", note="利用した。", targets=[targets()[0].pk])
    client.post(TEXTS, data | {"action": f"up:{key}"})
    rows = RegulatoryMeasure.objects.of_years([evaluation])
    assert [row.name for row in rows] == ["二つ目", "一つ目"]
    assert (rows[0].used, rows[0].note, [*rows[0].targets.all()]) == (
        True,
        "利用した。",
        targets()[:1],
    )
    client.post(TEXTS, {"action": f"remove:{key}"})
    assert not RegulatoryMeasure.objects.filter(pk=row.pk).exists()


# 関連する数値目標


def scheme_result(name="川崎市の事業1"):
    return SchemeResult.objects.get(name=name, evaluation__fiscal_year=2023)


def related(row):
    return [target.number for target in row.targets.order_by("number")]


def test_relation_is_chosen_and_kept_in_the_history(client, official, evaluation):
    client.force_login(official)
    client.post(SUPPORTS, full(scheme_result(), targets=[t.pk for t in targets()]))
    row = scheme_result()
    assert related(row) == [1, 2]
    client.post(SUPPORTS, full(row, targets=[]))
    assert related(scheme_result()) == []
    saved = row.history.filter(revision=row.revision).first()
    assert len(saved.targets.all()) == 2
    assert saved.history_user == official


def test_saving_without_a_change_makes_no_revision(client, official, evaluation):
    client.force_login(official)
    client.post(SUPPORTS, full(scheme_result(), targets=[targets()[0].pk]))
    revision = scheme_result().revision
    client.post(SUPPORTS, full(scheme_result(), targets=[targets()[0].pk]))
    assert scheme_result().revision == revision


def test_two_relations_of_one_row_are_a_conflict(client, official, colleague, evaluation):
    shown_result = scheme_result()
    client.force_login(colleague)
    client.post(SUPPORTS, full(shown_result, targets=[targets()[0].pk]))
    client.force_login(official)
    data = full(shown_result, targets=[targets()[1].pk], result="実績を書いた。")
    page = text_of(client.post(SUPPORTS, data))
    assert "ほかの人が先に保存しました" in page
    assert str(targets()[0]) in page
    assert (related(scheme_result()), scheme_result().result) == ([1], "")
    key = f"supports.schemeresult/{shown_result.pk}-targets"
    choice = {f"{key}-conflict": scheme_result().revision, f"{key}-keep": "typed"}
    assert client.post(SUPPORTS, data | choice).status_code == 302
    assert (related(scheme_result()), scheme_result().result) == ([2], "実績を書いた。")


def test_relation_that_only_a_colleague_changed_is_merged(client, official, colleague, evaluation):
    shown_result = scheme_result()
    client.force_login(colleague)
    client.post(SUPPORTS, full(shown_result, targets=[targets()[0].pk]))
    client.force_login(official)
    assert client.post(SUPPORTS, full(shown_result, result="実績を書いた。")).status_code == 302
    assert (related(scheme_result()), scheme_result().result) == ([1], "実績を書いた。")


@pytest.mark.parametrize("chosen", ["0", "x", "999999"])
def test_target_that_is_none_of_the_plan_is_refused(client, official, evaluation, chosen):
    client.force_login(official)
    page = text_of(client.post(SUPPORTS, full(scheme_result(), targets=[chosen])))
    assert "選べないものが含まれています。選び直してください。" in page
    assert related(scheme_result()) == []


# Names of schemes


def test_official_renames_the_own_scheme(client, official, evaluation):
    client.force_login(official)
    row = SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業1")
    client.post(SUPPORTS, full(row, name="川崎市の新事業", category="loan"))
    row.refresh_from_db()
    assert (row.name, row.category) == ("川崎市の新事業", "loan")


def test_official_does_not_rename_others(client, official, evaluation):
    client.force_login(official)
    row = SchemeResult.objects.get(evaluation=evaluation, name="横浜市の事業1")
    client.post(SUPPORTS, full(row, name="横から"))
    row.refresh_from_db()
    assert row.name == "横浜市の事業1"
    assert SchemeResult.objects.filter(name="横浜市の事業1").count() == 2


def test_a_name_is_of_its_year_whatever_years_there_are(client, official, evaluation):
    """Also where the year after it is there already; the year before keeps its name."""
    row = SchemeResult.objects.get(evaluation=evaluation, name="川崎市の事業1")
    Evaluation.objects.create(zone=evaluation.zone, edition=evaluation.edition, fiscal_year=2024)
    client.force_login(official)
    client.post(SUPPORTS, full(row, name="新しい名称", category="loan"))
    row.refresh_from_db()
    assert (row.name, row.category) == ("新しい名称", "loan")
    before = row.scheme.schemeresult_set.get(evaluation__fiscal_year=2022)
    assert (before.name, before.category) == ("川崎市の事業1", "fiscal")
