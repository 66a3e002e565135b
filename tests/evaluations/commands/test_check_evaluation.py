"""`manage.py check_evaluation`: what is found, for people and for programs, and whether something blocks."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluations import moves
from evaluations.management.commands.check_evaluation import HELP
from evaluations.models import SealedVersion
from tests import factories
from tests.evaluations import campaign
from tests.evaluations.planted import DOUBTFUL, WRONG, findings_of, rewrite
from tests.worlds import world

pytestmark = pytest.mark.usefixtures("planted")


def check(*arguments):
    """What it writes and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("check_evaluation", *arguments, stdout=out)
    except SystemExit as exit:
        status = exit.code
    return out.getvalue(), status


@world
def year(secretariat):
    return campaign.approved_year(secretariat)


def test_sound_evaluation_ends_with_0(year):
    assert check("keihin", "2023") == (
        f"{year}：確認が必要 0件、注意 0件、参考 0件（ほかに確認済み 0件）\n",
        0,
    )


def test_finding_that_blocks_ends_with_1_until_it_is_set_aside(year, secretariat):
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    output = f"""\
[確認が必要] 取組・成果「川崎市の取組」　内容（川崎市）「{WRONG}」
    {WRONG}があります。直してください。
"""
    out, status = check("keihin", "2023")
    assert output in out
    assert status == 1
    (finding,) = findings_of(secretariat, year)
    finding.set_aside(year, reason="原本\nどおり", by=secretariat)
    out, status = check("keihin", "2023")
    assert f"{output}    確認済み：原本 どおり（secretariatさん）\n" in out
    assert "確認が必要 0件、注意 0件、参考 0件（ほかに確認済み 1件）" in out
    assert status == 0


def test_others_do_not_block(year):
    rewrite(year, "川崎市の成果", f"川崎市の{DOUBTFUL}成果")
    assert check("keihin", "2023")[1] == 0


def test_json_is_what_its_help_says(year, secretariat):
    rewrite(year, "川崎市の成果", f"川崎市の{WRONG}成果")
    rewrite(year, "総合評価の文", "実績値は8件")
    out, status = check("keihin", "2023", "--format", "json")
    report = json.loads(out)
    assert status == 1
    assert (report["zone"], report["fiscal_year"], report["state"]) == ("keihin", 2023, "open")
    assert (report["version"], report["blocking"]) == (None, 2)
    assert report["findings"] == [
        {
            "check": "tests.wrong",
            "check_label": "誤りの印",
            "level": "blocking",
            "level_label": "確認が必要",
            "record": "achievement/1/3",
            "field": "text",
            "place": "取組・成果「川崎市の取組」　内容",
            "municipalities": ["川崎市"],
            "text": f"川崎市の{WRONG}成果",
            "words": WRONG,
            "found": "",
            "expected": "",
            "why": f"{WRONG}があります。直してください。",
            "waived": None,
        },
        {
            "check": "tests.actual",
            "check_label": "文中の実績値",
            "level": "blocking",
            "level_label": "確認が必要",
            "record": "evaluation",
            "field": "overall",
            "place": "評価書の本文　総合評価",
            "municipalities": [],
            "text": "実績値は8件",
            "words": "8件",
            "found": "8件",
            "expected": "15件",
            "why": "実績値が違います。直してください。",
            "waived": None,
        },
    ]
    for name in [*report, *report["findings"][0]]:
        assert name in HELP
    findings_of(secretariat, year)[0].set_aside(year, reason="確認した", by=secretariat)
    waived = json.loads(check("keihin", "2023", "--format", "json")[0])["findings"][0]["waived"]
    assert waived.keys() == {"reason", "by", "at"}


def test_sealed_year_tells_its_record(year, secretariat):
    row = rewrite(year, "川崎市の成果", f"川崎市の{DOUBTFUL}成果")
    moves.move(year, "seal", by=secretariat)
    row.text = f"{WRONG}"
    row.save()
    out, status = check("keihin", "2023")
    assert "第1版：確認が必要 0件、注意 1件、参考 0件" in out
    assert f"「{DOUBTFUL}」" in out
    assert WRONG not in out
    assert status == 0
    report = json.loads(check("keihin", "2023", "--format", "json")[0])
    assert report["version"] == 1
    assert report["findings"] == SealedVersion.objects.get().findings


def test_last_year_that_cannot_be_read_is_reported(year, secretariat):
    moves.move(year, "seal", by=secretariat)
    factories.evaluation(factories.contents(fiscal_year=2024))
    assert json.loads(check("keihin", "2024", "--format", "json")[0])["not_compared"] == ""
    SealedVersion.objects.update(contents="", contents_sha256="")
    sentence = "令和5年度 第1版は、データとして読み取れません。"
    assert sentence in check("keihin", "2024")[0]
    assert sentence in json.loads(check("keihin", "2024", "--format", "json")[0])["not_compared"]


@pytest.mark.parametrize("arguments", [("keihin", "2024"), ("elsewhere", "2023")])
def test_evaluation_that_is_not_there_ends_with_2(year, arguments):
    with pytest.raises(CommandError, match="年度の評価書はありません。") as error:
        check(*arguments)
    assert error.value.returncode == 2


def test_version_without_a_record_ends_with_2(year, secretariat):
    moves.move(year, "seal", by=secretariat)
    SealedVersion.objects.update(findings=None)
    with pytest.raises(CommandError, match="記録する前に確定されました") as error:
        check("keihin", "2023")
    assert error.value.returncode == 2
