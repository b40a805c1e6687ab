"""Where clients find the server's socket: in its data directory, which is closed to others."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from kei_site.embedded.errors import ServerError

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
MAX_PATH_BYTES = 107  # sun_path in <sys/un.h>, less its final zero


def socket_dir(data_dir: Path) -> Path:
    """Return the directory to give to a client as its host.

    A path that is too long for a socket, or has the comma that separates hosts, gets a short
    symbolic link in a directory of mine.
    """
    if _is_usable(data_dir):
        return data_dir
    link = _private_dir() / hashlib.sha256(bytes(data_dir)).hexdigest()[:16]
    if not link.is_symlink() or link.readlink() != data_dir:
        draft = link.with_name(f"{link.name}.{os.getpid()}")
        draft.symlink_to(data_dir)
        draft.replace(link)
    return link


def _is_usable(directory: Path) -> bool:
    return len(bytes(directory / SOCKET_NAME)) <= MAX_PATH_BYTES and b"," not in bytes(directory)


def _private_dir() -> Path:
    """Return my directory for short links; refuse one that somebody else made or may enter."""
    room = len("/0123456789abcdef") + 12
    parents = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108
    names = [parent / f"kei-postgres-{os.geteuid()}" for parent in parents]
    directory = next((name for name in names if _is_usable(name / ("x" * room))), names[-1])
    directory.mkdir(mode=0o700, exist_ok=True)
    status = directory.lstat()
    is_private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    if status.st_uid != os.geteuid() or not is_private:
        raise ServerError(
            f"{directory} must be a directory that belongs to you and that nobody else may enter: "
            "remove it (or ask its owner to), or put the site where its path is shorter."
        )
    return directory
