"""The admin of municipalities and accounts, which the secretariat keeps."""

from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.html import format_html

from evaluations.admin.base.forms import RuledForm
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.lists import VisibleFilter
from evaluations.admin.base.rules import Ruled
from evaluations.admin.sheets.evaluations import MunicipalityResource
from evaluations.permissions import (
    accounts_kept_by,
    is_site_wide,
    municipalities_of,
    why_not_keep_account,
    why_not_manage,
    why_not_register,
)
from tokku.accounts.forms import NewUserForm, TemporaryPasswordForm
from tokku.accounts.models import Municipality, User

# Authority follows from the role, not from groups.
admin.site.unregister(Group)


@admin.register(Municipality)
class MunicipalityAdmin(SpreadsheetAdmin, Ruled):
    resource_class = MunicipalityResource
    list_display = ["code", "name"]
    list_display_links = ["code", "name"]
    search_fields = ["code", "name"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if is_site_wide(request.user):
            return rows
        return rows.filter(pk__in=municipalities_of(request.user).values("pk"))

    def why_not_add(self, request):
        return super().why_not_add(request) or why_not_register(request.user)

    def refusals(self, request, row, cleaned):
        if not row.pk and (refusal := why_not_register(request.user)):
            yield None, refusal


class AccountForm(RuledForm, UserChangeForm):
    pass


class NewAccountForm(RuledForm, NewUserForm):
    pass


@admin.register(User)
class UserAdmin(Ruled, DjangoUserAdmin):
    """Accounts are disabled and never deleted: the histories name them."""

    form = AccountForm
    add_form = NewAccountForm
    change_password_form = TemporaryPasswordForm
    list_display = [
        "username",
        "name",
        "role",
        "municipality",
        "is_active",
        "password_state",
        "last_login",
    ]
    no_municipality_label = "所属なし"
    list_filter = ["role", "is_active", "must_change_password", ("municipality", VisibleFilter)]
    list_select_related = ["municipality"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    filter_horizontal = []
    actions = ["disable", "enable", "unlock"]
    fieldsets = [
        (None, {"fields": ["username", "password_page"]}),
        ("本人", {"fields": ["name", "email", "role", "municipality"]}),
        ("状態", {"fields": ["activity", "last_login", "date_joined"]}),
    ]
    # A form that was opened before somebody disabled the account would enable it again.
    readonly_fields = ["activity", "last_login", "date_joined", "password_page"]
    add_fieldsets = [
        (
            None,
            {
                "description": "パスワードは仮のものです。本人が最初にログインしたときに変更します。",
                "fields": [
                    "username",
                    "name",
                    "email",
                    "role",
                    "municipality",
                    "password1",
                    "password2",
                ],
            },
        ),
    ]

    def why_not_see(self, request):
        return why_not_manage(request.user)

    def why_not_delete(self, request, row=None):
        return "利用者は、記録に名前が残るため削除しません。使わなくなった利用者は、無効にしてください。"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        # Officials are refused at every address, whoever the account is of.
        if why_not_manage(request.user):
            return rows
        return rows.filter(pk__in=accounts_kept_by(request.user).order_by().values("pk"))

    def refusals(self, request, row, cleaned):
        if refusal := why_not_keep_account(request.user, row):
            yield "municipality", refusal

    def get_readonly_fields(self, request, obj=None):
        """Without the person's own role and municipality, so that nobody locks themselves out."""
        fixed = ["role", "municipality"] if obj and obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    @admin.display(description="有効・無効")
    def activity(self, user):
        return f"{'有効' if user.is_active else '無効'}（変更は、利用者の一覧の操作で行います）"

    @admin.display(description="パスワード", ordering="must_change_password")
    def password_state(self, user):
        return "仮のまま" if user.must_change_password else "本人のもの"

    @admin.display(description="パスワード")
    def password_page(self, user):
        return format_html(
            '{}　<a class="button" href="{}">仮のパスワードを設定する</a>',
            self.password_state(user),
            reverse("admin:auth_user_password_change", args=[user.pk]),
        )

    @admin.action(permissions=["change"], description="選択した利用者を無効にする")
    def disable(self, request, queryset):
        for user in queryset:
            if user == request.user:
                self.message_user(request, "自分自身は無効にできません。", messages.ERROR)
            else:
                self._switch(request, user, False)

    @admin.action(permissions=["change"], description="選択した利用者を有効にする")
    def enable(self, request, queryset):
        for user in queryset:
            self._switch(request, user, True)

    def _switch(self, request, user, is_active):
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        word = "有効" if is_active else "無効"
        self.log_change(request, user, f"{word}にしました。")
        self.message_user(request, f"{user}を{word}にしました。", messages.SUCCESS)

    @admin.action(permissions=["change"], description="ログインの制限を解除する")
    def unlock(self, request, queryset):
        for user in queryset:
            reset(username=user.username)
            self.log_change(request, user, "ログインの制限を解除しました。")
            self.message_user(request, f"{user}のログインの制限を解除しました。", messages.SUCCESS)
