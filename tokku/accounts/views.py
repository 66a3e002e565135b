"""Signing in and out, being invited or let in again, what a session that ended has left, and one's own password."""

import logging
from functools import wraps

from axes.handlers.proxy import AxesProxyHandler
from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, views
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import resolve, reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tokku.accounts.forms import InvitationForm, OwnPasswordForm, SignInForm
from tokku.accounts.invitations import InvitationTokens
from tokku.accounts.lockout import wait_where_many_names_fail
from tokku.accounts.middleware import came_from
from tokku.accounts.models import User
from tokku.accounts.oidc import (
    BACKEND,
    Refusal,
    account_of,
    came_by_provider,
    provider,
    sign_in_refused,
)
from tokku.accounts.restored_input import keep_input
from tokku.accounts.unlocking import can_mail_links, mail_link, user_of_link
from tokku.accounts.unsent_posts import (
    forget_person,
    forget_unsent,
    keep_unsent,
    remember_person,
    unsent_of,
)
from tokku.document.tree import clean_line

logger = logging.getLogger(__name__)


class SignInView(views.LoginView):
    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        if wait_where_many_names_fail(request):
            return super().post(request, *args, **kwargs)
        form = SignInForm(request, initial={"username": request.POST.get("username", "")})
        context = self.get_context_data(form=form, is_busy=True)
        return self.render_to_response(context, status=429, headers={"Retry-After": "10"})

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            ended=self.request.GET.get("ended", ""),
            oidc_label=settings.OIDC_LABEL if settings.OIDC_ISSUER else "",
            **kwargs,
        )

    def form_valid(self, form):
        response = super().form_valid(form)
        remember_person(response, form.get_user())
        return response


sign_in = SignInView.as_view()


class SignOutView(views.LogoutView):
    def post(self, request, *args, **kwargs):
        is_at_provider = came_by_provider(request)
        response = super().post(request, *args, **kwargs)
        forget_person(response)
        if is_at_provider:
            text = 'ログアウトしました。共通認証にはログインしたままです。ほかの人も使う端末では、<a href="{}">共通認証からもログアウト</a>してください。'
            messages.info(request, format_html(text, reverse("oidc-sign-out")))
        return response


# Open to all: with an expired session, "sign in first" would lead back here with GET, which is refused.
sign_out = login_not_required(SignOutView.as_view())


def if_oidc_is_on(view):
    """An address that is there only where people may sign in with an identity provider; open to all."""

    @wraps(view)
    def checked(request):
        if not settings.OIDC_ISSUER:
            raise Http404("OIDC_ISSUER is not set.")
        return view(request)

    return require_GET(login_not_required(checked))


@if_oidc_is_on
def oidc(request):
    """Send the person to the provider, to come back to `oidc_callback`."""
    next_url = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(next_url, {request.get_host()}, request.is_secure()):
        next_url = reverse("home")
    callback = request.build_absolute_uri(reverse("oidc-callback"))
    try:
        return HttpResponseRedirect(provider().begin(request, callback, next_url))
    except Refusal as refusal:
        return _refused(request, refusal, next_url)


@if_oidc_is_on
def oidc_callback(request):
    """Sign in the person whom the provider has sent back."""
    next_url = provider().next_url(request) or reverse("home")
    try:
        user = account_of(provider().claims(request))
    except Refusal as refusal:
        return _refused(request, refusal, next_url)
    login(request, user, BACKEND)
    response = redirect(next_url)
    remember_person(response, user)
    return response


def _refused(request, refusal, next_url):
    sign_in_refused.send(None, request=request, username=refusal.username, reason=str(refusal))
    if cause := refusal.__cause__:
        logger.warning("%s %s: %s", refusal, type(cause).__name__, cause)
    context = {"reason": refusal, "next": next_url}
    return render(request, "accounts/oidc_refused.html", context, status=refusal.status)


@if_oidc_is_on
def oidc_sign_out(request):
    """Sign out of the provider too, where it has an address for that."""
    try:
        site = request.build_absolute_uri(reverse("sign-in"))
        return HttpResponseRedirect(provider().sign_out_url(site))
    except Refusal:
        text = "共通認証からログアウトできませんでした。共通認証の画面でログアウトしてください。"
        messages.error(request, text)
        return redirect("sign-in")


@require_POST
@login_not_required
def unlock_mail(request):
    """Mail a link to the person of a name that is locked out at this address. The answer is the same for any name."""
    username = clean_line(request.POST.get("username", ""))
    if can_mail_links() and not AxesProxyHandler.is_allowed(request, {"username": username}):
        mail_link(username)
    return render(request, "accounts/unlock_mail_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def unlock(request, token):
    """The link of that mail. It asks first, because programs that check mails open every link."""
    person = user_of_link(token)
    if person and request.method == "POST":
        reset(username=person.username)
        messages.success(request, "ログインを再開しました。")
        return redirect("sign-in")
    return render(
        request, "accounts/unlock.html", {"person": person}, status=200 if person else 404
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unsent(request):
    """Show what this person sent after the session had ended, to be sent again or given up."""
    posts = unsent_of(request)
    if request.method == "POST":
        given_up = next((post for post in posts if post.path == request.POST.get("path")), None)
        if given_up:
            forget_unsent(request, given_up.path)
            return redirect(given_up.back)
    if not posts:
        return redirect("home")
    return render(request, "accounts/unsent.html", {"kept": posts})


class PasswordChangeView(views.PasswordChangeView):
    form_class = OwnPasswordForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form):
        messages.success(self.request, "パスワードを変更しました。")
        return super().form_valid(form)


password_change = PasswordChangeView.as_view()


class InvitationView(views.PasswordResetConfirmView):
    """The link of an invitation. Its token goes from the address into the session, and counts until it is used."""

    form_class = InvitationForm
    template_name = "accounts/invitation.html"
    token_generator = InvitationTokens()
    success_url = reverse_lazy("sign-in")

    def get_user(self, uidb64):
        return User.objects.filter(pk=uidb64).first()

    def form_valid(self, form):
        messages.success(self.request, "パスワードを設定しました。ログインしてください。")
        return super().form_valid(form)

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=200 if self.validlink else 404, **kwargs)


invitation = InvitationView.as_view()


def csrf_failure(request, reason=""):
    """Keep what was typed in a page that is older than the sign-in in another tab, and show it again.

    Cookies are SameSite=Lax, so another site's request has no session in which to leave anything.
    """
    view = resolve(request.path).func
    if request.user.is_authenticated:
        if keep_input(request, view):
            return redirect(request.get_full_path())
        if keep_unsent(request, view, came_from(request)):
            return redirect("unsent")
    return render(request, "403_csrf.html", status=403)
