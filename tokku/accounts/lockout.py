"""What django-axes asks of this site: whose address it is, and the page of those who are locked out."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.shortcuts import render
from django.utils import timezone


def client_address(request):
    """The address that a person comes from. Behind a proxy, the one that the proxy itself has added."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR")


def locked_out(request, response, credentials):
    """The page after too many failures: until when, and whom to ask."""
    attempts = AccessAttempt.objects.filter(
        username=(credentials or {}).get("username"), ip_address=request.axes_ip_address
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    # To the next full minute, so that nobody comes a moment too early.
    until = last + settings.AXES_COOLOFF_TIME + timedelta(minutes=1)
    context = {
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": settings.AXES_COOLOFF_TIME // timedelta(minutes=1),
        "until": until,
    }
    return render(request, "accounts/locked.html", context, status=429)
