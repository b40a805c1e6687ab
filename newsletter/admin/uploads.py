"""Tables that staff uploaded, kept on disk between two steps of an import."""

import re
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings

KEPT = 24 * 60 * 60
TOKEN = re.compile(r"[\w-]{22}")


def keep(file: Any, user_id: int) -> str:
    """Store a file for its owner alone and return the token by which it is found again."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old()
    token = secrets.token_urlsafe(16)
    path = _path(token, user_id)
    path.touch(mode=0o600)
    with path.open("wb") as stored:
        stored.writelines(file.chunks())
    return token


def find(token: str, user_id: int) -> Path | None:
    """Return the file, if this person stored it within the last day."""
    path = _path(token, user_id)
    return path if TOKEN.fullmatch(token) and path.is_file() else None


def _forget_old() -> None:
    for path in _folder().glob("*.csv"):
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)


def _path(token: str, user_id: int) -> Path:
    return _folder() / f"{user_id}-{token}.csv"


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"
