"""Badges of an edition's contestants, leaders and coaches; with a contestant's personal sign-in code where asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno

from contest.accounts import queries as accounts
from contest.accounts import service as accounts_service
from contest.accounts.access import Actor
from contest.accounts.models import LinkPurpose, Role
from contest.desk.service import account_of
from contest.entries.listing import Filter, all_entries
from contest.entries.models import Entry, EntryState

CSS = (
    ".label.badge { width: 90mm; height: 58mm; padding: 4mm 5mm; position: relative; }"
    " .label.badge .large { font-size: 24pt; } .label.badge svg { width: 27mm; height: 27mm; }"
    " .label.badge .foot { position: absolute; left: 5mm; right: 5mm; bottom: 4mm; }"
)


@dataclass(frozen=True)
class Badge:
    """One badge. `role`: contestant, leader or coach; `token`: the sign-in code, known only while it is printed."""

    role: str
    name: str
    number: str
    entry: Entry
    token: str = ""

    def qr(self, address: str) -> str:
        """The code of an address as SVG without a style, for print."""
        return segno.make(address, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)


def badges_of(
    edition_id: int, wanted: Filter, *, with_codes: bool, with_staff: bool, actor: Actor, at: datetime
) -> list[Badge]:
    """The badges of the entries that the actor looks after as organiser, in official order; who left or withdrew gets none.

    with_codes: everyone gets a fresh personal code, and the one on an older badge stops opening. An account that can
    do more than a contestant's gets none: whoever found the badge could do it too.
    """
    found: list[Badge] = []
    codes: dict[int, str] = {}  # one a person, whatever the number of their badges
    for entry in all_entries(actor, edition_id, wanted, may="entries.review"):
        if entry.state is EntryState.WITHDRAWN:
            continue
        for member in entry.members:
            if member.left_at is not None or member.state is EntryState.WITHDRAWN:
                continue
            if with_codes and member.person_id not in codes:
                codes[member.person_id] = _code(member.person_id, actor, at)
            number = member.number or entry.number
            token = codes.get(member.person_id, "")
            found.append(Badge("contestant", member.person.name, number, entry, token))
        if with_staff:
            found += [Badge(staff.role.value, staff.name, entry.number, entry) for staff in entry.staff]
    return _once(found)


def _code(person_id: int, actor: Actor, at: datetime) -> str:
    account = account_of(person_id, at=at)
    if account.password_hash or {held.role for held in accounts.held_by(account.id)} != {Role.CONTESTANT}:
        return ""
    return accounts_service.make_link(account, purpose=LinkPurpose.PERSONAL_QR, actor=actor, at=at)


def _once(badges: list[Badge]) -> list[Badge]:
    """A leader or coach of several entries of one delegation gets one badge."""
    kept: dict[tuple[object, ...], Badge] = {}
    for badge in badges:
        own = badge.number if badge.role == "contestant" else ""
        kept.setdefault((badge.role, badge.name, badge.entry.delegation_id, own), badge)
    return list(kept.values())
