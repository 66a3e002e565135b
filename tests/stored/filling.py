"""Fill the database evaluations_0006. For `make.py`, on the code of that state alone."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.test import override_settings

from evaluations.form import interpret
from evaluations.inspection import inspect
from evaluations.management.lookup import find_evaluation
from evaluations.models import Remark, Reminder, SealedFile, SealedVersion
from evaluations.notices.reminders import send_reminders
from evaluations.permissions import Access
from evaluations.records.store import store
from supports.models import Scheme
from tests.evaluations import campaign
from tests.evaluations.campaign import items_of
from tokku.accounts.models import User
from tokku.document import text
from tokku.fields import ProseField


def fill(published: str) -> None:
    """The sample and the published evaluation, with everything that people do in a year."""
    call_command("load_sample", stdout=StringIO())
    forget_files("keihin", 2022)
    people = {person.username: person for person in User.objects.all()}
    seal_again(people["secretariat"])
    review_open_year(people)
    rename_scheme(people["kanagawa"])
    remind()
    seal_published(Path(published), people)
    call_command("open_year", "published", 2024, user="secretariat", stdout=StringIO())


def forget_files(zone: str, year: int) -> None:
    """Make the sealed version one from before files and findings were kept."""
    SealedFile.objects.filter(version__evaluation=find_evaluation(zone, year)).delete()
    SealedVersion.objects.filter(evaluation=find_evaluation(zone, year)).update(findings=None)


def seal_again(secretariat) -> None:
    evaluation = find_evaluation("keihin", 2023)
    evaluation.move("reopen", by=secretariat, reason="総合評価の記載を補うため")
    rewrite(evaluation, "overall", f"{evaluation.overall}\n関連する資料は○○件。", by=secretariat)
    campaign.set_aside(evaluation, secretariat)
    evaluation.move("seal", by=secretariat, reason="補った内容で部長決裁")
    evaluation.move("send", by=secretariat, sent_on=date(2024, 8, 1), reason="")


def review_open_year(people) -> None:
    """One municipality is approved, one has not finished, and one has its work back.

    That has a remark answered and one open, a finding set aside and one whose text has changed since.
    """
    evaluation, secretariat = find_evaluation("keihin", 2024), people["secretariat"]
    kanagawa = people["kanagawa"]
    items = items_of(evaluation, kanagawa.municipality_id)
    first, second = [item for item in items if item.field == "result"][:2]
    for item in (first, second):
        rewrite(item.row, "result", "交付先（製造業の3件。", by=kanagawa)
    submission = campaign.hand_in(evaluation, kanagawa)
    for item, words in ((first, "件数の出典を書いてください。"), (second, "前年度との違いは。")):
        record = item.key.removesuffix(f"/{item.field}")
        remark = Remark(submission=submission, record=record, field=item.field, text=words)
        remark.written_by = remark._history_user = secretariat
        remark.save()
    for finding in inspect(Access(kanagawa, evaluation)).open_findings:
        finding.set_aside(evaluation, reason="内容を確かめた。", by=secretariat)
    submission.move("return", by=secretariat, reason="指摘に回答してください。")
    Remark.objects.earliest("pk").reply("出典を書き足しました。", by=kanagawa)
    rewrite(first.row, "result", "交付先（製造業）の3件。", by=kanagawa)
    campaign.hand_in(evaluation, people["yokohama"]).move("approve", by=secretariat)


def rename_scheme(official) -> None:
    scheme = Scheme.objects.filter(schemeresult__evaluation__fiscal_year=2023).earliest("pk")
    rewrite(scheme, "name", f"{scheme.name}（改称後）", by=official)


def remind() -> None:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        send_reminders()
    assert Reminder.objects.exists()


def seal_published(path: Path, people) -> None:
    """The published evaluation in masked words, as a zone of its own: opened, handed in, sealed, sent, marked."""
    contents = masked(interpret(text.read(path.read_text(encoding="utf-8"))).contents)
    # The sample's zone is the same one, and a name is one zone's.
    zone = replace(contents.zone, name=f"{contents.zone.name}（公表）")
    contents = replace(contents, zone=zone)
    evaluation, _ = store(contents, "published", reason="公表された評価書の数値")
    secretariat = people["secretariat"]
    evaluation.move("open", by=secretariat)
    campaign.fill(evaluation)
    for name in ("kanagawa", "yokohama", "kawasaki"):
        campaign.hand_in(evaluation, people[name]).move("approve", by=secretariat)
    evaluation.refresh_from_db()
    campaign.set_aside(evaluation, secretariat)
    evaluation.move("seal", by=secretariat, reason="部長決裁")
    evaluation.move("send", by=secretariat, sent_on=date(2024, 7, 1), reason="")
    evaluation.score, evaluation.remarks = Decimal("4.6"), "評価の所見。"
    evaluation._history_user = secretariat
    evaluation.save()


def rewrite(row, field: str, words: str, *, by) -> None:
    setattr(row, field, words)
    row._history_user = by
    row.save()


def masked(value: Any, name: str = "") -> Any:
    """Contents with every letter of their prose replaced; figures, marks, lines and names stay."""
    if is_dataclass(value):
        return replace(
            value,
            **{part.name: masked(getattr(value, part.name), part.name) for part in fields(value)},
        )
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(masked(part, name) for part in value)
    return mask(value) if name in prose_fields() else value


@cache
def prose_fields() -> set[str]:
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
