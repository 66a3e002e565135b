"""Signing in and out."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required

from tokku.accounts.forms import SignInForm

sign_in = views.LoginView.as_view(
    form_class=SignInForm,
    template_name="accounts/sign_in.html",
    redirect_authenticated_user=True,
)

# Open to all: with an expired session, "sign in first" would lead back here with GET, which is refused.
sign_out = login_not_required(views.LogoutView.as_view())
