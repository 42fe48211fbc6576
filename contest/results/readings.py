"""Who may read ranks that are under embargo, and the record of each reading."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Missing
from contest.events.models import Event
from contest.events.queries import scope_of
from contest.results.models import Publication


def must_log(publication: Publication | None) -> bool:
    """Whether reading the list is put on record: it, or the one that followed it, is under embargo.

    A superseded revision gives the same ranks away, except for the lines that the newer one changed.
    """
    if publication is None or not publication.is_embargoed:
        return False
    return publication.is_live or embargo_over(publication.event_id) is not None


def embargo_over(event_id: int, ranking_key: str = "", round_id: int | None = None) -> Publication | None:
    """The live list under embargo that results computed now would give away; None if there is none.

    The named list where it is one, else any of the event: all of them follow from the same marks.
    """
    found = db.session.scalars(
        sa.select(Publication)
        .where(
            Publication.event_id == event_id,
            Publication.is_embargoed,
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
        )
        .order_by(Publication.id)
    ).all()
    named = [one for one in found if (one.ranking_key, one.round_id) == (ranking_key, round_id)]
    return next(iter([*named, *found]), None)


def may_read_ranks(actor: Actor, event: Event) -> bool:
    """Whether the actor may see what tells places of the event now: anybody in the office, unless under embargo."""
    return embargo_over(event.id) is None or actor.may("results.embargoed", **scope_of(event))


def log_reading(*, publication: Publication, door: str, actor: Actor, at: datetime) -> None:
    """Record that ranks under embargo were read, by which door. Raises Missing for whoever may not read them."""
    if not actor.may("results.embargoed", **scope_of(publication.event)):
        raise Missing()
    contest_id = publication.event.sub_contest.edition.contest_id
    audit.record(
        actor, "embargo.read", publication, contest_id=contest_id, changes={"door": [None, door]}, at=at
    )
