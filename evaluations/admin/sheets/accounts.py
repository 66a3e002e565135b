"""The sheet of accounts. It holds no passwords: a new account gets one by its invitation."""

from django.core.exceptions import ValidationError

from evaluations.admin.sheets.evaluations import ZoneSheet
from evaluations.memberships import set_zones
from evaluations.models import Zone
from tokku.accounts.models import Role, User
from tokku.spreadsheets.resources import column
from tokku.spreadsheets.widgets import (
    ChoiceWidget,
    ManyWidget,
    MunicipalityCodeWidget,
    TextWidget,
    YesNoWidget,
)


class UsernameWidget(TextWidget):
    def clean(self, value, row=None, **kwargs):
        return User.normalize_username(value)


class AccountResource(ZoneSheet):
    related = ("municipality",)

    username = column("username", "ユーザー名", UsernameWidget())
    name = column("name", "氏名")
    email = column("email", "メールアドレス")
    role = column("role", "役割", ChoiceWidget(Role.choices))
    municipality_code = column("municipality__key", "所属自治体", MunicipalityCodeWidget())
    municipality_name = column("municipality__label", "自治体名", readonly=True)
    zones = column("zones", "担当する特区", ManyWidget(lambda zone: zone.slug))
    is_active = column("is_active", "有効", YesNoWidget())

    class Meta:
        model = User
        import_id_fields = ["username"]

    def new_row(self, username):
        if User.objects.filter(username__iexact=username).exists():
            # Of an account that the person does not see, or one with other capital letters.
            raise ValidationError({"username": "このユーザー名は、既に使われています。"})
        user = User(username=username)
        user.set_unusable_password()
        return user

    def assign(self, row, name, value):
        if name == "municipality__key":
            row.municipality = self.municipality(value, "municipality_code")
            return
        super().assign(row, name, value)
        row.is_superuser = row.role == Role.ADMINISTRATOR  # as saving does, for the constraint

    def chosen(self, name, codes, row):
        return [
            self.find(Zone, slug, name, f"「{slug}」という特区はありません。")
            for slug in sorted(codes)
        ]

    def after_save_instance(self, instance, row, *, dry_run, **kwargs):
        if "zones" in self._relations:
            set_zones(instance, self._relations["zones"])
