"""Links that cannot be forged, and hashes that only this site can make.

Both follow SECRET_KEY. When it is replaced, the old key must stay in
SECRET_KEY_FALLBACKS for as long as old links and hashes are to be recognized.
"""

from functools import lru_cache
from hmac import HMAC

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac


def sign(purpose: str, value: str) -> str:
    """Return `value` with a signature that holds for this purpose and has no end."""
    return _signer(purpose, settings.SECRET_KEY).sign(value)


def unsign(purpose: str, signed: str) -> str | None:
    """Return what was signed for this purpose, or None for anything else. Never fails."""
    try:
        return Signer(salt=purpose).unsign(signed)
    except (BadSignature, UnicodeError):
        return None


def keyed_hash(purpose: str, value: str) -> str:
    """Return a hash of `value` that cannot be found by trying values without the key."""
    return keyed_hashes(purpose, value)[0]


def keyed_hashes(purpose: str, value: str) -> list[str]:
    """Return the hash under the present key first, then under each earlier key still known."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_hashed(purpose, key, value) for key in keys]


def _hashed(purpose: str, key: str, value: str) -> str:
    hash_of_value = _begun(purpose, key).copy()
    hash_of_value.update(value.encode())
    return hash_of_value.hexdigest()


@lru_cache(maxsize=64)
def _signer(purpose: str, key: str) -> Signer:
    return Signer(key=key, salt=purpose)


@lru_cache(maxsize=64)
def _begun(purpose: str, key: str) -> HMAC:
    """Return a hash of nothing yet: making the key of a purpose takes longer than the rest."""
    return salted_hmac(purpose, "", secret=key, algorithm="sha256")
