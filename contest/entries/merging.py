"""Two rows of one human become one: every foreign key to a person moves, and what moved is kept for taking it back.

The merged row stays as a signpost (`Person.merged_into_id`), so that its document still finds the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.accounts.models import Account, Grant, ScopeKind
from contest.db import db, hold_row
from contest.entries.models import Entry, Member, Person
from contest.entries.record_models import PersonMerge
from contest.entries.refusals import MergeImpossible, MergeUndone, ReasonMissing
from contest.events.models import Event

FILLED = ("gender", "ethnicity", "born_on", "education", "level", "level_on", "level_certificate")
"""Facts that the kept row takes from the other where it has none; a telephone goes with its mask."""
PHONE = ("phone_cipher", "phone_masked")


def keys_to_person() -> list[tuple[sa.Table, sa.Column[Any]]]:
    """Every column of every table that points at a person, read off the schema: a new table is not forgotten."""
    person = Person.__table__
    return [
        (table, key.parent)
        for table in db.metadata.sorted_tables
        for constraint in table.foreign_key_constraints
        for key in constraint.elements
        if key.column.table is person
    ]


def both_live(kept: Person, merged: Person) -> list[Event]:
    """Events in which both are live members: one human can't be in two entries, so one has to leave first."""
    mine = sa.select(Member.event_id).where(Member.person_id == kept.id, Member.left_at.is_(None))
    theirs = sa.select(Member.event_id).where(Member.person_id == merged.id, Member.left_at.is_(None))
    return list(db.session.scalars(sa.select(Event).where(Event.id.in_(mine), Event.id.in_(theirs))))


def refuse_impossible(kept: Person, merged: Person) -> None:
    """Raises MergeImpossible, with what stands in the way."""
    if kept.id == merged.id or kept.holder_id != merged.holder_id:
        raise MergeImpossible("merge_not_two")
    for one in (kept, merged):
        if one.merged_into_id is not None:
            raise MergeImpossible("merge_done_before", name=one.name)
        if one.erased_at is not None:
            raise MergeImpossible("merge_erased")
    for event in both_live(kept, merged):
        raise MergeImpossible("merge_both_entered", event=event.name)


def move(kept: Person, merged: Person, *, at: datetime) -> dict[str, Any]:
    """Move every row that points at `merged` to `kept`; returns what moved. Raises MergeImpossible."""
    hold_row(kept)
    hold_row(merged)
    refuse_impossible(kept, merged)
    moved: dict[str, Any] = {"rows": {}, "accounts": _move_account(kept, merged, at), "filled": []}
    for table, column in keys_to_person():
        ids = _ids(table, column, merged.id)
        if column.unique and _ids(table, column, kept.id):
            continue  # both have one (a bank account): the kept person's counts, the other stays with the signpost
        if ids:
            moved["rows"][f"{table.name}.{column.name}"] = ids
            _point(table, column, ids, kept.id)
    for name in FILLED:
        if not getattr(kept, name) and getattr(merged, name):
            setattr(kept, name, getattr(merged, name))
            moved["filled"].append(name)
    if not kept.phone_cipher and merged.phone_cipher:
        kept.phone_cipher, kept.phone_masked = merged.phone_cipher, merged.phone_masked
        moved["filled"] += PHONE
    merged.merged_into_id = kept.id
    db.session.flush()
    db.session.expire_all()
    return moved


def move_back(kept: Person, merged: Person, moved: Mapping[str, Any]) -> None:
    """Undo `move`: rows that still are where it put them go back, facts it filled in are taken out again."""
    hold_row(kept)
    hold_row(merged)
    columns = {f"{table.name}.{column.name}": (table, column) for table, column in keys_to_person()}
    for name, ids in moved["rows"].items():
        table, column = columns[name]
        there = set(_ids(table, column, kept.id))
        _point(table, column, [one for one in ids if one in there], merged.id)
    for name in moved["filled"]:
        if getattr(kept, name) == getattr(merged, name):
            setattr(kept, name, _blank(name))
    merged.merged_into_id = None
    db.session.flush()
    _account_back(kept, merged, moved["accounts"])
    db.session.flush()
    db.session.expire_all()


def _blank(name: str) -> Any:
    return None if name in ("born_on", "level_on", "phone_cipher") else ""


def _ids(table: sa.Table, column: sa.Column[Any], person_id: int) -> list[int]:
    key = next(iter(table.primary_key.columns))
    return list(db.session.scalars(sa.select(key).where(column == person_id).order_by(key)))


def _point(table: sa.Table, column: sa.Column[Any], ids: list[int], person_id: int) -> None:
    key = next(iter(table.primary_key.columns))
    for start in range(0, len(ids), 500):
        db.session.execute(
            sa.update(table).where(key.in_(ids[start : start + 500])).values({column.name: person_id})
        )


def _move_account(kept: Person, merged: Person, at: datetime) -> dict[str, Any]:
    """The account follows its person, with the grant over the own pages; a second account is closed."""
    theirs = db.session.scalars(sa.select(Account).where(Account.person_id == merged.id)).first()
    if theirs is None:
        return {}
    mine = db.session.scalars(sa.select(Account).where(Account.person_id == kept.id)).first()
    if mine is not None:
        closed = theirs.disabled_at is None
        theirs.disabled_at = theirs.disabled_at or at
        return {"account": theirs.id, "closed": closed}
    grants = list(
        db.session.scalars(
            sa.select(Grant.id).where(
                Grant.account_id == theirs.id,
                Grant.scope_kind == ScopeKind.PERSON,
                Grant.scope_id == merged.id,
            )
        )
    )
    theirs.person_id = kept.id
    db.session.execute(sa.update(Grant).where(Grant.id.in_(grants)).values(scope_id=kept.id))
    return {"account": theirs.id, "grants": grants}


def _account_back(kept: Person, merged: Person, done: Mapping[str, Any]) -> None:
    if not done:
        return
    account = db.session.get_one(Account, done["account"])
    if "grants" not in done:
        account.disabled_at = None if done["closed"] else account.disabled_at
        return
    if account.person_id == kept.id:
        account.person_id = merged.id
        db.session.execute(sa.update(Grant).where(Grant.id.in_(done["grants"])).values(scope_id=merged.id))


def record(
    kept: Person, merged: Person, moved: dict[str, Any], *, reason: str, contest_id: int, actor: Actor, at: datetime
) -> PersonMerge:  # fmt: skip
    """Keep the merge with all that moved. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    row = PersonMerge(
        holder_id=kept.holder_id, kept_id=kept.id, merged_id=merged.id, moved=moved, reason=reason.strip(),
        merged_at=at, merged_by=actor.account_id, merged_name=actor.name,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    changes = {
        "person": [f"{merged.name} {merged.id_masked}", f"{kept.name} {kept.id_masked}"],
        "rows": [0, sum(map(len, moved["rows"].values()))],
    }
    audit.record(
        actor, "person.merged", kept, contest_id=contest_id, changes=changes, reason=reason.strip(), at=at
    )
    return row


def close(merge: PersonMerge, *, reason: str, contest_id: int, actor: Actor, at: datetime) -> None:
    """Note that a merge was taken back. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    merge.undone_at, merge.undone_by, merge.undone_reason = at, actor.account_id, reason.strip()
    db.session.flush()
    audit.record(
        actor, "person.merge_undone", merge, contest_id=contest_id,
        changes={"kept": [merge.kept_id, None], "merged": [merge.merged_id, None]}, reason=reason.strip(), at=at,
    )  # fmt: skip


def refuse_undone(merge: PersonMerge) -> tuple[Person, Person]:
    """The two people of a merge that can still be taken back. Raises MergeUndone."""
    kept, merged = db.session.get_one(Person, merge.kept_id), db.session.get_one(Person, merge.merged_id)
    if merge.undone_at is not None or merged.merged_into_id != kept.id:
        raise MergeUndone()
    if kept.merged_into_id is not None or kept.erased_at is not None or merged.erased_at is not None:
        raise MergeUndone("merge_moved_on")
    return kept, merged


def merges_of(holder_id: int) -> list[PersonMerge]:
    """Merges of a holder, newest first."""
    return list(
        db.session.scalars(
            sa.select(PersonMerge).where(PersonMerge.holder_id == holder_id).order_by(PersonMerge.id.desc())
        )
    )


def editions_of(person_id: int) -> list[Event]:
    """Events a person is or was a member in, newest first: what a side-by-side preview shows."""
    entries = sa.select(Member.entry_id).where(Member.person_id == person_id)
    events = sa.select(Entry.event_id).where(Entry.id.in_(entries))
    return list(db.session.scalars(sa.select(Event).where(Event.id.in_(events)).order_by(Event.id.desc())))
