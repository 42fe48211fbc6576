"""Tokens, passwords and PINs: made here, kept only as digests."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def new_token() -> str:
    """256 random bits for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What the database keeps of a token. It is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """argon2id, about 0.1 s: never in bulk."""
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether it fits. An account without a password costs the same time, so that none can be told apart."""
    try:
        return _hasher.verify(stored or _DECOY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


_DECOY = _hasher.hash(secrets.token_urlsafe(16))
