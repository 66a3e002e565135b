"""How lines are written to the log, as text or JSON, and which errors are mailed. Settings name these classes."""

import json
import logging
import re
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.mail import EmailMessage
from django.http import Http404
from django.http.multipartparser import MultiPartParserError

from tokku.mail import send_later
from tokku.service.current import current_request

# What a site is asked for and refuses: no fault of its own.
REFUSALS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
# Seconds between two mails about an error at the same place, from one process.
PAUSE = 60 * 60
_PLAIN = re.compile(r'[^\s"=]+')


class RefusalFilter(logging.Filter):
    """Makes a warning of one line of each refusal, such as a foreign host, which Django logs with its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, REFUSALS):
            message = record.getMessage()
            record.msg = message if str(error) in message else f"{message}: {error}"
            record.args, record.exc_info = (), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class TextFormatter(logging.Formatter):
    """`time level logger message name=value …` in one line, and the traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        head = (
            f"{_time_of(record)} {record.levelname} {record.name} {_printable(record.getMessage())}"
        )
        values = (f"{name}={_quoted(value)}" for name, value in _fields_of(record).items())
        return "\n".join(filter(None, [" ".join([head, *values]), _traceback_of(self, record)]))


class JsonFormatter(logging.Formatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _time_of(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields_of(record),
        }
        if traceback := _traceback_of(self, record):
            line["traceback"] = traceback
        return json.dumps(line, ensure_ascii=False, default=str)


class ErrorMailHandler(logging.Handler):
    """Mails errors to ADMINS: each place in the code at most once in PAUSE, and nothing of what people have entered."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._mailed: dict[tuple, float] = {}
        self.setFormatter(TextFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        # Again, as the filter of another handler may have made a warning of it.
        if record.levelno < logging.ERROR or not settings.ADMINS:
            return
        place, now = _place_of(record), time.monotonic()
        if now - self._mailed.get(place, -PAUSE) < PAUSE:
            return
        self._mailed[place] = now
        subject = _printable(f"【特区評価書】エラー：{place[0]} {record.name}")
        body = (
            f"{self.format(record)}\n\n"
            f"同じ箇所のエラーは、{PAUSE // 60}分に1度だけお知らせします。詳しくはログをご覧ください。\n"
        )
        send_later(
            EmailMessage(subject, body, settings.SERVER_EMAIL, [to for _, to in settings.ADMINS])
        )


def _place_of(record: logging.LogRecord) -> tuple[str, str, int]:
    """What went wrong and where: the class of the error and the line that raised it, or the line that logged."""
    if not record.exc_info or not record.exc_info[2]:
        return record.levelname, record.pathname, record.lineno
    kind, _, traceback = record.exc_info
    while traceback.tb_next:
        traceback = traceback.tb_next
    return kind.__name__, traceback.tb_frame.f_code.co_filename, traceback.tb_lineno


def _fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """The values that the line was logged with, `extra={"fields": …}`, and the id of the request."""
    request = getattr(record, "request", None)
    request_id = getattr(request, "id", None) or getattr(current_request.get(), "id", None)
    return getattr(record, "fields", {}) | ({"request": request_id} if request_id else {})


def _time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")


def _traceback_of(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""


def _printable(text: str) -> str:
    """Without line breaks and control characters, so that nobody can write a line of their own."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _quoted(value: Any) -> str:
    text = "-" if value in (None, "") else _printable(str(value))
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
