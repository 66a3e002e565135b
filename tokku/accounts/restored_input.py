"""What was typed into a page whose session had ended: the same person finds it there again, in its fields.

For the entry pages. What shorter pages send waits on a page of its own (unsent_posts.py).
"""

from django.core.signing import BadSignature, Signer
from django.http import QueryDict

from tokku.accounts.pending_posts import forget, keep, kept_of

PERSON = "typed-by"
_STORE = "typed"
# Far more than the entry pages of a year hold; the rest of a session is small.
MOST_CHARACTERS = 4_000_000


def restores_input(view):
    """Mark a view whose page shows again what `kept_input` returns. Its form sends `typed_by` under the name PERSON."""
    view.restores_input = True
    return view


def typed_by(user) -> str:
    """The person's key, signed: it tells whose page it is after the session has ended, and cannot be forged."""
    return Signer(salt=PERSON).sign(user.pk)


def keep_input(request, view) -> bool:
    """Keep what was typed into the page of a marked view. False when it is not kept."""
    if request.method != "POST" or not getattr(view, "restores_input", False):
        return False
    try:
        person = Signer(salt=PERSON).unsign(request.POST.get(PERSON, ""))
    except BadSignature:
        return False
    if request.user.is_authenticated and person != str(request.user.pk):
        return False  # Somebody else has signed in meanwhile, who would never be shown it.
    return keep(request, _STORE, person, MOST_CHARACTERS)


def kept_input(request) -> QueryDict | None:
    """What this person typed into this page and could not save; None when there is nothing."""
    post = kept_of(request, _STORE).get(request.get_full_path())
    return QueryDict(post["data"]) if post else None


def forget_input(request) -> None:
    forget(request, _STORE, request.get_full_path())
