"""POSTs that could not be carried out, waiting in the session by their addresses.

How each comes back to its sender is for others to say: typed.py, unsent.py.
"""

from typing import Any


def keep(request, store: str, by: str, most: int, **more: Any) -> bool:
    """Whether what was sent waits now. The last one replaces another to the same address.

    All that waits in a store has at most `most` characters: a session is read with every page.
    """
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    one = {"by": by, "data": data.urlencode(), **more}
    kept = request.session.get(store, {}) | {request.get_full_path(): one}
    if sum(len(each["data"]) for each in kept.values()) > most:
        return False
    request.session[store] = kept
    return True


def kept_of(request, store: str) -> dict[str, dict[str, Any]]:
    """What this person has waiting, by address. The session may hold another's, who used it before."""
    kept = request.session.get(store, {}).items()
    return {path: one for path, one in kept if one["by"] == str(request.user.pk)}


def forget(request, store: str, path: str) -> None:
    """Once it has been sent again, or is given up."""
    kept = request.session.get(store, {})
    if path in kept:
        request.session[store] = {other: one for other, one in kept.items() if other != path}
