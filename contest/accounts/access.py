"""Who may do what: the table of roles and acts, and the filter that puts it into a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from contest.accounts.models import Role, ScopeKind

R = Role

# One row an act. The test walks every URL × role × state against it.
ACTS: dict[str, frozenset[Role]] = {
    "installation.manage": frozenset({R.ADMINISTRATOR}),
    "contest.create": frozenset({R.ADMINISTRATOR, R.ORGANISER}),
    "contest.view": frozenset(
        {R.ADMINISTRATOR, R.ORGANISER, R.CHIEF_JUDGE, R.SCOREKEEPER, R.CODER, R.SUPERVISOR, R.REGISTRAR}
    ),
    "contest.configure": frozenset({R.ORGANISER}),
    "accounts.grant": frozenset({R.ADMINISTRATOR, R.ORGANISER}),
    "entries.view": frozenset({R.ORGANISER, R.REGISTRAR, R.SUPERVISOR}),
    "entries.edit": frozenset({R.ORGANISER, R.REGISTRAR}),
    "entries.review": frozenset({R.ORGANISER}),  # accept, return, disqualify
    "entries.personal": frozenset({R.ORGANISER, R.REGISTRAR}),  # full ID numbers and telephones, logged
    "draw.run": frozenset({R.ORGANISER, R.CODER}),
    "codes.view": frozenset({R.CODER}),  # work code ↔ entry before decoding: nobody else
    "codes.issue": frozenset({R.CODER}),
    "codes.decode": frozenset({R.SUPERVISOR}),  # open the mapping to everyone who may see entries
    "panels.edit": frozenset({R.ORGANISER, R.CHIEF_JUDGE}),
    "panels.view": frozenset({R.ORGANISER, R.CHIEF_JUDGE, R.SCOREKEEPER, R.SUPERVISOR}),
    "marks.enter": frozenset({R.JUDGE, R.CHIEF_JUDGE}),
    "marks.view": frozenset({R.CHIEF_JUDGE, R.SCOREKEEPER, R.SUPERVISOR}),
    "marks.progress": frozenset({R.ORGANISER, R.CHIEF_JUDGE, R.SCOREKEEPER, R.SUPERVISOR}),
    "marks.desk": frozenset({R.SCOREKEEPER}),  # key paper sheets, upload theory files
    "marks.confirm": frozenset(
        {R.SCOREKEEPER, R.CHIEF_JUDGE, R.SUPERVISOR}
    ),  # second person, never the first
    "marks.lock": frozenset({R.CHIEF_JUDGE}),
    "results.view": frozenset({R.ORGANISER, R.CHIEF_JUDGE, R.SCOREKEEPER, R.SUPERVISOR}),
    "results.embargoed": frozenset({R.ORGANISER, R.CHIEF_JUDGE, R.SUPERVISOR}),  # each reading is logged
    "results.compute": frozenset({R.ORGANISER, R.SCOREKEEPER, R.CHIEF_JUDGE}),
    "results.check": frozenset(
        {R.SCOREKEEPER, R.CHIEF_JUDGE, R.SUPERVISOR}
    ),  # a list, before it is published
    "results.publish": frozenset({R.ORGANISER}),
    "results.sign": frozenset({R.CHIEF_JUDGE, R.SUPERVISOR}),  # both are needed for a confirmed list
    "results.rule": frozenset({R.CHIEF_JUDGE}),  # record a lot or a written ruling on a tie
    "results.correct": frozenset({R.CHIEF_JUDGE, R.SUPERVISOR}),  # propose, and for another's proposal apply
    "results.recheck": frozenset({R.SCOREKEEPER, R.CHIEF_JUDGE, R.SUPERVISOR}),
    "appeals.file": frozenset({R.REGISTRAR, R.ORGANISER}),
    "appeals.decide": frozenset({R.SUPERVISOR}),
    "awards.manage": frozenset({R.ORGANISER}),
    "promotions.approve": frozenset({R.SUPERVISOR}),  # never who proposed
    "money.manage": frozenset({R.ORGANISER}),  # prize money, tax, bank accounts; each reading is logged
    "records.view": frozenset({R.ORGANISER, R.REGISTRAR}),  # a person over the editions
    "records.manage": frozenset({R.ORGANISER}),  # merge duplicates, retention, deletion
    "certificates.issue": frozenset({R.ORGANISER}),
    "audit.view": frozenset({R.ORGANISER, R.SUPERVISOR}),
    "own.view": frozenset({R.CONTESTANT}),
}


@dataclass(frozen=True)
class Held:
    """One live grant, as plain values."""

    role: Role
    scope_kind: ScopeKind
    scope_id: int
    contest_id: int = 0


@dataclass(frozen=True)
class Actor:
    """Who acts: an account with its live grants, from where and by which door. Plain values, no session behind it."""

    account_id: int | None
    name: str
    grants: tuple[Held, ...] = ()
    via: str = ""
    ip: str = ""
    person_id: int | None = None
    session_id: int | None = None
    is_system: bool = False
    is_pin_wanted: bool = False  # idle for long: pages open after the PIN

    @property
    def is_anonymous(self) -> bool:
        return self.account_id is None and not self.is_system

    def has_role(self, *roles: Role) -> bool:
        """Whether the actor holds one of the roles anywhere: for menus, never for permission."""
        return any(grant.role in roles for grant in self.grants)

    def may(self, act: str, **scope: int | None) -> bool:
        """Whether a grant covers the act at a place, e.g. `may("draw.run", holder=1, contest=2, event=7)`.

        Give every level above the place that is known: a grant at any of them covers it.
        Raises KeyError for an act that isn't in the table.
        """
        roles = ACTS[act]
        if self.is_system:
            return True
        return any(
            grant.role in roles
            and (
                grant.scope_kind is ScopeKind.INSTALLATION
                or (
                    scope.get(grant.scope_kind.value) is not None
                    and scope[grant.scope_kind.value] == grant.scope_id
                )
            )
            for grant in self.grants
        )


ANONYMOUS = Actor(account_id=None, name="")
SYSTEM = Actor(account_id=None, name="system", via="command line", is_system=True)


def scope_filter(
    actor: Actor, act: str, columns: Mapping[str, sa.ColumnElement[int] | sa.orm.InstrumentedAttribute[int]]
) -> sa.ColumnElement[bool]:
    """The WHERE clause of what the actor may see: authorise in the query, so nothing else leaves the database.

    `columns` maps a ScopeKind's value to the column that holds its id in the caller's SELECT, e.g.
    `{"holder": Contest.holder_id, "contest": Contest.id, "event": Event.id}`. Kinds left out grant nothing.
    """
    roles = ACTS[act]
    if actor.is_system:
        return sa.true()
    held: dict[str, set[int]] = {}
    for grant in actor.grants:
        if grant.role in roles:
            held.setdefault(grant.scope_kind.value, set()).add(grant.scope_id)
    if ScopeKind.INSTALLATION.value in held:
        return sa.true()
    clauses = [column.in_(sorted(held[kind])) for kind, column in columns.items() if kind in held]
    return sa.or_(*clauses) if clauses else sa.false()
