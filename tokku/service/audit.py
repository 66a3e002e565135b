"""The audit log: who did what, when and from where, as rows for the administrator and as lines."""

import logging
from functools import partial

from django.db import DatabaseError, connection, transaction

from tokku.accounts.lockout import client_address
from tokku.service.current import current_request, person_of
from tokku.service.models import Act, AuditEntry

BY_COMMAND = "（コマンド）"
MOST_CHARACTERS = 1_000  # of what is recorded of the subject

logger = logging.getLogger(__name__)
lines = logging.getLogger("tokku.audit")


def audit(act: Act, subject: str = "", *, user=None, username: str = "") -> None:
    """Record an act of `user`; else of a `username` that was typed, of who is signed in, or of a command.

    The row is part of the caller's transaction, and the line follows its commit. Where no row can be stored, as on a
    full disk, the line alone is written, so that people can go on reading.
    """
    request = current_request.get()
    if not username:
        user = user or person_of(request)
    entry = AuditEntry(
        act=act,
        username=user.username
        if user
        else _clean(username or ("" if request else BY_COMMAND))[:150],
        name=user.name if user else "",
        belongs=_belongs(user) if user else "",
        address=client_address(request) if request else None,
        subject=_clean(subject)[:MOST_CHARACTERS],
        request_id=getattr(request, "id", ""),
    )
    try:
        with transaction.atomic():
            entry.save()
    except DatabaseError:
        # The act cannot be stored either then, and nobody may be told that it was.
        if connection.needs_rollback:
            raise
        logger.exception("An entry of the audit log could not be stored.")
    transaction.on_commit(partial(_write_line, entry))


def _clean(text: str) -> str:
    return text.replace("\0", "")  # which PostgreSQL refuses


def _belongs(user) -> str:
    return "・".join(filter(None, [str(user.municipality or ""), user.get_role_display()]))


def _write_line(entry: AuditEntry) -> None:
    fields = {
        "user": entry.username,
        "name": entry.name,
        "belongs": entry.belongs,
        "address": entry.address,
        "subject": entry.subject,
        "request": entry.request_id,
    }
    lines.info(entry.get_act_display(), extra={"fields": fields})
