"""Starting the server: the former one is really gone, the new one outlives its starter."""

import os
import subprocess
from pathlib import Path

from kei_site.embedded.accounts import Account
from kei_site.embedded.errors import ServerError
from kei_site.embedded.locks import locked
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
# Kept so that the interpreter reaps a server that ended, and does not complain of one that runs.
_children: list[subprocess.Popen[bytes]] = []


def start(data_dir: Path, postgres: Path, account: Account, prefix: list[str]) -> None:
    """Start the server of a data directory that has none, and return when it takes connections.

    The caller holds the starters' lock. The second lock, which every process of a server
    inherits, tells when the last one is gone: after `kill -9` of the postmaster a busy backend may
    still write, and removing postmaster.pid before it ended would cost the data.
    """
    with locked(
        data_dir / "supervisor.lock",
        account,
        seconds=START_SECONDS,
        complaint=f"Processes of an earlier server are still at work in {data_dir}",
    ) as lock:
        for name in STALE_FILES:
            (data_dir / name).unlink(missing_ok=True)
        with open_log(data_dir, account) as log:
            log_size = os.fstat(log).st_size
            process = _spawn(data_dir, postgres, prefix, log=log, lock=lock)
    _wait_until_ready(data_dir, process, log_size)


def _spawn(
    data_dir: Path, postgres: Path, prefix: list[str], *, log: int, lock: int
) -> subprocess.Popen[bytes]:
    settings = [part for argument in ARGUMENTS for part in ("-c", argument)]
    process = subprocess.Popen(  # noqa: S603
        [*prefix, str(postgres), "-D", str(data_dir), *settings],
        env=environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=[lock],
        start_new_session=True,
        umask=0o077,
    )
    _children[:] = [process, *(child for child in _children if child.poll() is None)]
    return process


def _wait_until_ready(data_dir: Path, process: subprocess.Popen[bytes], log_size: int) -> None:
    def is_settled() -> bool:
        postmaster = find_postmaster(data_dir)
        return process.poll() is not None or (postmaster is not None and postmaster.is_ready)

    settled = wait_until(is_settled, START_SECONDS)
    if settled and process.returncode is None:
        return
    if settled:
        problem = f"PostgreSQL did not start (exit code {process.returncode})."
    else:
        problem = f"PostgreSQL takes no connections yet after {START_SECONDS} s."
    raise ServerError(
        f"{problem} The last lines of {log_path(data_dir)}:\n"
        + last_lines(data_dir, since=log_size)
    )
