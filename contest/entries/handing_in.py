"""A delegation's registration handed in (上报), accepted or returned (退回) by the organiser.

Until it is handed in, and until the edition's last day of registration, the delegation's registrar adds and changes.
Afterwards the organiser alone does; withdrawing, substituting and correcting a name stay open to the registrar, with
their reasons, as they do after the draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import delegations, eligibility, queries
from contest.entries.models import Delegation, Entry, EntryState, Handing, HandingStep
from contest.entries.refusals import ReasonMissing, RegistrationClosed, StateChange
from contest.errors import Missing
from contest.events.models import Edition

CLOSED = (Handing.HANDED_IN, Handing.ACCEPTED)


@dataclass(frozen=True)
class Standing:
    """One delegation's registration: its last step (None while it is being prepared) and its entries."""

    delegation: Delegation
    step: HandingStep | None
    entries: int

    @property
    def state(self) -> Handing | None:
        """The state of the last step."""
        return self.step.state if self.step else None


def standings_for(actor: Actor, edition_id: int) -> list[Standing]:
    """The delegations the actor may see, in official order, with where their registrations stand."""
    rows = eligibility.delegations_for_entry(actor, edition_id, may="entries.view")
    steps, counts = last_steps([row.id for row in rows]), _entries_of([row.id for row in rows])
    return [Standing(row, steps.get(row.id), counts.get(row.id, 0)) for row in rows]


def last_steps(delegation_ids: list[int]) -> dict[int, HandingStep]:
    """The last step of each delegation that has one."""
    last = (
        sa.select(sa.func.max(HandingStep.id))
        .where(HandingStep.delegation_id.in_(delegation_ids))
        .group_by(HandingStep.delegation_id)
    )
    return {
        s.delegation_id: s for s in db.session.scalars(sa.select(HandingStep).where(HandingStep.id.in_(last)))
    }


def _entries_of(delegation_ids: list[int]) -> dict[int, int]:
    """How many entries a delegation has, withdrawn ones left out."""
    counted = db.session.execute(
        sa.select(Entry.delegation_id, sa.func.count())
        .where(Entry.delegation_id.in_(delegation_ids), Entry.state != EntryState.WITHDRAWN)
        .group_by(Entry.delegation_id)
    )
    return {delegation_id: count for delegation_id, count in counted if delegation_id is not None}


def is_over(edition: Edition, today: date) -> bool:
    """Whether the last day of registration has passed; `today` is the day where the contest is held."""
    return edition.register_until is not None and today > edition.register_until


def _day_of(edition: Edition, at: datetime) -> date:
    return at.astimezone(ZoneInfo(edition.contest.timezone)).date()


def hand_in(delegation_id: int, *, actor: Actor, at: datetime) -> HandingStep:
    """The registrar says that the registration is complete. Raises Missing, StateChange, RegistrationClosed.

    An organiser may hand in for a delegation too, also after the last day.
    """
    row = delegation_for_entry(actor, delegation_id)
    edition = queries.edition_by_id(row.edition_id)
    if queries.is_limited(actor, edition.id) and is_over(edition, _day_of(edition, at)):
        raise RegistrationClosed("registration_over", day=edition.register_until)
    standing = last_steps([row.id]).get(row.id)
    if standing is not None and standing.state in CLOSED:
        raise StateChange("handed_in_already", name=row.name)
    if not _entries_of([row.id]):
        raise StateChange("nothing_to_hand_in", name=row.name)
    return _step(row, Handing.HANDED_IN, "", actor, at)


def accept(delegation_id: int, *, actor: Actor, at: datetime) -> HandingStep:
    """The organiser has checked what was handed in. Raises Missing, StateChange."""
    row = delegations.delegation_for(actor, delegation_id)
    standing = last_steps([row.id]).get(row.id)
    if standing is None or standing.state is not Handing.HANDED_IN:
        raise StateChange("not_handed_in", name=row.name)
    return _step(row, Handing.ACCEPTED, "", actor, at)


def give_back(delegation_id: int, *, reason: str, actor: Actor, at: datetime) -> HandingStep:
    """Back to the registrar, who reads why. Raises Missing, StateChange, ReasonMissing."""
    row = delegations.delegation_for(actor, delegation_id)
    standing = last_steps([row.id]).get(row.id)
    if standing is None or standing.state not in CLOSED:
        raise StateChange("not_handed_in", name=row.name)
    if not reason.strip():
        raise ReasonMissing()
    return _step(row, Handing.RETURNED, reason.strip(), actor, at)


def closed_to(actor: Actor, edition_id: int, today: date) -> dict[int, str]:
    """Delegations whose registration the actor may not add to or change now, with the code of the reason.

    Empty for whoever's reach is wider than single delegations. A returned one is open again even after the last day:
    it was given back in order to be changed.
    """
    if not queries.is_limited(actor, edition_id):
        return {}
    ids = [row.id for row in eligibility.delegations_for_entry(actor, edition_id)]
    steps, over = last_steps(ids), is_over(queries.edition_by_id(edition_id), today)
    found = {one: "registration_over" for one in ids if over and one not in steps}
    return found | {one: "registration_handed_in" for one, step in steps.items() if step.state in CLOSED}


def refuse_closed(actor: Actor, edition_id: int, delegation_id: int | None, at: datetime) -> None:
    """Nothing is added to or changed in a registration that is handed in or over. Raises RegistrationClosed."""
    edition = queries.edition_by_id(edition_id)
    code = closed_to(actor, edition_id, _day_of(edition, at)).get(delegation_id or 0)
    if code:
        raise RegistrationClosed(code, day=edition.register_until)


def delegation_for_entry(actor: Actor, delegation_id: int) -> Delegation:
    """A delegation that the actor registers people of. Raises Missing."""
    row = db.session.get(Delegation, delegation_id)
    if row is None:
        raise Missing()
    queries.edition_for(actor, row.edition_id, may="entries.edit")
    if row.id not in {one.id for one in eligibility.delegations_for_entry(actor, row.edition_id)}:
        raise Missing()
    return row


def _step(row: Delegation, state: Handing, reason: str, actor: Actor, at: datetime) -> HandingStep:
    count = _entries_of([row.id]).get(row.id, 0)
    before = last_steps([row.id]).get(row.id)
    step = HandingStep(
        delegation_id=row.id, state=state, reason=reason, entries=count, at=at, by=actor.account_id
    )
    db.session.add(step)
    db.session.flush()
    audit.record(
        actor,
        "registration." + state.value,
        row,
        contest_id=queries.edition_by_id(row.edition_id).contest_id,
        changes={
            "registration": [before.state.value if before else None, state.value],
            "entries": [None, count],
        },
        reason=reason,
        at=at,
    )
    return step
