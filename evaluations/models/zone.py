"""The zone, its municipalities, and the people who work on it."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from tokku.accounts.models import Municipality, Role
from tokku.fields import LineField
from tokku.records import Record

# First parts of other addresses (tokku/urls.py), which no zone may have.
RESERVED_SLUGS = (
    *("admin", "healthz", "help", "password", "readyz"),
    *("sign-in", "sign-out", "static"),
)

# 平成元年度, since earlier eras are not printed, and a year beyond all plans.
FIRST_YEAR, LAST_YEAR = 1989, 2100


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
        ]

    def __str__(self):
        return self.name

    def clean(self):
        # People are given zones by their names, and files are told by them.
        if Zone.objects.exclude(pk=self.pk).filter(name=self.name).exists():
            raise ValidationError({"name": "この名称の特区は、既に登録されています。"})

    def has_member(self, user) -> bool:
        """Whether the user reads its evaluations (`visible_to`). Asked once of the database for each instance."""
        if user.pk not in self._known_members:
            is_member = Zone.objects.visible_to(user).filter(pk=self.pk).exists()
            self._known_members[user.pk] = is_member
        return self._known_members[user.pk]

    def is_known_of(self, user) -> None:
        """Keep that the user reads its evaluations, where one was found among those that are visible to the user."""
        self._known_members[user.pk] = True

    @cached_property
    def _known_members(self) -> dict[int, bool]:
        return {}

    def authors_in(self, fiscal_year: int):
        """The municipalities that make up its evaluation of a year (作成主体), in their order."""
        members = ZoneMunicipality.objects.filter(zone=self).in_year(fiscal_year)
        return Municipality.objects.filter(zonemunicipality__in=members).order_by(
            "zonemunicipality__position", "zonemunicipality__pk"
        )

    def named_authors_in(self, fiscal_year: int):
        """Pairs of a name, as the form of a year prints it, and an author."""
        members = [
            member
            for member in self.zonemunicipality_set.select_related("municipality")
            if member.is_in(fiscal_year)
        ]
        names = names_in(members, fiscal_year)
        return [(names[member.municipality_id], member.municipality) for member in members]

    @property
    def authors(self):
        """Those that have not left it."""
        return self.authors_in(LAST_YEAR)


class ZoneMunicipalityQuerySet(models.QuerySet):
    def in_year(self, fiscal_year):
        """Those that take part in a fiscal year (a number, or an expression of a query)."""
        return self.filter(
            Q(first_year__isnull=True) | Q(first_year__lte=fiscal_year),
            Q(last_year__isnull=True) | Q(last_year__gte=fiscal_year),
        )


class ZoneMunicipality(models.Model):
    """A municipality's place among the authors (作成主体) of a zone, from its first until its last year."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, verbose_name="特区")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, verbose_name="自治体・団体"
    )
    printed_name = LineField(
        "評価書での名称",
        max_length=60,
        blank=True,
        default="",
        help_text="登録の名称と違うときだけ入力します（本文の最初）。",
    )
    # Pairs of a year and the name that the forms up to that year print.
    earlier_names = models.JSONField(
        "以前の評価書での名称", default=list, blank=True, editable=False
    )
    position = models.PositiveSmallIntegerField("順序", default=1)
    is_lead = models.BooleanField("主たる作成主体", default=False)
    first_year = models.PositiveSmallIntegerField("加わった年度", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("最後の年度", null=True, blank=True)

    objects = ZoneMunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "作成主体"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_year__isnull=True)
                | Q(last_year__isnull=True)
                | Q(last_year__gte=F("first_year")),
                name="author_leaves_after_joining",
                violation_error_message="作成主体の最後の年度は、加わった年度以後にしてください。",
            ),
            models.UniqueConstraint(
                fields=["zone", "municipality"],
                name="zone_municipality_once",
                violation_error_message="この自治体・団体は、既に作成主体に入っています。",
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

    def is_in(self, fiscal_year: int) -> bool:
        """As `in_year`, of a row that is loaded."""
        return (self.first_year or fiscal_year) <= fiscal_year <= (self.last_year or fiscal_year)

    def name_in(self, fiscal_year: int) -> str:
        """The name by which the form of a year calls it."""
        earlier = (name for year, name in self.earlier_names if fiscal_year <= year)
        return next(earlier, self.printed_name or self.municipality.name)

    def set_names(self, earlier: Mapping[int, str], now: str) -> None:
        """Let the forms of these years print these names, and later ones `now`."""
        years = sorted(earlier)
        names = [*(earlier[year] for year in years), now]
        self.earlier_names = [
            [year, name]
            for year, (name, following) in zip(years, pairwise(names), strict=True)
            if name != following
        ]
        self.printed_name = "" if now == self.municipality.name else now


def names_in(members: Collection[ZoneMunicipality], fiscal_year: int) -> dict[int, str]:
    """The names of authors in the form of a year, by the primary keys of the municipalities; no two are the same."""
    names = {member.municipality_id: member.name_in(fiscal_year) for member in members}
    counts = Counter(names.values())
    return {
        member.municipality_id: member.municipality.full_name if counts[name] > 1 else name
        for member in members
        for name in [names[member.municipality_id]]
    }


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
