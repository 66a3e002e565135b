"""Municipalities and other bodies that take part, and the people who sign in, with their roles."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tokku.accounts.local_governments import LocalGovernment, local_governments
from tokku.fields import LineField
from tokku.japanese import fold
from tokku.municipality_code import (
    is_code_of_prefecture,
    is_code_of_union,
    validate_municipality_code,
)


class BodyKind(models.TextChoices):
    PREFECTURE = "prefecture", "都道府県"
    MUNICIPALITY = "municipality", "市区町村"
    UNION = "union", "一部事務組合・広域連合等"
    UNIVERSITY = "university", "大学・研究機関"
    COMPANY = "company", "企業・団体"

    @classmethod
    def of_code(cls, code: str) -> "BodyKind":
        if is_code_of_prefecture(code):
            return cls.PREFECTURE
        return cls.UNION if is_code_of_union(code) else cls.MUNICIPALITY


# The bodies that the list of the nation has, and those that have no code.
LISTED = (BodyKind.PREFECTURE, BodyKind.MUNICIPALITY)
WITHOUT_CODE = (BodyKind.UNIVERSITY, BodyKind.COMPANY)


class AmbiguousName(ValueError):
    """A name that several bodies have; the sentence asks which one is meant."""


class MunicipalityQuerySet(models.QuerySet):
    def at(self, slug: str):
        """Those (one or none) with this `Municipality.slug`."""
        if not slug.startswith(_WITHOUT_CODE):
            return self.filter(code=slug)
        pk = slug.removeprefix(_WITHOUT_CODE)
        return self.filter(pk=pk) if pk.isdecimal() else self.none()

    def with_key(self, key: str):
        """Those (one or none) with this `Municipality.key`."""
        return self.filter(Q(code=key) | Q(code=None, name=key))

    def register(self, government: LocalGovernment) -> "Municipality":
        """The row of a government, made if need be."""
        return self.get_or_create(code=government.code, defaults={"name": government.name})[0]

    def set_labels(self, names: Iterable[str]) -> None:
        """Let people read those of these names with their prefectures where several share one."""
        for name in names:
            rows = list(self.filter(name=name))
            for row in rows:
                label = row.full_name if len(rows) > 1 else row.name
                self.filter(pk=row.pk).exclude(label=label).update(label=label)


class Municipality(models.Model):
    """A body that takes part in a zone: a local government (prefecture, city …), a university or a company.

    A local government is identified by its code, any other body by its name.
    """

    kind = models.CharField("種類", max_length=20, choices=BodyKind)
    code = models.CharField(
        "全国地方公共団体コード",
        max_length=6,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_municipality_code],
        help_text="検査数字を含む半角数字6桁（例：神奈川県 140007）",
    )
    name = LineField("名称", max_length=50)
    # What people read: the name, with its prefecture where another has the same.
    label = LineField("表示名", max_length=60, editable=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "自治体・団体"
        ordering = [F("code").asc(nulls_last=True), "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=(BodyKind.UNION, *WITHOUT_CODE)) | Q(code__isnull=False),
                name="local_government_has_code",
                violation_error_message="都道府県と市区町村には、全国地方公共団体コードが必要です。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=WITHOUT_CODE) | Q(code__isnull=True),
                name="only_local_governments_have_code",
                violation_error_message="大学・研究機関と企業・団体には、全国地方公共団体コードはありません。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(code__isnull=True),
                name="body_without_code_once",
                violation_error_message="この名称の団体は、既に登録されています。",
            ),
        ]

    def __str__(self):
        return self.label or self.name

    def save(self, *args, **kwargs):
        self.code = self.code or None
        if self.code and not self.kind:
            self.kind = BodyKind.of_code(self.code)
        self.label = self.label or self.name
        rows = Municipality.objects
        former_names = set(rows.filter(pk=self.pk).values_list("name", flat=True))
        super().save(*args, **kwargs)
        rows.set_labels({self.name, *former_names})
        self.label = rows.values_list("label", flat=True).get(pk=self.pk)

    @property
    def prefecture(self) -> str:
        return local_governments().prefectures.get((self.code or "")[:2], "")

    @property
    def full_name(self) -> str:
        """Unlike `name` the only one of its kind: 長野県高森町."""
        if self.name.startswith(self.prefecture):
            return self.name
        return self.prefecture + self.name

    @property
    def key(self) -> str:
        """What identifies it in sheets and settings."""
        return self.code or self.name

    @property
    def slug(self) -> str:
        """What identifies it in addresses."""
        return self.code or f"{_WITHOUT_CODE}{self.pk}"

    @property
    def is_listed(self) -> bool:
        """Whether the list of the nation has it under this code and name."""
        return any(
            one.name == self.name for one in local_governments().named(self.code or self.name)
        )

    def clean(self):
        if self.code and self.kind not in ("", *WITHOUT_CODE, BodyKind.of_code(self.code)):
            label = BodyKind.of_code(self.code).label
            raise ValidationError({"code": f"{self.code}は、{label}のコードです。"})


_WITHOUT_CODE = "body-"


def one_named(text: str, bodies: Iterable[Municipality]) -> Municipality | None:
    """The body that a name, with or without its prefecture, or a code means; None when it is not among `bodies`.

    Raises AmbiguousName for a bare name that another body has, registered or not.
    """
    governments = local_governments().named(text)
    codes, folded = {one.code for one in governments}, fold(text)
    found = []
    for body in bodies:
        if folded in (body.code, fold(body.full_name)):
            return body
        if body.code in codes or fold(body.name) == folded:
            found.append(body)
    places = {body.slug: body.prefecture or body.get_kind_display() for body in found}
    places |= {one.code: one.prefecture for one in governments}
    if len(places) > 1:
        *others, last = dict.fromkeys(places[slug] for slug in sorted(places))
        raise AmbiguousName(
            f"{text}は、{'、'.join(others)}{'と' if others else ''}{last}にあります。"
            "都道府県名を付けるか、コードで指定してください。"
        )
    return found[0] if found else None


class Role(models.TextChoices):
    OFFICIAL = "official", "担当者"
    SECRETARIAT = "secretariat", "取りまとめ"
    READER = "reader", "閲覧者"
    ADMINISTRATOR = "administrator", "システム管理者"


class AccountManager(UserManager):
    use_in_migrations = False

    def create_superuser(self, username, email=None, password=None, **fields):
        """Create a system administrator, as `createsuperuser` does."""
        fields["role"] = Role.ADMINISTRATOR
        return super().create_superuser(username, email, password, **fields)


class User(AbstractUser):
    """A person who signs in. What the account reaches follows from its role, municipality and zones."""

    first_name = None
    last_name = None
    name = LineField("氏名", max_length=50)
    role = models.CharField("役割", max_length=20, choices=Role)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        verbose_name="所属自治体",
        null=True,
        blank=True,
        help_text="組合、大学、企業なども選べます。担当者には必ず指定します。指定のない閲覧者は、全ての特区を見られます。",
    )

    must_change_password = models.BooleanField(
        "次のログインでパスワードを変更",
        default=False,
        help_text="利用者を作ったとき、又はパスワードを設定し直したときに付けます。",
    )

    invited_at = models.DateTimeField(
        "招待した日時",
        null=True,
        blank=True,
        editable=False,
        help_text="本人がパスワードを設定するためのリンクは、この日時から数えた日数の間、使えます。",
    )

    # Pairs of a name that the account had, and when it got another.
    former_names = models.JSONField("以前の氏名", default=list, blank=True, editable=False)

    objects = AccountManager()

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = verbose_name_plural = "利用者"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(role=Role.OFFICIAL) | Q(municipality__isnull=False),
                name="official_has_municipality",
                violation_error_message="担当者には所属自治体を指定してください。",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.ADMINISTRATOR, is_superuser=True)
                | (~Q(role=Role.ADMINISTRATOR) & Q(is_superuser=False)),
                name="administrator_is_superuser",
                violation_error_message="システム管理者は、createsuperuser 又はシステム管理者が登録します。",
            ),
        ]

    def __str__(self):
        return self.name or self.username

    def name_at(self, moment: datetime) -> str:
        """The name under which something was done at a moment."""
        former = (
            name for name, until in self.former_names if moment < datetime.fromisoformat(until)
        )
        return next(former, str(self))

    @classmethod
    def from_db(cls, db, field_names, values):
        user = super().from_db(db, field_names, values)
        user._stored_name = user.__dict__.get("name", "")
        return user

    def refresh_from_db(self, using=None, fields=None, **kwargs):
        super().refresh_from_db(using, fields, **kwargs)
        if fields is None or "name" in fields:
            self._stored_name = self.name

    def save(self, *args, **kwargs):
        stored_name = getattr(self, "_stored_name", "")
        if stored_name and stored_name != self.name:
            self.former_names = [*self.former_names, (stored_name, timezone.now().isoformat())]
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "former_names"}
        self._stored_name = self.name
        self.is_superuser = self.role == Role.ADMINISTRATOR
        if not self.is_active or self._gets_other_rights():
            self.invited_at = None  # for good, also when the account is enabled again
        super().save(*args, **kwargs)

    def _gets_other_rights(self) -> bool:
        """Whether an invited account gets another role or municipality: who has its link might not have given them."""
        if not self.invited_at:
            return False
        stored = User.objects.filter(pk=self.pk).values_list("role", "municipality").first()
        return stored not in (None, (self.role, self.municipality_id))

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name
