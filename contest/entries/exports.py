"""Taking registered people out of the house with their full numbers: on record."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.entries import listing, people, queries
from contest.entries.models import Entry
from contest.entries.people import Revealed
from contest.entries.registration import live_members


def read_in_full(
    edition_id: int, wanted: listing.Filter, *, actor: Actor, at: datetime
) -> tuple[list[Entry], dict[int, Revealed]]:
    """Entries of a filter and the full numbers of their live members; who took how many is kept. Raises Missing."""
    edition = queries.edition_for(actor, edition_id, may="entries.personal")
    entries = listing.all_entries(actor, edition_id, wanted, may="entries.personal")
    members = [member for entry in entries for member in live_members(entry)]
    changes = {"people": [None, len(members)]}
    audit.record(
        actor,
        "personal.exported",
        edition,
        contest_id=edition.contest_id,
        changes=changes,
        reason="list in full",
        at=at,
    )
    return entries, people.reveal_all(members)
