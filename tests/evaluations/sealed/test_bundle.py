"""The bundle for the Cabinet Office: every format of a sealed version, its receipt and the checksums."""

import hashlib
import subprocess
import zipfile
from io import BytesIO
from urllib.parse import unquote

import pytest

from evaluations import moves
from evaluations.models import Achievement, SealedFile
from evaluations.sealed.sealing import BrokenSeal, read_file, read_sealed
from tests.evaluations import campaign
from tests.worlds import world
from tokku.document import docx, json, text

URL = "/keihin/2023/bundle.zip"


@world
def year(secretariat):
    return campaign.sealed_year(secretariat)


def unpacked(client, person):
    client.force_login(person)
    response = client.get(URL)
    assert response.status_code == 200
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        return {member.filename: archive.read(member) for member in archive.infolist()}


def only(files, suffix):
    (content,) = (
        file_content for name, file_content in files.items() if name.endswith(f"版.{suffix}")
    )
    return content


def words_of_pdf(content):
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return "".join(run.stdout.decode().split())


def test_every_format_is_the_sealed_document(client, reader, year):
    files = unpacked(client, reader)
    document = read_sealed(year.sealedversion_set.get())
    assert docx.read(only(files, "docx")).document == document
    assert json.read(only(files, "json").decode()) == document
    assert text.read(only(files, "txt").decode()) == document
    assert "総合特別区域評価書" in words_of_pdf(only(files, "pdf"))


def test_sums_are_those_of_the_files(client, reader, year):
    files = unpacked(client, reader)
    lines = files.pop("SHA256SUMS.txt").decode().splitlines()
    assert dict(line.split("  ")[::-1] for line in lines) == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }


def test_receipt_lists_each_hand_in_and_approval(client, reader, secretariat, year):
    receipt = words_of_pdf(unpacked(client, reader)["提出記録.pdf"])
    version = year.sealedversion_set.get()
    assert version.sha256 in receipt
    for name in campaign.AUTHORS:
        assert receipt.count(name) >= 2
    assert str(secretariat) in receipt
    assert "第1版" in receipt


def test_bundle_is_the_same_every_time(client, reader, year):
    client.force_login(reader)
    assert client.get(URL).content == client.get(URL).content


def test_files_are_those_made_at_sealing(client, reader, year):
    """Even when records have changed since, or files would be made differently now."""
    client.force_login(reader)
    before = client.get(URL).content
    Achievement.objects.update(text="後から変わった")
    assert client.get(URL).content == before
    for format in ("pdf", "docx"):
        content = f"made as {format} then".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        SealedFile.objects.filter(format=format).update(content=content, sha256=sha256)
        assert client.get(f"/keihin/2023/evaluation.{format}").content == content
        assert only(unpacked(client, reader), format) == content


def test_draft_has_no_bundle(client, secretariat, year):
    moves.move(year, "reopen", by=secretariat, reason="訂正")
    client.force_login(secretariat)
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("url", [URL, "/keihin/2023/evaluation.pdf"])
def test_file_that_was_tampered_with_is_not_given(client, reader, year, url):
    SealedFile.objects.filter(format="pdf").update(content=b"%PDF-forged")
    client.force_login(reader)
    response = client.get(url)
    assert response.status_code == 500
    assert "確定した時の内容と違います" in response.content.decode()
    with pytest.raises(BrokenSeal):
        read_file(year.sealedversion_set.get(), "pdf")


def test_version_from_before_files_were_kept_has_them_made(client, reader, year):
    SealedFile.objects.all().delete()
    files = unpacked(client, reader)
    assert docx.read(only(files, "docx")).document == read_sealed(year.sealedversion_set.get())


def test_file_names_are_valid_on_windows(client, reader, year):
    year.zone.name = 'A/B\\C:"特区"<1>|?*'
    year.zone.save()
    SealedFile.objects.all().delete()
    client.force_login(reader)
    moves.move(year, "reopen", by=year.sealedversion_set.get().sealed_by, reason="名称の変更")
    name = client.get("/keihin/2023/evaluation.pdf")["Content-Disposition"]
    assert unquote(name).endswith("A／B￥C：”特区”＜1＞｜？＊ 評価書（案）.pdf")
