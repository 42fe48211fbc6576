"""Draft → checked: a frozen list found right by those who compared it, before it may be published.

A check is over the list's digest. Whatever changes afterwards makes another list, which nobody has checked: no flag
has to be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.accounts.models import Role, ScopeKind
from contest.db import db
from contest.events.queries import scope_of
from contest.results.blockers import blockers, findings_of
from contest.results.canonical import list_digest
from contest.results.compute import Computation, compute_event
from contest.results.models import ListState, Publication, Snapshot
from contest.results.models_checks import SnapshotCheck
from contest.results.refusals import (
    Blocked,
    ListUnchecked,
    NotThatRole,
    SecondPersonNeeded,
    SignedAlready,
    SnapshotOutdated,
    WrongState,
)
from contest.results.settings import setting_of
from contest.results.snapshots import hold, listing_of, newest_snapshot, round_key_of
from contest.results.steps import ASKED, log, step

CHECKED = "checked"
CHECKING = (Role.SCOREKEEPER, Role.CHIEF_JUDGE, Role.SUPERVISOR)
FOLLOWING = {
    ListState.PROVISIONAL: ListState.CONFIRMED,
    ListState.CONFIRMED: ListState.PUBLIC_NOTICE,
    ListState.PUBLIC_NOTICE: ListState.FINAL,
    ListState.FINAL: ListState.ARCHIVED,
}


def check_list(
    *, snapshot: Snapshot, actor: Actor, at: datetime, note: str = "", computation: Computation | None = None
) -> SnapshotCheck:
    """Find a frozen list right, in the name of the role that the actor holds at its event.

    Raises NotThatRole, SignedAlready, SnapshotOutdated if something changed since it was frozen, Blocked with what
    must be mended first.
    """
    hold(snapshot.event_id)
    role = next((one for one in CHECKING if holds(actor, one, scope_of(snapshot.event))), None)
    if role is None or actor.account_id is None:
        raise NotThatRole()
    if any(one.account_id == actor.account_id for one in checks_of(snapshot)):
        raise SignedAlready(name=actor.name)
    computation = computation or compute_event(snapshot.event)
    check_fresh(snapshot, computation)
    check_blockers(snapshot, computation, appeals_too=False)
    return _kept(snapshot, CHECKED, actor, at, role.value, note)


def ask_to_publish(*, snapshot: Snapshot, actor: Actor, at: datetime) -> SnapshotCheck:
    """The first of the two people by whom a list is published, where the edition wants two. Raises SignedAlready."""
    hold(snapshot.event_id)
    require_checked(snapshot)
    if any(one.account_id == actor.account_id for one in checks_of(snapshot, ASKED)):
        raise SignedAlready(name=actor.name)
    return _kept(snapshot, ASKED, actor, at, "", "")


def _kept(snapshot: Snapshot, kind: str, actor: Actor, at: datetime, role: str, note: str) -> SnapshotCheck:
    row = SnapshotCheck(
        snapshot_id=snapshot.id,
        kind=kind,
        role=role,
        account_id=actor.account_id,
        account_name=actor.name,
        at=at,
        note=note.strip(),
        digest=snapshot.digest,
    )
    db.session.add(row)
    db.session.flush()
    contest_id = snapshot.event.sub_contest.edition.contest_id
    changes: dict[str, list[object]] = {"digest": [None, snapshot.digest], "role": [None, role]}
    audit.record(actor, f"list.{kind}", snapshot, contest_id=contest_id, changes=changes, reason=note, at=at)
    return row


def checks_of(snapshot: Snapshot, kind: str = CHECKED) -> list[SnapshotCheck]:
    """Who found a frozen list right (or asked to publish it), oldest first."""
    statement = sa.select(SnapshotCheck).where(
        SnapshotCheck.snapshot_id == snapshot.id,
        SnapshotCheck.kind == kind,
        SnapshotCheck.digest == snapshot.digest,
    )
    return list(db.session.scalars(statement.order_by(SnapshotCheck.id)))


def checked_as(
    computation: Computation, ranking_key: str, round_key: str, round_id: int | None
) -> Snapshot | None:
    """The frozen list that is exactly the one computed now, if there is one: checks of any other don't hold."""
    newest = newest_snapshot(computation.event.id, ranking_key, round_id)
    if newest is None or newest.input_digest != computation.inputs.digest:
        return None
    listing = computation.listing(ranking_key, round_key)
    return newest if newest.standing_digest == list_digest(listing.heading, listing.lines) else None


def missing_checks(snapshot: Snapshot) -> int:
    """How many people still have to find the list right before it may be published."""
    wanted = setting_of(snapshot.event.sub_contest.edition_id).check_people
    return max(0, wanted - len(checks_of(snapshot)))


def require_checked(snapshot: Snapshot) -> None:
    """Raises ListUnchecked while people are missing who found it right."""
    if missing := missing_checks(snapshot):
        raise ListUnchecked(count=missing)


def needs_second(edition_id: int, state: ListState) -> bool:
    """Whether the edition wants two people for entering a state."""
    return state.value in setting_of(edition_id).second_person


def require_second(edition_id: int, state: ListState, asked: Sequence[int | None], actor: Actor) -> None:
    """Raises SecondPersonNeeded unless somebody else asked for the state first, where the edition wants two people."""
    if needs_second(edition_id, state) and not [one for one in asked if one != actor.account_id]:
        raise SecondPersonNeeded()


def askers(publication: Publication, state: ListState) -> list[int | None]:
    """Accounts that asked to bring a list to a state."""
    return [one.account_id for one in publication.steps if (one.kind, one.state) == (ASKED, state)]


def second_for(publication: Publication, actor: Actor) -> None:
    """Raises SecondPersonNeeded if the list's next step wants two people and no other one has asked for it."""
    state = FOLLOWING[publication.state]
    edition_id = publication.event.sub_contest.edition_id
    require_second(edition_id, state, askers(publication, state), actor)


def ask(*, publication: Publication, actor: Actor, at: datetime, note: str = "") -> None:
    """Ask to bring a list to its next state; a second person takes the step. Raises WrongState, SignedAlready."""
    state = FOLLOWING.get(publication.state)
    if state is None or not publication.is_live:
        raise WrongState(state=publication.state.value)
    if actor.account_id in askers(publication, state):
        raise SignedAlready(name=actor.name)
    step(publication, ASKED, state, actor, at, note=note.strip())
    log(actor, "publication.asked", publication, at, {"state": [publication.state.value, state.value]}, note)


def holds(actor: Actor, role: Role, scope: dict[str, int]) -> bool:
    """Whether the actor was given exactly this role at the place or above it: a signature names a role."""
    return any(
        grant.role is role
        and (
            grant.scope_kind is ScopeKind.INSTALLATION or scope.get(grant.scope_kind.value) == grant.scope_id
        )
        for grant in actor.grants
    )


def check_fresh(snapshot: Snapshot, computation: Computation) -> None:
    """Raises SnapshotOutdated unless the frozen list is the newest and is what is computed now."""
    newest = newest_snapshot(snapshot.event_id, snapshot.ranking_key, snapshot.round_id)
    listing = listing_of(computation, snapshot.ranking_key, round_key_of(snapshot.event, snapshot.round_id))
    if newest is None or newest.id != snapshot.id:
        raise SnapshotOutdated()
    if list_digest(listing.heading, listing.lines) != snapshot.standing_digest:
        raise SnapshotOutdated()


def check_blockers(snapshot: Snapshot, computation: Computation, *, appeals_too: bool) -> None:
    """Raises Blocked with what must be mended first."""
    round_key = round_key_of(snapshot.event, snapshot.round_id)
    found = blockers(findings_of(computation, snapshot.ranking_key, round_key), appeals_too=appeals_too)
    if found:
        raise Blocked(found)
