import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tokku.service.backup import Refused, write_backup


class Command(BaseCommand):
    help = (
        "データベース（環境変数 DATABASE_URL）の全ての表を、別のデータベース（環境変数 NEW_DATABASE_URL）に写します。"
        "SQLite から PostgreSQL へも、その逆も同じです。写し先は空（migrate する前）にしておきます。元は変わりません。"
        "サイトを止めて実行し、終わったら DATABASE_URL を写し先に変えて始めてください。"
    )

    def handle(self, **options):
        # Not an argument, which every user of the machine could read, with the password in it.
        if not (url := os.environ.get("NEW_DATABASE_URL")):
            raise CommandError(
                "環境変数 NEW_DATABASE_URL に、写し先のデータベースを設定してください（例：postgres://…）。"
            )
        with tempfile.TemporaryDirectory(prefix="tokku-") as folder:
            archive = Path(folder, "copy.zip")
            try:
                write_backup(archive, with_files=False)
            except Refused as refused:
                raise CommandError(str(refused)) from None
            except DatabaseError as error:
                raise CommandError(f"データベースを読み出せません。{error}") from error
            except OSError as error:
                raise CommandError(f"{folder} に書き出せません：{error.strerror}") from error
            # In a process of its own: migrations know no database but that of DATABASE_URL.
            restoring = subprocess.run(  # noqa: S603  this project's own command
                [sys.executable, settings.BASE_DIR / "manage.py", "restore", archive],
                env=os.environ | {"DATABASE_URL": url},
            )
        sys.exit(restoring.returncode)
