"""The data directory: made whole or not at all, and never opened by another major version."""

import glob
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from kei_site.embedded.accounts import Account
from kei_site.embedded.binaries import major_version
from kei_site.embedded.errors import ServerError
from kei_site.embedded.privileges import environment

SUPERUSER = "postgres"
# For a small site on a machine it shares. They land in postgresql.conf, where they may be edited.
CONFIGURATION = {
    "shared_buffers": "128MB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


def locale_arguments(version: int) -> list[str]:
    """Return the best locale for every language that this version has.

    LC_CTYPE must never be C: trigrams and full-text search would drop Hangul silently.
    """
    if version >= 18:
        provider = ["--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
    elif version == 17:
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        provider = ["--locale-provider=libc"]
    return ["--encoding=UTF8", "--locale=C.UTF-8", *provider]


def ensure_cluster(data_dir: Path, bin_dir: Path, account: Account, prefix: list[str]) -> None:
    """Make the data directory unless it is there; refuse one of another major version."""
    version = major_version(bin_dir)
    try:
        made_by = (data_dir / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        _create(data_dir, bin_dir, account, prefix, version)
        return
    if made_by != str(version):
        raise ImproperlyConfigured(
            f"The database in {data_dir} was made by PostgreSQL {made_by}, but the programs in "
            f"{bin_dir} are PostgreSQL {version}. Set POSTGRES_BIN_DIR to the programs of "
            f"PostgreSQL {made_by}; or dump the database with these, move {data_dir} away and "
            "load the dump (docs/embedded-postgresql.md, “A new major version”)."
        )


def _create(
    data_dir: Path, bin_dir: Path, account: Account, prefix: list[str], version: int
) -> None:
    """Run `initdb` in a sibling directory, then move it into place in one step."""
    if data_dir.exists() and any(data_dir.iterdir()):
        raise ImproperlyConfigured(
            f"{data_dir} is neither empty nor a PostgreSQL data directory: move it away, "
            "or set VAR_DIR to another directory."
        )
    parent, draft_prefix = data_dir.parent, f"{data_dir.name}.new-"
    for leftover in parent.glob(f"{glob.escape(draft_prefix)}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=draft_prefix, dir=parent))
    try:
        os.chown(draft, account.uid, account.gid)
        _run_initdb(draft, bin_dir, prefix, version)
        _move_into_place(draft, data_dir)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run_initdb(draft: Path, bin_dir: Path, prefix: list[str], version: int) -> None:
    command = [*prefix, str(bin_dir / "initdb"), "-D", str(draft), f"--username={SUPERUSER}"]
    command += ["--auth-local=trust", "--auth-host=reject", *locale_arguments(version)]
    command += [f"--set={name}={value}" for name, value in CONFIGURATION.items()]
    result = subprocess.run(  # noqa: S603
        command,
        env=environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode != 0:
        raise ServerError(
            "PostgreSQL's initdb could not make the data directory:\n"
            + result.stdout.decode(errors="replace").strip()
        )


def _move_into_place(draft: Path, data_dir: Path) -> None:
    try:
        draft.rename(data_dir)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{data_dir} cannot be put in place ({error.strerror}). If it is a mount point, mount "
            f"{data_dir.parent} instead."
        ) from error
    descriptor = os.open(data_dir.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
