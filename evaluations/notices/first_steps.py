"""The tasks of an administrator: what each zone still needs before people can work on it."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode

from evaluations.models import Membership, Zone, ZoneMunicipality
from evaluations.notices.tasks import Task
from tokku.accounts.models import Role


def first_steps() -> Iterator[Task]:
    """In the order in which they have to be done: the zone, its authors, its secretariat, their officials."""
    zones = Zone.objects.annotate(
        has_authors=Exists(ZoneMunicipality.objects.filter(zone=OuterRef("pk"))),
        has_secretariat=Exists(_active_members(Role.SECRETARIAT)),
        has_officials=Exists(_active_members(Role.OFFICIAL)),
    )
    if not zones.exists():
        yield Task(
            None,
            "特区を登録してください",
            "特区を登録する",
            reverse("admin:evaluations_zone_add"),
            "名称、指定日、計画の認定日と、作成主体の自治体を入力します。",
        )
    for zone in zones:
        if not zone.has_authors:
            yield Task(
                zone,
                "作成主体を登録してください",
                "作成主体を登録する",
                reverse("admin:evaluations_zone_change", args=[zone.pk]),
                "評価書を作成する自治体を選びます。",
            )
        elif not zone.has_secretariat:
            yield Task(
                zone,
                "取りまとめ担当の利用者を登録してください",
                "利用者を登録する",
                _new_account(zone, Role.SECRETARIAT),
                "計画、数値目標、年度の評価書と担当者は、取りまとめ担当が登録します。",
            )
        elif not zone.has_officials:
            yield Task(
                zone,
                "担当者の利用者を登録してください",
                "利用者を登録する",
                _new_account(zone, Role.OFFICIAL),
                "作成主体ごとに、入力する担当者を登録します。取りまとめ担当も登録できます。",
            )


def _active_members(role: Role):
    return Membership.objects.filter(zone=OuterRef("pk"), user__role=role, user__is_active=True)


def _new_account(zone: Zone, role: Role) -> str:
    initial = urlencode({"role": role, "zones": zone.pk})
    return f"{reverse('admin:accounts_user_add')}?{initial}"
