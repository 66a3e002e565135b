"""Signing in with an identity provider (OpenID Connect): what it tells of a person, and whose account that is.

Authlib speaks with the provider and checks what it says; decision 39 says who is let in. Off unless OIDC_ISSUER is set.
"""

import time
from collections.abc import Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.dispatch import Signal
from joserfc.errors import JoseError
from requests import RequestException

from tokku.accounts.models import Municipality, Role, User
from tokku.document.tree import clean_line

SECONDS = 5  # that the provider may be silent
SECONDS_KEPT = (
    60 * 60
)  # how long a process counts on the addresses and keys that the provider has published
BACKEND = "tokku.accounts.oidc.ProviderBackend"
# What comes of a provider that cannot be reached, or whose answer is not JSON, lacks something, or is forged.
PROVIDER_ERRORS = (
    *(AuthlibBaseError, JoseError, RequestException),
    *(AttributeError, KeyError, RuntimeError, TypeError, ValueError),
)

# Sent with request, username ("" where it is not known) and reason; `tokku.service` records it.
sign_in_refused = Signal()


class Refusal(Exception):
    """Somebody is not let in: a sentence for them, the status of the answer, and the name that they came with."""

    def __init__(self, sentence: str, status: int = 403, username: str = ""):
        super().__init__(sentence)
        self.status, self.username = status, username


@contextmanager
def refusing_failures():
    """Make a Refusal of what goes wrong with the provider, or of what it sends back."""
    try:
        yield
    except MismatchingStateError as error:
        sentence = "ログインを始めてから時間がたったか、別のブラウザーで始めたため、安全のために取りやめました。"
        raise Refusal(sentence, 400) from error
    except PROVIDER_ERRORS as error:
        if getattr(error, "error", "") == "access_denied":
            raise Refusal("共通認証の画面で、ログインが取り消されました。") from error
        sentence = "共通認証のサーバーにつながらないか、正しい答えが返ってきませんでした。"
        raise Refusal(sentence, 502) from error


class ProviderBackend(ModelBackend):
    """Marks the sessions of people who came by the provider. They end when it is switched off."""

    def authenticate(self, request, **credentials):
        return None  # with a password nobody comes by the provider


def came_by_provider(request) -> bool:
    return request.session.get(BACKEND_SESSION_KEY) == BACKEND


class Provider(DjangoOAuth2App):
    def load_server_metadata(self):
        """What the provider publishes of itself, and its keys, but with the one algorithm that is expected of it."""
        if time.time() - self.server_metadata.get("_loaded_at", 0) > SECONDS_KEPT:
            self.server_metadata = {}
        metadata = super().load_server_metadata()
        if metadata.get("issuer") != settings.OIDC_ISSUER:
            self.server_metadata = {}
            raise RuntimeError(f"It says that it is {metadata.get('issuer')}.")
        metadata["id_token_signing_alg_values_supported"] = [settings.OIDC_SIGNING_ALGORITHM]
        return metadata

    @refusing_failures()
    def begin(self, request, callback: str, next_url: str) -> str:
        """The address of the provider at which the person signs in, and comes back to `callback`."""
        begun = self.create_authorization_url(callback)
        self.save_authorize_data(request, redirect_uri=callback, next=next_url, **begun)
        return begun["url"]

    def next_url(self, request) -> str:
        """Where a person who comes back wanted to go; "" when they did not begin here."""
        begun = self.framework.get_state_data(request.session, request.GET.get("state"))
        return begun["next"] if begun else ""

    @refusing_failures()
    def claims(self, request) -> Mapping[str, Any]:
        """What the ID token says of the person who comes back."""
        options = {
            "iss": {"essential": True, "value": settings.OIDC_ISSUER},
            # Authlib alone takes any audience whose authorised party (azp) is this site.
            "aud": {"essential": True, "value": self.client_id},
        }
        return self.authorize_access_token(request, claims_options=options)["userinfo"]

    @refusing_failures()
    def sign_out_url(self, back: str) -> str:
        return self.create_logout_url(back, client_id=self.client_id)["url"]


@cache
def provider() -> Provider:
    return OAuth().register(
        "oidc",
        client_cls=Provider,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=settings.OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": settings.OIDC_SCOPES,
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )


def account_of(claims: Mapping[str, Any]) -> User:
    """The account of the person of these claims, made when it is their first time and the claims are enough for it.

    Raises Refusal.
    """
    username = _text(claims, settings.OIDC_ACCOUNT_CLAIM)
    if not username:
        raise Refusal(
            f"共通認証から、利用者を見分けるための情報（{settings.OIDC_ACCOUNT_CLAIM}）が届きませんでした。"
        )
    users = User.objects.select_related("municipality")
    user = users.filter(username=username).first() or _make_account(username, claims)
    if reason := _why_not(user, claims):
        raise Refusal(reason, username=username)
    if user.must_change_password:
        # Whoever set it knows it. Its person has no need of it.
        user.password, user.must_change_password = make_password(None), False
        user.save(update_fields=["password", "must_change_password"])
    return user


def _why_not(user: User, claims: Mapping[str, Any]) -> str:
    """Why the person is not let in; "" when they are. Claims that say nothing of role or municipality change nothing."""
    if not user.is_active:
        return f"ユーザー名「{user.username}」の利用者は、無効になっています。"
    # Of a role that no claim gives, claims have no say.
    roles = _roles(claims) if user.role in settings.OIDC_ROLES.values() else set()
    if roles and user.role not in roles:
        names = "、".join(Role(role).label for role in sorted(roles))
        return (
            f"共通認証での役割（{names}）が、このシステムでのあなたの役割"
            f"（{user.get_role_display()}）と違います。"
        )
    keys = _keys(claims)
    if user.municipality and keys and user.municipality.key not in keys:
        names = "、".join(map(_name_of, sorted(keys)))
        return (
            f"共通認証での所属（{names}）が、このシステムでのあなたの所属"
            f"（{user.municipality}）と違います。"
        )
    return ""


def _make_account(username: str, claims: Mapping[str, Any]) -> User:
    """An account without a password and without a zone, where the claims give one role and one municipality."""
    roles, keys = _roles(claims), _keys(claims)
    if len(roles) != 1 or len(keys) != 1:
        sentence = f"ユーザー名「{username}」の利用者は、このシステムに登録されていません。"
        raise Refusal(sentence, username=username)
    [role], [key] = roles, keys
    municipality = Municipality.objects.with_key(key).first()
    if not municipality:
        sentence = f"所属（{key}）は、このシステムに登録されていません。"
        raise Refusal(sentence, username=username)
    values = {
        "name": _text(claims, "name") or username,
        "email": _text(claims, "email"),
        "role": role,
        "municipality": municipality,
        "password": make_password(None),
    }
    try:
        User(username=username, **values).full_clean()
    except ValidationError as error:
        reasons = "".join(error.messages)
        sentence = f"共通認証から届いた内容では、利用者を登録できません。{reasons}"
        raise Refusal(sentence, username=username) from error
    return User.objects.get_or_create(username=username, defaults=values)[0]


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return clean_line(value) if isinstance(value, str) else ""


def _roles(claims: Mapping[str, Any]) -> set[str]:
    return _mapped(claims, settings.OIDC_ROLE_CLAIM, settings.OIDC_ROLES)


def _keys(claims: Mapping[str, Any]) -> set[str]:
    """Of the municipalities, or other bodies, that the claims give."""
    return _mapped(claims, settings.OIDC_MUNICIPALITY_CLAIM, settings.OIDC_MUNICIPALITIES)


def _mapped(claims: Mapping[str, Any], name: str, meanings: Mapping[str, str]) -> set[str]:
    """What the settings make of a claim, which is one value or a list, as of groups."""
    value = claims.get(name)
    values = value if isinstance(value, list) else [value]
    return {meanings[value] for value in values if isinstance(value, str) and value in meanings}


def _name_of(key: str) -> str:
    return str(Municipality.objects.with_key(key).first() or key)
