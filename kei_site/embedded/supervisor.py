"""One PostgreSQL server for all processes that share a data directory."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from kei_site.embedded.accounts import Account, account_for
from kei_site.embedded.binaries import find_bin_dir
from kei_site.embedded.clusters import ensure_cluster
from kei_site.embedded.errors import ServerError
from kei_site.embedded.locks import locked
from kei_site.embedded.privileges import prefix_to_run_as
from kei_site.embedded.processes import PROC, Postmaster, find_postmaster
from kei_site.embedded.sockets import socket_dir
from kei_site.embedded.starting import START_SECONDS, start
from kei_site.embedded.waiting import wait_until

STOP_SECONDS = 60
LOCK_SECONDS = START_SECONDS + STOP_SECONDS


@dataclass(frozen=True, slots=True)
class Server:
    """The server of a data directory, running or not. Every method may be called by anyone."""

    data_dir: Path
    bin_dir: Path | None = None

    def __post_init__(self) -> None:
        """Follow symbolic links once: siblings and locks are those of the real directory."""
        object.__setattr__(self, "data_dir", self.data_dir.resolve())

    @property
    def host(self) -> str:
        """Return the directory of the socket, as libpq's `host`."""
        return str(socket_dir(self.data_dir))

    def find(self) -> Postmaster | None:
        """Return the running server, if there is one."""
        return find_postmaster(self.data_dir)

    def ensure_running(self) -> bool:
        """Return once the server takes connections; tell whether this call started it.

        Costs a fraction of a millisecond when it runs already.
        """
        postmaster = self.find()
        if postmaster and postmaster.is_ready:
            return False
        if not PROC.joinpath("self").exists():
            raise ImproperlyConfigured(
                "The embedded PostgreSQL needs Linux with /proc: set DATABASE_URL to use a server."
            )
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        account = account_for(self.data_dir)
        with self._only_me(account):
            postmaster = self._find_staying()
            if postmaster is None:
                self._start(account)
            elif not postmaster.is_ready:
                self._wait_for_another()
            return postmaster is None

    def stop(self) -> bool:
        """Stop the server fast (open transactions are rolled back); tell whether one ran."""
        if not self.data_dir.exists():
            return False
        with self._only_me(account_for(self.data_dir)):
            postmaster = self.find()
            if postmaster is None:
                return False
            os.kill(postmaster.pid, signal.SIGINT)
            self._wait_for_end()
            return True

    @contextmanager
    def _only_me(self, account: Account) -> Iterator[None]:
        path = self.data_dir.with_name(f"{self.data_dir.name}.lock")
        complaint = "Another process is starting or stopping PostgreSQL and does not finish"
        with locked(path, account, seconds=LOCK_SECONDS, complaint=complaint):
            yield

    def _find_staying(self) -> Postmaster | None:
        postmaster = self.find()
        if postmaster and postmaster.is_stopping:
            self._wait_for_end()
            return None
        return postmaster

    def _start(self, account: Account) -> None:
        bin_dir = find_bin_dir(self.bin_dir)
        postgres = bin_dir / "postgres"
        prefix = prefix_to_run_as(account, postgres=postgres, parent=self.data_dir.parent)
        ensure_cluster(self.data_dir, bin_dir, account, prefix)
        start(self.data_dir, postgres, account, prefix)

    def _wait_for_another(self) -> None:
        """Wait for a server whose starter was killed, or that was started by hand."""

        def is_ready() -> bool:
            postmaster = self.find()
            return postmaster is not None and postmaster.is_ready

        if not wait_until(is_ready, START_SECONDS):
            raise ServerError(f"PostgreSQL in {self.data_dir} runs but takes no connections.")

    def _wait_for_end(self) -> None:
        if not wait_until(lambda: self.find() is None, STOP_SECONDS):
            raise ServerError(
                f"PostgreSQL in {self.data_dir} has not stopped after {STOP_SECONDS} s; "
                "it may still be writing. Try again in a minute."
            )


def server_of(settings_dict: dict[str, Any]) -> Server:
    """Return the server that the settings of a database describe."""
    data_dir, bin_dir = settings_dict.get("DATA_DIR"), settings_dict.get("BIN_DIR")
    if not data_dir:
        raise ImproperlyConfigured("The engine kei_site.embedded needs DATA_DIR in DATABASES.")
    return Server(Path(data_dir), Path(bin_dir) if bin_dir else None)
