"""Marking a demo contest: judges on their sheets, theory from a file, the chief judge's locks."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from uuid import UUID

from contest.accounts.access import Actor
from contest.db import db
from contest.desk.demo.stage import Stage
from contest.desk.demo.staging import Held
from contest.events import queries as events_queries
from contest.judging import mark_files
from contest.judging import queries as judging_queries
from contest.judging import service as judging
from contest.judging.models import Judge, MarkState

Invent = Callable[[random.Random, str, str, str], str]
"""(dice, subject's code, judge's seat, aspect) → the mark as typed."""


def mark_all(stage: Stage, held: Held, invent: Invent, *, seed: str, leave: int = 0) -> int:
    """Every judge marks and submits every sheet (`leave`: the last so many stay untouched). Returns marks stored."""
    dice, stored = random.Random(seed), 0
    for judge_id in held.judges:
        judge = db.session.get_one(Judge, judge_id)
        part = f"judge{judge_id}"
        stage.cast[part] = judge.account_id
        stored += _mark_own(stage, stage.actor(part), invent, dice, leave)
    return stored


def _mark_own(stage: Stage, actor: Actor, invent: Invent, dice: random.Random, leave: int) -> int:
    lines = judging_queries.my_sheets(actor, locale="zh_CN")
    lines = lines[: len(lines) - leave] if leave else lines
    aspects = _aspects_by_kind_of_sheet(actor, lines)
    typed = [
        judging.Typed(
            uuid=UUID(int=dice.getrandbits(128), version=4),
            sheet=line.public_id,
            aspect=key,
            state=MarkState.VALUE,
            value=invent(dice, line.work_code, str(line.seat_id), key),
        )
        for line in lines
        for key in aspects[line.module_key, line.round_name]
    ]
    receipts = stage.step(lambda: judging.record_marks(actor, typed, at=stage.at, device="demo"))
    refused = [receipt for receipt in receipts if receipt.status != "stored"]
    if refused:
        raise RuntimeError(f"the demo's marks were refused: {refused[:3]}")
    wanted = {line.public_id for line in lines}

    def submit() -> None:
        for sheet in db.session.scalars(judging_queries.held_sheets(actor)).all():
            if sheet.public_id in wanted:
                digest = judging.digest_of_marks(sheet.id)
                judging.submit(sheet, digest=digest, actor=actor, at=stage.at)

    stage.step(submit)
    return len(typed)


def _aspects_by_kind_of_sheet(
    actor: Actor, lines: Sequence[judging_queries.SheetLine]
) -> dict[tuple[str, str], list[str]]:
    """Keys of the aspects on a sheet, by module and round: all sheets of a module have the same."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        if (line.module_key, line.round_name) not in found:
            view = judging_queries.my_sheet(actor, line.public_id, locale="zh_CN")
            found[line.module_key, line.round_name] = [aspect.key for aspect in view.aspects]
    return found


def marks_from_file(stage: Stage, held: Held, module_key: str, content: bytes, name: str) -> int:
    """A file of marks: one scorekeeper uploads, another confirms. Returns how many marks were recorded."""
    first, second = stage.actor("scorekeeper"), stage.actor("second_scorekeeper")

    def upload() -> int:
        event = events_queries.event_for(first, held.event_id, may="marks.desk")
        round_id = events_queries.rounds_of(event)[0].id
        row = mark_files.upload(
            event,
            content=content,
            name=name,
            module_key=module_key,
            round_id=round_id,
            actor=first,
            at=stage.at,
        )
        return row.id

    file_id = stage.step(upload)

    def confirm() -> int:
        events_queries.event_for(second, held.event_id, may="marks.confirm")
        return mark_files.confirm(mark_files.mark_file_of(held.event_id, file_id), actor=second, at=stage.at)

    return stage.step(confirm)


def lock_all(stage: Stage, held: Held) -> tuple[int, int]:
    """The chief judge locks everything that is submitted. Returns (locked, still open)."""
    chief = stage.actor("chief_judge")

    def work() -> tuple[int, int]:
        event = events_queries.event_for(chief, held.event_id, may="marks.lock")
        return judging.lock_all(event, actor=chief, at=stage.at)

    return stage.step(work)
