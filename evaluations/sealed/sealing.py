"""Sealing: the document and the contents of an evaluation are stored, each with its SHA-256, and verified when read."""

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
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
    """Create the next sealed version of the evaluation from `contents`, with its files and the findings of the day."""
    sealed = with_progress(contents)
    document = compose(sealed.contents)
    document_json, contents_json = json.write(document), sealed_contents.write(sealed)
    last_version = evaluation.sealedversion_set.first()
    version = SealedVersion.objects.create(
        evaluation=evaluation,
        number=last_version.number + 1 if last_version else 1,
        document=document_json,
        sha256=_sha256(document_json.encode()),
        contents=contents_json,
        contents_sha256=_sha256(contents_json.encode()),
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
    """A stored version is not as it was sealed, or cannot be read. The message is in Japanese, without any contents.

    `evidence`, for the log, says by which digests.
    """

    def __init__(self, message: str, evidence: str = "") -> None:
        super().__init__(message)
        self.evidence = evidence


def standing_version(evaluation: Evaluation) -> SealedVersion | None:
    """The newest version of an evaluation that is sealed now, to be read instead of the records; else None."""
    if evaluation.state not in SEALED:
        return None
    version = evaluation.sealedversion_set.first()
    if version:
        # For its name in messages, without another query.
        version.evaluation = evaluation
    return version


def read_sealed(version: SealedVersion) -> Document:
    """The document of a version. Raises BrokenSeal when it is not as it was sealed."""
    _verify(version, version.document.encode(), version.sha256)
    return json.read(version.document)


def read_contents(version: SealedVersion) -> SealedContents:
    """The contents of a version. Raises BrokenSeal when they are not as sealed, or were not stored as data."""
    _verify(version, version.document.encode(), version.sha256)
    if not version.contents:
        raise BrokenSeal(
            f"{version}は、データとして読み取れません。内容をデータで残す前に確定した版で、"
            "文書から内容を読み取れませんでした。"
        )
    return _read_kept_contents(version)


def _read_kept_contents(version: SealedVersion) -> SealedContents:
    _verify(version, version.contents.encode(), version.contents_sha256)
    try:
        return _parsed(version.contents)
    except UnreadableContents as unreadable:
        raise BrokenSeal(f"{version}は、データとして読み取れません。{unreadable}") from unreadable


@lru_cache(maxsize=16)
def _parsed(contents: str) -> SealedContents:
    """The same value for the same text: pages compare with last year's again and again."""
    return sealed_contents.read(contents)


def _verify(sealed: SealedVersion | SealedFile, content: bytes, sha256: str) -> None:
    actual = _sha256(content)
    if actual != sha256:
        raise BrokenSeal(
            f"{sealed}は、確定した時の内容と違います（SHA-256 が一致しません）。",
            f"{sealed._meta.label} {sealed.pk}: {len(content)} bytes, sealed as {sha256}, now {actual}",
        )


def read_file(version: SealedVersion, format: str) -> bytes:
    """A file as it was made when the version was sealed. Raises BrokenSeal when it has changed.

    For a version sealed before files were stored, it is made now.
    """
    file = version.sealedfile_set.filter(format=format).first()
    if file is None:
        return WRITERS[format](Edition(version.evaluation, read_sealed(version), version))
    content = bytes(file.content)
    _verify(file, content, file.sha256)
    return content


def find_broken_seals() -> Iterator[str]:
    """A sentence for each sealed version, or part of one, that is lost, unreadable or not as it was sealed."""
    for evaluation in Evaluation.objects.select_related("zone").order_by("zone", "fiscal_year"):
        numbers = {*evaluation.sealedversion_set.values_list("number", flat=True)}
        if not numbers and evaluation.state in SEALED:
            yield f"{evaluation}は確定していますが、確定版がありません。"
        for number in range(1, max(numbers, default=0) + 1):
            if number in numbers:  # read one by one, as documents and files are large
                version = evaluation.sealedversion_set.defer("findings").get(number=number)
                version.evaluation = evaluation
                yield from _find_broken_parts(version)
            else:
                yield f"{evaluation} 第{number}版がありません。"


def _find_broken_parts(version: SealedVersion) -> Iterator[str]:
    readers: dict[str, Callable[[], Any]] = {"文書": lambda: read_sealed(version)}
    if version.contents:
        readers["内容のデータ"] = lambda: _read_kept_contents(version)
    formats = {*version.sealedfile_set.values_list("format", flat=True)}
    for format in FileFormat:
        if format in formats:
            readers[format.label] = partial(read_file, version, format)
        elif formats:  # Versions that were sealed before files were kept have none.
            yield f"{format.label}：{version}のファイルがありません。"
    for part, read in readers.items():
        try:
            read()
        except BrokenSeal as broken:
            yield f"{part}：{broken}"
        except ValueError as unreadable:
            yield f"{part}：{version}を読み取れません。{unreadable}"
