"""What is recorded of every request: a line in the log, and files that people take with them."""

import logging
import re
import time
import uuid
from email.message import Message

from django.conf import settings

from tokku.accounts.lockout import client_address
from tokku.service.audit import audit
from tokku.service.current import current_request, person_of
from tokku.service.models import Act

_REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)

logger = logging.getLogger("tokku.requests")


class RequestLineMiddleware:
    """Gives each request an id, and logs method, path, status, duration, person and address when it is answered.

    Behind a proxy the id is that of its X-Request-ID. Queries are not logged: people search for names.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        request.id = _id_of(request)
        token = current_request.set(request)
        try:
            response = self.get_response(request)
        finally:
            current_request.reset(token)
        response["X-Request-ID"] = request.id
        person = person_of(request)
        fields = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000),
            "user": person.username if person else None,
            "address": client_address(request),
            "request": request.id,
        }
        logger.info("answered", extra={"fields": fields})
        return response


class FileAuditMiddleware:
    """Audits every file that a person gets, whichever page gives it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            request.method != "HEAD"
            and response.status_code == 200
            and (name := _file_of(response))
        ):
            is_export = request.resolver_match and request.resolver_match.app_name == "admin"
            audit(
                Act.EXPORT if is_export else Act.DOWNLOAD,
                f"{name}（{request.get_full_path()}）",
            )
        return response


def _id_of(request) -> str:
    proposed = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return proposed if _REQUEST_ID.fullmatch(proposed) else uuid.uuid4().hex


def _file_of(response) -> str | None:
    """The name of the file to save; None for a page."""
    header = Message()
    header["Content-Disposition"] = response.get("Content-Disposition", "")
    is_file = header.get_content_disposition() == "attachment"
    return header.get_filename("") if is_file else None
