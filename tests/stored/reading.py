"""The contents of a database as plain data: for the expected file beside a stored one, and for the test that compares.

Rows are a digest of each column, so that no change goes unnoticed; what people and other systems get is
there in its words and figures.
"""

import csv
import hashlib
import json
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from evaluations.entry.scope import EntryScope
from evaluations.entry.word.changes import read_word_file
from evaluations.entry.word.proposals import proposals
from evaluations.entry.workbook.importing import import_workbook
from evaluations.entry.workbook.upload import read_workbook
from evaluations.form import UnreadableForm, compose
from evaluations.inspection import inspect
from evaluations.models import Evaluation, SealedVersion, StatusChange, Zone
from evaluations.permissions import Access
from evaluations.records.load import load
from evaluations.sealed.open_data import TABLES, as_csv
from evaluations.sealed.sealing import read_file, read_sealed
from supports.models import Scheme, SchemeResult
from tokku.accounts.models import User
from tokku.document import text
from tokku.figures import Figure

STORED = Path(__file__).parent
EDITED = "保管した後に直した文。"
APPS = ("accounts", "evaluations", "supports")
PAGES = ("evaluation-form", "figures", "checks", "log", "remarks", "versions", "evaluation-pdf")


def read() -> dict[str, Any]:
    evaluations = Evaluation.objects.select_related("zone", "edition__plan").order_by(
        "zone", "fiscal_year"
    )
    versions = SealedVersion.objects.select_related("evaluation__zone").order_by("pk")
    return {
        "tables": dict(_tables()),
        "waivers": {
            _name(evaluation): list(_waivers(evaluation))
            for evaluation in evaluations.filter(waiver__isnull=False).distinct()
        },
        "documents": {
            _name(evaluation): _document(evaluation).splitlines() for evaluation in evaluations
        },
        "versions": {
            f"{_name(version.evaluation)}/{version.number}": _version(version)
            for version in versions
        },
        "open data": dict(_open_data(Zone.objects.order_by("slug"))),
    }


def _name(evaluation) -> str:
    return f"{evaluation.zone.slug}/{evaluation.fiscal_year}"


def _tables():
    """How many rows each table has, histories too, and a digest of each of its columns."""
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            rows = model.objects.order_by("pk")
            columns = [field.attname for field in model._meta.concrete_fields]
            digests = {name: _digest(rows.values_list(name, flat=True)) for name in columns}
            yield model._meta.label_lower, {"rows": rows.count()} | digests


def _digest(values) -> str:
    serializable = list(map(_serializable, values))
    # PostgreSQL keeps the names of a JSON object in an order of its own.
    written = json.dumps(serializable, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return _sha256(written.encode())[:16]


def _serializable(value):
    match value:
        case bytes() | memoryview():
            return bytes(value).hex()
        case Figure():  # was a number of four decimals
            return f"{value.number:.4f}"
    return value


def _waivers(evaluation):
    """The key of each waiver, and whether it still sets a finding aside."""
    lapsed = inspect(Access(User.objects.get(username="secretariat"), evaluation)).lapsed
    for waiver in evaluation.waiver_set.order_by("pk"):
        state = "lapsed" if waiver in lapsed else "standing"
        yield [waiver.check_name, waiver.row, waiver.field, waiver.digest, state]


def _document(evaluation) -> str:
    return text.write(compose(load(evaluation)))


def _version(version) -> dict[str, str]:
    """The digests of what is kept of a version. BrokenSeal when it is not what was sealed."""
    written = {
        "json": version.document.encode(),
        "text": text.write(read_sealed(version)).encode(),
    }
    for file in version.sealedfile_set.order_by("format"):
        written[file.format] = read_file(version, file.format)
    return {format: _sha256(content) for format, content in written.items()}


def _open_data(zones):
    """The rows of each table, the names of its columns first."""
    for zone in zones:
        for table in TABLES:
            content = as_csv(table, zone).decode("utf-8-sig")
            yield f"{zone.slug}/{table.name}", list(csv.reader(StringIO(content)))


def answers():
    """Address and status of the pages of every year, for somebody who may read them all."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="secretariat"))
    for evaluation in Evaluation.objects.select_related("zone"):
        year = [evaluation.zone.slug, evaluation.fiscal_year]
        addresses = [reverse(f"evaluations:{page}", args=year) for page in PAGES]
        for version in evaluation.sealedversion_set.all():
            addresses.append(reverse("evaluations:version", args=[*year, version.number]))
        for address in addresses:
            yield address, client.get(address).status_code


def returned(state: str) -> dict[str, Any]:
    """What is read of the workbook and the Word file that were handed out before the upgrade: unedited, and edited."""
    evaluation = Evaluation.objects.select_related("zone", "edition__plan").get(
        zone__slug="keihin", fiscal_year=2024
    )
    person = User.objects.get(username="secretariat")
    scope, access = EntryScope(person, evaluation), Access(person, evaluation)
    book, paper = (STORED / f"{state}.{suffix}" for suffix in ("xlsx", "docx"))
    return {
        "workbook": _lines_of(scope, book.read_bytes()),
        "edited workbook": _lines_of(scope, _edited_book(book)),
        "word": _proposed(access, paper.read_bytes()),
        "edited word": _proposed(access, _edited_paper(paper)),
    }


def _lines_of(scope, content: bytes) -> dict[str, Any]:
    returned_book = read_workbook(scope, content)
    outcome = import_workbook(scope, returned_book)
    changed = [
        [line.label, change.new] for line in outcome.intended_lines for change in line.changes
    ]
    return {"is known": returned_book.origin.is_known, "changed": changed}


def _proposed(access, content: bytes) -> dict[str, Any]:
    try:
        edited = read_word_file(access, content)
    except UnreadableForm as unreadable:
        return {"refused": [str(problem) for problem in unreadable.problems]}
    changed = [
        [proposal.label, proposal.difference.new] for proposal in proposals(access, edited.typed)
    ]
    return {"notices": edited.notices, "changed": changed}


def _edited_book(path: Path) -> bytes:
    """The workbook with another 総合評価, whose code was 本文 12 when it was made."""
    book = load_workbook(path)
    sheet = book["本文"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    line = next(row for row in sheet.iter_rows() if row[0].value == "本文 12")
    sheet.cell(line[0].row, columns["本年度の内容"]).value = EDITED
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _edited_paper(path: Path) -> bytes:
    document = Document(path)
    position = next(
        n
        for n, paragraph in enumerate(document.paragraphs)
        if paragraph.text.endswith("本年度の評価に際して考慮すべき事項")
    )
    document.paragraphs[position + 1].text = EDITED
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def schemes() -> dict[str, list]:
    """What each row of 別紙3 and each version of it says, what schemes were called before, and what was handed in."""
    version = SchemeResult.history.model
    return {
        "rows": [_with_owners(row, row.municipalities.all()) for row in SchemeResult.objects.all()],
        "versions": [
            _with_owners(row, [owner.municipality for owner in row.municipalities.all()])
            for row in version.objects.order_by("history_id")
        ],
        "words": list(
            Scheme.history.order_by("history_id").values_list("history_id", "history_change_reason")
        ),
        "snapshots": list(StatusChange.objects.order_by("pk").values_list("pk", "snapshot")),
    }


def _with_owners(row, owners) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return values | {"owners": sorted(owner.name for owner in owners)}


def migrate_and_print(state: str) -> None:
    """To be run by `manage.py shell` on the database of DATABASE_URL."""
    call_command("makemigrations", check=True, dry_run=True, stdout=sys.stderr)
    # Nobody becomes an administrator by an upgrade: the column had no meaning before there were administrators.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET is_superuser = %s", [True])
    call_command("migrate", stdout=sys.stderr)
    state_data = read() | {
        "pages": dict(answers()),
        "returned": returned(state),
        "schemes": schemes(),
    }
    json.dump(state_data, sys.stdout, ensure_ascii=False, cls=DjangoJSONEncoder)
