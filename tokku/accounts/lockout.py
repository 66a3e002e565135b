"""Functions that django-axes calls: for the address of a person, and for the page of those who are locked out."""

import re
from datetime import timedelta
from ipaddress import ip_address

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.shortcuts import render
from django.utils import timezone

# Some servers and proxies write the port, too: 192.0.2.1:443 or [2001:db8::1]:443.
WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")


def parse_address(text: str) -> str | None:
    """The bare address, as the database takes it; None where there is none, as in "unknown"."""
    if match := WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        return str(ip_address(text.partition("%")[0]))  # % is followed by the server's interface
    except ValueError:
        return None


def client_address(request) -> str | None:
    """The address that a person comes from. Behind a proxy, the one that the proxy itself has added."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    last_entry = forwarded.rpartition(",")[2].strip()
    return parse_address(last_entry) or parse_address(request.META.get("REMOTE_ADDR", ""))


def locked_out(request, response, credentials):
    """The page after too many failures: until when, and whom to ask."""
    attempts = AccessAttempt.objects.filter(
        username=(credentials or {}).get("username"), ip_address=request.axes_ip_address
    )
    last_failure = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    # To the next full minute, so that nobody comes a moment too early.
    until = last_failure + settings.AXES_COOLOFF_TIME + timedelta(minutes=1)
    context = {
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": settings.AXES_COOLOFF_TIME // timedelta(minutes=1),
        "until": until,
    }
    return render(request, "accounts/locked.html", context, status=429)
