from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluations.form import UnreadableForm
from evaluations.takeover import Takeover, take_over


class Command(BaseCommand):
    help = "公表された評価書（テキスト、JSON、Word）を読み込み、記録にします。問題があれば何も変更しません。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--zone", required=True, help="特区の略称（例：keihin）")
        parser.add_argument(
            "--dry-run", action="store_true", help="結果を示すだけで、何も変更しません。"
        )

    def handle(self, *, file, zone, dry_run, **options):
        try:
            takeover = take_over(file, zone, dry_run=dry_run)
        except UnreadableForm as error:
            raise CommandError(
                f"{file} を読み込めません。何も変更していません。\n{error}"
            ) from error
        self.report(takeover, dry_run)

    def report(self, takeover: Takeover, dry_run: bool):
        changes = takeover.changes
        self.stdout.write(str(takeover.evaluation))
        if not changes:
            self.stdout.write("変更はありません。")
        for name, count in changes.created.items():
            self.stdout.write(f"作成：{name} {count}件")
        self.write_list("変更", changes.updated)
        self.write_list("削除", changes.deleted)
        self.write_list("確認してください", [*map(str, takeover.notices), *changes.notices])
        self.write_list("取り込めなかった箇所", takeover.unplaced)
        if not takeover.unplaced:
            self.stdout.write("取り込めなかった箇所はありません。")
        if dry_run:
            self.stdout.write("試行のため、何も変更していません。")

    def write_list(self, title, lines):
        if lines:
            self.stdout.write(f"{title}：{len(lines)}件")
        for line in lines:
            self.stdout.write(f"  {line}")
