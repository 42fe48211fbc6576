"""Holders, contests, editions, sub-contests and their hosts: made, changed, removed while empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.events.models import Contest, ContestKind, Edition, Event, Holder, Host, HostRole, SubContest
from contest.events.refusals import NotEmpty, OrdinalTaken, SlugTaken
from contest.events.rows import amend, require, told


def create_holder(
    *,
    slug: str,
    name: str,
    actor: Actor,
    at: datetime,
    name_en: str = "",
    short_name: str = "",
    number_pattern: str = "",
) -> Holder:
    """A union, ministry or enterprise that holds contests. Raises NameEmpty, SlugTaken."""
    values = {
        "slug": slug.strip().lower(),
        "name": name.strip(),
        "name_en": name_en.strip(),
        "short_name": short_name.strip(),
        "number_pattern": number_pattern.strip(),
    }
    require(values, "slug", "name")
    _slug_is_free(values["slug"])
    row = Holder(**values, created_at=at)
    return _added(row, actor=actor, action="holder.created", contest_id=0, values=values, at=at)


def update_holder(
    holder: Holder, *, values: Mapping[str, Any], version: int, actor: Actor, at: datetime
) -> None:
    """Change name, name_en, short_name, slug or number_pattern. Raises Stale, NameEmpty, SlugTaken."""
    require(values, "slug", "name")
    if "slug" in values:
        values = {**values, "slug": values["slug"].strip().lower()}
        _slug_is_free(values["slug"], besides=holder.id)
    fields = ("slug", "name", "name_en", "short_name", "number_pattern")
    amend(holder, fields, values, version=version, actor=actor, action="holder.changed", contest_id=0, at=at)


def delete_holder(holder: Holder, *, actor: Actor, at: datetime) -> None:
    """Remove a holder that has no contest. Raises NotEmpty."""
    _nothing_below(Contest, Contest.holder_id == holder.id, "contests")
    _removed(holder, actor=actor, action="holder.deleted", contest_id=0, at=at)


def create_contest(
    *,
    holder: Holder,
    kind: ContestKind,
    name: str,
    actor: Actor,
    at: datetime,
    name_en: str = "",
    timezone: str = "Asia/Shanghai",
) -> Contest:
    """A contest that comes back, edition after edition. Raises NameEmpty."""
    values = {"kind": kind, "name": name.strip(), "name_en": name_en.strip(), "timezone": timezone}
    require(values, "name")
    row = Contest(holder_id=holder.id, **values, created_at=at)
    return _added(row, actor=actor, action="contest.created", contest_id=None, values=values, at=at)


def update_contest(
    contest: Contest, *, values: Mapping[str, Any], version: int, actor: Actor, at: datetime
) -> None:
    """Change kind, name, name_en or timezone. Raises Stale, NameEmpty."""
    require(values, "name")
    amend(
        contest,
        ("kind", "name", "name_en", "timezone"),
        values,
        version=version,
        actor=actor,
        action="contest.changed",
        contest_id=contest.id,
        at=at,
    )


def delete_contest(contest: Contest, *, actor: Actor, at: datetime) -> None:
    """Remove a contest without editions. Raises NotEmpty."""
    _nothing_below(Edition, Edition.contest_id == contest.id, "editions")
    _removed(contest, actor=actor, action="contest.deleted", contest_id=contest.id, at=at)


def create_edition(
    *,
    contest: Contest,
    ordinal: int,
    name: str,
    year: int,
    actor: Actor,
    at: datetime,
    name_en: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    appeal_hours: int = 2,
    register_until: date | None = None,
    is_demo: bool = False,
) -> Edition:
    """One holding (届) of a contest; `name` is the full name as it stands on papers. Raises NameEmpty, OrdinalTaken."""
    values = {
        "ordinal": ordinal,
        "name": name.strip(),
        "name_en": name_en.strip(),
        "year": year,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "appeal_hours": appeal_hours,
        "register_until": register_until,
        "is_demo": is_demo,
    }
    require(values, "name")
    _ordinal_is_free(contest.id, ordinal)
    row = Edition(contest_id=contest.id, **values, created_at=at)
    return _added(row, actor=actor, action="edition.created", contest_id=contest.id, values=values, at=at)


def update_edition(
    edition: Edition, *, values: Mapping[str, Any], version: int, actor: Actor, at: datetime
) -> None:
    """Change number, names, year, dates, appeal hours. Raises Stale, NameEmpty, OrdinalTaken."""
    require(values, "name")
    if "ordinal" in values:
        _ordinal_is_free(edition.contest_id, values["ordinal"], besides=edition.id)
    fields = ("ordinal", "name", "name_en", "year", "starts_on", "ends_on", "appeal_hours", "register_until")
    amend(
        edition,
        fields,
        values,
        version=version,
        actor=actor,
        action="edition.changed",
        contest_id=edition.contest_id,
        at=at,
    )


def delete_edition(edition: Edition, *, actor: Actor, at: datetime) -> None:
    """Remove an edition without sub-contests. Raises NotEmpty, also when another room keeps rows of it."""
    _nothing_below(SubContest, SubContest.edition_id == edition.id, "sub_contests")
    _removed(edition, actor=actor, action="edition.deleted", contest_id=edition.contest_id, at=at)


def create_sub_contest(
    *, edition: Edition, name: str, actor: Actor, at: datetime, name_en: str = "", industry: str = ""
) -> SubContest:
    """A part of an edition, put last. Raises NameEmpty."""
    values = {"name": name.strip(), "name_en": name_en.strip(), "industry": industry.strip()}
    require(values, "name")
    position = _next(SubContest, SubContest.edition_id == edition.id)
    row = SubContest(edition_id=edition.id, position=position, **values)
    return _added(
        row, actor=actor, action="sub_contest.created", contest_id=edition.contest_id, values=values, at=at
    )


def update_sub_contest(
    sub_contest: SubContest, *, values: Mapping[str, Any], version: int, actor: Actor, at: datetime
) -> None:
    """Change names, industry or position. Raises Stale, NameEmpty."""
    require(values, "name")
    amend(
        sub_contest,
        ("name", "name_en", "industry", "position"),
        values,
        version=version,
        actor=actor,
        action="sub_contest.changed",
        contest_id=sub_contest.edition.contest_id,
        at=at,
    )


def delete_sub_contest(sub_contest: SubContest, *, actor: Actor, at: datetime) -> None:
    """Remove a sub-contest without events, with its hosts. Raises NotEmpty."""
    _nothing_below(Event, Event.sub_contest_id == sub_contest.id, "events")
    contest_id = sub_contest.edition.contest_id
    _removed(sub_contest, actor=actor, action="sub_contest.deleted", contest_id=contest_id, at=at)


def add_host(
    sub_contest: SubContest, *, role: HostRole, name: str, actor: Actor, at: datetime, name_en: str = ""
) -> Host:
    """Name a body as host, organiser or co-organiser, printed after those already there. Raises NameEmpty."""
    values = {"role": role, "name": name.strip(), "name_en": name_en.strip()}
    require(values, "name")
    row = Host(position=_next(Host, Host.sub_contest_id == sub_contest.id), **values)
    sub_contest.hosts.append(row)
    contest_id = sub_contest.edition.contest_id
    return _added(row, actor=actor, action="host.added", contest_id=contest_id, values=values, at=at)


def set_hosts(
    sub_contest: SubContest, *, hosts: list[tuple[HostRole, str, str]], actor: Actor, at: datetime
) -> None:
    """All hosts of a sub-contest anew, as (role, name, English name) in the order they are printed. Raises NameEmpty."""
    for _, name, _ in hosts:
        require({"name": name}, "name")
    before = [f"{host.role.value}: {host.name}" for host in sub_contest.hosts]
    after = [f"{role.value}: {name.strip()}" for role, name, _ in hosts]
    names_en = [host.name_en for host in sub_contest.hosts]
    if before == after and names_en == [name_en.strip() for _, _, name_en in hosts]:
        return
    sub_contest.hosts = [
        Host(role=role, name=name.strip(), name_en=name_en.strip(), position=position)
        for position, (role, name, name_en) in enumerate(hosts)
    ]
    db.session.flush()
    audit.record(
        actor,
        "host.listed",
        sub_contest,
        contest_id=sub_contest.edition.contest_id,
        changes={"hosts": [before, after]},
        at=at,
    )


def _added(
    row: Any, *, actor: Actor, action: str, contest_id: int | None, values: Mapping[str, Any], at: datetime
) -> Any:
    db.session.add(row)
    db.session.flush()
    changes = {name: [None, told(value)] for name, value in values.items() if value not in ("", None)}
    audit.record(
        actor, action, row, contest_id=row.id if contest_id is None else contest_id, changes=changes, at=at
    )
    return row


def _removed(row: Any, *, actor: Actor, action: str, contest_id: int, at: datetime) -> None:
    """Delete a row that rooms further right may hold on to: then it stays, and the refusal says so."""
    audit.record(actor, action, row, contest_id=contest_id, changes={"name": [row.name, None]}, at=at)
    try:
        with db.session.begin_nested():
            db.session.delete(row)
            db.session.flush()
    except sa.exc.IntegrityError:
        raise NotEmpty(what="rows") from None


def _nothing_below(model: Any, condition: sa.ColumnElement[bool], what: str) -> None:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(model).where(condition))
    if count:
        raise NotEmpty(what=what, count=count)


def _slug_is_free(slug: str, besides: int = 0) -> None:
    if db.session.scalar(sa.select(Holder.id).where(Holder.slug == slug, Holder.id != besides)):
        raise SlugTaken(field="slug", slug=slug)


def _ordinal_is_free(contest_id: int, ordinal: int, besides: int = 0) -> None:
    taken = sa.select(Edition.id).where(
        Edition.contest_id == contest_id, Edition.ordinal == ordinal, Edition.id != besides
    )
    if db.session.scalar(taken):
        raise OrdinalTaken(field="ordinal", ordinal=ordinal)


def _next(model: Any, condition: sa.ColumnElement[bool]) -> int:
    last = db.session.scalar(sa.select(sa.func.max(model.position)).where(condition))
    return 0 if last is None else int(last) + 1


__all__ = [
    "add_host",
    "create_contest",
    "create_edition",
    "create_holder",
    "create_sub_contest",
    "delete_contest",
    "delete_edition",
    "delete_holder",
    "delete_sub_contest",
    "set_hosts",
    "update_contest",
    "update_edition",
    "update_holder",
    "update_sub_contest",
]
