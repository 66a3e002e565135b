"""Write an evaluation as text, HTML, JSON, PDF or Word; of a sealed one, the sealed version."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluations.form import compose
from evaluations.management.lookup import find_evaluation
from evaluations.records.load import load
from evaluations.sealed.media import Edition, as_docx, as_pdf
from evaluations.sealed.sealing import BrokenSeal, read_file, read_sealed, standing_version
from tokku.document import html, json, text

WRITERS = {"text": text.write, "html": html.write, "json": json.write}
FILES = {"pdf": as_pdf, "docx": as_docx}


class Command(BaseCommand):
    help = "評価書を文書として書き出します。確定した評価書は、確定版を書き出します。"

    def add_arguments(self, parser):
        parser.add_argument("zone", help="特区の略称（例：keihin）")
        parser.add_argument("year", type=int, help="年度（西暦。例：2023）")
        parser.add_argument("--format", required=True, choices=(*WRITERS, *FILES))
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="書き出すファイル（省略時は画面。PDFとWordでは必要）",
        )

    def handle(self, *, zone, year, format, output, **options):
        if format in FILES and not output:
            raise CommandError(
                f"{format} は画面に表示できません。--output でファイルを指定してください。"
            )
        content = self.content(find_evaluation(zone, year), format)
        if not output:
            self.stdout.write(content.decode(), ending="")
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} に書き出せません：{error.strerror}") from error

    def content(self, evaluation, format):
        version = standing_version(evaluation)
        try:
            document = read_sealed(version) if version else compose(load(evaluation))
        except BrokenSeal as broken:
            raise CommandError(str(broken)) from None
        if format in FILES and version:
            return read_file(version, format)
        if format in FILES:
            return FILES[format](Edition(evaluation, document))
        return WRITERS[format](document).encode()
