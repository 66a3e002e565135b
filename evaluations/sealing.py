"""Sealing: the document itself is kept, with its SHA-256, and reads the same for ever."""

import hashlib
from typing import TYPE_CHECKING

from evaluations.form import Interpretation, UnreadableForm, compose, interpret
from evaluations.form.records import load
from evaluations.items import items_of, missing_items
from evaluations.media import Edition, as_docx, as_pdf
from evaluations.models import Evaluation, SealedFile, SealedVersion
from evaluations.models.review import FileFormat
from evaluations.permissions import SEALED
from evaluations.workflow import SubmissionState
from tokku.accounts.models import Municipality
from tokku.document import json
from tokku.document.tree import Document

if TYPE_CHECKING:  # It reads the sealed version of the year before.
    from evaluations.inspection import Inspection

WRITERS = {FileFormat.PDF: as_pdf, FileFormat.DOCX: as_docx}


def why_not_seal(evaluation: Evaluation, inspection: "Inspection") -> str:
    """Every author's submission is approved, nothing required is missing, and no finding blocks."""
    approved = evaluation.submission_set.filter(state=SubmissionState.APPROVED).values(
        "municipality"
    )
    waiting = Municipality.objects.filter(zonemunicipality__zone=evaluation.zone).exclude(
        pk__in=approved
    )
    if names := [
        municipality.name for municipality in waiting.order_by("zonemunicipality__position")
    ]:
        return f"{'、'.join(names)}の提出が承認されていないため、確定できません。"
    if missing := missing_items(items_of(evaluation)):
        return f"まだ入力されていない必須の欄が{len(missing)}件あるため、確定できません。"
    if blocking := inspection.blocking:
        return f"確認が必要な点検結果が{len(blocking)}件あるため、確定できません。"
    return ""


def seal(evaluation: Evaluation, inspection: "Inspection", *, by, reason: str) -> SealedVersion:
    """The next version of the evaluation, as it says now, with the files made of it and what was found."""
    document = compose(load(evaluation))
    written = json.write(document)
    last = evaluation.sealedversion_set.first()
    version = SealedVersion.objects.create(
        evaluation=evaluation,
        number=last.number + 1 if last else 1,
        document=written,
        sha256=_sha256(written.encode()),
        findings=inspection.recorded(),
        reason=reason,
        sealed_by=by,
    )
    for format, write in WRITERS.items():
        content = write(Edition(evaluation, document, version))
        SealedFile.objects.create(
            version=version, format=format, content=content, sha256=_sha256(content)
        )
    return version


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class BrokenSeal(ValueError):
    """What is stored is not what was sealed, or no evaluation. Says so in Japanese, and shows nothing of it."""


def standing_version(evaluation: Evaluation) -> SealedVersion | None:
    """The version that a sealed evaluation is read from, whatever has happened to the records since."""
    if evaluation.state not in SEALED:
        return None
    version = evaluation.sealedversion_set.first()
    if version:
        # For its name in a sentence, without another query.
        version.evaluation = evaluation
    return version


def read_sealed(version: SealedVersion) -> Document:
    """The document of a version. BrokenSeal when it is not the one that was sealed."""
    if _sha256(version.document.encode()) != version.sha256:
        raise BrokenSeal(f"{version}は、確定した時の内容と違います（SHA-256 が一致しません）。")
    return json.read(version.document)


def interpret_sealed(version: SealedVersion) -> Interpretation:
    """What a version says, as values. BrokenSeal when it is not what was sealed, or says nothing."""
    try:
        return interpret(read_sealed(version))
    except UnreadableForm as unreadable:
        raise BrokenSeal(f"{version}は、データとして読み取れません。{unreadable}") from unreadable


def read_file(version: SealedVersion, format: str) -> bytes:
    """A file as it was made when the version was sealed. BrokenSeal when it is not that any more.

    Of a version that was sealed before files were kept it is made now.
    """
    file = version.sealedfile_set.filter(format=format).first()
    if file is None:
        return WRITERS[format](Edition(version.evaluation, read_sealed(version), version))
    content = bytes(file.content)
    if _sha256(content) != file.sha256:
        raise BrokenSeal(f"{file}は、確定した時の内容と違います（SHA-256 が一致しません）。")
    return content
