"""Which process, if any, is the server of a data directory."""

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# postmaster.pid: process, directory, start time, port, socket directory, address, memory, state.
PID_LINE, STATE_LINE = 0, 7


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server: its process, and its state in its own words."""

    pid: int
    state: str

    @property
    def is_ready(self) -> bool:
        """Tell whether it takes connections."""
        return self.state == "ready"

    @property
    def is_stopping(self) -> bool:
        """Tell whether it is on its way out."""
        return self.state == "stopping"


def find_postmaster(data_dir: Path) -> Postmaster | None:
    """Return the live server of the data directory, None when its pid file is stale or missing."""
    try:
        lines = (data_dir / "postmaster.pid").read_text(errors="replace").splitlines()
        # A single-user server writes its number as a negative one.
        pid = abs(int(lines[PID_LINE]))
    except (OSError, IndexError, ValueError):
        return None
    if not _serves(pid, data_dir):
        return None
    state = lines[STATE_LINE].strip() if len(lines) > STATE_LINE else "starting"
    return Postmaster(pid, state)


def _serves(pid: int, data_dir: Path) -> bool:
    """Tell a server from a zombie, a stranger with a reused number, and another server."""
    process = PROC / str(pid)
    try:
        if (process / "comm").read_text().strip() != "postgres":
            return False
        return _works_in(process, data_dir)
    except OSError:
        return False


def _works_in(process: Path, data_dir: Path) -> bool:
    try:
        return (process / "cwd").samefile(data_dir)
    except PermissionError:
        # Root in a container may not look at another account's working directory, but everyone
        # may read the command line (a zombie's is empty).
        arguments = (process / "cmdline").read_bytes().split(b"\0")
        return bytes(data_dir) in arguments
