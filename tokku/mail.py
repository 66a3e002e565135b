"""Mails that are sent beside the answer, so that a mail server that does not answer keeps nobody waiting."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore

from django.core.mail import EmailMessage

MOST_WAITING = 10

logger = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
_places = BoundedSemaphore(MOST_WAITING)


def send_later(message: EmailMessage) -> Future | None:
    """Send the mail in another thread. A failure is logged; None when MOST_WAITING are waiting and it is dropped."""
    if not _places.acquire(blocking=False):
        logger.warning("A mail was dropped, as %s are waiting to be sent.", MOST_WAITING)
        return None
    return _sender.submit(_send, message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception as error:
        # A warning, because errors are mailed.
        logger.warning("A mail could not be sent: %r", error)
    finally:
        _places.release()
