"""Re-checks 复核: sheets compared with the marks on record, the top places in full and a share of the others by seed.

How anyone repeats the choice: of the entries below the top places, the SHA-256 of the UTF-8 text `seed:number` is
written in hexadecimal; the first ones in ascending order are checked. When more than 5 % of the marks looked at are
wrong, every sheet is checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from contest import audit
from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.errors import Missing
from contest.events.models import Event
from contest.events.queries import EVENT_SCOPE, select_up
from contest.judging.models import MarkRevision, Panel, Seat, Sheet
from contest.results.compute import Computation, compute_event
from contest.results.lines import Line
from contest.results.models import Recheck, RecheckItem
from contest.results.queries import UP
from contest.results.refusals import ReasonMissing, RecheckClosed, RecheckOpen, SettingInvalid
from contest.results.snapshots import listing_of

LEAST_SHARE = 1500  # hundredths of a percent of the entries below the top places
LIMIT = 500  # hundredths of a percent of wrong marks above which everything is checked
TOP, SAMPLE, ALL = "top", "sample", "all"
_later = aliased(MarkRevision)


@dataclass(frozen=True)
class Tally:
    """How far a re-check is: sheets in all and looked at, marks looked at and wrong, the rate in hundredths of a percent."""

    sheets: int
    checked: int
    marks: int
    wrong: int

    @property
    def rate_bp(self) -> int:
        return -(-self.wrong * 10_000 // self.marks) if self.marks else 0

    @property
    def is_above(self) -> bool:
        return self.rate_bp > LIMIT


def draw_recheck(
    *,
    event: Event,
    ranking_key: str,
    top: int,
    share_bp: int,
    seed: str,
    actor: Actor,
    at: datetime,
    computation: Computation | None = None,
) -> Recheck:
    """Choose what is checked and record it. top: places checked in full. share_bp: of the other entries, at least 15 %.

    Raises SettingInvalid for numbers out of range, ReasonMissing without a seed, ListUnknown.
    """
    if not 1 <= top <= 1000 or not LEAST_SHARE <= share_bp <= 10_000:
        raise SettingInvalid(field="share", low=15, high=100)
    if not seed.strip():
        raise ReasonMissing()
    lines = listing_of(computation or compute_event(event), ranking_key, "").lines
    first, chosen = _chosen(
        [line for line in lines if line.entry_id is not None], top, share_bp, seed.strip()
    )
    row = Recheck(
        event_id=event.id,
        ranking_key=ranking_key,
        seed=seed.strip(),
        top=top,
        share_bp=share_bp,
        drawn_at=at,
        drawn_by=actor.account_id,
        drawn_name=actor.name,
    )
    sheets = _sheets(event.id)
    row.items = [*_items(sheets, first, TOP), *_items(sheets, chosen, SAMPLE)]
    db.session.add(row)
    db.session.flush()
    _log(actor, "recheck.drawn", row, event, at, {"seed": [None, row.seed], "sheets": [0, len(row.items)]})
    return row


def _chosen(
    lines: Sequence[Line], top: int, share_bp: int, seed: str
) -> tuple[set[int | None], set[int | None]]:
    """(entries of the top places, entries of the others that the seed gives)."""
    first = {line.entry_id for line in lines if 0 < line.rank_sort <= top}
    rest = {line.entry_id or 0: str(line.data["number"]) for line in lines if line.entry_id not in first}
    return first, set(by_seed(seed, rest.items())[: -(-len(rest) * share_bp // 10_000)])


def by_seed(seed: str, numbers: Iterable[tuple[int, str]]) -> list[int]:
    """Entry ids in the order that the seed gives their numbers."""
    keyed = [
        (hashlib.sha256(f"{seed}:{number}".encode()).hexdigest(), number, one) for one, number in numbers
    ]
    return [one for _, _, one in sorted(keyed)]


def _sheets(event_id: int) -> list[Sheet]:
    statement = (
        sa.select(Sheet)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Sheet.event_id == event_id, Seat.voided_at.is_(None))
        .order_by(Sheet.module_key, Sheet.position, Panel.id, Seat.position, Sheet.id)
    )
    return list(db.session.scalars(statement))


def _items(sheets: Sequence[Sheet], entries: set[int | None], why: str) -> list[RecheckItem]:
    chosen = [sheet for sheet in sheets if sheet.entry_id in entries]
    counts = _counts([sheet.id for sheet in chosen])
    return [
        RecheckItem(sheet_id=sheet.id, why=why, marks=counts.get(sheet.id, 0))
        for sheet in chosen
        if counts.get(sheet.id)
    ]


def _counts(sheet_ids: Sequence[int]) -> dict[int, int]:
    """Current marks of each sheet."""
    found: dict[int, int] = {}
    for start in range(0, len(sheet_ids), 500):
        rows = db.session.execute(
            sa.select(MarkRevision.sheet_id, sa.func.count())
            .where(
                MarkRevision.sheet_id.in_(sheet_ids[start : start + 500]),
                ~sa.exists().where(_later.replaces_id == MarkRevision.id),
            )
            .group_by(MarkRevision.sheet_id)
        )
        found.update({sheet_id: int(count) for sheet_id, count in rows})
    return found


def check_item(
    *, recheck: Recheck, item_id: int, wrong: int, note: str, actor: Actor, at: datetime
) -> RecheckItem:
    """Record that a sheet was compared: how many of its marks differ, 0 for none. It may be recorded again.

    Raises RecheckClosed, Missing, SettingInvalid, ReasonMissing for wrong marks without a note.
    """
    if recheck.closed_at is not None:
        raise RecheckClosed()
    item = next((one for one in recheck.items if one.id == item_id), None)
    if item is None:
        raise Missing()
    if not 0 <= wrong <= item.marks:
        raise SettingInvalid(field="wrong", low=0, high=item.marks)
    if wrong and not note.strip():
        raise ReasonMissing()
    item.wrong, item.is_right, item.note = wrong, wrong == 0, note.strip()
    item.checked_at, item.checked_by, item.checked_name = at, actor.account_id, actor.name
    db.session.flush()
    return item


def close_recheck(*, recheck: Recheck, actor: Actor, at: datetime) -> Recheck:
    """End a re-check; above the limit every other sheet is added instead, and it stays open.

    Raises RecheckClosed, RecheckOpen while sheets wait.
    """
    if recheck.closed_at is not None:
        raise RecheckClosed()
    event = db.session.get_one(Event, recheck.event_id)
    tally = tally_of(recheck)
    if tally.checked < tally.sheets:
        raise RecheckOpen(count=tally.sheets - tally.checked)
    if tally.is_above and not recheck.is_everything:
        there = {item.sheet_id for item in recheck.items}
        others = [sheet for sheet in _sheets(event.id) if sheet.id not in there]
        recheck.items.extend(_items(others, {sheet.entry_id for sheet in others}, ALL))
        recheck.is_everything = True
        db.session.flush()
        _log(actor, "recheck.extended", recheck, event, at, {"rate": [None, tally.rate_bp]})
        return recheck
    recheck.closed_at, recheck.closed_by, recheck.closed_name = at, actor.account_id, actor.name
    db.session.flush()
    _log(actor, "recheck.closed", recheck, event, at, {"rate": [None, tally.rate_bp]})
    return recheck


def tally_of(recheck: Recheck) -> Tally:
    """Counts over the items of a re-check."""
    done = [item for item in recheck.items if item.checked_at is not None]
    return Tally(
        len(recheck.items), len(done), sum(one.marks for one in done), sum(one.wrong or 0 for one in done)
    )


def recheck_for(actor: Actor, recheck_id: int, *, may: str) -> tuple[Recheck, Event]:
    """A re-check and its event, if the actor may do `may` there. Raises Missing."""
    row = db.session.scalars(
        select_up(sa.select(Recheck).join(Event, Recheck.event_id == Event.id))
        .where(Recheck.id == recheck_id, scope_filter(actor, may, EVENT_SCOPE))
        .options(selectinload(Recheck.items).joinedload(RecheckItem.sheet).joinedload(Sheet.seat))
    ).first()
    if row is None:
        raise Missing()
    event = db.session.scalars(sa.select(Event).where(Event.id == row.event_id).options(UP)).one()
    return row, event


def rechecks_of(event_id: int) -> list[Recheck]:
    """The re-checks of an event, newest first; the caller has authorised the event."""
    statement = sa.select(Recheck).where(Recheck.event_id == event_id).order_by(Recheck.id.desc())
    return list(db.session.scalars(statement.options(selectinload(Recheck.items))))


def _log(
    actor: Actor, action: str, row: Recheck, event: Event, at: datetime, changes: dict[str, list[object]]
) -> None:
    contest_id = event.sub_contest.edition.contest_id
    audit.record(actor, action, row, contest_id=contest_id, changes=changes, at=at)
