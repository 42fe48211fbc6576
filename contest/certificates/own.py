"""The contestant's door to their own papers: number, name and the last six of the ID, with few tries."""

from __future__ import annotations

from datetime import datetime

from contest.accounts import queries as accounts
from contest.accounts import service as accounts_service
from contest.certificates import queries
from contest.certificates.refusals import NoSuchCertificate, TooManyTries


def keys_of(number: str, ip: str) -> list[str]:
    """Under which keys wrong tries are counted: the number tried, and where from."""
    return [f"certificate:{number.strip().upper()}", f"certificate-ip:{ip}"]


def find(*, number: str, name: str, digits: str, ip: str, at: datetime) -> int:
    """The person whose number, name and digits these are. Raises TooManyTries, NoSuchCertificate.

    The caller counts a failure with `note_failure` in its own transaction.
    """
    for key in keys_of(number, ip):
        if accounts.attempts_left(key, at) == 0:
            raise TooManyTries()
    person_id = queries.person_by_digits(number, name, digits)
    if person_id is None:
        raise NoSuchCertificate()
    return person_id


def note_failure(number: str, ip: str, *, at: datetime) -> None:
    """Count a wrong try."""
    accounts_service.note_failure(keys_of(number, ip), at=at)


def may_check(ip: str, at: datetime) -> None:
    """Verify codes that don't exist are counted too. Raises TooManyTries."""
    if accounts.attempts_left(f"verify-ip:{ip}", at) == 0:
        raise TooManyTries()


def note_unknown_code(ip: str, *, at: datetime) -> None:
    """Count a code that nobody has."""
    accounts_service.note_failure([f"verify-ip:{ip}"], at=at)
