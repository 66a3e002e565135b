"""POSTs that were not carried out, kept in the session by their addresses.

How they come back to their sender: restored_input.py, unsent_posts.py.
"""

from typing import Any


def keep(request, store: str, by: str, most: int, **more: Any) -> bool:
    """Keep what was sent, in place of an earlier POST to the same address. False when it is too much.

    A store, a key of the session, holds at most `most` characters: a session is read with every page.
    """
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    post = {"by": by, "data": data.urlencode(), **more}
    posts = request.session.get(store, {}) | {request.get_full_path(): post}
    if sum(len(pending["data"]) for pending in posts.values()) > most:
        return False
    request.session[store] = posts
    return True


def kept_of(request, store: str) -> dict[str, dict[str, Any]]:
    """The kept POSTs of the person who is signed in, by address. The session may hold another person's too."""
    posts = request.session.get(store, {}).items()
    return {path: post for path, post in posts if post["by"] == str(request.user.pk)}


def forget(request, store: str, path: str) -> None:
    """Drop a POST that has been sent again or is given up."""
    posts = request.session.get(store, {})
    if path in posts:
        request.session[store] = {other: post for other, post in posts.items() if other != path}
