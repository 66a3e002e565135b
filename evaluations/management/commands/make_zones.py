"""Make zones, years and officials to measure with."""

from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from evaluations.form.contents import Contents
from evaluations.management.commands.load_sample import DAYS_TO_DEADLINE, PASSWORD
from evaluations.models import Evaluation, Membership
from evaluations.records.store import store
from evaluations.sample import keihin
from evaluations.workflow import EvaluationState
from evaluations.years.rows_at_opening import prepare_rows
from tokku.accounts.models import Municipality, Role, User

AUTHORS = tuple(name for _, name in keihin.MUNICIPALITIES)


class Command(BaseCommand):
    help = (
        "負荷と処理時間を測るための特区を作ります。手元に限ります。どの特区も、最後の年度が入力中で、"
        "その前の年度は提出済（中身なし）です。"
    )

    def add_arguments(self, parser):
        parser.add_argument("zones", type=int, help="特区の数")
        parser.add_argument("--years", type=int, default=1, help="1つの特区の年度の数")
        parser.add_argument(
            "--officials", type=int, default=1, help="1つの自治体の担当者の数（自治体は特区に3つ）"
        )
        parser.add_argument("--small", action="store_true", help="入力中の年度を小さくします。")

    def handle(self, zones, years, officials, small, **options):
        if not settings.DEBUG:
            raise CommandError(
                "利用者のパスワードは公開されているため、DEBUG が無効な環境には作れません。"
            )
        contents = max(keihin.evaluations().items())[1]
        if small:
            contents = reduced(contents)
        self.password = make_password(PASSWORD)
        with transaction.atomic():
            self.secretariat = self.make_person("all-secretariat", Role.SECRETARIAT)
            self.make_person("all-reader", Role.READER)
            for number in range(1, zones + 1):
                self.make_zone(number, contents, years, officials)
        self.stdout.write(
            f"特区を{zones}作りました。利用者は all-secretariat、all-reader と"
            f" zone1-1-1（特区、自治体、人の番号）などで、パスワードは {PASSWORD} です。"
        )

    def make_zone(self, number, contents: Contents, years: int, officials: int) -> None:
        names = {author: f"第{number}特区の{author}" for author in AUTHORS}
        people = [self.secretariat]
        for place, name in enumerate(names.values(), 1):
            municipality = Municipality(code=f"{number:05}{place}", name=name)
            municipality.save()
            for person in range(1, officials + 1):
                official = self.make_person(
                    f"zone{number}-{place}-{person}", Role.OFFICIAL, municipality
                )
                people.append(official)
        contents = replace(
            contents, zone=replace(contents.zone, name=f"計測のための第{number}特区")
        )
        evaluation, _ = store(renamed(contents, names), f"zone{number}", reason="計測")
        for person in people:
            Membership(zone=evaluation.zone, user=person).save()
        evaluation.state = EvaluationState.OPEN
        evaluation.deadline = timezone.localdate() + timedelta(days=DAYS_TO_DEADLINE)
        evaluation.save()
        prepare_rows(evaluation)
        for ago in range(1, years):
            Evaluation(
                zone=evaluation.zone,
                edition=evaluation.edition,
                fiscal_year=evaluation.fiscal_year - ago,
                state=EvaluationState.SENT,
                score=4,
            ).save()

    def make_person(
        self, username: str, role: Role, municipality: Municipality | None = None
    ) -> User:
        person, _ = User.objects.get_or_create(
            username=username,
            defaults={
                "name": username,
                "role": role,
                "municipality": municipality,
                "password": self.password,
            },
        )
        return person


def renamed(value: Any, names: dict[str, str]) -> Any:
    """A part of contents with other names of municipalities where it names one alone."""
    if is_dataclass(value):
        return replace(
            value,
            **{
                field.name: renamed(getattr(value, field.name), names)
                for field in fields(value)
                if field.init
            },
        )
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(renamed(part, names) for part in value)
    return names.get(value, value) if isinstance(value, str) else value


def reduced(contents: Contents) -> Contents:
    """The contents with a single target and without lists."""
    indicator = contents.indicators[0]
    return replace(
        contents,
        indicators=(replace(indicator, targets=indicator.targets[:1]),),
        approaches=(),
        measures=(),
        national_supports=(),
        schemes=(),
        regional_texts=(),
    )
