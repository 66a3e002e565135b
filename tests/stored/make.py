"""Makes the stored database evaluations_0006: `python -m tests.stored.make PUBLISHED_TEXT`.

It runs on the code of the state it was made with (the last migration is evaluations 0006) and on no
other: it stays as the record of how the files came about. They are never made anew.
"""

import json
import lzma
import os
import subprocess
import sys
import tempfile
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import django

from tests.postgres import throw_away_server

FOLDER = Path(__file__).parent
NAME = "evaluations_0006"
ROWS = "rows.json"
# Without histories, which m2m relations would otherwise write a second time.
LOAD = """
from django.conf import settings
from django.core.management import call_command
settings.SIMPLE_HISTORY_ENABLED = False
call_command("flush", interactive=False)
call_command("loaddata", {path!r}, verbosity=0)
"""


def main(published: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'filled.sqlite3'}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tokku.settings")
        django.setup()
        fill(published)
        store_sqlite(folder)
        with throw_away_server() as url:
            store_postgres(url, folder / ROWS)


def store_sqlite(folder: Path) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests.stored.reading import APPS, read

    call_command("dumpdata", *APPS, output=folder / ROWS)
    packed = folder / "packed.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(packed)])
    (FOLDER / f"{NAME}.sqlite.xz").write_bytes(compress(packed.read_bytes()))
    expected = json.dumps(read(), ensure_ascii=False, indent=1)
    (FOLDER / f"{NAME}.json").write_text(expected + "\n")


def store_postgres(url: str, rows: Path) -> None:
    environment = os.environ | {"DATABASE_URL": url}
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", LOAD.format(path=str(rows))]):
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
    dump = ["pg_dump", "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges", url]
    written = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    # What only psql or only this version of the server knows.
    kept = [line for line in written.splitlines() if not line.startswith(("\\", "SET ", "--"))]
    (FOLDER / f"{NAME}.sql.xz").write_bytes(compress("\n".join(kept).encode()))


def compress(content: bytes) -> bytes:
    return lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)


def fill(published: Path) -> None:
    """The sample and the published evaluation, with everything that people do in a year."""
    from django.core.management import call_command

    from tokku.accounts.models import User

    call_command("migrate", verbosity=0)
    call_command("load_sample", stdout=StringIO())
    forget_files("keihin", 2022)
    people = {person.username: person for person in User.objects.all()}
    seal_again(people["secretariat"])
    review_open_year(people)
    rename_scheme(people["kanagawa"])
    remind()
    seal_published(published, people)
    call_command("open_year", "published", 2024, user="secretariat", stdout=StringIO())


def forget_files(zone: str, year: int) -> None:
    """As a version that was sealed before files and findings were kept."""
    from evaluations.models import SealedFile, SealedVersion

    SealedFile.objects.filter(version__evaluation=find(zone, year)).delete()
    SealedVersion.objects.filter(evaluation=find(zone, year)).update(findings=None)


def seal_again(secretariat) -> None:
    from tests.evaluations.campaign import set_aside

    evaluation = find("keihin", 2023)
    evaluation.move("reopen", by=secretariat, reason="総合評価の記載を補うため")
    rewrite(evaluation, "overall", f"{evaluation.overall}\n関連する資料は○○件。", by=secretariat)
    set_aside(evaluation, secretariat)
    evaluation.move("seal", by=secretariat, reason="補った内容で部長決裁")
    evaluation.move("send", by=secretariat, sent_on=date(2024, 8, 1), reason="")


def review_open_year(people) -> None:
    """One municipality is approved, one has not finished, and one has its work back.

    That has a remark answered and one open, a finding set aside and one whose text has changed since.
    """
    from evaluations.inspection import inspect
    from evaluations.items import items_of
    from evaluations.models import Remark
    from evaluations.permissions import Reach
    from tests.evaluations.campaign import hand_in

    evaluation, secretariat = find("keihin", 2024), people["secretariat"]
    kanagawa = people["kanagawa"]
    items = items_of(evaluation, kanagawa.municipality_id)
    first, second = [one for one in items if one.field == "result"][:2]
    for item in (first, second):
        rewrite(item.row, "result", "交付先（製造業の3件。", by=kanagawa)
    submission = hand_in(evaluation, kanagawa)
    for item, words in ((first, "件数の出典を書いてください。"), (second, "前年度との違いは。")):
        record = item.key.removesuffix(f"/{item.field}")
        remark = Remark(submission=submission, record=record, field=item.field, text=words)
        remark.written_by = remark._history_user = secretariat
        remark.save()
    for one in inspect(Reach(kanagawa, evaluation)).open:
        one.set_aside(evaluation, reason="内容を確かめた。", by=secretariat)
    submission.move("return", by=secretariat, reason="指摘に回答してください。")
    Remark.objects.earliest("pk").reply("出典を書き足しました。", by=kanagawa)
    rewrite(first.row, "result", "交付先（製造業）の3件。", by=kanagawa)
    hand_in(evaluation, people["yokohama"]).move("approve", by=secretariat)


def rename_scheme(official) -> None:
    from supports.models import Scheme

    scheme = Scheme.objects.filter(schemeresult__evaluation__fiscal_year=2023).earliest("pk")
    rewrite(scheme, "name", f"{scheme.name}（改称後）", by=official)


def remind() -> None:
    from django.test import override_settings

    from evaluations.models import Reminder
    from evaluations.reminders import send_reminders

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        send_reminders()
    assert Reminder.objects.exists()


def seal_published(path: Path, people) -> None:
    """The published evaluation in masked words, as a zone of its own: opened, handed in, sealed, sent, marked."""
    from evaluations.form import interpret
    from evaluations.form.store import store
    from tests.evaluations.campaign import fill, hand_in, set_aside
    from tokku.document import text

    contents = masked(interpret(text.read(path.read_text(encoding="utf-8"))).contents)
    # The sample's zone is the same one, and a name is one zone's.
    zone = replace(contents.zone, name=f"{contents.zone.name}（公表）")
    contents = replace(contents, zone=zone)
    evaluation, _ = store(contents, "published", reason="公表された評価書の数値")
    secretariat = people["secretariat"]
    evaluation.move("open", by=secretariat)
    fill(evaluation)
    for name in ("kanagawa", "yokohama", "kawasaki"):
        hand_in(evaluation, people[name]).move("approve", by=secretariat)
    evaluation.refresh_from_db()
    set_aside(evaluation, secretariat)
    evaluation.move("seal", by=secretariat, reason="部長決裁")
    evaluation.move("send", by=secretariat, sent_on=date(2024, 7, 1), reason="")
    evaluation.score, evaluation.remarks = Decimal("4.6"), "評価の所見。"
    evaluation._history_user = secretariat
    evaluation.save()


def find(zone: str, year: int):
    from evaluations.management.lookup import find_evaluation

    return find_evaluation(zone, year)


def rewrite(row, field: str, words: str, *, by) -> None:
    setattr(row, field, words)
    row._history_user = by
    row.save()


def masked(value: Any, name: str = "") -> Any:
    """Contents with every letter of their prose replaced; figures, marks, lines and names stay."""
    if is_dataclass(value):
        return replace(
            value, **{one.name: masked(getattr(value, one.name), one.name) for one in fields(value)}
        )
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(masked(one, name) for one in value)
    return mask(value) if name in prose_fields() else value


def prose_fields() -> set[str]:
    from django.apps import apps

    from tokku.fields import ProseField

    prose = {
        field.name
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ProseField)
    }
    # What was done is named by whole sentences.
    return prose | {"heading"}


def mask(words: str) -> str:
    if words == "該当なし":
        return words
    return "".join("文" if letter.isalpha() else letter for letter in words)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
