"""Where people sign in from, and what happens after too many failures: a lock, or an answer that takes its time.

One name is locked at one address. An address from which many names fail is slowed down and never locked, since all
people of a prefecture may come from it.
"""

import re
import time
from datetime import timedelta
from ipaddress import ip_address
from threading import BoundedSemaphore

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.shortcuts import render
from django.utils import timezone

from tokku.accounts.unlocking import can_mail_links

# Some servers and proxies write the port, too: 192.0.2.1:443 or [2001:db8::1]:443.
WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")

# Failures on this many different names from one address within this time are not of people who mistype.
MANY_NAMES, MANY_NAMES_TIME = 30, timedelta(minutes=10)
SLOW_SECONDS = 3
# How many may wait in one process at once: each keeps a thread from serving others.
_places_to_wait = BoundedSemaphore(2)


def parse_address(text: str) -> str | None:
    """The bare address, as the database takes it; None where there is none, as in "unknown"."""
    if match := WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        return str(ip_address(text.partition("%")[0]))  # % is followed by the server's interface
    except ValueError:
        return None


def client_address(request) -> str | None:
    """The address that a person comes from, as the outermost of the TRUSTED_PROXIES has seen it.

    Each proxy appends to X-Forwarded-For the address that it was asked from. What stands before the entries of one's
    own proxies anybody can write. Where they wrote no address it is that of the connection.
    """
    proxies = settings.TRUSTED_PROXIES
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = entries[-proxies].strip() if 0 < proxies <= len(entries) else ""
    return parse_address(forwarded) or parse_address(request.META.get("REMOTE_ADDR", ""))


def fails_with_many_names(address: str | None) -> bool:
    """Whether sign-ins with MANY_NAMES different names have failed from the address within MANY_NAMES_TIME."""
    attempts = AccessAttempt.objects.filter(
        ip_address=address, attempt_time__gte=timezone.now() - MANY_NAMES_TIME
    )
    names = attempts.order_by().values_list("username", flat=True).distinct()
    return len(names[:MANY_NAMES]) == MANY_NAMES


def wait_where_many_names_fail(request) -> bool:
    """Take SLOW_SECONDS for a sign-in from such an address. False when too many wait already, and it has to be refused."""
    if not fails_with_many_names(client_address(request)):
        return True
    if not _places_to_wait.acquire(blocking=False):
        return False
    try:
        time.sleep(SLOW_SECONDS)
    finally:
        _places_to_wait.release()
    return True


def locked_out(request, response, credentials):
    """The page after too many failures: until when, and how to be let in before."""
    username = (credentials or {}).get("username")
    attempts = AccessAttempt.objects.filter(username=username, ip_address=request.axes_ip_address)
    last_failure = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    # To the next full minute, so that nobody comes a moment too early.
    until = last_failure + settings.AXES_COOLOFF_TIME + timedelta(minutes=1)
    context = {
        "failures": settings.AXES_FAILURE_LIMIT,
        "minutes": settings.AXES_COOLOFF_TIME // timedelta(minutes=1),
        "until": until,
        "username": username,
        "can_mail": can_mail_links(),
    }
    return render(request, "accounts/locked.html", context, status=429)
