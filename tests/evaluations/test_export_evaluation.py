"""`manage.py export_evaluation`: the document of an evaluation, on the screen or in a file."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluations.form import compose
from evaluations.form.records import load
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


def test_an_evaluation_that_is_not_there_is_told(evaluation):
    with pytest.raises(CommandError, match="2024年度の評価書はありません"):
        call_command("export_evaluation", "keihin", 2024, format="text")


def test_a_file_that_cannot_be_written_is_told(evaluation, tmp_path):
    with pytest.raises(CommandError, match="書き出せません"):
        call_command("export_evaluation", "keihin", 2023, format="text", output=tmp_path)
