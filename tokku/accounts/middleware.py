"""Signing in comes first; what was typed before a session ran out is there again afterwards."""

from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

from tokku.accounts.restored_input import keep_typed
from tokku.accounts.unsent_posts import forget_unsent, keep_unsent, last_person

# What became of the request that found the session ended, for the page of signing in to tell.
OPENED, KEPT, LOST = "opened", "kept", "lost"


class TypedKeepingLoginMiddleware(LoginRequiredMiddleware):
    """Asks to sign in, says where a session has ended, and leads back to where one was.

    What was sent to a view marked `keeps_typed` or `keeps_unsent` waits in the session.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.method == "POST" and request.user.is_authenticated:
            forget_unsent(request, request.get_full_path())
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        there, ended = request.get_full_path(), OPENED
        if request.method == "POST":
            back, ended = came_from(request), LOST
            if keep_typed(request, view_func):
                ended = KEPT
            elif keep_unsent(request, view_func, back):
                there, ended = reverse("unsent"), KEPT
            else:
                there = back
        url = resolve_url(self.get_login_url(view_func))
        if request.method == "POST" or last_person(request):
            url += "?" + urlencode({"ended": ended})
        return redirect_to_login(there, url, self.get_redirect_field_name(view_func))


def came_from(request) -> str:
    """The page of this site that was sent, home where the browser does not say: some addresses take only POST."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        return reverse("home")
    page = urlsplit(referer)
    path = escape_leading_slashes(page.path)  # //example.com/ would be another site.
    return f"{path}?{page.query}" if page.query else path
