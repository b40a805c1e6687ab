"""Building the index of a whole library, in a process of its own whose memory can be told."""

import os
import subprocess
import sys
from time import perf_counter
from urllib.parse import quote

from django.db import connection

TABLES = (
    "publications_publication, publications_author, publications_tag, publications_outlet,"
    " publications_series, publications_searchcount, publications_searchword,"
    " publications_searchspelling, publications_searchchange, publications_searchlabel"
)


def empty() -> None:
    """Take every work and what belongs to it away; kinds and synonyms stay."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES} CASCADE")


def rebuild() -> tuple[float, float, float]:
    """Run `manage.py search_index --rebuild`; return its seconds, its CPU and its memory in MB."""
    start = perf_counter()
    command = subprocess.Popen(
        [sys.executable, "manage.py", "search_index", "--rebuild"],
        env=os.environ | {"DATABASE_URL": database_address()},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(command.pid, 0)
    if status:
        raise SystemExit("manage.py search_index --rebuild failed.")
    seconds = perf_counter() - start
    # Kilobytes on Linux, bytes on macOS.
    unit = 1024**2 if sys.platform == "darwin" else 1024
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit


def database_address() -> str:
    """Return the address of the scratch database as `DATABASE_URL` takes it."""
    known = connection.get_connection_params()
    user = quote(known.get("user", ""), safe="")
    password = quote(known.get("password") or "", safe="")
    host = quote(str(known.get("host", "")), safe="")
    port = f":{known['port']}" if known.get("port") else ""
    return f"postgres://{user}:{password}@{host}{port}/{quote(known['dbname'])}"
