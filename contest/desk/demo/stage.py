"""What every demo contest stands on: its clock, its people, one transaction a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from contest.accounts import queries as accounts
from contest.accounts import service as accounts_service
from contest.accounts.access import SYSTEM, Actor
from contest.accounts.models import Account, LinkPurpose, Role, ScopeKind
from contest.db import now, transaction

T = TypeVar("T")


@dataclass
class Stage:
    """The demo's own clock and cast. `at` moves forward by itself, so that the log reads like a contest's days."""

    at: datetime = field(default_factory=lambda: now() - timedelta(days=60))
    say: Callable[[str], None] = lambda _text: None
    base_url: str = "http://localhost"
    cast: dict[str, int] = field(default_factory=dict)  # part → account id

    def later(self, **span: float) -> datetime:
        """Move the clock on, e.g. `later(hours=2)`; never past the present."""
        self.at = min(self.at + timedelta(**span), now())
        return self.at

    def step(self, work: Callable[[], T]) -> T:
        """One service call in one transaction, a minute after the one before."""
        self.later(minutes=1)
        with transaction():
            return work()

    def actor(self, part: str) -> Actor:
        """The person who plays a part, with the grants held now; SYSTEM before anybody was cast."""
        if part not in self.cast:
            return SYSTEM
        return accounts.actor_of(accounts.account_by_id(self.cast[part]), via="demo")

    def account(self, part: str, name: str, *, password: str | None = None) -> int:
        """Make (once) the account that plays a part; returns its id."""
        if part not in self.cast:

            def make() -> int:
                account = accounts_service.create_account(name=name, at=self.at, password=password)
                return account.id

            self.cast[part] = self.step(make)
        return self.cast[part]

    def grant(self, part: str, role: Role, kind: ScopeKind, scope_id: int, contest_id: int = 0) -> None:
        """Give a cast person a role."""

        def give() -> None:
            accounts_service.grant(
                accounts.account_by_id(self.cast[part]),
                role=role,
                scope_kind=kind,
                scope_id=scope_id,
                contest_id=contest_id,
                actor=SYSTEM,
                at=self.at,
            )

        self.step(give)


PARTS = {
    "organiser": "周敏（演示组织者）",
    "registrar": "马兰（演示报名管理员）",
    "coder": "高远（演示加密员）",
    "chief_judge": "陆鸣（演示裁判长）",
    "scorekeeper": "何静（演示统分员）",
    "second_scorekeeper": "罗勇（演示统分员）",
    "supervisor": "范正（演示监督仲裁）",
}


def demo_links(account_ids: dict[str, int]) -> dict[str, str]:
    """A fresh one-time sign-in token for each part; the earlier ones of the demo end."""
    tokens: dict[str, str] = {}
    for part, account_id in account_ids.items():
        with transaction():
            account: Account = accounts.account_by_id(account_id)
            accounts_service.revoke_links(account, purpose=LinkPurpose.DEMO, at=now())
            tokens[part] = accounts_service.make_link(
                account, purpose=LinkPurpose.DEMO, actor=SYSTEM, at=now()
            )
    return tokens
