"""Lists that are saved as a whole (groups, hosts): a list that changed since it was read is told, never overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from contest.accounts.access import Actor
from contest.db import hold_row
from contest.errors import Stale
from contest.events.holding import set_hosts
from contest.events.models import Event, HostRole, SubContest
from contest.events.offering import set_groups


def version_of(rows: Iterable[Sequence[Any]]) -> str:
    """A short digest of a list as it was read: a list has no version column of its own."""
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:16]


def groups_of(event: Event) -> list[tuple[str, str, str, bool]]:
    """The groups of an event as `set_groups` takes them."""
    return [(one.key, one.name, one.name_en, one.is_student) for one in event.groups]


def hosts_of(sub_contest: SubContest) -> list[tuple[HostRole, str, str]]:
    """The hosts of a sub-contest as `set_hosts` takes them."""
    return [(one.role, one.name, one.name_en) for one in sub_contest.hosts]


def save_groups(
    event: Event, *, groups: Sequence[tuple[str, str, str, bool]], seen: str, actor: Actor, at: datetime
) -> None:
    """The groups anew, if they are still those that were read. seen: `version_of` them. Raises Stale too."""
    hold_row(event)
    if seen != version_of(groups_of(event)):
        raise Stale()
    set_groups(event, groups=groups, actor=actor, at=at)


def save_hosts(
    sub_contest: SubContest,
    *,
    hosts: list[tuple[HostRole, str, str]],
    seen: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The same for the hosts of a sub-contest."""
    hold_row(sub_contest)
    if seen != version_of(hosts_of(sub_contest)):
        raise Stale()
    set_hosts(sub_contest, hosts=hosts, actor=actor, at=at)
