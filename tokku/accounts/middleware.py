"""Signing in comes first; what was typed before a session ran out is there again afterwards."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import QueryDict

PERSON = "typed-by"
_KEPT = "kept_typed"
# Far more than an entry page of a year holds; the rest of a session is small.
MOST_CHARACTERS = 4_000_000


class TypedKeepingLoginMiddleware(LoginRequiredMiddleware):
    """Asks to sign in. The data of a POST to a view marked `keeps_typed` waits in the session."""

    def handle_no_permission(self, request, view_func):
        keep_typed(request, view_func)
        return super().handle_no_permission(request, view_func)


def keeps_typed(view):
    """Marks a view to whose page `kept_typed` gives back what was typed. Its form sends PERSON."""
    view.keeps_typed = True
    return view


def keep_typed(request, view) -> bool:
    """Whether what was typed into the page waits now for the person to see it again."""
    if request.method != "POST" or not getattr(view, "keeps_typed", False):
        return False
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    encoded = data.urlencode()
    if len(encoded) > MOST_CHARACTERS:
        return False
    # A page in each of several tabs.
    request.session[_KEPT] = request.session.get(_KEPT, {}) | {request.get_full_path(): encoded}
    return True


def kept_typed(request):
    """What this person typed into this page and could not send, or None."""
    kept = request.session.get(_KEPT, {}).get(request.get_full_path())
    if kept is None:
        return None
    data = QueryDict(kept)
    return data if data.get(PERSON) == str(request.user.pk) else None


def forget_typed(request):
    """Once the page has been sent again, or what was typed is given up."""
    kept = request.session.get(_KEPT, {})
    here = request.get_full_path()
    if here in kept:
        request.session[_KEPT] = {path: data for path, data in kept.items() if path != here}
