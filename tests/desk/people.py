"""People of one holder in a frozen, published contest, for tests of records, merges and erasures."""

from __future__ import annotations

from contest import personal
from contest.accounts.access import SYSTEM
from contest.awards import service as awards
from contest.db import db, transaction
from contest.entries.models import Entry, IdKind, Member, Person
from contest.results.canonical import list_digest
from contest.results.models import ListState, Publication, Snapshot
from tests.awards.builders import NOON, make_list
from tests.builders import make_event


def published(**more) -> Publication:
    """A final list whose digest is that of its rows, with its prizes and titles."""
    listed = make_list(ListState.FINAL, **more)
    with transaction():
        publication = db.session.get_one(Publication, listed.id)
        snapshot = db.session.get_one(Snapshot, publication.snapshot_id)
        snapshot.digest = list_digest(snapshot.heading, snapshot.rows)
        awards.draw_up(publication, actor=SYSTEM, at=NOON)
        awards.propose_titles(publication, actor=SYSTEM, at=NOON)
    return listed


def person_named(name: str) -> Person:
    """The first of that name."""
    return db.session.scalars(db.select(Person).where(Person.name == name).order_by(Person.id)).first()


def twin_of(person_id: int, number: str, *, name: str = "", kind: IdKind = IdKind.RESIDENT) -> int:
    """The same human registered once more, with another document, in another event of the holder; returns the id."""
    first = db.session.get_one(Person, person_id)
    holder, wanted = first.holder_id, name or first.name
    from contest.events.models import Holder

    event_id = make_event("面点", holder=db.session.get_one(Holder, holder)).id
    with transaction():
        twin = Person(
            holder_id=holder, name=wanted, id_kind=kind, id_cipher=personal.encrypt(number),
            id_digest=personal.digest(number), id_tail_digest=personal.digest(number[-6:]),
            id_masked=personal.mask_id(number), education="大专", phone_cipher=personal.encrypt("13800000001"),
            phone_masked=personal.mask_id("13800000001"),
        )  # fmt: skip
        db.session.add(twin)
        db.session.flush()
        entry = Entry(event_id=event_id, number="901", registered_at=NOON)
        db.session.add(entry)
        db.session.flush()
        db.session.add(
            Member(event_id=event_id, entry_id=entry.id, person_id=twin.id, position=1, joined_at=NOON)
        )
        return twin.id


def dump(*, without: tuple[str, ...] = ("change", "person_merge")) -> dict[str, list[tuple]]:
    """Every row of every table as it lies in the database, but the log and the merges; versions left out."""
    return {
        table.name: sorted(
            (
                tuple(
                    (column.name, value)
                    for column, value in zip(table.columns, row, strict=True)
                    if column.name != "version"
                )
                for row in db.session.execute(db.select(table))
            ),
            key=repr,
        )
        for table in db.metadata.sorted_tables
        if table.name not in without
    }
