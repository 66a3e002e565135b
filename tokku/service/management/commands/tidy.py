from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from tokku.service.models import AuditEntry

AUDIT_DAYS = 3 * 365


class Command(BaseCommand):
    help = (
        "期限の切れたセッション（送信されないまま残った入力を含む）、期限の過ぎたログインの失敗、"
        f"{AUDIT_DAYS}日より古い操作の記録を削除します。1日に1回、自動で実行してください。"
    )

    def handle(self, **options):
        now = timezone.now()
        old = {
            "セッション": Session.objects.filter(expire_date__lt=now),
            "ログインの失敗": AccessAttempt.objects.filter(
                attempt_time__lt=now - settings.AXES_COOLOFF_TIME
            ),
            "操作の記録": AuditEntry.objects.filter(at__lt=now - timedelta(days=AUDIT_DAYS)),
            # Of earlier versions of this site, which kept it beside its own.
            "ログインの記録": AccessLog.objects.filter(
                attempt_time__lt=now - timedelta(days=AUDIT_DAYS)
            ),
        }
        for name, rows in old.items():
            count, _ = rows.delete()
            self.stdout.write(f"{name}：{count}件を削除しました。")
