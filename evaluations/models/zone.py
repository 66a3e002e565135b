"""The zone, its municipalities, the people who work on it, and its plan."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from tokku.accounts.models import Municipality, Role
from tokku.fields import LineField, ProseField
from tokku.japanese import fiscal_year_name
from tokku.records import Record

# First parts of other addresses (tokku/urls.py), which no zone may have.
RESERVED_SLUGS = (
    *("admin", "healthz", "help", "password", "readyz"),
    *("sign-in", "sign-out", "static"),
)


# The years that a plan may cover; sheets of 別紙1 have a column for each.
FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1989, 2100, 10


class ZoneKind(models.TextChoices):
    INTERNATIONAL = "international", "国際戦略"
    REGIONAL = "regional", "地域活性化"


class ZoneQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The zones whose evaluations the user reads: those that the user is a member of.

        An official is one of an author as well. A reader without a municipality reads all zones, an
        administrator none.
        """
        if user.role == Role.ADMINISTRATOR or not user.pk:
            return self.none()
        if user.role == Role.READER and not user.municipality_id:
            return self
        if user.role == Role.OFFICIAL:
            return self.filter(
                membership__user=user.pk, zonemunicipality__municipality=user.municipality_id
            )
        return self.filter(membership__user=user.pk)


class Zone(Record):
    """A comprehensive special zone (総合特別区域), designated by the Prime Minister."""

    slug = models.SlugField(
        "略称", unique=True, help_text="画面のアドレスに使う半角英数字（例：keihin）"
    )
    kind = models.CharField("種別", max_length=20, choices=ZoneKind)
    name = LineField("名称", max_length=200)
    designated_on = models.DateField("指定日")
    certified_on = models.DateField("計画の認定日")
    last_certified_on = models.DateField("計画の最終認定日", null=True, blank=True)
    municipalities = models.ManyToManyField(
        Municipality, through="ZoneMunicipality", verbose_name="作成主体"
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Membership",
        related_name="zones",
        verbose_name="この特区を担当する利用者",
    )

    history = HistoricalRecords()
    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "特区"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="zone_slug_not_reserved",
                violation_error_message="この略称は画面のアドレスとして使われているため、選べません。",
            ),
            models.CheckConstraint(
                condition=Q(designated_on__gte=date(FIRST_YEAR, 4, 1)),
                name="zone_designated_in_an_era_that_is_printed",
                violation_error_message="指定日は、平成以後の日を西暦で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(certified_on__gte=F("designated_on")),
                name="zone_certified_after_designation",
                violation_error_message="計画の認定日は、指定日以後の日にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(last_certified_on__isnull=True)
                | Q(last_certified_on__gte=F("certified_on")),
                name="zone_last_certified_after_first",
                violation_error_message="最終認定日は、計画の認定日以後の日にしてください。",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        # People are given zones by their names, and files are told by them.
        if Zone.objects.exclude(pk=self.pk).filter(name=self.name).exists():
            raise ValidationError({"name": "この名称の特区は、既に登録されています。"})

    def has_member(self, user) -> bool:
        """Whether the user reads its evaluations (`visible_to`). Asked once of the database for each instance."""
        known = self.__dict__.setdefault("_known_members", {})
        if user.pk not in known:
            known[user.pk] = Zone.objects.visible_to(user).filter(pk=self.pk).exists()
        return known[user.pk]

    @property
    def authors(self):
        """The municipalities that make it up (作成主体), in their order."""
        return Municipality.objects.filter(zonemunicipality__zone=self).order_by(
            "zonemunicipality__position", "zonemunicipality__pk"
        )


class ZoneMunicipality(models.Model):
    """A municipality's place among the authors (作成主体) of a zone."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, verbose_name="特区")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, verbose_name="自治体")
    position = models.PositiveSmallIntegerField("順序", default=1)
    is_lead = models.BooleanField("主たる作成主体", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "作成主体"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "municipality"],
                name="zone_municipality_once",
                violation_error_message="この自治体は既に作成主体に入っています。",
            ),
            models.UniqueConstraint(
                fields=["zone"],
                condition=Q(is_lead=True),
                name="one_lead_author",
                violation_error_message="主たる作成主体は、特区ごとに1つです。",
            ),
        ]

    def __str__(self):
        return str(self.municipality)


class Membership(models.Model):
    """A person's work for a zone: what the role allows, the person may do in the zones of their memberships."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, verbose_name="特区")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name="利用者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "担当する特区"
        ordering = ["zone", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "user"],
                name="membership_once",
                violation_error_message="この利用者は、既にこの特区に入っています。",
            )
        ]

    def __str__(self):
        return f"{self.zone} {self.user}"


class Plan(Record):
    """The zone's plan (総合特区計画) for one term of years, with its goal."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, verbose_name="特区")
    term = models.PositiveSmallIntegerField("期", help_text="第3期なら 3")
    first_year = models.PositiveSmallIntegerField("最初の年度", help_text="西暦（例：2022）")
    last_year = models.PositiveSmallIntegerField("最後の年度", help_text="西暦（例：2026）")
    overview = ProseField("総合特区計画の概要", help_text="本文2①に記載します。")
    goal = ProseField("総合特区計画の目指す目標", help_text="本文2②に記載します。")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "総合特区計画"
        ordering = ["zone", "first_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "term"],
                name="plan_term_once",
                violation_error_message="同じ期の計画が既にあります。",
            ),
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="plan_years_in_order",
                violation_error_message="最後の年度は、最初の年度以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(first_year__range=(FIRST_YEAR, LAST_YEAR)),
                name="plan_years_western",
                violation_error_message="年度は西暦で入力してください（例：令和4年度は 2022）。",
            ),
            models.CheckConstraint(
                condition=Q(last_year__lt=F("first_year") + MOST_YEARS),
                name="plan_at_most_ten_years",
                violation_error_message=f"計画の期間は、{MOST_YEARS}年度までです。",
            ),
        ]

    def __str__(self):
        years = f"{fiscal_year_name(self.first_year)}～{fiscal_year_name(self.last_year)}"
        return f"第{self.term}期計画（{years}）"

    @property
    def years(self):
        return range(self.first_year, self.last_year + 1)
