"""Judges who differ by more than the rules allow: who has to talk about which aspect, and their marks after it.

A spread is derived when read, never stored: it is open as long as the marks that stand differ too much, and only
once everybody of the panel has marked the aspect. The marks before the talk stay as revisions; the new ones carry
the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from contest.db import db
from contest.entries.models import Entry
from contest.events.models import Event, EventAspect, RuleVersion
from contest.judging import scheme
from contest.judging.current import COMPETING, IS_CURRENT
from contest.judging.models import MarkRevision, Seat, Sheet
from contest.scoring.rules import RuleSet


@dataclass(frozen=True)
class Said:
    """What stands on one sheet for the aspect; `milli` None for absent and void."""

    public_id: str
    seat_id: int
    seat: str
    uuid: str
    milli: int | None


@dataclass(frozen=True)
class Spread:
    """One aspect of one subject that the panel has to talk about. limit: largest accepted difference, thousandths."""

    work_code: str
    round_id: int
    module_key: str
    aspect: scheme.AspectView
    attempt: int
    limit: int
    said: tuple[Said, ...]

    @property
    def key(self) -> str:
        """Aspect and attempt, as fields of a sheet are named."""
        return f"{self.aspect.key}.{self.attempt}"

    @property
    def is_blocking(self) -> bool:
        """Whether the rules hold results back until the panel agrees; else it is only told."""
        return self.aspect.spread_blocks


def open_spreads(event_id: int, *, round_id: int | None = None) -> list[Spread]:
    """Every spread of an event (or of one round) beyond the rules' limit, in the order of the sheets.

    For the board, the panel and the results room; the caller has authorised the event.
    """
    rules = _rules(event_id)
    if rules is None:
        return []
    wanted = _aspects_with_limit(rules)
    if not wanted:
        return []
    sheets = _sheets(event_id, round_id)
    marks = _marks(event_id, {key for _, key, _ in wanted}, round_id)
    panels: dict[tuple[Any, ...], list[Any]] = {}
    for sheet in sheets:
        panels.setdefault((sheet.round_id, sheet.module_key, sheet.entry_id, sheet.member_id), []).append(
            sheet
        )
    return [spread for panel in panels.values() for spread in _of_panel(panel, wanted, marks)]


def _of_panel(
    panel: list[Any], wanted: dict[tuple[str, str, str], scheme.AspectView], marks: dict[Any, Any]
) -> Iterable[Spread]:
    """The spreads of one subject in one module and round."""
    found: dict[str, list[Any]] = {}
    for sheet in panel:
        for module_key, key, kind in wanted:
            if (module_key, kind) == (sheet.module_key, sheet.kind.value):
                found.setdefault(key, []).append(sheet)
    for key, sheets in found.items():
        aspect = wanted[(sheets[0].module_key, key, sheets[0].kind.value)]
        for attempt in range(1, aspect.attempts + 1):
            rows = [(sheet, marks.get((sheet.id, key, attempt))) for sheet in sheets]
            said = tuple(
                Said(
                    sheet.public_id, sheet.seat_id, sheet.label or str(sheet.position), str(mark[0]), mark[1]
                )
                for sheet, mark in rows
                if mark is not None
            )
            values = [one.milli for one in said if one.milli is not None]
            all_in = len(said) == len(rows)
            if all_in and len(values) > 1 and max(values) - min(values) > (aspect.spread or 0):
                yield Spread(
                    sheets[0].work_code,
                    sheets[0].round_id,
                    sheets[0].module_key,
                    aspect,
                    attempt,
                    aspect.spread or 0,
                    said,
                )


def _aspects_with_limit(rules: RuleSet) -> dict[tuple[str, str, str], scheme.AspectView]:
    """(module, aspect, kind of seat) → the aspect, where the rules limit the spread."""
    return {
        (module.key, aspect.key, kind): aspect
        for module in rules.modules
        for kind in scheme.seat_kinds(rules, module.key)
        if kind not in scheme.STAND_INS
        for aspect in scheme.aspects_of(rules, module.key, kind)
        if aspect.spread is not None
    }


def _sheets(event_id: int, round_id: int | None) -> list[Any]:
    statement = (
        sa.select(
            Sheet.id,
            Sheet.public_id,
            Sheet.seat_id,
            Sheet.entry_id,
            Sheet.member_id,
            Sheet.round_id,
            Sheet.module_key,
            Sheet.work_code,
            Seat.label,
            Seat.position,
            Seat.kind,
        )
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(Entry, Sheet.entry_id == Entry.id)
        .where(Sheet.event_id == event_id, Seat.voided_at.is_(None), Entry.state.in_(COMPETING))
        .order_by(Sheet.round_id, Sheet.module_key, Sheet.position, Seat.position, Sheet.id)
    )
    if round_id is not None:
        statement = statement.where(Sheet.round_id == round_id)
    return list(db.session.execute(statement))


def _marks(event_id: int, keys: set[str], round_id: int | None) -> dict[tuple[int, str, int], Any]:
    """(sheet, aspect, attempt) → (uuid, thousandths or None) of the marks that stand."""
    statement = (
        sa.select(
            MarkRevision.sheet_id,
            EventAspect.key,
            MarkRevision.attempt,
            MarkRevision.uuid,
            MarkRevision.value_milli,
        )
        .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
        .join(Sheet, MarkRevision.sheet_id == Sheet.id)
        .where(
            Sheet.event_id == event_id,
            EventAspect.key.in_(sorted(keys)),
            EventAspect.retired_at.is_(None),
            IS_CURRENT,
        )
    )
    if round_id is not None:
        statement = statement.where(Sheet.round_id == round_id)
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in db.session.execute(statement)}


def _rules(event_id: int) -> RuleSet | None:
    document = db.session.scalar(
        sa.select(RuleVersion.document)
        .join(Event, Event.rule_version_id == RuleVersion.id)
        .where(Event.id == event_id)
    )
    return RuleSet.from_dict(document) if document else None
