"""Prize money: what each award of an edition is worth, and how it is taxed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest import audit
from contest.accounts.access import Actor, scope_filter
from contest.awards.models import Award, AwardKind, MoneyRule, PrizeMoney, Split, Verdict
from contest.awards.refusals import MoneyInvalid
from contest.db import db
from contest.errors import Missing, Stale
from contest.events.models import Edition, Event
from contest.events.queries import EVENT_SCOPE, edition_for, select_up
from contest.results.models import Publication

ACT = "money.manage"
RATE = 2_000
"""20 %, the rate of 偶然所得, where the organiser says nothing else."""
BASIS = "《中华人民共和国个人所得税法》偶然所得，税率20%"
PAID = (AwardKind.PRIZE, AwardKind.HONOUR, AwardKind.TITLE)


@dataclass(frozen=True)
class Prize:
    """An award of an edition as money sees it: how often it was granted, and what it is worth."""

    event: Event
    key: str
    label: str
    label_en: str
    granted: int
    amount: int | None  # cents; None while nothing is said
    split: Split
    is_general: bool  # said for all events together


def rule_of(edition_id: int) -> MoneyRule:
    """How an edition's money is taxed; one that is not stored where nothing was said."""
    row = db.session.get(MoneyRule, edition_id)
    return row or MoneyRule(
        edition_id=edition_id, rate_bp=RATE, is_exempt=False, basis=BASIS, payer="", version=0
    )


def state_rule(
    edition: Edition, *, rate_bp: int, is_exempt: bool, basis: str, payer: str, version: int, actor: Actor, at: datetime
) -> MoneyRule:  # fmt: skip
    """Write how an edition's money is taxed. Raises Stale, MoneyInvalid for a rate that is none."""
    row = rule_of(edition.id)
    if row.version != version:
        raise Stale()
    if not 0 <= rate_bp <= 10_000:
        raise MoneyInvalid(value=f"{rate_bp / 100} %")
    new = {"rate_bp": rate_bp, "is_exempt": is_exempt, "basis": basis.strip(), "payer": payer.strip()}
    changes = {
        name: [getattr(row, name), value] for name, value in new.items() if getattr(row, name) != value
    }
    for name, value in new.items():
        setattr(row, name, value)
    if version == 0:
        row.version = 1
        db.session.add(row)
    db.session.flush()
    if changes:
        audit.record(actor, "money.rule", edition, contest_id=edition.contest_id, changes=changes, at=at)
    return row


def awards_paid(actor: Actor, edition_id: int) -> list[Award]:
    """Live prizes and titles of an edition that the actor's money covers, in the order of the lists."""
    statement = (
        select_up(
            sa.select(Award)
            .join(Publication, Award.publication_id == Publication.id)
            .join(Event, Publication.event_id == Event.id)
        )
        .where(
            Edition.id == edition_id,
            scope_filter(actor, ACT, EVENT_SCOPE),
            Award.kind.in_(PAID),
            Award.verdict == Verdict.GRANTED,
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
        )
        .order_by(Event.position, Event.id, Publication.ranking_key, Award.rule, Award.position, Award.id)
        .options(joinedload(Award.publication).joinedload(Publication.event))
    )
    return list(db.session.scalars(statement))


def prizes(actor: Actor, edition_id: int) -> list[Prize]:
    """What was granted in an edition, award by award and event by event, with its sum. Raises Missing."""
    edition_for(actor, edition_id, may=ACT)
    sums = sums_of(edition_id)
    counted: dict[tuple[int, str], list[Award]] = {}
    for award in awards_paid(actor, edition_id):
        counted.setdefault((award.publication.event_id, award.key), []).append(award)
    found = []
    for (event_id, key), rows in counted.items():
        said = sums.get((event_id, key)) or sums.get((0, key))
        found.append(
            Prize(
                event=rows[0].publication.event,
                key=key,
                label=rows[0].label,
                label_en=rows[0].label_en,
                granted=len(rows),
                amount=said.amount_cents if said else None,
                split=said.split if said else Split.TEAM,
                is_general=bool(said and said.event_id == 0),
            )
        )
    return found


def sums_of(edition_id: int) -> dict[tuple[int, str], PrizeMoney]:
    rows = db.session.scalars(sa.select(PrizeMoney).where(PrizeMoney.edition_id == edition_id))
    return {(one.event_id, one.award_key): one for one in rows}


def state_sums(
    edition: Edition, sums: Mapping[tuple[int, str], tuple[int, Split] | None], *, actor: Actor, at: datetime
) -> None:
    """Write sums: (event, award) → (cents, split); None takes one away. An unknown award is Missing."""
    known = {(one.event.id, one.key) for one in prizes(actor, edition.id)}
    if not set(sums) <= known:
        raise Missing()
    there, changes = sums_of(edition.id), {}
    for place, said in sums.items():
        row = there.get(place)
        old = [row.amount_cents, row.split.value] if row else None
        new = [said[0], said[1].value] if said else None
        if old == new:
            continue
        changes[f"{place[0]}/{place[1]}"] = [old, new]
        if row is not None and said is None:
            db.session.delete(row)
        elif row is not None and said is not None:
            row.amount_cents, row.split = said
        elif said is not None:
            db.session.add(
                PrizeMoney(
                    edition_id=edition.id, event_id=place[0], award_key=place[1], amount_cents=said[0], split=said[1]
                )
            )  # fmt: skip
    db.session.flush()
    if changes:
        audit.record(actor, "money.sums", edition, contest_id=edition.contest_id, changes=changes, at=at)
