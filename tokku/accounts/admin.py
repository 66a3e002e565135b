"""The admin of municipalities and accounts, which administrators and, for its own zones, a secretariat keep."""

import logging
from collections.abc import Collection

from axes.utils import reset
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, Q
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from evaluations.admin.base.forms import RuledForm
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.lists import VisibleFilter
from evaluations.admin.base.rules import Ruled, field_path
from evaluations.admin.sheets.accounts import AccountResource
from evaluations.admin.sheets.evaluations import MunicipalityResource
from evaluations.memberships import set_zones
from evaluations.models import Zone
from evaluations.permissions import (
    accounts_seen_by,
    municipalities_of,
    why_not_administer,
    why_not_give,
    why_not_keep_account,
    why_not_keep_municipality,
    why_not_keep_zones,
    why_not_use_admin,
    zones_kept_by,
)
from evaluations.years.authors import keep_former_name
from tokku.accounts.forms import NewUserForm, TemporaryPasswordForm
from tokku.accounts.invitations import (
    LIFETIME,
    end_of,
    invite,
    is_open,
    link_of,
    mail_invitations,
)
from tokku.accounts.local_governments import local_governments
from tokku.accounts.models import (
    LISTED,
    WITHOUT_CODE,
    AmbiguousName,
    BodyKind,
    Municipality,
    Role,
    User,
    one_named,
)
from tokku.accounts.unlocking import can_mail_links
from tokku.japanese import era_date, era_time

NO_MAIL = (
    "メールサーバー（EMAIL_URL）又はサイトのアドレス（SITE_URL）が設定されていないため、メールを送れません。"
    "招待状を印刷して渡してください。"
)

logger = logging.getLogger(__name__)

# Authority follows from the role, not from groups.
admin.site.unregister(Group)


class BodyForm(RuledForm):
    """A body by its kind and name. One that the list of the nation knows gets its code from there."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and "name" in self.fields:
            name = self.fields["name"]
            name.widget.attrs |= {"list": "local-governments", "autocomplete": "off"}
            name.help_text = (
                "都道府県と市区町村は、全国の一覧から選ぶと、コードが自動で付きます。"
                "同じ名称がほかの都道府県にもあるときは、都道府県名を付けます（例：長野県高森町）。"
            )

    def _get_validation_exclusions(self):
        """Ask the constraints that name the code also where there is none, and so no field for it."""
        return super()._get_validation_exclusions() - {"code"}

    def clean(self):
        cleaned = super().clean()
        kind, name = cleaned.get("kind"), cleaned.get("name")
        if self.instance._state.adding and kind in LISTED and name and not cleaned.get("code"):
            self._take_code(name)
        return cleaned

    def _take_code(self, name):
        try:
            registered = one_named(name, Municipality.objects.all())
        except AmbiguousName as ambiguous:
            self.add_error("name", str(ambiguous))
            return
        if registered:
            self.add_error("name", f"{registered}は、既に登録されています。")
        elif governments := local_governments().named(name):
            (government,) = governments
            self.instance.code = government.code
            self.cleaned_data["name"] = government.name
            self.cleaned_data["kind"] = BodyKind.of_code(government.code)
        else:
            self.add_error(
                "code",
                f"「{name}」は、全国の都道府県と市区町村の一覧にありません。"
                "名称を確かめるか、コードを入力してください。",
            )


@admin.register(Municipality)
class MunicipalityAdmin(SpreadsheetAdmin, Ruled):
    resource_class = MunicipalityResource
    form = BodyForm
    list_display = ["code", "label", "kind"]
    list_display_links = ["code", "label"]
    list_filter = ["kind"]
    search_fields = ["code", "label"]

    def get_queryset(self, request):
        visible = municipalities_of(request.user).order_by()
        return super().get_queryset(request).filter(pk__in=visible.values("pk"))

    def why_not_see(self, request):
        return why_not_use_admin(request.user)

    def why_not_add(self, request):
        return why_not_administer(request.user)

    def why_not_change(self, request, row=None):
        if row is None:
            return why_not_keep_zones(request.user)
        return why_not_keep_municipality(request.user, row)

    def refusals(self, request, row, cleaned):
        if not row.pk and (refusal := why_not_administer(request.user)):
            yield None, refusal

    def get_fields(self, request, obj=None):
        """A code is offered where the list of the nation does not know the body, once that has been tried."""
        if obj:
            return ["kind", "name"] if obj.kind in WITHOUT_CODE else ["kind", "name", "code"]
        kind, name = request.POST.get("kind"), request.POST.get("name", "")
        is_unknown = kind not in ("", None, *WITHOUT_CODE) and not local_governments().named(name)
        return ["kind", "name", "code"] if is_unknown else ["kind", "name"]

    def get_readonly_fields(self, request, obj=None):
        listed = ["kind", "code"] if obj and obj.is_listed else []
        return [*super().get_readonly_fields(request, obj), *listed]

    def notes_on_import(self, request):
        kinds = "".join(f"「{label}」" for label in BodyKind.labels)
        return [
            f"「種類」は、{kinds}のどれかです。",
            "全国の一覧にある都道府県と市区町村は、「名称」だけで登録できます（コードは自動で付きます）。"
            "同じ名称がほかの都道府県にもあるときは、都道府県名を付けます（例：長野県高森町）。",
            "大学・研究機関と企業・団体には、コードはありません。「種類」と「名称」を入力します。",
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            context["local_governments"] = local_governments()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """Sealed years keep the name that they have."""
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            keep_former_name(obj, form.initial["name"])


class ZonesForm(RuledForm):
    """The zones that an account is of, with its own fields."""

    zones = forms.ModelMultipleChoiceField(
        Zone.objects.none(),
        label="担当する特区",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="担当者と取りまとめは、選んだ特区だけを扱います。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "zones" in self.fields:  # not of one's own account, nor where the account is only shown
            self.fields["zones"].queryset = zones_kept_by(self.request.user)
            if self.instance.pk:
                self.initial["zones"] = [zone.pk for zone in self.instance.zones.all()]


class UsernameForm(forms.ModelForm):
    def clean_username(self):
        """Nobody's name but for capital letters, by which logs would take one for the other."""
        username = self.cleaned_data["username"]
        others = User.objects.exclude(pk=self.instance.pk).filter(username__iexact=username)
        if "username" in self.changed_data and others.exists():
            raise forms.ValidationError("このユーザー名は、既に使われています。")
        return username


class AccountForm(UsernameForm, ZonesForm, UserChangeForm):
    pass


class SuccessorForm(UsernameForm):
    class Meta:
        model = User
        fields = ["username", "name", "email"]


class NewAccountForm(ZonesForm, NewUserForm):
    pass


class PasswordFilter(admin.SimpleListFilter):
    title = "パスワード"
    parameter_name = "password"
    MISSING, INVITED, TEMPORARY, OWN = "missing", "invited", "temporary", "own"

    def lookups(self, request, model_admin):
        return [
            (self.MISSING, without_password()),
            (self.INVITED, "招待中"),
            (self.TEMPORARY, "仮のまま"),
            (self.OWN, "本人のもの"),
        ]

    def queryset(self, request, queryset):
        is_unset = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        is_invited = Q(invited_at__gt=timezone.now() - LIFETIME)
        conditions = {
            self.MISSING: is_unset & ~is_invited,
            self.INVITED: is_unset & is_invited,
            self.TEMPORARY: ~is_unset & Q(must_change_password=True),
            self.OWN: ~is_unset & Q(must_change_password=False),
        }
        return queryset.filter(conditions.get(self.value(), Q()))


def without_password() -> str:
    """How somebody without a password gets in."""
    return "未設定（招待又は共通認証）" if settings.OIDC_ISSUER else "未設定（招待が必要）"


def rights_of(user: User, zones: Collection[Zone]) -> tuple:
    return user.role, user.municipality_id, user.is_active, {zone.pk for zone in zones}


@admin.register(User)
class UserAdmin(SpreadsheetAdmin, Ruled, DjangoUserAdmin):
    """Accounts are disabled and never deleted: the histories name them."""

    resource_class = AccountResource
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = "admin/change_form.html"  # Django's announces fields that are on it already
    change_password_form = TemporaryPasswordForm
    list_display = [
        "username",
        "name",
        "role",
        "municipality",
        "visible_zones",
        "is_active",
        "password_state",
        "last_login",
    ]
    no_municipality_label = "所属なし"
    list_filter = [
        "role",
        "is_active",
        PasswordFilter,
        ("municipality", VisibleFilter),
        ("membership__zone", VisibleFilter),
    ]
    list_select_related = ["municipality"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    filter_horizontal = []
    actions = ["mail_invitations", "print_invitations", "disable", "enable", "unlock"]
    fieldsets = [
        (None, {"fields": ["username", "password_page"]}),
        ("本人", {"fields": ["name", "email", "role", "municipality", "zones"]}),
        ("状態", {"fields": ["activity", "last_login", "date_joined"]}),
    ]
    # A form that was opened before somebody disabled the account would enable it again.
    readonly_fields = [
        "activity",
        "last_login",
        "date_joined",
        "password_state",
        "password_page",
        "visible_zones",
    ]
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
                    "zones",
                    "password1",
                    "password2",
                ],
            },
        ),
    ]

    def why_not_see(self, request):
        return why_not_keep_zones(request.user)

    def why_not_add(self, request):
        return why_not_keep_zones(request.user)

    def why_not_change(self, request, row=None):
        return why_not_keep_account(request.user, row) if row else why_not_keep_zones(request.user)

    def why_not_delete(self, request, row=None):
        return "利用者は、記録に名前が残るため削除しません。使わなくなった利用者は、無効にしてください。"

    def get_queryset(self, request):
        # Zones of others are not told. Without the subquery, a prefetch would take that join for its own.
        kept = Zone.objects.filter(pk__in=zones_kept_by(request.user).order_by().values("pk"))
        rows = super().get_queryset(request).prefetch_related(Prefetch("zones", kept))
        # Officials are refused at every address, whoever the account is of.
        if why_not_keep_zones(request.user):
            return rows
        return rows.filter(pk__in=accounts_seen_by(request.user).order_by().values("pk"))

    def lookup_allowed(self, lookup, value, request):
        """Of the zones only those that the person keeps, since an account may be of others as well."""
        if field_path(self.opts, lookup) in ("zones", "membership__zone"):
            kept = zones_kept_by(request.user).values_list("pk", flat=True)
            return lookup == "membership__zone__id__exact" and value in map(str, kept)
        return super().lookup_allowed(lookup, value, request)

    def refusals(self, request, row, cleaned):
        stored_zones = row.zones.all() if row.pk else []
        zones = cleaned.get("zones", stored_zones)
        if row != request.user:
            yield from why_not_give(request.user, row, zones)
        elif rights_of(row, zones) != rights_of(request.user, stored_zones):
            yield None, "自分自身の役割、所属自治体、担当する特区、有効・無効は、変更できません。"

    def notes_on_import(self, request):
        roles = "".join(f"「{label}」" for _, label in self._roles(request))
        zones = "、".join(f"{zone.slug}（{zone}）" for zone in zones_kept_by(request.user)[:5])
        return [
            f"「役割」は、{roles}のどれかです。「有効」は「はい」か「いいえ」です。",
            "「所属自治体」は、自治体・団体の名称でも、全国地方公共団体コード（6桁）でも構いません。"
            "同じ名称がほかの都道府県にもあるときは、都道府県名を付けます（例：長野県高森町）。",
            f"「担当する特区」は、特区の略称です：{zones}。複数のときは「、」で区切ります。",
            "パスワードは、表に入力しません。新しい利用者は、取り込んだ後に一覧で選んで、メール又は招待状で招待します。",
        ]

    def _roles(self, request):
        is_administrator = not why_not_administer(request.user)
        return [one for one in Role.choices if is_administrator or one[0] != Role.ADMINISTRATOR]

    def lock_sheet(self, request, sheet):
        """Lock the accounts, as their form does: who gives them another zone meanwhile waits."""
        cells = self.resource(request).cells_of(sheet, "username")
        usernames = {User.normalize_username(str(cell)) for cell in cells}
        list(User.objects.select_for_update().filter(username__in=usernames))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "zones" in form.changed_data:
            set_zones(form.instance, form.cleaned_data["zones"])

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role" and why_not_administer(request.user):
            kwargs["choices"] = self._roles(request)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """Without the way to a new password where the account is only shown."""
        sets = super().get_fieldsets(request, obj)
        is_shown_only = obj and self.why_not_change(request, obj)
        if is_shown_only:
            sets = [(None, {"fields": ["username", "password_state"]}), *sets[1:]]
        if is_shown_only or (obj and obj == request.user):
            person = ["name", "email", "role", "municipality", "visible_zones"]
            sets = [sets[0], ("本人", {"fields": person}), *sets[2:]]
        return sets

    def get_readonly_fields(self, request, obj=None):
        """Without the person's own rights, so that nobody locks themselves out."""
        fixed = ["role", "municipality", "zones"] if obj and obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    @admin.display(description="担当する特区")
    def visible_zones(self, user):
        return "、".join(str(zone) for zone in user.zones.all()) or None

    @admin.display(description="有効・無効")
    def activity(self, user):
        return f"{'有効' if user.is_active else '無効'}（変更は、利用者の一覧の操作で行います）"

    @admin.display(description="パスワード", ordering="must_change_password")
    def password_state(self, user):
        if user.has_usable_password():
            return "仮のまま" if user.must_change_password else "本人のもの"
        if is_open(user):
            return f"招待中（{era_date(timezone.localdate(end_of(user)))}まで）"
        return without_password()

    @admin.display(description="パスワード")
    def password_page(self, user):
        return format_html(
            '{}　<a class="button" href="{}">仮のパスワードを設定する</a>',
            self.password_state(user),
            reverse("admin:auth_user_password_change", args=[user.pk]),
        )

    # Handing over, as after a change of personnel

    def get_urls(self):
        address = path(
            "<int:pk>/successor/",
            self.admin_site.admin_view(self.hand_over),
            name="accounts_user_successor",
        )
        return [address, *super().get_urls()]

    def why_not_hand_over(self, request, user) -> str:
        if user == request.user:
            return "自分自身の利用者は、ほかの取りまとめ又はシステム管理者が引き継ぎます。"
        if not user.is_active:
            return f"{user}は無効なため、引き継げません。"
        return self.why_not_change(request, user)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @transaction.atomic
    def hand_over(self, request, pk):
        """A new account with the role, municipality and zones of this one, which is disabled: one act.

        What is to be done goes over with the municipality and the zones; what was done keeps its name.
        """
        user = self.get_object(request, pk)
        list(User.objects.select_for_update().filter(pk=pk))
        user.refresh_from_db()
        if refusal := self.why_not_hand_over(request, user):
            raise PermissionDenied(refusal)
        successor = User(role=user.role, municipality=user.municipality)
        form = SuccessorForm(request.POST or None, instance=successor)
        if request.method == "POST" and form.is_valid():
            successor.set_unusable_password()
            form.save()
            set_zones(successor, user.zones.all())
            user.is_active = False
            user.save(update_fields=["is_active", "invited_at"])
            self.log_addition(request, successor, f"{user.username}から引き継ぎました。")
            self.log_change(request, user, f"{successor.username}に引き継ぎ、無効にしました。")
            report = (
                f"{user}の役割、所属自治体、担当する特区を{successor}に引き継ぎ、{user}を無効にしました。"
                "一覧で選んで、メール又は招待状で招待してください。"
            )
            self.message_user(request, report, messages.SUCCESS)
            query = urlencode({"q": successor.username})
            return redirect(f"{reverse('admin:accounts_user_changelist')}?{query}")
        context = {
            **self.admin_site.each_context(request),
            "title": "後任への引継ぎ",
            "opts": self.opts,
            "original": user,
            "form": form,
        }
        return render(request, "admin/accounts/successor.html", context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and not self.why_not_hand_over(request, obj):
            context["successor"] = reverse("admin:accounts_user_successor", args=[obj.pk])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def address_after_import(self, result):
        """Where new accounts are to be invited, those that have no password yet."""
        address = super().address_after_import(result)
        return f"{address}?password={PasswordFilter.MISSING}" if result.new else address

    @admin.action(permissions=["change"], description="選択した利用者に招待のメールを送る")
    def mail_invitations(self, request, queryset):
        if not can_mail_links():
            self.message_user(request, NO_MAIL, messages.ERROR)
            return
        users = []
        for user in self._invitable(request, queryset):
            if user.email:
                users.append(user)
            else:
                refusal = f"{user}（{user.username}）は、メールアドレスの登録がないため、招待のメールを送れません。"
                self.message_user(request, refusal, messages.ERROR)
        sent = []
        try:
            for user, is_taken in mail_invitations(users, request.user):
                if is_taken:
                    sent.append(user)
                    self.log_change(request, user, "招待のメールを送りました。")
                else:
                    refusal = f"{user.email}は、メールサーバーに受け付けられませんでした。"
                    self.message_user(request, refusal, messages.ERROR)
        except OSError:
            logger.exception("Invitations could not be mailed.")
            failure = (
                f"メールサーバーが応じないため、{len(users) - len(sent)}人に送れませんでした。"
            )
            self.message_user(request, failure, messages.ERROR)
        if sent:
            report = f"{len(sent)}人に招待のメールを送りました。"
            self.message_user(request, report, messages.SUCCESS)

    @admin.action(permissions=["change"], description="選択した利用者の招待状を印刷する")
    def print_invitations(self, request, queryset):
        site = settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")
        users = [*self._invitable(request, queryset)]
        for user in users:
            invite(user)
            self.log_change(request, user, "招待状を印刷しました。")
        if not users:
            return None
        sheets = [
            (user, link_of(user, site), era_time(timezone.localtime(end_of(user))))
            for user in users
        ]
        context = {"sheets": sheets, "site": site, "inviter": request.user}
        return render(request, "accounts/invitations.html", context)

    def _invitable(self, request, users):
        for user in self._kept(request, users):
            if user.is_active:
                yield user
            else:
                refusal = f"{user}は無効なため、招待できません。先に有効にしてください。"
                self.message_user(request, refusal, messages.ERROR)

    @admin.action(permissions=["change"], description="選択した利用者を無効にする")
    def disable(self, request, queryset):
        for user in self._kept(request, queryset):
            if user == request.user:
                self.message_user(request, "自分自身は無効にできません。", messages.ERROR)
            else:
                self._switch(request, user, False)

    @admin.action(permissions=["change"], description="選択した利用者を有効にする")
    def enable(self, request, queryset):
        for user in self._kept(request, queryset):
            self._switch(request, user, True)

    def _switch(self, request, user, is_active):
        user.is_active = is_active
        user.save(update_fields=["is_active", "invited_at"])
        word = "有効" if is_active else "無効"
        self.log_change(request, user, f"{word}にしました。")
        self.message_user(request, f"{user}を{word}にしました。", messages.SUCCESS)

    @admin.action(permissions=["change"], description="ログインの制限を解除する")
    def unlock(self, request, queryset):
        for user in self._kept(request, queryset):
            reset(username=user.username)
            self.log_change(request, user, "ログインの制限を解除しました。")
            self.message_user(request, f"{user}のログインの制限を解除しました。", messages.SUCCESS)

    def _kept(self, request, users):
        """The accounts that the person may change; says why not of the others."""
        for user in users:
            if refusal := self.why_not_change(request, user):
                self.message_user(request, refusal, messages.ERROR)
            else:
                yield user
