"""The site of the admin: its index, its addresses, and what every list offers."""

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_confirmed
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from evaluations.permissions import why_not_keep_zones, why_not_use_admin
from tokku.values import EMPTY

# The index, by the work that people do.
GROUPS = {
    "年度の評価書": [
        "evaluation",
        "actual",
        "correction",
        "targetassessment",
        "approach",
        "achievement",
        "regulatorymeasure",
        "nationalsupport",
        "regionaltext",
        "schemeresult",
    ],
    "提出と確認": ["submission", "remark", "waiver", "statuschange", "sealedversion"],
    "特区と計画": ["zone", "plan", "planedition", "indicator", "numerictarget", "yearlytarget"],
    "自治体と利用者": ["municipality", "user"],
    "運用": ["auditentry"],
}


class Autocomplete(AutocompleteJsonView):
    """Offers the same choices as the field of the form that asks, to those who may fill in that form."""

    def has_perm(self, request, obj=None):
        if self.source_field.auto_created:  # a relation from the other side, which no form has
            return False
        source = self.admin_site._registry.get(self.source_field.model)
        if source is None:  # edited inside the form of a zone
            return not why_not_keep_zones(request.user)
        return source.has_add_permission(request) or source.has_change_permission(request)

    def get_queryset(self):
        rows = super().get_queryset()
        source = self.admin_site._registry.get(self.source_field.model)
        choices = source and source.choices(self.request, self.source_field)
        return rows if choices is None else rows.filter(pk__in=choices.order_by().values("pk"))


@admin.action(permissions=["delete"], description="選択した行を削除する")
def delete_selected(modeladmin, request, queryset):
    """Django's own action, with the rows locked and the rules of each asked."""
    with transaction.atomic():
        if request.POST.get("post"):
            modeladmin.lock(request, *queryset)
        if refusals := {
            reason
            for row in queryset.all()
            if (
                reason := modeladmin.why_not_delete(request, row)
                or modeladmin.why_stale(request, row)
            )
        }:
            for reason in sorted(refusals):
                modeladmin.message_user(request, reason, messages.ERROR)
            return None
        return delete_confirmed(modeladmin, request, queryset)


class Site(admin.AdminSite):
    site_header = "特区評価書"
    site_title = "特区評価書の管理"
    index_title = "管理画面"
    empty_value_display = EMPTY
    enable_nav_sidebar = False  # lists of figures need the width

    def __init__(self, name="admin"):
        super().__init__(name)
        self._actions = {"delete_selected": delete_selected}

    def has_permission(self, request):
        return request.user.is_authenticated and not why_not_use_admin(request.user)

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            if request.user.is_authenticated and (refusal := why_not_use_admin(request.user)):
                raise PermissionDenied(refusal)
            return guarded(request, *args, **kwargs)

        inner.__dict__.update(guarded.__dict__)
        return inner

    def login(self, request, extra_context=None):
        """Lead to the sign-in page of the site."""
        next_url = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': next_url})}")

    login.login_required = False

    def password_change(self, request, extra_context=None):
        return redirect("password-change")

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        if app_label:
            return super().get_app_list(request, app_label)
        models_by_name = {
            model["object_name"].lower(): model
            for app in self._build_app_dict(request).values()
            for model in app["models"]
        }
        return [
            {
                "name": group,
                "app_label": f"group-{position}",
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": models_of_group,
            }
            for position, (group, names) in enumerate(GROUPS.items(), 1)
            if (
                models_of_group := [
                    models_by_name[name] for name in names if name in models_by_name
                ]
            )
        ]
