"""`manage.py open_year`: the next year's evaluation, told first, made once."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluations.models import Evaluation, Plan
from evaluations.sample import evaluations
from tests import factories
from tests.evaluations.commands.test_import_evaluation import everything
from tests.worlds import world
from tokku.accounts.models import Role


@world
def last():
    return factories.evaluation(evaluations()[2023])


def run(fiscal_year=2024, zone="keihin", **options):
    out = StringIO()
    call_command("open_year", zone, fiscal_year, stdout=out, **options)
    return out.getvalue()


def test_evaluation_is_made_and_its_rows_listed(last):
    out = run()
    assert "解決策：3件\n  引き継ぐ：「順序」「寄与する数値目標」「内容」" in out
    assert "令和6年度の評価書を用意しました（準備中）。" in out
    assert Evaluation.objects.get(fiscal_year=2024).state == "preparing"


def test_dry_run_prints_the_same_and_makes_nothing(last):
    before = everything()
    tried = run(dry_run=True)
    assert everything() == before
    assert tried.replace("試行のため、何も作っていません。", "") == run().replace(
        "令和6年度の評価書を用意しました（準備中）。", ""
    )


def test_second_run_says_what_is_there_and_changes_nothing(last):
    run()
    before = everything()
    out = run()
    assert "令和6年度の評価書は既にあります（準備中）。何も変更していません。" in out
    assert "解決策：3件" in out
    assert everything() == before


def test_history_says_who(last, secretariat):
    run(user="secretariat")
    evaluation = Evaluation.objects.get(fiscal_year=2024)
    assert evaluation.history.get().history_user == secretariat


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"fiscal_year": 2026}, "前年度（令和7年度）の評価書がない"),
        ({"fiscal_year": 6}, "年度は西暦で指定してください"),
        ({"zone": "kansai"}, "kansai という略称の特区はありません。"),
        ({"user": "nobody"}, "利用者 nobody はいない"),
        ({"user": "kawasaki"}, "この操作は、取りまとめ担当だけができます。"),
        ({"user": "sapporo"}, "国際戦略総合特区の取りまとめ担当だけができます。"),
        ({"new_term": True}, "を含む第1期計画（令和4年度～令和8年度）が、既に登録されています。"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(last, official, options, sentence):
    factories.user("sapporo", Role.SECRETARIAT, of="札幌市")
    Plan.objects.update(term=1)
    before = everything()
    with pytest.raises(CommandError) as refused:
        run(**options)
    assert sentence in str(refused.value)
    assert everything() == before


def test_plan_that_is_over_wants_a_new_term(last):
    last.fiscal_year = 2026
    last.save()
    with pytest.raises(CommandError, match="--new-term を付けてください"):
        run(2027)
    assert "総合特区計画：1件" in run(2027, new_term=True)
    assert Plan.objects.count() == 2
