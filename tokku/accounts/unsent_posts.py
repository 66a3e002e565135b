"""What somebody sent after their session had ended, to be sent again by the same person after signing in.

For pages with a few lines of text. The entry pages show again what was typed, in its fields (restored_input.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import QueryDict

from tokku.accounts.pending_posts import forget, keep, kept_of

LAST_PERSON = "last-person"
_STORE = "unsent"
MOST_CHARACTERS = 100_000


@dataclass(frozen=True)
class UnsentPost:
    """A POST that has not been carried out. `back` is the page that it came from, `act` what sending it does."""

    path: str
    back: str
    data: QueryDict
    labels: dict[str, str]
    act: str = ""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Label and text of each field that is filled in. Labels are found by the name without the form's prefix."""
        labelled = ((self.labels.get(name.rpartition("-")[2]), name) for name in self.data)
        return [(label, self.data[name]) for label, name in labelled if label and self.data[name]]

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.data.lists() for value in values]


def keeps_unsent(act: str | Callable[..., str], **labels: str):
    """Mark a view whose POST can be sent again later; `labels` are those of the fields that people type in.

    `act` says what sending does, for people to read before they send it again, or is a function that says it for
    the arguments of the address.
    """

    def mark(view):
        view.unsent_act = act
        view.unsent_labels = labels
        return view

    return mark


def labels_of(view) -> dict[str, str]:
    """The labels of the fields that people type in, by name; for views of the admin those of its model."""
    admin = getattr(view, "model_admin", None)
    if not admin:
        return getattr(view, "unsent_labels", {})
    models = [*(inline.model for inline in admin.inlines), admin.model]
    fields = [field for model in models for field in model._meta.fields]
    labels = {
        field.name: str(field.verbose_name)
        for field in fields
        if field.editable and not (field.primary_key or field.is_relation or field.choices)
    }
    return labels | {"reason": "理由"}


def remember_person(response, user) -> None:
    """Remember in a cookie who has signed in, to tell later that a session has ended and whose it was."""
    response.set_signed_cookie(
        LAST_PERSON,
        user.pk,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_person(response) -> None:
    response.delete_cookie(LAST_PERSON, samesite="Lax")


def last_person(request) -> str:
    """The key of the person who signed in last in this browser and has not signed out; "" when there is none."""
    try:
        return request.get_signed_cookie(LAST_PERSON)
    except (KeyError, signing.BadSignature):
        return ""


def keep_unsent(request, view, back: str) -> bool:
    """Keep what was sent from the page `back`, for its sender. False when it is not kept."""
    person = last_person(request)
    if request.method != "POST" or not person or any("password" in name for name in request.POST):
        return False
    labels = labels_of(view)
    if not UnsentPost(request.get_full_path(), back, request.POST, labels).typed:
        return False
    act = getattr(view, "unsent_act", "")
    if callable(act):
        act = act(**request.resolver_match.kwargs)
    return keep(request, _STORE, person, MOST_CHARACTERS, back=back, labels=labels, act=act)


def unsent_of(request) -> list[UnsentPost]:
    return [
        UnsentPost(path, post["back"], QueryDict(post["data"]), post["labels"], post["act"])
        for path, post in kept_of(request, _STORE).items()
    ]


def forget_unsent(request, path: str) -> None:
    forget(request, _STORE, path)
