from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from tokku.service.backup import Refused, write_backup


class Command(BaseCommand):
    help = (
        "データベースの全ての表（履歴、確定版とそのファイルを含む）と保管フォルダを、1つのファイルに書き出します。"
        "サイトを動かしたまま実行できます。ログイン中の状態は含みません。"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "path",
            type=Path,
            metavar="FILE",
            help="作るファイル（例：tokku.zip）。フォルダを指定すると、その中に日時を名前にして作ります",
        )

    def handle(self, *, path, **options):
        if path.is_dir():
            path /= f"tokku-{timezone.localtime():%Y%m%d-%H%M%S}.zip"
        try:
            archive = write_backup(path)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        except DatabaseError as error:
            raise CommandError(f"データベースを読み出せません。{error}") from error
        except OSError as error:
            raise CommandError(
                f"{path} にバックアップを作れません：{error.strerror}。途中までのファイルは残していません。"
            ) from error
        rows = sum(table.rows for table in archive.tables)
        self.stdout.write(
            f"{path} にバックアップを作りました（{rows:,}行、ファイル{len(archive.files):,}件）。"
        )
