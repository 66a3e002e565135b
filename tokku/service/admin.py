"""The audit log in the admin, for the administrator to read."""

from django.contrib import admin

from evaluations.admin.base.rules import ReadOnly
from evaluations.permissions import why_not_administer
from tokku.service.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ["at", "act", "username", "name", "belongs", "address", "subject"]
    list_display_links = ["at"]
    list_filter = ["act"]
    search_fields = ["username", "name", "address", "subject", "request_id"]
    search_help_text = "ユーザー名、氏名、接続元、対象、要求番号で探します。"
    date_hierarchy = "at"
    show_full_result_count = False

    def why_not_see(self, request):
        return why_not_administer(request.user)
