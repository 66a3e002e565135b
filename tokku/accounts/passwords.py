"""A password that somebody else has set is changed at the first sign-in, before anything else."""

from django.shortcuts import redirect

OPEN_VIEWS = {
    *("password-change", "invitation", "sign-in", "sign-out", "unlock", "unlock-mail"),
    *("oidc", "oidc-callback", "oidc-sign-out", "admin:logout", "help", "help-terms"),
}


class FirstSignInMiddleware:
    """Leads a person whose password somebody else has set to the page that changes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if (
            request.user.is_authenticated
            and request.user.must_change_password
            and request.resolver_match.view_name not in OPEN_VIEWS
        ):
            return redirect("password-change")
        return None
