"""How gunicorn serves the site; `docs/operations.md` explains the variables."""

import gc
from typing import Any

from django.urls import resolve
from environs import Env

env = Env()

bind = env.str("BIND", "127.0.0.1:8000")
workers = env.int("WEB_WORKERS", 2)
threads = env.int("WEB_THREADS", 4)
# Threads with keep-alive answer several times what one-request processes do.
worker_class = "gthread"
# A worker is replaced now and then, so that slow leaks never add up.
max_requests = 20_000
max_requests_jitter = 2_000
timeout = 60
graceful_timeout = 20
keepalive = 10
control_socket_disable = True
accesslog = "-" if env.bool("ACCESS_LOG", False) else None


def post_worker_init(worker: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Be ready before the first reader comes.

    The pages are imported, for which that reader would wait; and the garbage collector does not
    walk through the whole code again and again.
    """
    resolve("/")
    gc.collect()
    gc.freeze()
