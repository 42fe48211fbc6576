"""Who may read ranks that are under embargo, and the record of each reading."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.errors import Missing
from contest.events.queries import scope_of
from contest.results.models import Publication


def must_log(publication: Publication | None) -> bool:
    """Whether reading the list is put on record: it counts and is under embargo."""
    return publication is not None and publication.is_live and publication.is_embargoed


def log_reading(*, publication: Publication, door: str, actor: Actor, at: datetime) -> None:
    """Record that ranks under embargo were read, by which door. Raises Missing for whoever may not read them."""
    if not actor.may("results.embargoed", **scope_of(publication.event)):
        raise Missing()
    contest_id = publication.event.sub_contest.edition.contest_id
    audit.record(
        actor, "embargo.read", publication, contest_id=contest_id, changes={"door": [None, door]}, at=at
    )
