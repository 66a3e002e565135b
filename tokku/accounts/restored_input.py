"""What was typed into a page when its session had ended: the same person finds it there again, in its fields.

For the entry pages. What shorter pages send waits on a page of its own (unsent.py).
"""

from django.core.signing import BadSignature, Signer
from django.http import QueryDict

from tokku.accounts.pending_posts import forget, keep, kept_of

PERSON = "typed-by"
_STORE = "typed"
# Far more than the entry pages of a year hold; the rest of a session is small.
MOST_CHARACTERS = 4_000_000


def keeps_typed(view):
    """Marks a view to whose page `kept_typed` gives back what was typed. Its form sends `typed_by` as PERSON."""
    view.keeps_typed = True
    return view


def typed_by(user) -> str:
    """Says whose page it is, also once the session is gone. Signed, so that strangers can leave nothing."""
    return Signer(salt=PERSON).sign(user.pk)


def keep_typed(request, view) -> bool:
    """Whether what was typed into the page waits now for the person to see it again."""
    if request.method != "POST" or not getattr(view, "keeps_typed", False):
        return False
    try:
        person = Signer(salt=PERSON).unsign(request.POST.get(PERSON, ""))
    except BadSignature:
        return False
    if request.user.is_authenticated and person != str(request.user.pk):
        return False  # Who has signed in meanwhile would not see it, and nobody would hear of that.
    return keep(request, _STORE, person, MOST_CHARACTERS)


def kept_typed(request) -> QueryDict | None:
    """What this person typed into this page and could not send."""
    kept = kept_of(request, _STORE).get(request.get_full_path())
    return QueryDict(kept["data"]) if kept else None


def forget_typed(request) -> None:
    forget(request, _STORE, request.get_full_path())
