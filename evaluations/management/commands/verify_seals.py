import sys

from django.core.management.base import BaseCommand

from evaluations.models import SealedFile, SealedVersion
from evaluations.sealed.sealing import find_broken_seals


class Command(BaseCommand):
    help = (
        "全ての確定版（文書、内容のデータ、PDF と Word）が確定した時のままかを、SHA-256 で検証します。"
        "壊れている確定版と、その理由を示します。1つでもあれば、終了コード 1 で終わります。"
    )

    def handle(self, **options):
        is_broken = False
        for sentence in find_broken_seals():
            is_broken = True
            self.stdout.write(sentence)
        versions, files = SealedVersion.objects.count(), SealedFile.objects.count()
        checked = f"確定版{versions:,}件と、そのファイル{files:,}件を検証しました。"
        if is_broken:
            self.stdout.write(f"{checked}上記のものが、確定した時のままではありません。")
            sys.exit(1)
        self.stdout.write(f"{checked}全て、確定した時のままです。")
