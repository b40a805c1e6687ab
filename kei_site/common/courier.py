"""Carrying messages to the mail server after the answer, so that nobody waits for it.

The time an answer takes must not tell whether mail was sent, and a mail server
that hangs must not hold up a page. One thread carries the messages in order; a
process that ends in good order carries what is left first.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.core.mail import EmailMessage
from django.db import connection, transaction

logger = logging.getLogger(__name__)
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="courier")


def send_on_commit(message: EmailMessage, *, or_else: Callable[[], None]) -> None:
    """Send the message once the transaction is committed; call `or_else` when it does not leave."""
    transaction.on_commit(partial(_thread.submit, _carry, message, or_else), robust=True)


def wait() -> None:
    """Return when every message handed over so far has left or failed."""
    _thread.submit(int).result()


def _carry(message: EmailMessage, or_else: Callable[[], None]) -> None:
    # Whatever goes wrong here, the thread lives on and the log says it.
    try:
        message.send(using="default")
    except Exception:
        # The log names the message, not the person.
        logger.exception("Mail %s did not leave", message.extra_headers.get("Message-ID"))
        _undo(or_else)


def _undo(or_else: Callable[[], None]) -> None:
    try:
        or_else()
    except Exception:
        logger.exception("The failed mail could not be taken back")
    finally:
        connection.close()
