"""Who is paid how much: drawn from the live awards whenever it is read, each reading on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from contest import audit, personal
from contest.accounts.access import Actor, scope_filter
from contest.awards.amounts import Taxed, shares, taxed, total
from contest.awards.models import Award, BankAccount, MoneyRule, PrizeMoney, Split
from contest.awards.money import ACT, awards_paid, rule_of, sums_of
from contest.awards.refusals import MoneyInvalid
from contest.db import db
from contest.entries.models import Entry, Member, Person
from contest.errors import Missing
from contest.events.models import Edition, Event
from contest.events.queries import EVENT_SCOPE, edition_for, select_up


@dataclass(frozen=True)
class Payment:
    """One line of the table that is signed: who is paid what, and how it comes about."""

    award_id: int
    person_id: int | None
    name: str
    unit: str
    event: str
    prize: str
    rank: str
    id_masked: str
    bank: str
    account_masked: str
    money: Taxed
    share: int  # of how many people the sum is split among; 1: it is theirs alone

    @property
    def key(self) -> str:
        """What names the line on its page."""
        return f"{self.award_id}-{self.person_id or 0}"


@dataclass(frozen=True)
class Table:
    """Everything that is paid for an edition, in the order of the lists."""

    edition: Edition
    rule: MoneyRule
    payments: tuple[Payment, ...]
    total: Taxed


def table(edition_id: int, *, door: str, actor: Actor, at: datetime) -> Table:
    """Who is paid what; that it was read, and by which door, is kept. Raises Missing."""
    edition = edition_for(actor, edition_id, may=ACT)
    rule, sums = rule_of(edition_id), sums_of(edition_id)
    rate = 0 if rule.is_exempt else rule.rate_bp
    lines = [
        (award, person_id, name, unit, taxed(part, rate), people)
        for award in awards_paid(actor, edition_id)
        for said in [sums.get((award.publication.event_id, award.key)) or sums.get((0, award.key))]
        if said
        for person_id, name, unit, part, people in _payees(award, said)
    ]
    known = _known({person_id for _award, person_id, *_ in lines if person_id})
    payments = tuple(_payment(*line, known) for line in lines)
    audit.record(
        actor, "money.read", edition, contest_id=edition.contest_id, reason=door,
        changes={"payments": [None, len(payments)]}, at=at,
    )  # fmt: skip
    return Table(edition, rule, payments, total([one.money for one in payments]))


def _payees(award: Award, said: PrizeMoney) -> list[tuple[int | None, str, str, int, int]]:
    """(person, name, unit, cents, split among how many) of an award: the members of a team, else whoever has it."""
    members = _members(award)
    if len(members) <= 1:
        person_id = award.person_id or (members[0][0] if members else None)
        return [(person_id, award.name, award.unit, said.amount_cents, 1)]
    many = len(members)
    parts = [said.amount_cents] * many if said.split is Split.EACH else shares(said.amount_cents, many)
    split = 1 if said.split is Split.EACH else many
    return [
        (person_id, name, unit, part, split)
        for (person_id, name, unit), part in zip(members, parts, strict=True)
    ]


def _members(award: Award) -> list[tuple[int | None, str, str]]:
    """Who shares an award of a whole entry, as the frozen list named them; empty for one person's own award."""
    if award.person_id is not None or award.recipient != f"e{award.subject_id}":
        return []
    row = next(
        (
            one
            for one in award.publication.snapshot.rows
            if (one.subject_kind, one.subject_id) == (award.subject_kind, award.subject_id)
        ),
        None,
    )
    told = row.data.get("members", []) if row else []
    return [(one.get("person_id"), str(one["name"]), str(one.get("unit") or award.unit)) for one in told]


def _known(ids: Iterable[int]) -> dict[int, tuple[Person, BankAccount | None]]:
    wanted = sorted(set(ids))
    accounts = {
        one.person_id: one
        for one in db.session.scalars(sa.select(BankAccount).where(BankAccount.person_id.in_(wanted)))
    }
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(wanted)))
    return {one.id: (one, accounts.get(one.id)) for one in people}


def _payment(
    award: Award,
    person_id: int | None,
    name: str,
    unit: str,
    money: Taxed,
    people: int,
    known: Mapping[int, tuple[Person, BankAccount | None]],
) -> Payment:
    person, account = known.get(person_id or 0, (None, None))
    return Payment(
        award_id=award.id, person_id=person_id, name=name, unit=unit, event=award.publication.event.name,
        prize=award.label, rank=award.rank, id_masked=person.id_masked if person else "",
        bank=account.bank if account else "", account_masked=account.number_masked if account else "",
        money=money, share=people,
    )  # fmt: skip


def in_full(payments: Sequence[Payment]) -> dict[int, tuple[str, str]]:
    """Person id → document and account number in full; the caller authorises and logs."""
    known = _known({one.person_id for one in payments if one.person_id})
    return {
        person_id: (
            personal.decrypt(person.id_cipher),
            personal.decrypt(account.number_cipher) if account else "",
        )
        for person_id, (person, account) in known.items()
    }


def payee(actor: Actor, edition_id: int, person_id: int) -> Person:
    """Somebody entered in an edition whose money the actor manages. Raises Missing."""
    statement = (
        select_up(
            sa.select(Person)
            .join(Member, Member.person_id == Person.id)
            .join(Entry, Member.entry_id == Entry.id)
            .join(Event, Entry.event_id == Event.id)
        )
        .where(Edition.id == edition_id, Person.id == person_id, scope_filter(actor, ACT, EVENT_SCOPE))
        .limit(1)
    )
    row = db.session.scalars(statement).first()
    if row is None:
        raise Missing()
    return row


def account_of(person_id: int) -> BankAccount | None:
    """Where a person's money goes; masked."""
    return db.session.scalars(sa.select(BankAccount).where(BankAccount.person_id == person_id)).first()


def note_account(
    person: Person, *, bank: str, number: str, contest_id: int, actor: Actor, at: datetime
) -> BankAccount:
    """Write where a person's money goes. Raises MoneyInvalid for a number that is none (8 to 32 digits)."""
    plain = number.replace(" ", "").replace("-", "")
    if not (plain.isascii() and plain.isdigit() and 8 <= len(plain) <= 32):
        raise MoneyInvalid("account_invalid")
    row = account_of(person.id)
    old = row.number_masked if row else ""
    if row is None:
        row = BankAccount(person_id=person.id, bank="", number_cipher=b"", number_masked="", changed_at=at)
        db.session.add(row)
    row.bank, row.number_cipher, row.number_masked = (
        bank.strip(),
        personal.encrypt(plain),
        personal.mask_id(plain),
    )
    row.changed_at = at
    db.session.flush()
    audit.record(
        actor, "money.account", person, contest_id=contest_id, changes={"account": [old, row.number_masked]}, at=at
    )  # fmt: skip
    return row
