"""Invitations: a link with which the person of an account sets a password of their own, once and within some days.

It goes out by mail or on paper, so that nobody else ever knows a password.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from tokku.accounts.models import User
from tokku.japanese import era_time

LIFETIME = timedelta(days=14)
_SALT = "tokku.accounts.invitations"
_LETTERS = 16  # of 32 kinds: 80 bits, which people can still type from paper


class InvitationTokens:
    """The last part of the link: four groups of letters and digits, as PasswordResetConfirmView asks for them.

    It ends by its use, any other new password, a sign-in, another address, a newer invitation, by disabling the account
    and by giving it another role, municipality or one more zone.
    """

    def make_token(self, user: User, secret: str | None = None) -> str:
        ends_with = (user.pk, user.invited_at, user.password, user.last_login, user.email)
        value = " ".join(map(str, ends_with))
        digest = salted_hmac(_SALT, value, secret, algorithm="sha256").digest()
        letters = base64.b32encode(digest).decode().lower()[:_LETTERS]
        return "-".join(letters[start : start + 4] for start in range(0, _LETTERS, 4))

    def check_token(self, user: User | None, token: str | None) -> bool:
        if not user or not token or not user.is_active or not is_open(user):
            return False
        secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return any(
            constant_time_compare(self.make_token(user, secret), token.lower())
            for secret in secrets
        )


def is_open(user: User) -> bool:
    """Whether an invitation of the account is within its time."""
    return user.invited_at is not None and timezone.now() < end_of(user)


def end_of(user: User) -> datetime:
    return user.invited_at + LIFETIME


def invite(user: User) -> None:
    """Begin an invitation, which ends an earlier one."""
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])


def link_of(user: User, site: str) -> str:
    """The link of an account that has been invited. `site` is its address without a slash at the end."""
    return site + reverse("invitation", args=[user.pk, InvitationTokens().make_token(user)])


def mail_invitations(users: Iterable[User], inviter: User) -> Iterator[tuple[User, bool]]:
    """Invite these accounts by mail; each with whether its address was taken. OSError when the server takes none.

    Needs `can_mail_links`. All go over one connection, so that a server that does not answer is waited for once.
    """
    with get_connection() as connection:
        for user in users:
            invite(user)
            context = {
                "person": user,
                "inviter": inviter,
                "link": link_of(user, settings.SITE_URL),
                "site": settings.SITE_URL,
                "end": era_time(timezone.localtime(end_of(user))),
            }
            body = render_to_string("accounts/invitation_mail.txt", context)
            mail = EmailMessage("【特区評価書】利用者の登録", body, to=[user.email])
            try:
                connection.send_messages([mail])
            except SMTPRecipientsRefused:
                yield user, False
            else:
                yield user, True
