"""Whom labels are for: contestants, delegations, judges, benches, or a typed list of addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from contest.accounts.access import Actor
from contest.desk.labels import Label
from contest.entries.listing import Filter, all_entries
from contest.entries.models import EntryState, StaffRole
from contest.entries.queries import display_name, draw_places
from contest.events.models import Event
from contest.judging.queries import judges_of

SOURCES = ("contestants", "delegations", "judges", "benches", "typed")
_PARTS = re.compile(r"\t|[,，;；]")
_POSTCODE = re.compile(r"\d{6}")


def contestants(edition_id: int, wanted: Filter, *, actor: Actor, address: str = "") -> list[Label]:
    """A label a member, in official order; who left or withdrew gets none. `address`: what the QR code opens, with
    the number at its end; empty for no code."""
    found = []
    for entry in all_entries(actor, edition_id, wanted, may="entries.review"):
        if entry.state is EntryState.WITHDRAWN:
            continue
        unit = entry.delegation.name if entry.delegation else ""
        for member in entry.members:
            if member.left_at is None and member.state is not EntryState.WITHDRAWN:
                number = member.number or entry.number
                own = member.organisation.name if member.organisation else unit
                lines = (f"{number}　{entry.event.name}", own)
                found.append(Label(member.person.name, lines, qr=address + quote(number) if address else ""))
        if not entry.members:
            found.append(Label(display_name(entry), (f"{entry.number}　{entry.event.name}", unit)))
    return found


def delegations(edition_id: int, wanted: Filter, *, actor: Actor, leader: str) -> list[Label]:
    """A label a delegation with its leaders, in official order; `leader` is the word before their names."""
    found: dict[int, tuple[str, dict[str, None]]] = {}
    for entry in all_entries(actor, edition_id, wanted, may="entries.review"):
        if entry.delegation is not None:
            _name, leaders = found.setdefault(entry.delegation.id, (entry.delegation.name, {}))
            leaders.update((one.name, None) for one in entry.staff if one.role is StaffRole.LEADER)
    return [
        Label(name, (f"{leader}{'、'.join(leaders)}",) if leaders else ()) for name, leaders in found.values()
    ]


def judges(edition_id: int) -> list[Label]:
    """A label a judge; the caller has authorised the edition."""
    return [Label(one.name, (one.unit_name,) if one.unit_name else ()) for one in judges_of(edition_id)]


def benches(event: Event, *, bench: str, position: str) -> list[Label]:
    """Desk labels of a draw: bench and position alone, so that nobody's name stands at a work. Words with one %s each."""
    return [
        Label(
            bench % one.bench if one.bench else position % one.position, (event.name, position % one.position)
        )
        for one in draw_places(event.id)
    ]


def typed(text: str) -> list[Label]:
    """Lines “postcode, address, name”; postcode and address may be left out, what follows the name stands under it."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in _PARTS.split(line) if part.strip()]
        if not parts:
            continue
        code = parts.pop(0) if len(parts) > 1 and _POSTCODE.fullmatch(parts[0]) else ""
        address = parts.pop(0) if len(parts) > 1 else ""
        found.append(Label(parts[0], tuple(parts[1:]), code, address))
    return found


def all_of(rows: Sequence[Label]) -> list[Label]:
    """Each once: somebody in two events gets a label for each, but two equal labels are one."""
    return list(dict.fromkeys(rows))
