"""Pages for responses that Django leaves blank, and for requests that would break the database."""

import sys

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

# Of what the site stands on and does not hold: the database is gone or busy, a disk is full, a file unreadable.
OUTAGES = (InterfaceError, OperationalError, OSError)


def server_error(request):
    """The page of a failure: 503, which invites to send again, where the failure is not the code's."""
    if not _is_outage(sys.exception()):
        return defaults.server_error(request)
    page = render_to_string("errors/outage.html", {"sent": request.method == "POST"})
    return HttpResponse(page, status=503, headers={"Retry-After": "60"})


def _is_outage(error: BaseException | None) -> bool:
    """Whether it is one, or was raised because of one, such as the use of a transaction that one has ended."""
    return error is not None and (
        isinstance(error, OUTAGES) or _is_outage(error.__cause__ or error.__context__)
    )


class MethodNotAllowedMiddleware:
    """Answers 405 with a page that says what to do: people get there by opening the address of a button."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


class NullCharacterMiddleware:
    """Answers 400 to addresses and cookies with a NUL character, which PostgreSQL takes in no text.

    What is sent in forms is refused by their fields.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            "\0" in request.path
            or "%00" in request.META.get("QUERY_STRING", "")
            or any("\0" in value for value in request.COOKIES.values())
        ):
            raise BadRequest("A NUL character in the address or a cookie.")
        return self.get_response(request)
