"""Who the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import shlex
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

UNPRIVILEGED_NAMES = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        """Return the name to show to a person."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return f"user {self.uid}"

    @property
    def is_me(self) -> bool:
        """Tell whether this process runs as this account."""
        return self.uid == os.geteuid()

    def open(self, path: Path, flags: int) -> int:
        """Open or create a file that this account and root can use and nobody else."""
        descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        if os.fstat(descriptor).st_uid != self.uid:
            os.fchown(descriptor, self.uid, self.gid)
        return descriptor


def account_for(data_dir: Path) -> Account:
    """Return who runs the server of this data directory: its owner, else me, else a helper."""
    owner = _owner(data_dir)
    if os.geteuid() != 0:
        me = Account(os.geteuid(), os.getegid())
        if owner and owner.uid != me.uid:
            raise ImproperlyConfigured(
                f"The database in {data_dir} belongs to {owner.name}: run this as {owner.name} or "
                "as root, or set VAR_DIR to a directory of your own."
            )
        return me
    helper = _helper()
    if owner is None:
        return helper
    if owner.uid != 0:
        return owner
    if any(data_dir.iterdir()):
        raise ImproperlyConfigured(
            f"The database in {data_dir} belongs to root, and PostgreSQL refuses to run as root. "
            "Give it to the account that shall run the server: "
            f"chown -R {helper.name} {shlex.quote(str(data_dir))}"
        )
    return helper


def _owner(path: Path) -> Account | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return Account(status.st_uid, status.st_gid)


def _helper() -> Account:
    """Return an unprivileged account for a server that root starts."""
    for name in UNPRIVILEGED_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ImproperlyConfigured(
        "PostgreSQL refuses to run as root, and this machine has no account "
        f"named {' or '.join(UNPRIVILEGED_NAMES)}: run this as an ordinary user."
    )
