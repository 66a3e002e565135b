from django.db import models
from django.utils import timezone


class Act(models.TextChoices):
    """What is recorded of people, without anything of what they have entered."""

    SIGN_IN = "sign-in", "ログイン"
    SIGN_OUT = "sign-out", "ログアウト"
    FAILURE = "failure", "ログインの失敗"
    LOCK = "lock", "ログインの停止"
    UNLOCK = "unlock", "停止の解除"
    ACCOUNT = "account", "利用者の変更"
    MOVE = "move", "評価書の状態の変更"
    DOWNLOAD = "download", "ダウンロード"
    EXPORT = "export", "書き出し"


class AuditEntry(models.Model):
    """An act of a person, with the names of then. Never changed; `manage.py tidy` deletes old ones."""

    at = models.DateTimeField("日時", default=timezone.now, db_index=True)
    act = models.CharField("操作", max_length=20, choices=Act)
    username = models.CharField("ユーザー名", max_length=150)
    name = models.CharField("氏名", max_length=50)
    belongs = models.CharField("所属と役割", max_length=80)
    address = models.GenericIPAddressField("接続元", null=True)
    subject = models.TextField("対象")
    request_id = models.CharField("要求番号", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "操作の記録"
        # Not by time: the clock may have been set back.
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_act_display()} {self.name or self.username}"
