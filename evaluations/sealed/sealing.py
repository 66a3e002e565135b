"""Sealing: the document and what it says as data are kept, each with its SHA-256, and read the same for ever."""

import hashlib
from typing import Any

from evaluations.form import compose
from evaluations.form.contents import Contents
from evaluations.models import Evaluation, SealedFile, SealedVersion
from evaluations.models.review import FileFormat
from evaluations.sealed import contents as sealed_contents
from evaluations.sealed.contents import SealedContents, UnreadableContents, with_progress
from evaluations.sealed.media import Edition, as_docx, as_pdf
from evaluations.workflow import SEALED
from tokku.document import json
from tokku.document.tree import Document

WRITERS = {FileFormat.PDF: as_pdf, FileFormat.DOCX: as_docx}


def seal(
    evaluation: Evaluation, contents: Contents, findings: list[dict[str, Any]], *, by, reason: str
) -> SealedVersion:
    """The next version of the evaluation, which says `contents` now, with the files made of it and what was found then."""
    sealed = with_progress(contents)
    document = compose(sealed.contents)
    written, data = json.write(document), sealed_contents.write(sealed)
    last = evaluation.sealedversion_set.first()
    version = SealedVersion.objects.create(
        evaluation=evaluation,
        number=last.number + 1 if last else 1,
        document=written,
        sha256=_sha256(written.encode()),
        contents=data,
        contents_sha256=_sha256(data.encode()),
        findings=findings,
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
    """What is stored is not what was sealed, or cannot be read. Says so in Japanese, and shows nothing of it."""


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
    _verify(version, version.document, version.sha256)
    return json.read(version.document)


def read_contents(version: SealedVersion) -> SealedContents:
    """What a version says, as data. BrokenSeal when it is not what was sealed, or is not kept as data."""
    _verify(version, version.document, version.sha256)
    if not version.contents:
        raise BrokenSeal(
            f"{version}は、データとして読み取れません。内容をデータで残す前に確定した版で、"
            "文書から内容を読み取れませんでした。"
        )
    _verify(version, version.contents, version.contents_sha256)
    try:
        return sealed_contents.read(version.contents)
    except UnreadableContents as unreadable:
        raise BrokenSeal(f"{version}は、データとして読み取れません。{unreadable}") from unreadable


def _verify(version: SealedVersion, text: str, sha256: str) -> None:
    if _sha256(text.encode()) != sha256:
        raise BrokenSeal(f"{version}は、確定した時の内容と違います（SHA-256 が一致しません）。")


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
