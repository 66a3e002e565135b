"""Send the mails about deadlines that are due; to be run once a day."""

import sys
from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluations.notices.reminders import SendingOutcome, due_mails, send_reminders


class Command(BaseCommand):
    help = (
        "提出期限の30日前、7日前、1日前と期限を過ぎた後に、提出していない自治体の担当者と取りまとめ担当へ"
        "メールを送ります。1日に1回、自動で実行してください。何度実行しても、同じ人へは5日以上の間隔を空けます。"
        "送れなかったメールがあれば、終了コード 1 で終わり、次の実行時に再び送ります。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="送らずに、内容を示す")

    def handle(self, *, dry_run, **options):
        if not settings.SITE_URL:
            raise CommandError(
                "環境変数 SITE_URL に、このサイトのアドレス（例：https://tokku.example.jp）を設定してください。"
            )
        if dry_run:
            for mail in due_mails(timezone.localdate()):
                self.stdout.write(f"{mail.person.email}\n{mail.subject}\n\n{mail.body}")
            self.stdout.write("試行のため、何も送っていません。")
            return
        outcomes = send_reminders()
        for mail, outcome in outcomes:
            self.stdout.write(f"{outcome.value}：{mail.person} {mail.subject}")
        counts = Counter(outcome for _, outcome in outcomes)
        self.stdout.write(f"{counts[SendingOutcome.SENT]}通送りました。")
        if counts[SendingOutcome.FAILED] or counts[SendingOutcome.UNREACHABLE]:
            sys.exit(1)
