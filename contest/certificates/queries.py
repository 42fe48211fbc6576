"""Reading the register, authorised in the query; what the public may see comes out as plain values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest import personal
from contest.accounts.access import Actor, scope_filter
from contest.awards.models import Award, AwardKind, Title, TitleState, Verdict
from contest.awards.queries import CONFIRMED
from contest.certificates import states
from contest.certificates.models import Certificate, CertificateState
from contest.db import db
from contest.entries.models import Delegation, Entry, Member, Person
from contest.errors import Missing
from contest.events.models import Event
from contest.events.queries import EVENT_SCOPE, select_up
from contest.files import StoredFile
from contest.results.models import Publication

ACT = "certificates.issue"
_LOADED = (
    joinedload(Certificate.award).joinedload(Award.publication),
    joinedload(Certificate.title),
    joinedload(Certificate.file),
    joinedload(Certificate.entry).joinedload(Entry.delegation),
)


def _ordered(statement: sa.Select[Certificate]) -> sa.Select[Certificate]:
    """By delegation in official order, then number of the entry: the order in which papers are handed out."""
    return (
        statement.outerjoin(Entry, Certificate.entry_id == Entry.id)
        .outerjoin(Delegation, Entry.delegation_id == Delegation.id)
        .order_by(sa.func.coalesce(Delegation.official_order, 1_000_000), Entry.number, Certificate.id)
        .options(*_LOADED)
    )


def certificates_for(actor: Actor, event_id: int, *, text: str = "") -> list[Certificate]:
    """The register of an event, in printing order; `text` is sought in number and name."""
    statement = select_up(sa.select(Certificate).join(Event, Certificate.event_id == Event.id)).where(
        Event.id == event_id, scope_filter(actor, ACT, EVENT_SCOPE)
    )
    if text.strip():
        wanted = text.strip()
        statement = statement.where(
            sa.or_(
                Certificate.number.icontains(wanted, autoescape=True),
                Certificate.name.icontains(wanted, autoescape=True),
            )
        )
    return list(db.session.scalars(_ordered(statement)))


def certificate_for(actor: Actor, certificate_id: int) -> Certificate:
    """One certificate the actor may issue. Raises Missing."""
    statement = select_up(sa.select(Certificate).join(Event, Certificate.event_id == Event.id)).where(
        Certificate.id == certificate_id, scope_filter(actor, ACT, EVENT_SCOPE)
    )
    row = db.session.scalars(statement.options(*_LOADED)).first()
    if row is None:
        raise Missing()
    return row


def with_ids(ids: Collection[int]) -> list[Certificate]:
    """These certificates in printing order; for a job that was authorised when it was started."""
    found: list[Certificate] = []
    listed = list(ids)
    for start in range(0, len(listed), 500):
        part = sa.select(Certificate).where(Certificate.id.in_(listed[start : start + 500]))
        found += db.session.scalars(_ordered(part))
    order = {one: place for place, one in enumerate(listed)}
    return sorted(found, key=lambda one: order[one.id])


def unmade(event_id: int) -> list[int]:
    """Numbers taken whose paper was not made: a job that was stopped."""
    return list(
        db.session.scalars(
            sa.select(Certificate.id)
            .where(
                Certificate.event_id == event_id, Certificate.file_id.is_(None), Certificate.void_at.is_(None)
            )
            .order_by(Certificate.id)
        )
    )


def awards_ready(event_id: int) -> list[Award]:
    """Prizes of live confirmed lists of an event, in the order of the lists."""
    return list(
        db.session.scalars(
            sa.select(Award)
            .join(Publication, Award.publication_id == Publication.id)
            .where(
                Publication.event_id == event_id,
                Publication.superseded_at.is_(None),
                Publication.withdrawn_at.is_(None),
                Publication.state.in_(CONFIRMED),
                Award.kind == AwardKind.PRIZE,
                Award.verdict == Verdict.GRANTED,
            )
            .order_by(Publication.ranking_key, Award.position, Award.id)
            .options(joinedload(Award.publication).joinedload(Publication.snapshot))
        )
    )


def titles_ready(event_id: int) -> list[Title]:
    """Conferred titles of an event."""
    return list(
        db.session.scalars(
            sa.select(Title)
            .join(Award, Title.award_id == Award.id)
            .join(Publication, Award.publication_id == Publication.id)
            .where(Publication.event_id == event_id, Title.state == TitleState.CONFERRED)
            .order_by(Title.position, Title.id)
            .options(joinedload(Title.award).joinedload(Award.publication), joinedload(Title.decision))
        )
    )


def live_of_event(event_id: int) -> list[Certificate]:
    """Certificates neither void, replaced nor revoked."""
    return list(
        db.session.scalars(
            sa.select(Certificate)
            .where(
                Certificate.event_id == event_id,
                Certificate.void_at.is_(None),
                Certificate.revoked_at.is_(None),
                Certificate.replaced_at.is_(None),
            )
            .options(*_LOADED)
        )
    )


def last_texts(event_id: int) -> dict[str, dict[str, str]]:
    """The wording used last for each layout of an event, so that the organiser need not type it again."""
    found: dict[str, dict[str, str]] = {}
    for layout, fields in db.session.execute(
        sa.select(Certificate.layout, Certificate.fields)
        .where(Certificate.event_id == event_id)
        .order_by(Certificate.id)
    ):
        found[layout] = fields.get("texts", {})
    return found


def last_layouts(event_id: int) -> dict[str, str]:
    """The layout used last for each kind in an event."""
    found: dict[str, str] = {}
    for layout, fields in db.session.execute(
        sa.select(Certificate.layout, Certificate.fields)
        .where(Certificate.event_id == event_id)
        .order_by(Certificate.id)
    ):
        found[fields.get("kind", layout)] = layout
    return found


def own(person_id: int) -> list[Certificate]:
    """The papers of a person, and of the teams they are in, newest first; those under embargo stay closed."""
    entries = sa.select(Member.entry_id).where(Member.person_id == person_id, Member.left_at.is_(None))
    statement = (
        sa.select(Certificate)
        .join(Award, Certificate.award_id == Award.id)
        .join(Publication, Award.publication_id == Publication.id)
        .where(
            Certificate.file_id.is_not(None),
            Publication.is_embargoed.is_(False),
            sa.or_(
                Certificate.person_id == person_id,
                sa.and_(Certificate.person_id.is_(None), Certificate.entry_id.in_(entries)),
            ),
        )
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .options(*_LOADED)
    )
    return [one for one in db.session.scalars(statement) if states.state_of(one) is CertificateState.VALID]


def own_certificate(person_id: int, certificate_id: int) -> Certificate:
    """One of a person's own papers. Raises Missing."""
    for one in own(person_id):
        if one.id == certificate_id:
            return one
    raise Missing()


def person_by_digits(number: str, name: str, digits: str) -> int | None:
    """The person behind a number (of a certificate, an entry or a member), a name and the last six of the ID.

    All three must fit the same person; None otherwise, without telling which was wrong.
    """
    wanted, plain = number.strip(), "".join(name.split())
    if not (wanted and plain and len(digits.strip()) == 6):
        return None
    holders = sa.select(Certificate.person_id).where(Certificate.number == wanted)
    members = (
        sa.select(Member.person_id)
        .join(Entry, Member.entry_id == Entry.id)
        .where(
            Member.left_at.is_(None),
            sa.or_(
                Member.number == wanted,
                Entry.number == wanted,
                Entry.id.in_(sa.select(Certificate.entry_id).where(Certificate.number == wanted)),
            ),
        )
    )
    people = db.session.scalars(
        sa.select(Person)
        .where(
            sa.or_(Person.id.in_(holders), Person.id.in_(members)),
            Person.id_tail_digest == personal.digest(digits.strip()),
        )
        .order_by(Person.id)
    )
    return next((one.id for one in people if "".join(one.name.split()) == plain), None)


def dated_of(certificate: Certificate) -> date:
    """The day a certificate was issued, in UTC."""
    return certificate.issued_at.date()


def stored_file(file_id: int) -> StoredFile:
    """A bundle made by a batch; the caller has authorised by the batch's event."""
    row = db.session.get(StoredFile, file_id)
    if row is None:
        raise Missing()
    return row


def picture_of(contest_id: int, file_id: int) -> StoredFile:
    """A picture that was uploaded for a contest's layouts; the caller has authorised by the contest. Raises Missing."""
    row = db.session.get(StoredFile, file_id)
    if row is None or row.contest_id != contest_id or row.media_type not in ("image/png", "image/jpeg"):
        raise Missing()
    return row
