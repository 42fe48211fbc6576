"""Every number accounted for: sequence by sequence, from the first to the last that was given, what became of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.awards.models import Award
from contest.certificates import states
from contest.certificates.models import Certificate, CertificateState, Letter, NumberSequence, Recipient, Roll
from contest.db import db
from contest.events.models import Contest, Edition

# Beside the states of papers: a number taken whose paper is not made yet, one that another contest of the issuer has,
# and one that no row of the register holds.
BEING_MADE, ELSEWHERE, MISSING = "being_made", "elsewhere", "missing"
STATES = (*(one.value for one in CertificateState), BEING_MADE, ELSEWHERE, MISSING)


@dataclass(frozen=True)
class Number:
    """One number and what became of it. `holder`, `kind`, `place` and `reason` are empty for another contest's."""

    serial: int
    number: str
    state: str  # of STATES
    holder: str = ""
    kind: str = ""
    place: str = ""  # event or list
    reason: str = ""
    replaced_by: str = ""
    issued: str = ""  # ISO date


@dataclass(frozen=True)
class Run:
    """Numbers in a row of which the same is to be told: valid ones, another contest's, missing ones."""

    first: Number
    last: Number
    count: int


@dataclass(frozen=True)
class Series:
    """One pattern's numbers: `last` was given, so there are as many as it says, and each is accounted for."""

    pattern: str
    last: int
    numbers: tuple[Number, ...]

    @property
    def counts(self) -> dict[str, int]:
        """State → how many numbers, in the order of STATES; their sum is `last`."""
        found = Counter(one.state for one in self.numbers)
        return {state: found[state] for state in STATES if found[state]}

    def runs(self) -> Iterator[Run]:
        """As few lines as tell the same: what is void, replaced or revoked stands alone, with its reason."""
        quiet = {CertificateState.VALID.value, BEING_MADE, ELSEWHERE, MISSING}

        def key(one: Number) -> tuple[str, int]:
            return one.state, 0 if one.state in quiet else one.serial

        for _, held in groupby(self.numbers, key=key):
            run = list(held)
            yield Run(run[0], run[-1], len(run))


def of_contest(contest: Contest) -> list[Series]:
    """The sequences of the contest's issuer that this contest has numbers of, each whole; authorise by the contest."""
    own = [*_rows(Certificate, contest), *_rows(Letter, contest)]
    others = _numbers_elsewhere(contest)
    found = []
    for sequence in db.session.scalars(
        sa.select(NumberSequence)
        .where(NumberSequence.holder_id == contest.holder_id, NumberSequence.last > 0)
        .order_by(NumberSequence.id)
    ):
        serial_of = _serials(sequence.prefix)
        held = {serial: _told(row, serial) for row in own if (serial := serial_of(row.number)) is not None}
        if held:
            there = {serial: number for number in others if (serial := serial_of(number)) is not None}
            found.append(_sequence(sequence, held, there))
    return found


def _sequence(sequence: NumberSequence, held: dict[int, Number], there: dict[int, str]) -> Series:
    before, _, after = sequence.prefix.partition("#")
    digits = len(next(iter(held.values())).number) - len(before) - len(after)
    numbers = []
    for serial in range(1, sequence.last + 1):
        if serial in held:
            numbers.append(held[serial])
        elif serial in there:
            numbers.append(Number(serial, there[serial], ELSEWHERE))
        else:
            numbers.append(Number(serial, f"{before}{serial:0{digits}d}{after}", MISSING))
    return Series(f"{before}…{after}", sequence.last, tuple(numbers))


def _serials(key: str) -> Callable[[str], int | None]:
    """A function that reads the serial out of a number of this sequence; None for another's."""
    before, _, after = key.partition("#")
    shape = re.compile(re.escape(before) + r"([0-9]+)" + re.escape(after))

    def serial(number: str) -> int | None:
        match = shape.fullmatch(number)
        return int(match[1]) if match else None

    return serial


def _rows(register: Any, contest: Contest) -> Sequence[Any]:
    """The papers of a contest with all that tells their state."""
    options = [joinedload(register.replaced_by)]
    if register is Certificate:
        options += [
            joinedload(Certificate.award).joinedload(Award.publication), joinedload(Certificate.title),
            joinedload(Certificate.event),
        ]  # fmt: skip
    else:
        options.append(joinedload(Letter.recipient).joinedload(Recipient.roll))
    return db.session.scalars(
        sa.select(register)
        .join(Edition, register.edition_id == Edition.id)
        .where(Edition.contest_id == contest.id)
        .options(*options)
    ).all()


def _numbers_elsewhere(contest: Contest) -> list[str]:
    """Numbers that other contests of the same issuer hold: of them nothing but the number is told here."""
    found: list[str] = []
    for register in (Certificate, Letter):
        found += db.session.scalars(
            sa.select(register.number)
            .join(Edition, register.edition_id == Edition.id)
            .where(register.holder_id == contest.holder_id, Edition.contest_id != contest.id)
        )
    return found


def _told(row: Certificate | Letter, serial: int) -> Number:
    is_waiting = row.file_id is None and not row.is_settled
    return Number(
        serial=serial,
        number=row.number,
        state=BEING_MADE if is_waiting else states.state_of(row).value,
        holder=row.name,
        kind=row.fields.get("kind", ""),
        place=_place(row),
        reason=_reason(row),
        replaced_by=row.replaced_by.number if row.replaced_by else "",
        issued=row.issued_at.date().isoformat(),
    )


def _place(row: Certificate | Letter) -> str:
    if isinstance(row, Certificate):
        return row.event.name
    roll: Roll = row.recipient.roll
    return roll.name


def _reason(row: Certificate | Letter) -> str:
    """Why it is no longer in force: of a replaced paper, why the new one was made."""
    return row.replaced_by.reissue_reason if row.replaced_by else states.reason_of(row)
