"""Importing an evaluation from a file: bytes, document, contents, records. All or nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from evaluations.form import Interpretation, ReadingProblem, UnreadableForm, interpret
from evaluations.form.contents import Contents
from evaluations.models import Evaluation
from evaluations.records.authors import known_names
from evaluations.records.load import load
from evaluations.records.recognition import RecognitionAnswers
from evaluations.records.store import StoredChanges, store
from tokku.document import docx, json, text
from tokku.document.tree import Document

# A form of 20 municipalities and 200 schemes takes less than 1 MB.
LARGEST_FILE = 4 * 1024 * 1024


@dataclass
class ImportResult:
    """The outcome of an import, for the person who brought the file."""

    evaluation: Evaluation
    changes: StoredChanges
    notices: list[ReadingProblem]
    unplaced: list[ReadingProblem]


class SourceFile(NamedTuple):
    """A file as it was read. Only a Word file has `notices` on other content, and `places`: names for its lines."""

    document: Document
    notices: list[str]
    places: list[str]


def import_file(
    path: Path,
    slug: str,
    *,
    answers: RecognitionAnswers | None = None,
    takes_corrections: bool = False,
    dry_run: bool = False,
) -> ImportResult:
    """Read an evaluation from a text (UTF-8 or CP932), JSON or Word file into the records of a zone.

    Raises UnreadableForm, with a sentence for each problem, or UnansweredQuestions, with the questions that `answers`
    do not answer; nothing is changed then.
    """
    source = read_source(path)
    try:
        interpretation = interpret(source.document, known_names(slug))
        with transaction.atomic():
            evaluation, changes = store(
                interpretation.contents,
                slug,
                # The column of history holds 100 characters.
                reason=f"{path.name[:80]} から取込み",
                lines=interpretation.municipality_lines,
                answers=answers,
                takes_corrections=takes_corrections,
            )
            notices = interpretation.notices + differing_figures(interpretation, load(evaluation))
            if dry_run:
                transaction.set_rollback(True)
    except UnreadableForm as unreadable:
        raise UnreadableForm(
            problem.placed(source.places) for problem in unreadable.problems
        ) from unreadable
    return ImportResult(
        evaluation,
        changes,
        [ReadingProblem(None, notice) for notice in source.notices]
        + [problem.placed(source.places) for problem in notices],
        [problem.placed(source.places) for problem in interpretation.unplaced],
    )


def stored_evaluation(path: Path, slug: str) -> Evaluation | None:
    """The zone's evaluation of the file's year; None when there is none yet. Raises UnreadableForm as `import_file`."""
    source = read_source(path)
    try:
        year = interpret(source.document).contents.fiscal_year
    except UnreadableForm as unreadable:
        raise UnreadableForm(
            problem.placed(source.places) for problem in unreadable.problems
        ) from unreadable
    evaluations = Evaluation.objects.select_related("zone", "edition__plan")
    return evaluations.filter(zone__slug=slug, fiscal_year=year).first()


def read_source(path: Path) -> SourceFile:
    """The document in a file. Raises UnreadableForm when it cannot be read or holds none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"ファイルが大きすぎます（上限は{LARGEST_FILE // 1024**2}MB）。")
        content = path.read_bytes()
        match path.suffix.lower():
            case ".docx":
                reading = docx.read(content)
                return SourceFile(reading.document, reading.notices, reading.places)
            case ".json":
                return SourceFile(json.read(decode(content)), [], [])
        return SourceFile(text.read(decode(content)), [], [])
    except OSError as error:
        raise _unreadable(f"ファイルを開けません：{path}") from error
    except ValueError as error:
        raise _unreadable(str(error)) from error


def decode(content: bytes) -> str:
    """Text in UTF-8, or in the encoding of Japanese Windows (CP932)."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise ValueError(
        f"{line}行目：文字を読み取れません。UTF-8 か シフト JIS（CP932）の文書を指定してください。"
    )


def differing_figures(interpretation: Interpretation, stored: Contents) -> list[ReadingProblem]:
    """A problem for each printed progress that differs from the one computed from the stored figures."""
    return [
        ReadingProblem(printed.line, difference)
        for printed in interpretation.printed
        if (difference := printed.difference(stored))
    ]


def _unreadable(sentence: str) -> UnreadableForm:
    return UnreadableForm([ReadingProblem(None, sentence)])
