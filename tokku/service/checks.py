"""What `check --deploy` says about a site that is to be run."""

from pathlib import Path

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import Error, Tags, register

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
