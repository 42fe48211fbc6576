"""The record of a list: each state it entered, each signature, each thing done to it, in rows and in the change log."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.accounts.models import Role
from contest.db import db
from contest.results.hooks import announce
from contest.results.models import ListState, Publication, PublicationStep

ENTERED, SIGNED, SUPERSEDED, WITHDRAWN, RELEASED = "entered", "signed", "superseded", "withdrawn", "released"
ASKED = "asked"  # by the first of two people; the second takes the step


def enter(
    publication: Publication,
    state: ListState,
    actor: Actor,
    at: datetime,
    *,
    note: str = "",
    release: bool = False,
) -> Publication:
    """Bring a list to a state, with the step and the log line; `release` ends its embargo as well."""
    old = publication.state
    publication.state = state
    if release:
        publication.is_embargoed = False
    step(publication, ENTERED, state, actor, at, note=note)
    log(actor, f"publication.{state.value}", publication, at, {"state": [old.value, state.value]}, note)
    return publication


def step(
    publication: Publication,
    kind: str,
    state: ListState,
    actor: Actor,
    at: datetime,
    *,
    role: Role | None = None,
    note: str = "",
) -> PublicationStep:
    """One row of the list's own record; `role` names the role a signature stands for."""
    row = PublicationStep(
        kind=kind,
        state=state,
        role=role.value if role else "",
        account_id=actor.account_id,
        account_name=actor.name,
        at=at,
        note=note,
    )
    publication.steps.append(row)
    db.session.flush()
    announce(publication, row)
    return row


def log(
    actor: Actor,
    action: str,
    publication: Publication,
    at: datetime,
    changes: dict[str, list[object]],
    reason: str = "",
) -> None:
    """One line of the contest's change log."""
    contest_id = publication.event.sub_contest.edition.contest_id
    audit.record(actor, action, publication, contest_id=contest_id, changes=changes, reason=reason, at=at)
