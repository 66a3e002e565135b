"""The way back in for a person who is locked out: a link that is mailed to the address of the account."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from tokku.accounts.models import User
from tokku.mail import send_later

LINK_LIFETIME = timedelta(hours=1)
# Between two mails to the same person from one process, however often somebody asks for them.
PAUSE = timedelta(minutes=10)
_SALT = "tokku.accounts.unlocking"
_CONSOLE = "django.core.mail.backends.console.EmailBackend"


def can_mail_links() -> bool:
    """Whether this site sends mails and knows its own address."""
    return bool(settings.SITE_URL) and settings.EMAIL_BACKEND != _CONSOLE


def mail_link(username: str) -> None:
    """Mail a link to the person of this name, if there is one with an address. The caller is told nothing."""
    user = User.objects.filter(username=username, is_active=True).exclude(email="").first()
    if user and cache.add(f"{_SALT}:{user.pk}", True, PAUSE.total_seconds()):
        address = settings.SITE_URL + reverse("unlock", args=[_token_of(user)])
        hours = LINK_LIFETIME // timedelta(hours=1)
        context = {"person": user, "address": address, "hours": hours}
        body = render_to_string("accounts/unlock_mail.txt", context)
        send_later(EmailMessage("【特区評価書】ログインの再開", body, to=[user.email]))


def user_of_link(token: str) -> User | None:
    """The person to whom the link was mailed. None when it is too old, or they have signed in since."""
    try:
        key, _ = signing.loads(token, salt=_SALT, max_age=LINK_LIFETIME)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    return user if user and signing.loads(token, salt=_SALT) == _signed_of(user) else None


def _token_of(user: User) -> str:
    return signing.dumps(_signed_of(user), salt=_SALT)


def _signed_of(user: User) -> list:
    return [user.pk, user.last_login.isoformat() if user.last_login else None]
