"""`manage.py export_evaluation`: the document of an evaluation, on the screen or in a file."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluations.form import compose
from evaluations.models import SealedVersion
from evaluations.records.load import load
from evaluations.sealed.sealing import read_sealed
from tests.evaluations import campaign
from tokku.document import html, json, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("format", "writer"), [("text", text), ("html", html), ("json", json)])
def test_each_format_is_what_its_writer_makes(evaluation, format, writer, tmp_path):
    out, path = StringIO(), tmp_path / "evaluation"
    expected = writer.write(compose(load(evaluation)))

    call_command("export_evaluation", "keihin", 2023, format=format, stdout=out)
    call_command("export_evaluation", "keihin", 2023, format=format, output=path)

    assert out.getvalue() == expected
    assert path.read_bytes() == expected.encode()


def test_an_evaluation_that_is_not_there_is_reported(evaluation):
    with pytest.raises(CommandError, match="2024年度の評価書はありません"):
        call_command("export_evaluation", "keihin", 2024, format="text")


def test_a_file_that_cannot_be_written_is_reported(evaluation, tmp_path):
    with pytest.raises(CommandError, match="書き出せません"):
        call_command("export_evaluation", "keihin", 2023, format="text", output=tmp_path)


def test_pdf_is_that_of_the_page(client, official, evaluation, tmp_path):
    path = tmp_path / "evaluation.pdf"
    call_command("export_evaluation", "keihin", 2023, format="pdf", output=path)
    client.force_login(official)
    assert path.read_bytes() == client.get("/keihin/2023/evaluation.pdf").content


def test_pdf_is_not_shown_on_the_screen(evaluation):
    with pytest.raises(CommandError, match="--output"):
        call_command("export_evaluation", "keihin", 2023, format="pdf")


@pytest.mark.parametrize(("format", "reader"), [("text", text), ("json", json)])
def test_sealed_year_is_its_sealed_version(secretariat, format, reader):
    evaluation = campaign.sealed_year(secretariat)
    evaluation.edition.overview = "後から変わった概要"
    evaluation.edition.save()
    out = StringIO()
    call_command("export_evaluation", "keihin", 2023, format=format, stdout=out)
    assert reader.read(out.getvalue()) == read_sealed(SealedVersion.objects.get())


def test_broken_seal_is_reported(secretariat):
    campaign.sealed_year(secretariat)
    SealedVersion.objects.update(sha256="0" * 64)
    with pytest.raises(CommandError, match="SHA-256 が一致しません"):
        call_command("export_evaluation", "keihin", 2023, format="text")
