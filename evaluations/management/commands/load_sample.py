"""Create the two zones of the sample, their evaluations and their accounts, for trying the site."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from evaluations import sample
from evaluations.inspection import inspect_loaded
from evaluations.models import Membership, Submission, Zone
from evaluations.permissions import Access
from evaluations.records.load import load_for
from evaluations.records.store import store
from evaluations.sealed.sealing import seal
from evaluations.workflow import EvaluationState, SubmissionState
from evaluations.years.rows import rows_of_year
from evaluations.years.rows_at_opening import prepare_rows
from tokku.accounts.models import Municipality, Role, User

PASSWORD = "tokku-mihon"  # noqa: S105  of the sample, as README says
DAYS_TO_DEADLINE = 30
# Username, name, role, municipality and zones. 横浜市 is an author of both zones.
PEOPLE = (
    ("secretariat", "取りまとめ担当", Role.SECRETARIAT, None, ("keihin", "miura")),
    ("reader", "閲覧者", Role.READER, None, ()),
    ("kanagawa", "神奈川県の担当者", Role.OFFICIAL, "神奈川県", ("keihin",)),
    ("yokohama", "横浜市の担当者", Role.OFFICIAL, "横浜市", ("keihin", "miura")),
    ("kawasaki", "川崎市の担当者", Role.OFFICIAL, "川崎市", ("keihin",)),
    ("miura-secretariat", "三浦半島の取りまとめ担当", Role.SECRETARIAT, "横須賀市", ("miura",)),
    ("yokosuka", "横須賀市の担当者", Role.OFFICIAL, "横須賀市", ("miura",)),
    ("miura", "三浦市の担当者", Role.OFFICIAL, "三浦市", ("miura",)),
    ("administrator", "システム管理者", Role.ADMINISTRATOR, None, ()),
)
OFFICIALS = {
    municipality: username for username, _, role, municipality, _ in PEOPLE if role == Role.OFFICIAL
}
# Who sealed the past years of each zone.
SECRETARIATS = {"keihin": "secretariat", "miura": "miura-secretariat"}


class Command(BaseCommand):
    help = (
        "見本の特区（2つ）、それぞれの3年度分の評価書と利用者を作ります。手元での試用に限ります。"
    )

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError(
                "見本の利用者のパスワードは公開されているため、DEBUG が無効な環境には作れません。"
            )
        existing_slugs = Zone.objects.filter(slug__in=sample.ZONES).values_list("slug", flat=True)
        if not (missing := sample.ZONES.keys() - set(existing_slugs)):
            self.stdout.write("見本は既にあります。何も変更していません。")
            return
        with transaction.atomic():
            users = self.create_users()
            for slug in sorted(missing):
                self.load(slug)
        self.stdout.write(
            f"見本を作りました。次の利用者でログインできます（パスワードはどれも {PASSWORD}）。"
        )
        for user in users:
            self.stdout.write(f"  {user.username}：{user.name}")

    def create_users(self):
        """Create the accounts that do not exist yet, and the municipalities of all zones."""
        codes = {name: code for zone in sample.ZONES.values() for code, name in zone.MUNICIPALITIES}
        municipalities = {
            name: Municipality.objects.get_or_create(code=code, defaults={"name": name})[0]
            for name, code in codes.items()
        }
        existing_names = set(User.objects.values_list("username", flat=True))
        users = [
            User(
                username=username,
                name=name,
                role=role,
                municipality=municipalities.get(municipality),
                email=f"{username}@example.jp",
            )
            for username, name, role, municipality, _ in PEOPLE
            if username not in existing_names
        ]
        for user in users:
            user.set_password(PASSWORD)
            user.save()
        return users

    def load(self, slug):
        """Store the years of a zone: the past ones sent, the last one open."""
        years = sample.ZONES[slug].evaluations()
        for fiscal_year, contents in years.items():
            evaluation, _ = store(contents, slug, reason="見本")
            self.join(evaluation.zone)
            if following := years.get(fiscal_year + 1):
                self.send(evaluation, following.texts, by=SECRETARIATS[slug])
            else:
                evaluation.state = EvaluationState.OPEN
                evaluation.deadline = timezone.localdate() + timedelta(days=DAYS_TO_DEADLINE)
                evaluation.save()
                prepare_rows(evaluation)

    def join(self, zone):
        """Make the people of the zone its members."""
        usernames = [username for username, *_, zones in PEOPLE if zone.slug in zones]
        for user in User.objects.filter(username__in=usernames):
            Membership.objects.get_or_create(zone=zone, user=user)

    def send(self, evaluation, following, *, by):
        """Bring a year to the state sent, with the result that `following`, the texts of the next year, prints."""
        evaluation.deadline = date(evaluation.fiscal_year + 1, 6, 30)
        evaluation.score = following.previous_score
        evaluation.remarks = following.previous_remarks
        evaluation.save()
        prepare_rows(evaluation)
        for submission in evaluation.submission_set.all():
            submission.state = SubmissionState.APPROVED
            submission.submitted_by = User.objects.get(
                username=OFFICIALS[str(submission.municipality)]
            )
            submission.submitted_at = timezone.make_aware(
                datetime.combine(evaluation.deadline - timedelta(days=10), time(15))
            )
            submission.save()
        for item in rows_of_year(evaluation).missing():
            if isinstance(item.row, Submission):
                setattr(item.row, item.field, True)
                item.row.save()
        secretariat = User.objects.get(username=by)
        access = Access(secretariat, evaluation)
        loaded = load_for(access)
        findings = inspect_loaded(access, loaded).as_data()
        seal(evaluation, loaded.contents, findings, by=secretariat, reason="見本")
        evaluation.state = EvaluationState.SENT
        evaluation.save()
