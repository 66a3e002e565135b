"""Signing in comes first; what was typed before a session ran out is there again afterwards."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import QueryDict

PERSON = "typed-by"
_KEPT = "kept_typed"
# Far more than an entry page of a year holds; the rest of a session is small.
MOST_CHARACTERS = 1_000_000


class TypedKeepingLoginMiddleware(LoginRequiredMiddleware):
    """Asks to sign in. The data of a POST to a view marked `keeps_typed` waits in the session."""

    def handle_no_permission(self, request, view_func):
        if request.method == "POST" and getattr(view_func, "keeps_typed", False):
            data = request.POST.copy()
            data.pop("csrfmiddlewaretoken", None)
            encoded = data.urlencode()
            if len(encoded) <= MOST_CHARACTERS:
                request.session[_KEPT] = {"path": request.path, "data": encoded}
        return super().handle_no_permission(request, view_func)


def keeps_typed(view):
    """Marks a view to whose page `kept_typed` gives back what was typed. Its form sends PERSON."""
    view.keeps_typed = True
    return view


def kept_typed(request):
    """What this person typed into this page when the session had run out, or None."""
    kept = request.session.get(_KEPT)
    if not kept or kept["path"] != request.path:
        return None
    data = QueryDict(kept["data"])
    return data if data.get(PERSON) == str(request.user.pk) else None


def forget_typed(request):
    """Once the page has been sent again, or what was typed is given up."""
    kept = request.session.get(_KEPT)
    if kept and kept["path"] == request.path:
        del request.session[_KEPT]
