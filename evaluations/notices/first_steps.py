"""What zones need before people can work on them: tasks of an administrator, and then of the secretariat.

The administrator's are about zones, authors and the first accounts, the secretariat's end with the first evaluation.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode

from evaluations.models import (
    Indicator,
    Membership,
    NumericTarget,
    YearlyTarget,
    Zone,
    ZoneMunicipality,
)
from evaluations.notices.tasks import Task
from evaluations.notices.years_at_hand import ZoneYears
from evaluations.workflow import EvaluationState
from tokku.accounts.models import Role, User


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
            "名称、指定日、計画の認定日と、作成主体の名称を入力します。大学、企業などの作成主体は、先に「自治体・団体」に登録します。",
        )
    for zone in zones:
        if not zone.has_authors:
            yield Task(
                zone,
                "作成主体を登録してください",
                "作成主体を登録する",
                reverse("admin:evaluations_zone_change", args=[zone.pk]),
                "評価書を作成する自治体などを、名称で選びます。大学、企業などは、先に「自治体・団体」に登録します。",
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


def first_steps_of(user: User, zones: Iterable[ZoneYears]) -> Iterator[Task]:
    """Of a secretariat: a zone's plan and first evaluation, and its officials until the first entry begins."""
    if user.role != Role.SECRETARIAT:
        return
    for zone_years in zones:
        evaluations = zone_years.evaluations
        if not evaluations:
            yield _step_of_plan(zone_years.zone) or _first_evaluation(zone_years.zone)
        if all(evaluation.state == EvaluationState.PREPARING for evaluation in evaluations):
            yield from _officials(zone_years.zone)


def _step_of_plan(zone: Zone) -> Task | None:
    """The plan, or what it lacks next: an indicator, a target of one, or the yearly values of a target."""
    plan = zone.plan_set.first()
    if not plan:
        return Task(
            zone,
            "計画を登録してください",
            "計画を登録する",
            f"{reverse('admin:evaluations_plan_add')}?{urlencode({'zone': zone.pk})}",
            "計画の期間を入力します。続いて、概要、目指す目標と、評価指標を入力します。",
        )
    edition = plan.planedition_set.last()
    indicators = Indicator.objects.filter(edition=edition)
    if not indicators.exists():
        return Task(
            zone,
            "評価指標を登録してください",
            "評価指標を登録する",
            reverse("admin:evaluations_planedition_change", args=[edition.pk]),
            "計画の版の画面で、概要と目標、評価指標の番号と名称を入力します。",
        )
    targets = NumericTarget.objects.filter(indicator=OuterRef("pk"))
    if indicator := indicators.exclude(Exists(targets)).first():
        return Task(
            zone,
            f"{indicator}の数値目標を登録してください",
            "数値目標を登録する",
            reverse("admin:evaluations_indicator_change", args=[indicator.pk]),
            "番号、名称、単位と、計画期間の目標を入力します。管理画面の「数値目標」では、ExcelやCSVの表から取り込めます。",
        )
    values = YearlyTarget.objects.filter(target=OuterRef("pk"))
    if target := NumericTarget.objects.filter(~Exists(values), indicator__edition=edition).first():
        return Task(
            zone,
            f"数値目標「{target}」の年度ごとの目標値を登録してください",
            "目標値を登録する",
            reverse("admin:evaluations_numerictarget_change", args=[target.pk]),
            "寄与度なども、この画面で入力します。管理画面の「年度目標値」では、ExcelやCSVの表から取り込めます。",
        )
    return None


def _first_evaluation(zone: Zone) -> Task:
    plan = zone.plan_set.first()
    initial = {"zone": zone.pk, "fiscal_year": plan.first_year}
    return Task(
        zone,
        "最初の年度の評価書を作成してください",
        "評価書を追加する",
        f"{reverse('admin:evaluations_evaluation_add')}?{urlencode(initial)}",
        "年度と提出期限を入力します。作成した後に入力を開始すると、担当者が入力できます。",
    )


def _officials(zone: Zone) -> Iterator[Task]:
    officials = User.objects.filter(zones=zone, role=Role.OFFICIAL, is_active=True)
    if authors := zone.authors.exclude(pk__in=officials.values("municipality")):
        names = "、".join(map(str, authors))
        yield Task(
            zone,
            "担当者の利用者を登録してください",
            "利用者をまとめて登録する",
            reverse("admin:accounts_user_import"),
            f"担当者のいない作成主体：{names}。ExcelやCSVの表から登録して、招待します。",
        )


def _active_members(role: Role):
    return Membership.objects.filter(zone=OuterRef("pk"), user__role=role, user__is_active=True)


def _new_account(zone: Zone, role: Role) -> str:
    initial = urlencode({"role": role, "zones": zone.pk})
    return f"{reverse('admin:accounts_user_add')}?{initial}"
