"""Rows that many tests start from, made through the rooms' services where these exist."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, Role, ScopeKind
from contest.db import db, now, transaction
from contest.events.models import Contest, ContestKind, Edition, Event, Group, Holder, SubContest


def make_account(
    name: str, *roles: tuple[Role, ScopeKind, int], contest_id: int = 0, **fields: Any
) -> Account:
    """An account with live grants: `make_account("Ann", (Role.ORGANISER, ScopeKind.CONTEST, contest.id))`."""
    with transaction():
        account = accounts.create_account(name=name, at=now(), **fields)
        for role, kind, scope_id in roles:
            accounts.grant(
                account,
                role=role,
                scope_kind=kind,
                scope_id=scope_id,
                contest_id=contest_id,
                actor=SYSTEM,
                at=now(),
            )
    return account


def make_event(
    name: str = "拉面制作",
    *,
    kind: ContestKind = ContestKind.SKILLS,
    holder: Holder | None = None,
    **fields: Any,
) -> Event:
    """A holder, contest, edition, sub-contest and draft event with the group 职工组, all invented."""
    with transaction():
        holder = (
            db.session.merge(holder)
            if holder
            else Holder(slug=f"union-{now().timestamp()}", name="示范省总工会", created_at=now())
        )
        contest = Contest(holder=holder, kind=kind, name="示范杯职业技能竞赛", created_at=now())
        edition = Edition(
            contest=contest,
            ordinal=1,
            name="示范杯首届职业技能竞赛",
            year=2026,
            is_demo=True,
            created_at=now(),
        )
        sub = SubContest(edition=edition, name="示范分赛")
        event = Event(
            sub_contest=sub,
            name=name,
            trade_name=name,
            groups=[Group(key="workers", name="职工组")],
            **fields,
        )
        db.session.add(event)
        db.session.flush()
    return event


def csrf_of(client: FlaskClient, url: str) -> str:
    """The safety token of a page, as a browser would send it back."""
    page = client.get(url).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(
        r'name="csrf-token" content="([^"]+)"', page
    )
    assert found, f"no safety token on {url}"
    return found.group(1)
