from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluations.form import compose
from evaluations.form.records import load
from evaluations.models import Evaluation
from tokku.document import html, json, text

WRITERS = {"text": text.write, "html": html.write, "json": json.write}


class Command(BaseCommand):
    help = "評価書を文書として書き出します。"

    def add_arguments(self, parser):
        parser.add_argument("zone", help="特区の略称（例：keihin）")
        parser.add_argument("year", type=int, help="年度（西暦。例：2023）")
        parser.add_argument("--format", required=True, choices=WRITERS)
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="書き出すファイル（省略時は画面）"
        )

    def handle(self, *, zone, year, format, output, **options):
        try:
            evaluation = Evaluation.objects.select_related("zone", "plan").get(
                zone__slug=zone, fiscal_year=year
            )
        except Evaluation.DoesNotExist:
            raise CommandError(f"特区「{zone}」の{year}年度の評価書はありません。") from None
        content = WRITERS[format](compose(load(evaluation)))
        if output:
            try:
                output.write_text(content, encoding="utf-8", newline="\n")
            except OSError as error:
                raise CommandError(f"{output} に書き出せません：{error.strerror}") from error
        else:
            self.stdout.write(content, ending="")
