"""Export and import in the admin: what goes out comes in unchanged, and nothing else comes in than was shown."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluations.models import Achievement, Actual, Evaluation, NumericTarget, TargetAssessment
from evaluations.models.evaluation import EvaluationQuerySet
from evaluations.sample import evaluations
from supports.models import NationalSupport, RegulatoryMeasure, Scheme, SchemeResult
from tests import factories
from tests.test_admin_access import everything, kawasaki, set_state, world
from tokku.accounts.models import Municipality
from tokku.admin.spreadsheets import SpreadsheetAdmin
from tokku.spreadsheets import delimited, files, xlsx

__all__ = ["kawasaki", "world"]

pytestmark = pytest.mark.django_db

MODELS = [
    model for model, its in admin.site._registry.items() if isinstance(its, SpreadsheetAdmin)
]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


def export(client, model, kind="csv", query=""):
    response = client.get(address(model, "export", kind) + query)
    assert response.status_code == 200
    return response.content


def sheet(client, model, query=""):
    """What the export says, to be changed: the columns, and the rows as dictionaries."""
    read = delimited.read(export(client, model, query=query))
    return [dict(zip(read.columns, line.cells, strict=True)) for line in read.lines]


def preview(client, model, rows, name="表.csv"):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [[row.get(column, "") for column in columns] for row in rows]
    return upload(client, model, files.KINDS[name.rpartition(".")[2]].write("表", columns, lines), name)


def upload(client, model, content, name="表.csv"):
    return client.post(address(model, "import"), {"sheet": SimpleUploadedFile(name, content)})


def confirm(client, model, page):
    assert page.context["seen"], sentences(page)
    return client.post(address(model, "import"), {"seen": page.context["seen"]}, follow=True)


def sentences(page):
    result = page.context.get("result")
    told = [page.context["problem"]] if page.context.get("problem") else []
    refused = result.refused if result else []
    return told + [
        f"{row.line}行目 {column}：{sentence}" for row in refused for column, sentence in row.refusals
    ]


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# What goes out comes in unchanged


@pytest.fixture
def sample(db):
    for said in evaluations().values():
        factories.evaluation(said)


@pytest.mark.parametrize("kind", files.KINDS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_an_export_comes_in_without_a_change(client, sample, secretariat, model, kind):
    client.force_login(secretariat)
    content = export(client, model, kind)
    before = everything()

    page = upload(client, model, content, f"表.{kind}")

    assert sentences(page) == []
    result = page.context["result"]
    assert (len(result.new), len(result.changed)) == (0, 0)
    assert len(result.unchanged) == model.objects.count() > 0
    assert "取り込むものはありません" in text_of(page)
    assert everything() == before
