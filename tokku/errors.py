"""Pages for responses that Django leaves blank, and for requests that would break the database."""

from django.core.exceptions import BadRequest
from django.http import HttpResponseNotAllowed
from django.shortcuts import render


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
