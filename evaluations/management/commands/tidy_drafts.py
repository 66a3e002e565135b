from django.core.management.base import BaseCommand

from evaluations.models import Draft
from evaluations.models.draft import LIFETIME


class Command(BaseCommand):
    help = (
        f"保存されないまま{LIFETIME.days}日たった下書きと、確定した評価書の下書きを削除します。"
        "1日に1回、自動で実行してください。"
    )

    def handle(self, **options):
        count, _ = Draft.objects.old().delete()
        self.stdout.write(f"保存していない下書き：{count}件を削除しました。")
