from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group

from tokku.accounts.models import Municipality, User

# Authority follows from the role, not from groups.
admin.site.unregister(Group)


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "name", "role", "municipality", "is_active"]
    list_filter = ["role", "municipality", "is_active"]
    list_select_related = ["municipality"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("本人", {"fields": ["name", "email", "role", "municipality"]}),
        ("状態", {"fields": ["is_active", "is_staff", "is_superuser", "last_login"]}),
    ]
    readonly_fields = ["last_login"]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    "name",
                    "role",
                    "municipality",
                    "usable_password",
                    "password1",
                    "password2",
                ]
            },
        ),
    ]
