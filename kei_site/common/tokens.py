"""Secrets in links: what is handed out, and what is stored of it."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a secret that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return what is stored of a token: a copy of the database opens no link."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
