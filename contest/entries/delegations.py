"""Delegations in their official order."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import queries
from contest.entries.models import Delegation, Entry
from contest.entries.refusals import NameTaken, StateChange
from contest.entries.roster.catalogue import PROVINCES
from contest.errors import Missing, Stale
from contest.events import queries as events


def delegations_of(edition_id: int) -> list[tuple[Delegation, int]]:
    """Delegations with the number of their entries, in official order."""
    counted = db.session.execute(
        sa.select(Entry.delegation_id, sa.func.count())
        .where(Entry.delegation_id.is_not(None))
        .group_by(Entry.delegation_id)
    )
    counts = {delegation_id: count for delegation_id, count in counted}
    rows = db.session.scalars(
        sa.select(Delegation)
        .where(Delegation.edition_id == edition_id)
        .order_by(Delegation.official_order, Delegation.id)
    )
    return [(row, counts.get(row.id, 0)) for row in rows]


def delegation_for(actor: Actor, delegation_id: int, *, may: str = "entries.review") -> Delegation:
    """A delegation the actor may act on. Raises Missing."""
    row = db.session.get(Delegation, delegation_id)
    if row is None:
        raise Missing()
    events.edition_for(actor, row.edition_id, may=may)
    return row


def add_delegation(
    edition_id: int,
    *,
    name: str,
    short_name: str = "",
    name_en: str = "",
    order: int | None = None,
    actor: Actor,
    at: datetime,
) -> Delegation:
    """A new delegation at the end of the official order, or at `order`. Raises Missing, NameTaken."""
    edition = events.edition_for(actor, edition_id, may="entries.review")
    _refuse_name(edition_id, name, 0)
    row = make_delegation(
        edition_id, name, short_name, order if order is not None else next_order(edition_id)
    )
    row.name_en = name_en
    db.session.flush()
    audit.record(
        actor, "delegation.added", row, contest_id=edition.contest_id, changes={"name": [None, name]}, at=at
    )
    return row


def next_order(edition_id: int) -> int:
    """The place after the last one."""
    last = db.session.scalar(
        sa.select(sa.func.max(Delegation.official_order)).where(Delegation.edition_id == edition_id)
    )
    return (last or 0) + 1


def make_delegation(edition_id: int, name: str, short_name: str = "", order: int = 0) -> Delegation:
    """The row itself, without permission or log: for services that have asked and will tell."""
    row = Delegation(
        edition_id=edition_id, name=name, short_name=short_name or short(name), official_order=order
    )
    db.session.add(row)
    return row


def short(name: str) -> str:
    """青海 for 青海省: what a province is called in running text; other names stay as they are."""
    if name not in PROVINCES:
        return ""
    for ending in (
        "壮族自治区",
        "回族自治区",
        "维吾尔自治区",
        "特别行政区",
        "自治区",
        "生产建设兵团",
        "省",
        "市",
    ):
        if name.endswith(ending):
            return name.removesuffix(ending) + ("兵团" if ending == "生产建设兵团" else "")
    return ""


def edit_delegation(
    delegation_id: int,
    *,
    name: str,
    short_name: str,
    name_en: str,
    order: int,
    version: int,
    actor: Actor,
    at: datetime,
) -> Delegation:
    """Change a delegation's names or place in the order. Raises Missing, Stale, NameTaken."""
    row = delegation_for(actor, delegation_id)
    if row.version != version:
        raise Stale()
    _refuse_name(row.edition_id, name, row.id)
    new = {"name": name, "short_name": short_name, "name_en": name_en, "official_order": order}
    changes = {
        field: [getattr(row, field), value] for field, value in new.items() if getattr(row, field) != value
    }
    for field, (_, value) in changes.items():
        setattr(row, field, value)
    db.session.flush()
    if changes:
        audit.record(actor, "delegation.edited", row, contest_id=_contest(row), changes=changes, at=at)
    return row


def remove_delegation(delegation_id: int, *, actor: Actor, at: datetime) -> None:
    """Take away a delegation that nobody belongs to. Raises Missing, StateChange where it has entries."""
    row = delegation_for(actor, delegation_id)
    if db.session.scalar(sa.select(Entry.id).where(Entry.delegation_id == row.id).limit(1)) is not None:
        raise StateChange("delegation_in_use", name=row.name)
    audit.record(
        actor, "delegation.removed", row, contest_id=_contest(row), changes={"name": [row.name, None]}, at=at
    )
    db.session.delete(row)
    db.session.flush()


def _refuse_name(edition_id: int, name: str, own_id: int) -> None:
    taken = sa.select(Delegation.id).where(
        Delegation.edition_id == edition_id, Delegation.name == name, Delegation.id != own_id
    )
    if db.session.scalar(taken) is not None:
        raise NameTaken(name=name)


def _contest(row: Delegation) -> int:
    return queries.edition_by_id(row.edition_id).contest_id
