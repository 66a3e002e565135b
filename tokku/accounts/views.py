"""Signing in and out, and one's own password."""

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import resolve, reverse_lazy

from tokku.accounts.forms import OwnPasswordForm, SignInForm
from tokku.accounts.middleware import keep_typed

sign_in = views.LoginView.as_view(
    form_class=SignInForm,
    template_name="accounts/sign_in.html",
    redirect_authenticated_user=True,
)

# Open to all: with an expired session, "sign in first" would lead back here with GET, which is refused.
sign_out = login_not_required(views.LogoutView.as_view())


class PasswordChangeView(views.PasswordChangeView):
    form_class = OwnPasswordForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form):
        messages.success(self.request, "パスワードを変更しました。")
        return super().form_valid(form)


password_change = PasswordChangeView.as_view()


def csrf_failure(request, reason=""):
    """The page was opened before signing in again in another tab: what was typed is shown there again.

    Cookies are SameSite=Lax, so another site's request has no session in which to leave anything.
    """
    view = resolve(request.path).func
    if request.user.is_authenticated and keep_typed(request, view):
        return redirect(request.path)
    return render(request, "403_csrf.html", status=403)
