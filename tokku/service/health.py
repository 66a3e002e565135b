"""What load balancers and watchdogs ask: /healthz, whether the process answers, and /readyz, whether it can serve.

Neither needs a session, TLS or an allowed host, for they are asked by address from within. Both answer during
maintenance too.
"""

import logging
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.log import log_response
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
def healthz(request):
    return _answer("ok", 200)


@require_safe
@login_not_required
def readyz(request):
    """503 with the names of what is missing; why is in the log."""
    problems = {
        name: problem
        for name, why_not in (
            ("database", why_not_database),
            ("static files", why_not_static_files),
        )
        if (problem := why_not())
    }
    if problems:
        response = _answer("not ready: " + ", ".join(problems), 503)
        log_response("Not ready: %s", problems, response=response, request=request, logger=logger)
        return response
    return _answer("ok", 200)


VIEWS = {"/healthz": healthz, "/readyz": readyz}


class HealthMiddleware:
    """Answers before any other middleware could refuse or redirect."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        view = VIEWS.get(request.path_info)
        if not view:
            return self.get_response(request)
        response = view(request)
        patch_cache_control(response, no_store=True)
        return response


def why_not_database() -> str:
    """Why the database does not answer, or lacks migrations of this code; "" when it is ready."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError as error:
        return repr(error)
    missing = [
        ".".join(migration) for migration in _latest_migrations() if migration not in applied
    ]
    return f"migrations are not applied: {', '.join(missing)}" if missing else ""


def why_not_static_files() -> str:
    """Why pages cannot name their static files; "" when they can."""
    # Only a storage with a manifest, as without DEBUG, needs anything beforehand.
    is_missing = getattr(staticfiles_storage, "hashed_files", None) == {}
    return "collectstatic has not run" if is_missing else ""


@cache
def _latest_migrations() -> list[tuple[str, str]]:
    return MigrationLoader(None).graph.leaf_nodes()


def _answer(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", "text/plain; charset=utf-8", status)
