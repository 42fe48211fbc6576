"""What doors, commands and rooms further right call to change what is held. Nothing here commits."""

from __future__ import annotations

from contest.events.dry_run import dry_run
from contest.events.holding import (
    add_host,
    create_contest,
    create_edition,
    create_holder,
    create_sub_contest,
    delete_contest,
    delete_edition,
    delete_holder,
    delete_sub_contest,
    set_hosts,
    update_contest,
    update_edition,
    update_holder,
    update_sub_contest,
)
from contest.events.listed import save_groups, save_hosts
from contest.events.offering import adopt_preset, create_event, delete_event, set_groups, update_event
from contest.events.opening import (
    blockers_of,
    close_event,
    last_dry_run,
    open_event,
    record_dry_run,
    reopen_event,
)
from contest.events.rulebook import digest_of, discard_draft, draft_of, problems_of, put_draft, save_rules

__all__ = [
    "add_host",
    "adopt_preset",
    "blockers_of",
    "close_event",
    "create_contest",
    "create_edition",
    "create_event",
    "create_holder",
    "create_sub_contest",
    "delete_contest",
    "delete_edition",
    "delete_event",
    "delete_holder",
    "delete_sub_contest",
    "digest_of",
    "discard_draft",
    "draft_of",
    "dry_run",
    "last_dry_run",
    "open_event",
    "problems_of",
    "put_draft",
    "record_dry_run",
    "reopen_event",
    "save_groups",
    "save_hosts",
    "save_rules",
    "set_groups",
    "set_hosts",
    "update_contest",
    "update_edition",
    "update_event",
    "update_holder",
    "update_sub_contest",
]
