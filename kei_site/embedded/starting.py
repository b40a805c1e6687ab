"""Starting the server: the former one is really gone, the new one outlives its starter."""

import os
import subprocess
from pathlib import Path

from kei_site.embedded.accounts import Account
from kei_site.embedded.errors import ServerError
from kei_site.embedded.locks import is_free, locked
from kei_site.embedded.logs import last_lines, log_path, open_log
from kei_site.embedded.privileges import environment
from kei_site.embedded.processes import find_postmaster
from kei_site.embedded.sockets import PORT, SOCKET_NAME
from kei_site.embedded.waiting import wait_until

START_SECONDS = 60
STALE_FILES = ("postmaster.pid", SOCKET_NAME, f"{SOCKET_NAME}.lock")
# What clients rely on. Given on the command line, they win over postgresql.conf.
ARGUMENTS = (
    "listen_addresses=",
    f"port={PORT}",
    # Relative to the data directory: no path is too long for it or needs quoting.
    "unix_socket_directories=.",
    "unix_socket_permissions=0700",
    "logging_collector=off",
)


def start(data_dir: Path, postgres: Path, account: Account, prefix: list[str]) -> None:
    """Start the server of a data directory that has none, and return when it takes connections.

    The caller holds the starters' lock. The second lock, which every process of a server
    inherits, tells when the last one is gone: after `kill -9` of the postmaster a busy backend may
    still write, and removing postmaster.pid before it ended would cost the data.
    """
    lock_path = data_dir / "supervisor.lock"
    complaint = f"Processes of an earlier server are still at work in {data_dir}"
    with (
        locked(lock_path, account, seconds=START_SECONDS, complaint=complaint) as lock,
        open_log(data_dir, account) as log,
    ):
        for name in STALE_FILES:
            (data_dir / name).unlink(missing_ok=True)
        log_size = os.fstat(log).st_size
        _spawn(data_dir, postgres, prefix, log=log, lock=lock)
    _wait_until_ready(data_dir, lock_path, log_size)


def _spawn(data_dir: Path, postgres: Path, prefix: list[str], *, log: int, lock: int) -> None:
    """Start the server as nobody's child: it outlives its starter and its starter's terminal."""
    settings = [part for argument in ARGUMENTS for part in ("-c", argument)]
    subprocess.run(  # noqa: S603
        # As the leader of a process group `setsid` leaves its work to a child and ends at once.
        ["setsid", *prefix, str(postgres), "-D", str(data_dir), *settings],  # noqa: S607
        env=environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=[lock],
        process_group=0,
        umask=0o077,
        check=True,
    )


def _wait_until_ready(data_dir: Path, lock_path: Path, log_size: int) -> None:
    def is_ready() -> bool:
        postmaster = find_postmaster(data_dir)
        return postmaster is not None and postmaster.is_ready

    settled = wait_until(lambda: is_ready() or is_free(lock_path), START_SECONDS)
    if is_ready():
        return
    if settled:
        problem = "PostgreSQL did not start."
    else:
        problem = f"PostgreSQL takes no connections yet after {START_SECONDS} s."
    raise ServerError(
        f"{problem} The last lines of {log_path(data_dir)}:\n"
        + last_lines(data_dir, since=log_size)
    )
