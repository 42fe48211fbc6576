"""A small contest with one of everything, held through the services up to a chosen state: for access tests."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from contest.accounts import queries as accounts
from contest.accounts.models import Account, Role, ScopeKind
from contest.audit import Change
from contest.awards.models import Award, Decision, Title
from contest.certificates import designs
from contest.certificates.models import Certificate, Design, Letter, Roll
from contest.db import db, now, transaction
from contest.desk import service as desk
from contest.desk.demo import marking, publishing, rehearsal, staging
from contest.desk.demo.stage import Stage
from contest.entries import service as entries
from contest.entries.models import Draw, Entry, Member
from contest.events.models import Contest, Event
from contest.judging.models import Judge, Panel, Seat, SeatHolder, Sheet
from contest.judging.models_desk import JudgeMessage
from contest.results.models import Publication
from tests.builders import make_account

STATES = ("marking", "provisional", "final")


@dataclass
class World:
    """Ids of what there is, and the account that plays each role."""

    ids: dict[str, Any]
    accounts: dict[str, int] = field(default_factory=dict)

    def account(self, role: str) -> Account:
        return accounts.account_by_id(self.accounts[role])


def invent(dice: random.Random, code: str, seat: str, aspect: str) -> str:
    """Marks that leave no tie: all by the work code, the same for every judge."""
    mine = random.Random(code + aspect)
    if aspect == "breach":
        return "0"
    if aspect in ("surface", "fit"):
        return str(mine.randint(1, 3))
    if aspect in ("tools", "order", "clean"):
        return str(mine.randint(0, 5))
    return str(mine.randint(0, 1))


def held_until(state: str) -> World:
    """The practice contest at `state`; a second holder's organiser stands outside it."""
    stage = Stage(base_url="http://localhost")
    held = rehearsal.until_open(stage)
    delegation_id = stage.step(lambda: _delegation(stage, held))
    stage.step(lambda: _design(stage, held))
    if state != "marking":
        marking.mark_all(stage, held, invent, seed="world")
        marking.lock_all(stage, held)
        publishing.settle_ties(stage, held, ["individual"])
        publishing.publish(stage, held, "individual", until=state)
    if state == "final":
        publishing.give_prizes(stage, held.publications["individual"])
        publishing.confer_titles(
            stage, held, held.publications["individual"], authority="示范厅", number="示〔2026〕1号"
        )
        publishing.issue_certificates(stage, held)
        publishing.appoint_judges(stage, held)
    world = World(_ids(held, delegation_id))
    world.accounts = _people(stage, held, delegation_id)
    return world


def _delegation(stage: Stage, held: staging.Held) -> int:
    row = entries.add_delegation(
        held.edition_id, name="甲地区代表队", actor=stage.actor("organiser"), at=stage.at
    )
    db.session.execute(sa.update(Entry).where(Entry.number == "001").values(delegation_id=row.id))
    return row.id


def _design(stage: Stage, held: staging.Held) -> None:
    """A layout of the contest's own, with wording that nobody else should see before it is printed."""
    designs.save(
        db.session.get_one(Contest, held.contest_id), name="内部版式", base="prize",
        settings={"texts": {"closing": "内部措辞"}}, actor=stage.actor("organiser"), at=stage.at,
    )  # fmt: skip


def _another_paper(person_id: int) -> int:
    """A certificate that is not the contestant's: whether the first one is, the lots of the codes decide."""
    found = sa.select(Certificate.id).where(Certificate.person_id != person_id).order_by(Certificate.id)
    return db.session.scalars(found).first() or 0


def _ids(held: staging.Held, delegation_id: int) -> dict[str, Any]:
    def first(model: Any, column: str = "id", **where: Any) -> Any:
        return (
            db.session.scalars(
                sa.select(getattr(model, column)).filter_by(**where).order_by(model.id)
            ).first()
            or 0
        )

    event = db.session.get_one(Event, held.event_id)
    ranked = first(Entry, number="001")
    return {
        "holder_id": held.holder_id,
        "contest_id": held.contest_id,
        "edition_id": held.edition_id,
        "sub_contest_id": event.sub_contest_id,
        "event_id": held.event_id,
        "delegation_id": delegation_id,
        "entry_id": ranked,
        "member_id": first(Member),
        "draw_id": first(Draw),
        "publication_id": first(Publication),
        "award_id": first(Award),
        "title_id": first(Title),
        "other_id": first(Member, "person_id"),
        "title_key": first(Title, "key") or "technical_expert",
        "person_id": first(Member, "person_id"),
        "decision_id": first(Decision),
        "certificate_id": _another_paper(first(Member, "person_id")),
        "roll_id": first(Roll),
        "letter_id": first(Letter),
        "code": first(Certificate, "verify_code") or "none",
        "public_id": first(Sheet, "public_id"),
        "panel_id": first(Panel),
        "seat_id": first(Seat),
        "judge_holder_id": first(SeatHolder),
        "judge_id": first(Judge),
        "message_id": first(JudgeMessage),
        "design_id": first(Design),
        "layout": f"design-{first(Design)}",
        "key": "surface.1",
        "ranking_key": "individual",
        "subject": f"e{ranked}",
        "log": first(Change),
    }


def _people(stage: Stage, held: staging.Held, delegation_id: int) -> dict[str, int]:
    made = {
        "registrar": make_account(
            "Registrar", (Role.REGISTRAR, ScopeKind.DELEGATION, delegation_id), contest_id=held.contest_id
        ).id,
        "administrator": make_account("Administrator", (Role.ADMINISTRATOR, ScopeKind.INSTALLATION, 0)).id,
        "stranger": make_account("Stranger", (Role.ORGANISER, ScopeKind.HOLDER, held.holder_id + 1000)).id,
    }
    with transaction():
        person = db.session.scalars(sa.select(Member.person_id).order_by(Member.id)).first()
        made["contestant"] = desk.account_of(person or 0, at=now()).id
    made["judge"] = db.session.scalars(sa.select(Judge.account_id).order_by(Judge.id)).first() or 0
    return {
        **{
            part: stage.cast[part]
            for part in ("organiser", "coder", "chief_judge", "scorekeeper", "supervisor")
        },
        **made,
    }
