"""The decoding ceremony: codes in layers, opened in reverse order by the supervisor, each opening on record.

Layer 1 stands next to the contestant (the number drawn at the door), the uppermost is the work code that judges see.
Opening layer n lays its codes beside those of layer n - 1; opening layer 1 lays names beside the work codes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import queries, registration
from contest.entries.codes import codes_with_entries, decode, issue_codes, keep_decoding, new_code
from contest.entries.models import Decoding, Entry, Member, WorkCode
from contest.entries.models_codes import CodePlan, LayerCode, LayerOpening
from contest.entries.refusals import CodesIssued, ReasonMissing
from contest.errors import Invalid
from contest.events import queries as events

MOST = 3


@dataclass(frozen=True)
class Chain:
    """A subject with its codes from layer 1 up to the work code; entry and member are None while they are closed."""

    codes: tuple[str, ...]  # empty text for a layer that is still closed
    entry: Entry | None
    member: Member | None


def layers_of(event_id: int) -> int:
    """How many layers of codes the event has."""
    plan = db.session.get(CodePlan, event_id)
    return plan.layers if plan else 1


def set_layers(event_id: int, layers: int, *, actor: Actor, at: datetime) -> CodePlan:
    """Choose the number of layers before any code is issued. Raises Missing, Invalid, CodesIssued."""
    event = events.event_for(actor, event_id, may="codes.issue")
    if not 1 <= layers <= MOST:
        raise Invalid("code_layers_range", most=MOST)
    if db.session.scalar(sa.select(WorkCode.id).where(WorkCode.event_id == event_id).limit(1)) is not None:
        raise CodesIssued("codes_layers_late")
    plan = db.session.get(CodePlan, event_id) or CodePlan(event_id=event_id)
    old, plan.layers = layers_of(event_id), layers
    db.session.add(plan)
    db.session.flush()
    changes = {"layers": [old, layers]}
    contest_id = registration.contest_id_of(event)
    audit.record(actor, "codes.layers", event, contest_id=contest_id, changes=changes, at=at)
    return plan


def issue_all(
    event_id: int, *, actor: Actor, at: datetime, round_key: str = "", per_member: bool | None = None
) -> list[WorkCode]:
    """Work codes as `codes.issue_codes` gives them, with the codes of the lower layers."""
    rows = issue_codes(event_id, actor=actor, at=at, round_key=round_key, per_member=per_member)
    issue_lower(event_id, actor=actor, at=at)
    return rows


def decode_at_once(
    event_id: int, *, actor: Actor, reason: str, at: datetime, round_key: str = ""
) -> Decoding:
    """`codes.decode` for an event of one layer. Raises CodesIssued("codes_layered") for one with several."""
    if layers_of(event_id) > 1:
        events.event_for(actor, event_id, may="codes.decode")
        raise CodesIssued("codes_layered")
    return decode(event_id, actor=actor, reason=reason, at=at, round_key=round_key)


def issue_lower(event_id: int, *, actor: Actor, at: datetime) -> list[LayerCode]:
    """Codes of the lower layers for every subject that has a work code and lacks them, in random order."""
    subjects = [
        (row.entry_id, row.member_id)
        for row in db.session.scalars(sa.select(WorkCode).where(WorkCode.event_id == event_id))
    ]
    made: list[LayerCode] = []
    for layer in range(1, layers_of(event_id)):
        rows = db.session.scalars(
            sa.select(LayerCode).where(LayerCode.event_id == event_id, LayerCode.layer == layer)
        ).all()
        served = {(row.entry_id, row.member_id) for row in rows}
        wanted = sorted(set(subjects) - served, key=str)
        codes = _codes(layer, {row.code for row in rows}, len(wanted), len(rows))
        secrets.SystemRandom().shuffle(wanted)
        made += [
            LayerCode(
                event_id=event_id,
                layer=layer,
                entry_id=entry_id,
                member_id=member_id,
                code=code,
                issued_at=at,
                issued_by=actor.account_id,
            )
            for (entry_id, member_id), code in zip(wanted, codes, strict=True)
        ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _codes(layer: int, taken: set[str], count: int, before: int) -> list[str]:
    """Layer 1: numbers as on the slips of a draw; above: codes like work codes."""
    if layer == 1:
        return [f"{number:03d}" for number in range(before + 1, before + count + 1)]
    found = []
    for _one in range(count):
        found.append(new_code(taken))
        taken.add(found[-1])
    return found


def openings_of(event_id: int) -> list[LayerOpening]:
    """What was opened so far, in the order of opening."""
    return list(
        db.session.scalars(
            sa.select(LayerOpening)
            .where(LayerOpening.event_id == event_id)
            .order_by(LayerOpening.layer.desc())
        )
    )


def next_layer(event_id: int) -> int:
    """The layer that is opened next; 0 when all are open, or no code was issued yet."""
    if db.session.scalar(sa.select(WorkCode.id).where(WorkCode.event_id == event_id).limit(1)) is None:
        return 0
    return layers_of(event_id) - len(openings_of(event_id)) if not queries.is_decoded(event_id) else 0


def open_layer(event_id: int, layer: int, *, witness: str, actor: Actor, at: datetime) -> LayerOpening:
    """Open the uppermost closed layer before a witness; with layer 1 the codes of the event are decoded.

    Raises Missing, ReasonMissing without a witness, CodesIssued for a layer whose turn it isn't.
    """
    event = events.event_for(actor, event_id, may="codes.decode")
    if not witness.strip():
        raise ReasonMissing()
    turn = next_layer(event_id)
    if not turn or layer != turn:
        code = "codes_order" if turn else "codes_open" if queries.is_decoded(event_id) else "codes_none"
        raise CodesIssued(code, layer=turn)
    row = LayerOpening(
        event_id=event_id,
        layer=layer,
        opened_at=at,
        opened_by=actor.account_id,
        opened_name=actor.name,
        witness=witness.strip(),
    )
    db.session.add(row)
    db.session.flush()
    contest_id = registration.contest_id_of(event)
    changes: dict[str, list[object]] = {"layer": [None, layer]}
    audit.record(
        actor, "codes.layer_opened", row, contest_id=contest_id, changes=changes, reason=witness, at=at
    )
    if layer == 1:
        keep_decoding(event, actor=actor, reason=witness.strip(), at=at)
    return row


def chains_of(event_id: int, *, opened_to: int) -> list[Chain]:
    """Every subject's codes down to the layer that was opened last, by work code; names only with `opened_to` 1.

    opened_to: layer n shows the codes of layer n - 1 too, because opening n is what lays these two side by side.
    """
    layers = layers_of(event_id)
    lower: dict[tuple[int, int | None], dict[int, str]] = {}
    for row in db.session.scalars(sa.select(LayerCode).where(LayerCode.event_id == event_id)):
        lower.setdefault((row.entry_id, row.member_id), {})[row.layer] = row.code
    found = []
    for code, entry in codes_with_entries(event_id):
        mine = lower.get((code.entry_id, code.member_id), {})
        codes = [mine.get(layer, "") if layer >= opened_to - 1 else "" for layer in range(1, layers)]
        member = next((one for one in entry.members if one.id == code.member_id), None)
        is_open = opened_to <= 1
        found.append(Chain((*codes, code.code), entry if is_open else None, member if is_open else None))
    return found


def decoding_of(event_id: int) -> Decoding | None:
    """The record that the codes of all rounds are open."""
    return db.session.scalars(
        sa.select(Decoding).where(Decoding.event_id == event_id, Decoding.round_key == "")
    ).first()
