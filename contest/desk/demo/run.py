"""Running the demo contests: seeded for people to walk about in, or whole with all papers left in a folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from contest.accounts.models import Account, Role, ScopeKind
from contest.db import db, now, transaction
from contest.desk import service as desk
from contest.desk.demo import labour, outputs, ramen, rehearsal, staging
from contest.desk.demo.stage import PARTS, Stage, demo_links
from contest.entries.models import Delegation
from contest.events.models import Contest
from contest.judging.models import Judge
from contest.results.models import SnapshotRow

Say = Callable[[str], None]
LABELS = {
    "organiser": "组织者 organiser",
    "registrar": "报名管理员 registrar",
    "coder": "加密员 coder",
    "chief_judge": "裁判长 chief judge",
    "scorekeeper": "统分员 scorekeeper",
    "second_scorekeeper": "统分员 second scorekeeper",
    "supervisor": "监督仲裁 supervisor",
    "judge": "裁判员 judge",
    "contestant": "参赛选手 contestant",
}


def is_empty() -> bool:
    """Whether no contest was ever made here."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Contest)) == 0


def seed(say: Say, base_url: str) -> None:
    """Three contests: one finished, one being marked, one labour contest. All invented."""
    stage = Stage(say=say, base_url=base_url)
    held = ramen.until_marked(stage)
    ramen.until_final(stage, held)
    ramen.until_papers(stage, held)
    second = Stage(say=say, base_url=base_url, cast=stage.cast)
    labour.until_final(second, labour.until_marked(second, holder_id=held.holder_id))
    soon = Stage(at=now() - timedelta(days=21), say=say, base_url=base_url, cast=stage.cast)
    rehearsal.until_open(soon, holder_id=held.holder_id)
    _registrar(stage, held)
    say("demo contests seeded")


def _registrar(stage: Stage, held: staging.Held) -> None:
    first = db.session.scalars(
        sa.select(Delegation.id)
        .where(Delegation.edition_id == held.edition_id)
        .order_by(Delegation.official_order)
    ).first()
    stage.grant("registrar", Role.REGISTRAR, ScopeKind.DELEGATION, first or 0, held.contest_id)


def whole_job(folder: Path, say: Say, base_url: str) -> staging.Held:
    """The ramen contest from an empty database to papers, all left in `folder`."""
    stage = Stage(say=say, base_url=base_url)
    held = ramen.until_marked(stage)
    ramen.until_final(stage, held)
    ramen.until_papers(stage, held)
    outputs.write(folder, held, say)
    return held


def link_lines(base_url: str) -> list[str]:
    """A line a demo role with a fresh one-time link, for the terminal."""
    people = _people()
    tokens = demo_links(people)
    lines = ["", "One-time sign-in links of the demo's people (each works once; start again for new ones):"]
    width = max(len(LABELS[part]) for part in tokens) + 4
    lines += [f"  {LABELS[part]:<{width}} {base_url}/s/{token}" for part, token in tokens.items()]
    return [*lines, ""]


def _people() -> dict[str, int]:
    """Part → account, found again by the demo's names."""
    found: dict[str, int] = {}
    for part, name in PARTS.items():
        account = db.session.scalars(sa.select(Account).where(Account.name == name)).first()
        if account:
            found[part] = account.id
    judge = db.session.scalars(sa.select(Judge).order_by(Judge.id.desc())).first()
    if judge:
        found["judge"] = judge.account_id
    winner = db.session.scalars(
        sa.select(SnapshotRow.person_id).where(SnapshotRow.person_id.is_not(None), SnapshotRow.rank == "1")
    ).first()
    if winner:
        with transaction():
            found["contestant"] = desk.account_of(winner, at=now()).id
    return found
