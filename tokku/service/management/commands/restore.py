from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tokku.service.archive import UnreadableArchive
from tokku.service.backup import Refused, restore_backup
from tokku.service.rows import RowsNotLoaded


class Command(BaseCommand):
    help = (
        "backup で作ったファイルを、空のデータベース（migrate する前のもの）と空の保管フォルダに復元し、"
        "確定版を検証します。データベースの種類は、作ったときと違っても構いません。"
        "サイトを止めて実行してください。壊れた確定版があれば、復元した上で、終了コード 1 で終わります。"
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="FILE", help="backup で作ったファイル")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="データベースと保管フォルダの今の内容を全て捨てて、置き換える",
        )

    def handle(self, *, path, replace, **options):
        try:
            archive = restore_backup(path, replace=replace)
        except (Refused, RowsNotLoaded, UnreadableArchive) as refused:
            raise CommandError(str(refused)) from refused
        except DatabaseError as error:
            raise CommandError(f"データベースに書き込めません。{error}") from error
        except OSError as error:
            raise CommandError(f"{path} から復元できません：{error.strerror}") from error
        rows = sum(table.rows for table in archive.tables)
        self.stdout.write(f"復元しました（{rows:,}行、ファイル{len(archive.files or ()):,}件）。")
        call_command("verify_seals", stdout=self.stdout)
