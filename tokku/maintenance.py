"""The site closed for work on it: one calm page for everyone, whatever address they ask for."""

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER = 10 * 60  # seconds


class MaintenanceMiddleware:
    """Answers 503 while MAINTENANCE is set, without asking the database."""

    def __init__(self, get_response):
        if not settings.MAINTENANCE:
            raise MiddlewareNotUsed

    def __call__(self, request):
        context = {"until": settings.MAINTENANCE_UNTIL, "sent": request.method == "POST"}
        return HttpResponse(
            render_to_string("503.html", context),
            status=503,
            headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
        )
