"""How a program is run as another account, also below a directory that is closed to it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from kei_site.embedded.accounts import Account

# Tried in this order, the smallest first. Reading is enough below a closed directory (a clone
# under `mktemp -d` or /root); overriding is needed where nobody but root may execute the programs
# (umask 077) and in containers, which withhold the first.
CAPABILITIES = (None, "dac_read_search", "dac_override")


def environment() -> dict[str, str]:
    """Return the variables that PostgreSQL's programs get: none of the site's secrets."""
    variables = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if "LD_LIBRARY_PATH" in os.environ:
        variables["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return variables


def prefix_to_run_as(account: Account, *, postgres: Path, parent: Path) -> list[str]:
    """Return what to put before a command so that it runs as the account.

    Promises that the account then reaches both the program and the data directory's parent.
    Directories keep their permissions: where they are closed, the process gets one capability.
    """
    if account.is_me:
        return []
    for prefix in _prefixes(account):
        if _reaches(prefix, postgres, parent):
            return prefix
    raise ImproperlyConfigured(
        f"PostgreSQL refuses to run as root, and the account {account.name} cannot be given access "
        f"to {postgres} and {parent} (the program setpriv of util-linux is needed; a directory "
        f"that only root may enter: {_first_closed(postgres, parent) or 'none'}). Run the site as "
        "an ordinary user, or move it to where others may enter, such as /srv."
    )


def _prefixes(account: Account) -> Iterator[list[str]]:
    drop = ["setpriv", f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    for capability in CAPABILITIES:
        if capability is None:
            yield drop
        else:
            # Without the securebit access(2), with which PostgreSQL looks at its own program,
            # ignores the capabilities of every user but root.
            yield [
                *drop,
                "--securebits=+no_setuid_fixup",
                f"--inh-caps=+{capability}",
                f"--ambient-caps=+{capability}",
            ]


def _reaches(prefix: list[str], postgres: Path, parent: Path) -> bool:
    """Try it: permission bits do not tell about access lists and withheld capabilities."""
    script = 'cd "$1" && exec "$2" --version'
    command = [*prefix, "/bin/sh", "-c", script, "sh", str(parent), str(postgres)]
    try:
        attempt = subprocess.run(  # noqa: S603
            command, env=environment(), cwd="/", capture_output=True, check=False, timeout=30
        )
    except FileNotFoundError:
        return False
    return attempt.returncode == 0


def _first_closed(*paths: Path) -> Path | None:
    for path in paths:
        for directory in reversed([path, *path.parents]):
            if not directory.stat().st_mode & 0o001:
                return directory
    return None
