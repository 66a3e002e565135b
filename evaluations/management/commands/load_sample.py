from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from evaluations import sample
from evaluations.form.store import store
from evaluations.inspection import inspect
from evaluations.items import items_of, missing_items
from evaluations.models import Submission, Zone
from evaluations.opening import prepare_rows
from evaluations.permissions import Reach
from evaluations.sealing import seal
from evaluations.workflow import EvaluationState, SubmissionState
from tokku.accounts.models import Municipality, Role, User

SLUG = "keihin"
PASSWORD = "tokku-mihon"
DAYS_TO_DEADLINE = 30


class Command(BaseCommand):
    help = "見本の特区、評価書（令和4年度から令和6年度まで）と利用者を作ります。手元での試用に限ります。"

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError(
                "見本の利用者のパスワードは公開されているため、DEBUG が無効な環境には作れません。"
            )
        if Zone.objects.filter(slug=SLUG).exists():
            self.stdout.write("見本は既にあります。何も変更していません。")
            return
        with transaction.atomic():
            users = self.create_users()
            for contents in sample.evaluations().values():
                evaluation, _ = store(contents, SLUG, reason="見本")
                self.set_progress(evaluation, users)
        self.stdout.write(
            f"見本を作りました。次の利用者でログインできます（パスワードはどれも {PASSWORD}）。"
        )
        for user in users:
            self.stdout.write(f"  {user.username}：{user.name}")

    def create_users(self):
        """One person per role, and per municipality for officials."""
        people = [
            ("secretariat", "取りまとめ担当", Role.SECRETARIAT, None),
            ("reader", "閲覧者", Role.READER, None),
        ]
        for username, (code, name) in zip(
            ("kanagawa", "yokohama", "kawasaki"), sample.MUNICIPALITIES, strict=True
        ):
            municipality, _ = Municipality.objects.get_or_create(code=code, defaults={"name": name})
            people.append((username, f"{name}の担当者", Role.OFFICIAL, municipality))
        users = []
        for username, name, role, municipality in people:
            user = User(
                username=username,
                name=name,
                role=role,
                municipality=municipality,
                email=f"{username}@example.jp",
            )
            user.set_password(PASSWORD)
            user.save()
            users.append(user)
        return users

    def set_progress(self, evaluation, users):
        """Past years were approved and sent; the last is being filled in."""
        is_past = evaluation.fiscal_year < max(sample.evaluations())
        if is_past:
            evaluation.deadline = date(evaluation.fiscal_year + 1, 6, 30)
            next_year = sample.evaluations()[evaluation.fiscal_year + 1].texts
            evaluation.score, evaluation.remarks = (
                next_year.previous_score,
                next_year.previous_remarks,
            )
        else:
            evaluation.state = EvaluationState.OPEN
            evaluation.deadline = timezone.localdate() + timedelta(days=DAYS_TO_DEADLINE)
        evaluation.save()
        prepare_rows(evaluation)
        for official in users:
            if official.role != Role.OFFICIAL:
                continue
            submission = evaluation.submission_set.get(municipality=official.municipality)
            if is_past:
                submission.state = SubmissionState.APPROVED
                submission.submitted_by = official
                submission.submitted_at = timezone.make_aware(
                    datetime.combine(evaluation.deadline - timedelta(days=10), time(15))
                )
                submission.save()
        if is_past:
            for item in missing_items(items_of(evaluation)):
                if isinstance(item.row, Submission):
                    setattr(item.row, item.field, True)
                    item.row.save()
            inspection = inspect(Reach(users[0], evaluation))
            seal(evaluation, inspection, by=users[0], reason="見本")
            evaluation.state = EvaluationState.SENT
            evaluation.save()
