"""Every page asks to sign in first; what is sent after a session has ended is kept until then."""

from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

from tokku.accounts.restored_input import keep_input
from tokku.accounts.unsent_posts import forget_unsent, keep_unsent, last_person

# What became of a request that came after the session had ended, as the sign-in page says it.
OPENED, KEPT, LOST = "opened", "kept", "lost"


class InputKeepingLoginMiddleware(LoginRequiredMiddleware):
    """Asks people to sign in, says that their session has ended if it has, and leads back to the page they were on.

    What was sent to a view marked `restores_input` or `keeps_unsent` waits in the session.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.method == "POST" and request.user.is_authenticated:
            forget_unsent(request, request.get_full_path())
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        next_url, outcome = request.get_full_path(), OPENED
        if request.method == "POST":
            previous_page, outcome = came_from(request), LOST
            if keep_input(request, view_func):
                outcome = KEPT
            elif keep_unsent(request, view_func, previous_page):
                next_url, outcome = reverse("unsent"), KEPT
            else:
                next_url = previous_page
        url = resolve_url(self.get_login_url(view_func))
        if request.method == "POST" or last_person(request):
            url += "?" + urlencode({"ended": outcome})
        return redirect_to_login(next_url, url, self.get_redirect_field_name(view_func))


def came_from(request) -> str:
    """The page of this site from which the request was sent; home where the browser does not say.

    Not the address of the request itself, which may take POST alone.
    """
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        return reverse("home")
    page = urlsplit(referer)
    path = escape_leading_slashes(page.path)  # //example.com/ would be another site.
    return f"{path}?{page.query}" if page.query else path
