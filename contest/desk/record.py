"""A person over the editions: entries, published results, titles, levels, certificates, judging. Read only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.accounts.access import Actor, scope_filter
from contest.accounts.models import Account
from contest.awards import kinds
from contest.awards.models import (
    Award,
    EarlierHolder,
    Promotion,
    PromotionState,
    Title,
    TitleKind,
    TitleState,
)
from contest.db import db
from contest.desk.record_models import JudgeRecord
from contest.desk.record_papers import PaperLine, papers_of
from contest.entries import queries as entries
from contest.entries.models import Entry, EntryState, Member, Person, Staff
from contest.errors import Missing
from contest.events.models import Contest, Edition, Event, SubContest
from contest.events.queries import EDITION_SCOPE
from contest.judging.models import Judge
from contest.results.models import Publication, SnapshotRow

ACT = "records.view"
SETTLED = (TitleState.CONFERRED, TitleState.REVOKED)


@dataclass(frozen=True)
class EntryLine:
    """One entry of the person; `role`: member, leader or coach."""

    edition: Edition
    event: Event
    number: str
    unit: str
    role: str
    state: EntryState
    left: bool


@dataclass(frozen=True)
class ResultLine:
    """A line of a list that the public may read."""

    edition: Edition
    event: Event
    publication: Publication
    rank: str
    total: str
    award: str
    award_en: str


@dataclass(frozen=True)
class JudgingLine:
    """An edition the person judged in."""

    judge: Judge
    edition: Edition


@dataclass(frozen=True)
class Record:
    """Everything, newest first. `kinds`: what the holder says of titles."""

    person: Person
    entries: tuple[EntryLine, ...]
    results: tuple[ResultLine, ...]
    titles: tuple[Title, ...]
    earlier: tuple[EarlierHolder, ...]
    kinds: dict[str, TitleKind]
    promotions: tuple[Promotion, ...]
    papers: tuple[PaperLine, ...]
    judging: tuple[JudgingLine, ...]


def record_for(actor: Actor, person_id: int) -> Record:
    """The record as somebody of the staff may see it: only of entries that are theirs. Raises Missing."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise Missing()
    own = entries.entries_select(actor, ACT).order_by(None).with_only_columns(Entry.id)
    seen = set(db.session.scalars(own.where(Entry.id.in_(_entry_ids(person_id)))))
    if not seen:
        raise Missing()
    return _record(person, seen, actor)


def own_record(person_id: int) -> Record:
    """The record as the person sees it: everything that is settled, nothing that is only proposed."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise Missing()
    return _record(person, None, None)


def _entry_ids(person_id: int) -> sa.CompoundSelect[int]:
    return sa.union(
        sa.select(Member.entry_id).where(Member.person_id == person_id),
        sa.select(Staff.entry_id).where(Staff.person_id == person_id),
    )


def _record(person: Person, seen: Collection[int] | None, actor: Actor | None) -> Record:
    ids = set(db.session.scalars(_entry_ids(person.id)))
    ids = ids if seen is None else ids & set(seen)
    own = seen is None
    return Record(
        person=person,
        entries=tuple(_entries(person.id, ids)),
        results=tuple(_results(person.id, ids)),
        titles=tuple(_titles(person.id, ids, settled_only=own)),
        earlier=tuple(_earlier(person)),
        kinds=kinds.kinds_of(person.holder_id),
        promotions=tuple(_promotions(person.id, ids, settled_only=own)),
        papers=tuple(papers_of(person.id, ids, is_own=own)),
        judging=tuple(_judging(person.id, actor)),
    )


def _entries(person_id: int, ids: Collection[int]) -> list[EntryLine]:
    loaded = joinedload(Entry.event).joinedload(Event.sub_contest).joinedload(SubContest.edition)
    rows = db.session.scalars(
        sa.select(Entry).where(Entry.id.in_(ids)).options(loaded, joinedload(Entry.organisation))
    )
    lines = []
    for entry in rows:
        edition = entry.event.sub_contest.edition
        for member in entry.members:
            if member.person_id == person_id:
                unit = (
                    (member.organisation or entry.organisation).name
                    if member.organisation or entry.organisation
                    else ""
                )
                lines.append(
                    EntryLine(edition, entry.event, member.number or entry.number, unit, "member", entry.state, member.left_at is not None)
                )  # fmt: skip
        lines += [
            EntryLine(edition, entry.event, entry.number, "", staff.role.value, entry.state, False)
            for staff in entry.staff
            if staff.person_id == person_id
        ]
    return sorted(lines, key=lambda one: (-one.edition.year, -one.edition.id, one.event.id))


def _results(person_id: int, ids: Collection[int]) -> list[ResultLine]:
    members = {
        (one.id, one.entry_id)
        for one in db.session.scalars(
            sa.select(Member).where(Member.person_id == person_id, Member.entry_id.in_(ids), Member.left_at.is_(None))
        )
    }  # fmt: skip
    own = sa.or_(
        *(
            sa.and_(SnapshotRow.subject_kind == kind, SnapshotRow.subject_id.in_(sorted(found)))
            for kind, found in (
                ("member", {one for one, _ in members}),
                ("entry", {one for _, one in members}),
            )
        )
    )
    loaded = (
        joinedload(Publication.event).joinedload(Event.sub_contest).joinedload(SubContest.edition),
        joinedload(Publication.snapshot),
    )
    rows = db.session.execute(
        sa.select(SnapshotRow, Publication)
        .join(Publication, Publication.snapshot_id == SnapshotRow.snapshot_id)
        .where(
            own,
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
            Publication.is_embargoed.is_(False),
        )
        .options(*loaded)
        .order_by(Publication.id.desc())
    )
    found = []
    for row, publication in rows:
        event, (label, label_en) = publication.event, _award_of(row.data)
        found.append(
            ResultLine(event.sub_contest.edition, event, publication, row.rank, row.total, label, label_en)
        )
    return sorted(found, key=lambda one: (-one.edition.year, -one.edition.id, one.event.id))


def _award_of(data: dict[str, object]) -> tuple[str, str]:
    grants = data.get("grants") or []
    shown = (
        [one for one in grants if one.get("kind") in ("prize", "medal")] if isinstance(grants, list) else []
    )
    if not shown:
        return "", ""
    return str(shown[0].get("label") or ""), str(shown[0].get("label_en") or "")


def _titles(person_id: int, ids: Collection[int], *, settled_only: bool) -> list[Title]:
    statement = (
        sa.select(Title)
        .join(Award, Title.award_id == Award.id)
        .where(Title.person_id == person_id, Award.entry_id.in_(ids))
        .order_by(Title.proposed_at.desc(), Title.id.desc())
        .options(joinedload(Title.award), joinedload(Title.decision))
    )
    if settled_only:
        statement = statement.where(Title.state.in_(SETTLED))
    return list(db.session.scalars(statement))


def _earlier(person: Person) -> list[EarlierHolder]:
    digests = sa.select(Person.id_digest).where(
        sa.or_(Person.id == person.id, Person.merged_into_id == person.id)
    )
    return list(
        db.session.scalars(
            sa.select(EarlierHolder).where(
                EarlierHolder.holder_id == person.holder_id, EarlierHolder.id_digest.in_(digests)
            )
        )
    )


def _promotions(person_id: int, ids: Collection[int], *, settled_only: bool) -> list[Promotion]:
    statement = (
        sa.select(Promotion)
        .join(Award, Promotion.award_id == Award.id)
        .where(Promotion.person_id == person_id, Award.entry_id.in_(ids))
        .order_by(Promotion.proposed_at.desc(), Promotion.id.desc())
    )
    if settled_only:
        statement = statement.where(Promotion.state == PromotionState.RECORDED)
    return list(db.session.scalars(statement))


def _judging(person_id: int, actor: Actor | None) -> list[JudgingLine]:
    linked = sa.select(JudgeRecord.judge_id).where(JudgeRecord.person_id == person_id)
    accounts = sa.select(Account.id).where(Account.person_id == person_id)
    statement = (
        sa.select(Judge, Edition)
        .join(Edition, Judge.edition_id == Edition.id)
        .join(Contest, Edition.contest_id == Contest.id)
        .where(sa.or_(Judge.id.in_(linked), Judge.account_id.in_(accounts)))
        .order_by(Edition.year.desc(), Edition.id.desc(), Judge.id)
    )
    if actor is not None:
        statement = statement.where(scope_filter(actor, ACT, EDITION_SCOPE))
    return [JudgingLine(judge, edition) for judge, edition in db.session.execute(statement)]
