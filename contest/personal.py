"""Personal data: encrypted at rest, found by a keyed digest, shown masked."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_keys: dict[str, bytes] = {}


def configure(key: bytes) -> None:
    """Set the installation's 32-byte key; the cipher and the digest each get a key of their own from it."""
    if len(key) != 32:
        raise ValueError("the personal key has 32 bytes")
    for use in ("cipher", "digest"):
        _keys[use] = hmac.new(key, use.encode(), hashlib.sha256).digest()


def encrypt(text: str) -> bytes:
    """AES-256-GCM with a fresh nonce: 12 bytes of nonce, then the text and its tag."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_keys["cipher"]).encrypt(nonce, text.encode(), None)


def decrypt(stored: bytes) -> str:
    """The text again; the caller logs the reading. Raises InvalidTag if the bytes were changed."""
    return AESGCM(_keys["cipher"]).decrypt(stored[:12], stored[12:], None).decode()


def encrypt_bytes(content: bytes) -> bytes:
    """A file full of personal data, kept in the same way as a single value."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_keys["cipher"]).encrypt(nonce, content, b"file")


def decrypt_bytes(stored: bytes) -> bytes:
    """The file again; the caller logs the reading. Raises InvalidTag if the bytes were changed."""
    return AESGCM(_keys["cipher"]).decrypt(stored[:12], stored[12:], b"file")


def digest(text: str) -> str:
    """A keyed digest, equal for equal texts, useless without the key: by it an ID number is found again."""
    return hmac.new(_keys["digest"], text.strip().upper().encode(), hashlib.sha256).hexdigest()


def mask_id(number: str) -> str:
    """`630***********1234`: the first three and the last four characters at most, never more than half."""
    if len(number) < 8:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_name(name: str) -> str:
    """`李*`, `李*明`, `欧**明`: what a stranger may see of a name; one character stays one star."""
    if len(name) <= 1:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
