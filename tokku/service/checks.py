"""What `check --deploy` says about a site that is to be run."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import Error, Tags, register
from django.core.exceptions import ValidationError

from tokku.accounts.local_governments import local_governments
from tokku.municipality_code import validate_municipality_code
from tokku.service.health import why_not_static_files


@register(Tags.staticfiles, deploy=True)
def check_collected_static_files(app_configs, **kwargs):
    """collectstatic has been forgotten, at all or since the last upgrade."""
    if not hasattr(staticfiles_storage, "hashed_files"):  # with DEBUG
        return []
    if why_not_static_files():
        problem = "画面の部品（静的ファイル）がまだ用意されていません。"
    elif changed := [*_uncollected()]:
        problem = f"画面の部品（静的ファイル）が、今のプログラムのものではありません（{len(changed)}件、{changed[0]} など）。"
    else:
        return []
    hint = "python manage.py collectstatic --noinput を実行し、サイトを再起動してください。"
    return [Error(problem, hint=hint, id="service.E001")]


@register(Tags.security, deploy=True)
def check_identity_provider(app_configs, **kwargs):
    """Half of what signing in with an identity provider, or making accounts by its claims, needs."""
    claims = ["ROLE_CLAIM", "ROLES", "MUNICIPALITY_CLAIM", "MUNICIPALITIES"]
    problems = [
        *_missing("ISSUER", "CLIENT_ID", "CLIENT_SECRET", given=claims),
        *_missing(*claims),
    ]
    if settings.OIDC_ISSUER and not settings.OIDC_ISSUER.startswith("https://"):
        problems.append("OIDC_ISSUER は、https:// で始まるアドレスにしてください。")
    for key in settings.OIDC_MUNICIPALITIES.values():
        if not (key.isdecimal() or local_governments().named(key)):
            continue  # the name of a body without a code
        try:
            validate_municipality_code(key)
        except ValidationError as error:
            problems.append(f"OIDC_MUNICIPALITIES の「{key}」：{error.message}")
    return [Error(problem, id="service.E002") for problem in problems]


def _missing(*names, given=()):
    """A sentence about those of the settings that are missing, where any of them or of `given` is set."""
    missing = [f"OIDC_{name}" for name in names if not getattr(settings, f"OIDC_{name}")]
    if missing and any(getattr(settings, f"OIDC_{name}") for name in (*names, *given)):
        yield f"共通認証（OIDC）の設定のうち、{'、'.join(missing)} がありません。"


def _uncollected():
    """The names of files that are not, or not the same, where collectstatic puts them."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            collected = Path(staticfiles_storage.path(name))
            if (
                not collected.is_file()
                or collected.read_bytes() != Path(storage.path(name)).read_bytes()
            ):
                yield name
