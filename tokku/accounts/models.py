"""Municipalities, and the people who sign in, with their roles."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tokku.fields import LineField
from tokku.municipality_code import validate_municipality_code


class Municipality(models.Model):
    """A local government (prefecture, city …) that takes part in a zone."""

    code = models.CharField(
        "全国地方公共団体コード",
        max_length=6,
        unique=True,
        validators=[validate_municipality_code],
        help_text="検査数字を含む半角数字6桁（例：神奈川県 140007）",
    )
    name = LineField("名称", max_length=50, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "自治体"
        ordering = ["code"]

    def __str__(self):
        return self.name


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
        help_text="担当者には必ず指定します。指定のない閲覧者は、全ての特区を見られます。",
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
