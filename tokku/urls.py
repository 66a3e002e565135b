from django.contrib import admin
from django.urls import include, path

from evaluations.views.help import help_steps, help_terms
from evaluations.views.home import home
from tokku.accounts.views import (
    invitation,
    oidc,
    oidc_callback,
    oidc_sign_out,
    password_change,
    sign_in,
    sign_out,
    unlock,
    unlock_mail,
    unsent,
)
from tokku.service.health import healthz, readyz

handler500 = "tokku.errors.server_error"

# The first words of these addresses cannot be the slug of a zone: evaluations.models.zone.RESERVED_SLUGS.
urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-in/unsent/", unsent, name="unsent"),
    path("sign-in/oidc/", oidc, name="oidc"),
    path("sign-in/oidc/callback/", oidc_callback, name="oidc-callback"),
    path("sign-in/oidc/sign-out/", oidc_sign_out, name="oidc-sign-out"),
    path("sign-in/unlock/", unlock_mail, name="unlock-mail"),
    path("sign-in/unlock/<str:token>/", unlock, name="unlock"),
    path("sign-out/", sign_out, name="sign-out"),
    path("password/", password_change, name="password-change"),
    # The names of the arguments are Django's.
    path("password/<int:uidb64>/<str:token>/", invitation, name="invitation"),
    path("help/", help_steps, name="help"),
    path("help/terms/", help_terms, name="help-terms"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("evaluations.urls")),
]
