"""Create the next year's evaluation from this year's, as the page 評価書の用意 does."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from evaluations.models import Evaluation, Zone
from evaluations.models.zone import FIRST_YEAR, LAST_YEAR
from evaluations.permissions import why_not_manage_zone
from evaluations.years.next_year import (
    CannotOpenYear,
    NextYear,
    PlanIsOver,
    last_evaluation,
    row_counts,
)
from tokku.accounts.models import User
from tokku.japanese import fiscal_year_name


class Command(BaseCommand):
    help = (
        "前年度の評価書から、新しい年度の評価書（準備中）を用意します。問題があれば何も作りません。"
        "入力は、審査の画面で開始します。"
    )

    def add_arguments(self, parser):
        parser.add_argument("zone", help="特区の略称（例：keihin）")
        parser.add_argument("fiscal_year", type=int, help="用意する年度。西暦（例：2025）")
        parser.add_argument(
            "--new-term",
            action="store_true",
            help="計画の期間が終わったとき、次の期の計画も前の期から下書きします。",
        )
        parser.add_argument("--user", help="用意する人。履歴に残り、その人の権限で行います。")
        parser.add_argument(
            "--dry-run", action="store_true", help="作るものを示すだけで、何も作りません。"
        )

    def handle(self, *, zone, fiscal_year, new_term, user, dry_run, **options):
        if not FIRST_YEAR < fiscal_year <= LAST_YEAR:
            raise CommandError("年度は西暦で指定してください（例：令和7年度は 2025）。")
        with transaction.atomic():
            zone_row = Zone.objects.select_for_update().filter(slug=zone).first()
            if zone_row is None:
                raise CommandError(f"{zone} という略称の特区はありません。")
            by = self.person(user, zone_row)
            evaluations = Evaluation.objects.filter(zone=zone_row, fiscal_year=fiscal_year)
            if existing_evaluation := evaluations.select_related("zone", "edition__plan").first():
                self.report_existing(existing_evaluation)
                return
            try:
                year = NextYear(last_evaluation(zone_row, fiscal_year), new_term=new_term)
            except PlanIsOver as refusal:
                raise CommandError(
                    f"{refusal}前の期から下書きするには、--new-term を付けてください。"
                ) from refusal
            except CannotOpenYear as refusal:
                raise CommandError(str(refusal)) from refusal
            self.report(year)
            if dry_run:
                self.stdout.write("試行のため、何も作っていません。")
            else:
                year.save(by=by)
                self.stdout.write(f"{year.name}の評価書を用意しました（準備中）。")

    def person(self, username, zone):
        if username is None:
            return None
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"利用者 {username} はいないか、無効にされています。")
        if refusal := why_not_manage_zone(person, zone):
            raise CommandError(refusal)
        return person

    def report_existing(self, evaluation):
        name = fiscal_year_name(evaluation.fiscal_year)
        self.stdout.write(
            f"{name}の評価書は既にあります（{evaluation.get_state_display()}）。何も変更していません。"
        )
        for label, count in row_counts(evaluation).items():
            self.stdout.write(f"  {label}：{count}件")

    def report(self, year):
        last = fiscal_year_name(year.last.fiscal_year)
        self.stdout.write(f"{year.last.zone} {year.name}（{last}から、{year.plan}）")
        for kind in year.kinds():
            self.report_kind(f"{kind.label}：{len(kind.rows)}件", kind)
        self.stdout.write("入力を開始したときに作るもの")
        for kind in year.kinds_at_opening():
            self.report_kind(kind.label, kind)
        if notices := year.notices():
            self.stdout.write(f"確認してください：{len(notices)}件")
        for notice in notices:
            self.stdout.write(f"  {notice}")

    def report_kind(self, title, kind):
        self.stdout.write(title)
        for fate, fields in kind.fates:
            self.stdout.write(f"  {fate}：{fields}")
