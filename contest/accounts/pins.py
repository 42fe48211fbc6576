"""The short PIN that opens a judge's pages again after a pause. It never stands between a typed mark and the server."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts import queries
from contest.accounts.access import Actor
from contest.accounts.models import Account, AccountSession
from contest.accounts.secrets import hash_password, verify_password
from contest.accounts.service import TooManyTries
from contest.errors import Invalid

SHORTEST, LONGEST = 4, 8


class WrongPin(Invalid):
    """Not the account's PIN. The door counts it with `service.note_failure(tries_key(account))`."""

    code = "pin_wrong"


def set_pin(account: Account, *, pin: str, actor: Actor, at: datetime) -> None:
    """A new PIN. Raises Invalid("pin_digits"), Invalid("pin_easy")."""
    pin = pin.strip()
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise Invalid("pin_digits")
    steps = {int(after) - int(before) for before, after in zip(pin, pin[1:], strict=False)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise Invalid("pin_easy")
    account.pin_hash = hash_password(pin)
    audit.record(actor, "account.pin_set", account, at=at)


def tries_key(account_id: int) -> str:
    """The key under which wrong PINs are counted."""
    return f"pin:{account_id}"


def check_pin(account: Account, *, pin: str, at: datetime) -> None:
    """Raises WrongPin, Invalid("pin_missing"), or TooManyTries after five wrong ones in fifteen minutes."""
    if account.pin_hash is None:
        raise Invalid("pin_missing")
    if queries.attempts_left(tries_key(account.id), at) == 0:
        raise TooManyTries()
    if not verify_password(account.pin_hash, pin.strip()):
        raise WrongPin()


def unlock(row: AccountSession) -> None:
    """Open a browser's pages again. The caller has checked the PIN before, outside: argon2 would hold up the marks."""
    row.pin_wanted_at = None


def want_pin(row: AccountSession, *, at: datetime) -> bool:
    """The judge was away: from now on pages ask for the PIN. Without a PIN nothing is asked, and False returned."""
    if row.account.pin_hash is None:
        return False
    row.pin_wanted_at = row.pin_wanted_at or at
    return True
