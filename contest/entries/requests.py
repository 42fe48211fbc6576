"""What people ask about their own data: a correction goes to their registrar, a deletion to the holder's organiser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest import audit, personal
from contest.accounts.access import Actor, scope_filter
from contest.db import db, hold_row
from contest.entries import queries
from contest.entries.models import Entry, Member, Person, RequestKind, RequestState
from contest.entries.people import PersonFacts, update_person
from contest.entries.record_models import PersonRequest
from contest.entries.refusals import ReasonMissing, RequestClosed, RequestValue
from contest.entries.roster import repairs
from contest.entries.roster.findings import Problem
from contest.errors import Missing

FIELDS = ("name", "gender", "ethnicity", "born_on", "education", "phone", "other")
"""What may be asked to be put right; *other* is done by hand, e.g. a document number."""
OPEN_AT_ONCE = 10


def ask(
    person_id: int, kind: RequestKind, *, field: str = "", value: str = "", text: str = "", actor: Actor, at: datetime
) -> PersonRequest:  # fmt: skip
    """Write a request down. Raises RequestValue for a value that can't be taken, RequestClosed for too many open ones."""
    person = db.session.get_one(Person, person_id)
    hold_row(person)
    waiting = [one for one in of_person(person_id) if one.state is RequestState.OPEN]
    if len(waiting) >= OPEN_AT_ONCE or (
        kind is RequestKind.DELETION and any(one.kind is kind for one in waiting)
    ):
        raise RequestClosed("request_too_many")
    if kind is RequestKind.CORRECTION:
        _checked(field, value)
    row = PersonRequest(
        person_id=person_id, kind=kind, field=field, wanted_cipher=personal.encrypt(value.strip()) if value.strip() else None,
        text=text.strip(), asked_at=at, state=RequestState.OPEN,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, f"person.{kind.value}_asked", person, contest_id=0, changes={"field": [None, field]}, at=at
    )
    return row


def wanted(request: PersonRequest) -> str:
    """The value asked for, in full: for the person and for who decides."""
    return personal.decrypt(request.wanted_cipher) if request.wanted_cipher else ""


def _checked(field: str, value: str) -> PersonFacts | None:
    """The facts that would change; None for *other*. Raises RequestValue."""
    plain = value.strip()
    if field not in FIELDS or not plain or len(plain) > 200:
        raise RequestValue(field=field)
    if field == "other":
        return None
    if field == "gender" and plain not in ("男", "女"):
        raise RequestValue(field=field)
    reading: dict[str, Callable[[str], object]] = {
        "name": lambda text: _text(field, repairs.person_name(text)),
        "phone": lambda text: _text(field, repairs.phone(text)),
        "born_on": lambda text: _day(field, text),
    }
    return _facts(**{field: reading.get(field, lambda text: text)(plain)})


def _facts(**known: object) -> PersonFacts:
    from contest.entries.models import IdKind

    blank: dict[str, object] = {"name": "", "id_kind": IdKind.OTHER, "id_number": ""}
    return PersonFacts(**{**blank, **known})  # type: ignore[arg-type]


def _text(field: str, found: object) -> str:
    if isinstance(found, Problem):
        raise RequestValue(field=field)
    return str(getattr(found, "text", ""))


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestValue(field=field) from None


def decide(
    request: PersonRequest, *, accept: bool, answer: str, actor: Actor, at: datetime
) -> PersonRequest:  # fmt: skip
    """Accept or refuse a correction; what was accepted is written to the person. The person reads the answer.

    Raises RequestClosed, ReasonMissing for a refusal without one, RequestValue.
    """
    hold_row(request)
    if request.state is not RequestState.OPEN:
        raise RequestClosed()
    if not accept and not answer.strip():
        raise ReasonMissing()
    changes: dict[str, object] = {}
    if accept and request.kind is RequestKind.CORRECTION:
        facts = _checked(request.field, wanted(request))
        changes = dict(update_person(request.person, facts)) if facts else {}
    return close(request, accept=accept, answer=answer, changes=changes, actor=actor, at=at)


def close(
    request: PersonRequest, *, accept: bool, answer: str, changes: dict[str, object], actor: Actor, at: datetime
) -> PersonRequest:  # fmt: skip
    """Note how a request was decided."""
    request.state = RequestState.ACCEPTED if accept else RequestState.REFUSED
    request.answer, request.decided_at = answer.strip(), at
    request.decided_by, request.decided_name = actor.account_id, actor.name
    db.session.flush()
    audit.record(
        actor, f"person.{request.kind.value}_{request.state.value}", request.person, contest_id=_contest_of(request),
        changes=changes, reason=answer.strip(), at=at,
    )  # fmt: skip
    return request


def _contest_of(request: PersonRequest) -> int:
    """The contest of the person's newest entry: in its log the change is looked for."""
    entry = db.session.scalars(
        sa.select(Entry)
        .join(Member, Member.entry_id == Entry.id)
        .where(Member.person_id == request.person_id)
        .order_by(Entry.id.desc())
        .limit(1)
    ).first()
    return entry.event.sub_contest.edition.contest_id if entry else 0


def of_person(person_id: int) -> list[PersonRequest]:
    """A person's own requests, newest first."""
    return list(
        db.session.scalars(
            sa.select(PersonRequest)
            .where(PersonRequest.person_id == person_id)
            .order_by(PersonRequest.id.desc())
        )
    )


def _select(actor: Actor) -> sa.Select[PersonRequest]:
    """Corrections of people in an entry that the actor registers; deletions of the holders they look after."""
    own = queries.entries_select(actor, "entries.edit").order_by(None).with_only_columns(Entry.id)
    people = sa.select(Member.person_id).where(Member.entry_id.in_(own))
    managed = sa.select(Person.id).where(scope_filter(actor, "records.manage", {"holder": Person.holder_id}))
    return (
        sa.select(PersonRequest)
        .where(
            sa.or_(
                sa.and_(
                    PersonRequest.kind == RequestKind.CORRECTION,
                    sa.or_(PersonRequest.person_id.in_(people), PersonRequest.person_id.in_(managed)),
                ),
                sa.and_(PersonRequest.kind == RequestKind.DELETION, PersonRequest.person_id.in_(managed)),
            )
        )
        .options(joinedload(PersonRequest.person))
    )


def waiting_for(actor: Actor) -> list[PersonRequest]:
    """What the actor may decide: the open ones first, then the newest of the decided."""
    is_open = sa.case((PersonRequest.state == RequestState.OPEN, 0), else_=1)
    return list(db.session.scalars(_select(actor).order_by(is_open, PersonRequest.id.desc()).limit(200)))


def request_for(actor: Actor, request_id: int) -> PersonRequest:
    """One request that the actor may decide. Raises Missing."""
    row = db.session.scalars(_select(actor).where(PersonRequest.id == request_id)).first()
    if row is None:
        raise Missing()
    return row
