"""The request that this thread is answering, and the person who sent it."""

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)


def person_of(request: HttpRequest | None) -> Any:
    """The person who is signed in, without asking the database; None when there is none or nobody has asked yet."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)  # kept by django.contrib.auth.middleware
    return user if user and user.is_authenticated else None
