"""`manage.py verify_seals`: each version, and each part of it, that is not as it was sealed, and why."""

from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Value
from django.db.models.functions import Concat, Replace

from evaluations import moves
from evaluations.models import SealedFile, SealedVersion
from tests.evaluations import campaign
from tests.worlds import world

pytestmark = pytest.mark.postgres
CHANGED = "確定した時の内容と違います（SHA-256 が一致しません）"


@world
def year(secretariat):
    """Sealed twice."""
    year = campaign.approved_year(secretariat)
    moves.move(year, "seal", by=secretariat)
    moves.move(year, "reopen", by=secretariat, reason="訂正")
    moves.move(year, "seal", by=secretariat)
    return year


def verify():
    """What it writes, line by line, and its exit status."""
    output, status = StringIO(), 0
    try:
        call_command("verify_seals", stdout=output)
    except SystemExit as ended:
        status = ended.code
    return output.getvalue().splitlines(), status


def test_what_is_as_it_was_sealed_ends_with_0(year):
    told = "確定版2件と、そのファイル4件を検証しました。全て、確定した時のままです。"
    assert verify() == ([told], 0)


def test_no_seal_is_broken_where_there_is_none(db):
    assert verify() == (
        ["確定版0件と、そのファイル0件を検証しました。全て、確定した時のままです。"],
        0,
    )


def second():
    return SealedVersion.objects.filter(number=2)


def of_second(format):
    return SealedFile.objects.filter(version__number=2, format=format)


def reseal(field, text):
    """Put another text in place, with its own sum: only reading it tells."""
    prefix = "contents_" if field == "contents" else ""
    second().update(**{field: text, f"{prefix}sha256": sha256(text.encode()).hexdigest()})


# What happened, and what is told of it; {year} stands for the year's name.
BROKEN = {
    "document changed": (
        lambda: second().update(document=Replace("document", Value("川崎市"), Value("横浜市"))),
        [f"文書：{{year}} 第2版は、{CHANGED}。"],
    ),
    "sum changed": (
        lambda: second().update(sha256="0" * 64),
        [f"文書：{{year}} 第2版は、{CHANGED}。"],
    ),
    "document unreadable": (
        lambda: reseal("document", "{}"),
        ["文書：{year} 第2版を読み取れません。評価書の JSON として読み取れません。"],
    ),
    "contents changed": (
        lambda: second().update(contents=Concat("contents", Value(" "))),
        [f"内容のデータ：{{year}} 第2版は、{CHANGED}。"],
    ),
    "contents unreadable": (
        lambda: reseal("contents", "[]"),
        [
            "内容のデータ：{year} 第2版は、データとして読み取れません。"
            "内容のデータの形式が2ではありません（None）。"
        ],
    ),
    "files changed": (
        lambda: SealedFile.objects.filter(version__number=2).update(content=b"%PDF-1.7"),
        [f"PDF：{{year}} 第2版.pdfは、{CHANGED}。", f"Word：{{year}} 第2版.docxは、{CHANGED}。"],
    ),
    "a file lost": (
        lambda: of_second("docx").delete(),
        ["Word：{year} 第2版のファイルがありません。"],
    ),
    "a version lost": (
        lambda: delete(SealedVersion.objects.filter(number=1)),
        ["{year} 第1版がありません。"],
    ),
    "all versions lost": (
        lambda: delete(SealedVersion.objects.all()),
        ["{year}は確定していますが、確定版がありません。"],
    ),
}


def delete(versions):
    SealedFile.objects.filter(version__in=versions).delete()
    versions.delete()


@pytest.mark.parametrize("happened", BROKEN)
def test_what_is_broken_is_told_and_ends_with_1(year, happened):
    break_it, sentences = BROKEN[happened]
    break_it()
    told, status = verify()
    assert told[:-1] == [sentence.format(year=year) for sentence in sentences]
    assert told[-1].endswith("上記のものが、確定した時のままではありません。")
    assert status == 1


def test_what_an_earlier_version_of_the_program_did_not_keep_is_not_broken(year):
    SealedFile.objects.all().delete()
    SealedVersion.objects.update(contents="", contents_sha256="", findings=None)
    assert verify()[1] == 0
