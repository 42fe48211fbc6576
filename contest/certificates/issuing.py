"""Issuing: from awards that are ready to numbered rows of the register. The papers themselves are made after the commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.awards.models import Award, Title
from contest.awards.queries import live_award_like
from contest.certificates import designs, layouts, numbers, queries, rendering, states, wording
from contest.certificates.layouts import Layout
from contest.certificates.models import Certificate, CertificateState
from contest.certificates.pages import Record
from contest.certificates.refusals import AwardGone, BatchRefused, NothingToIssue
from contest.certificates.settling import must_be_live
from contest.db import db
from contest.entries.models import Person
from contest.events.models import Event

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Planned:
    """One paper that could be issued: its award, its title where it is one, its layout and holder as printed."""

    award: Award
    title: Title | None
    kind: str  # of layout: prize, title, team, honour, coach
    layout: str
    name: str


@dataclass(frozen=True)
class Plan:
    """What issuing an event would do: `planned` of `ready` awards, the rest have their paper already."""

    planned: tuple[Planned, ...]
    ready: int
    refusals: tuple[rendering.Refusal, ...] = field(default=())


def planned(event_id: int, chosen: Mapping[str, str] | None = None) -> Plan:
    """The awards that are ready and have no valid paper: prizes of confirmed lists, conferred titles.

    chosen: kind → key of the layout; for a kind left out the one used last in this event, else the shipped one.
    """
    used = {**queries.last_layouts(event_id), **(chosen or {})}
    ready: list[tuple[Award, Title | None]] = [(award, None) for award in queries.awards_ready(event_id)]
    ready += [(title.award, title) for title in queries.titles_ready(event_id)]
    held = _held(event_id)
    todo = [
        Planned(award, title, kind, used.get(kind, kind), title.name if title else award.name)
        for award, title in ready
        if award.id not in held
        for kind in [wording.kind_of(award, title)]
    ]
    return Plan(tuple(todo), len(ready))


def _held(event_id: int) -> set[int]:
    """Awards that have a live paper, also one issued from an earlier list that granted the same."""
    held: set[int] = set()
    for certificate in queries.live_of_event(event_id):
        held.add(certificate.award_id)
        if certificate.title is None:
            same = live_award_like(certificate.award)
            if same is not None:
                held.add(same.id)
    return held


def issue(
    event: Event, *, base_url: str, dated_on: date, texts: Texts | None = None, chosen: Mapping[str, str] | None = None,
    awards: Sequence[int] | None = None, actor: Actor, at: datetime,
) -> list[Certificate]:  # fmt: skip
    """Give a number to every award of an event that is ready and has none; `making.make` then makes the papers.

    awards: only these (ids of awards). texts: layout key → field → the organiser's wording. chosen: kind → key of
    the layout, a shipped one or the contest's own. Everything is checked before a number is taken: with
    one name that can't be printed nothing is issued.
    Raises NothingToIssue, BatchRefused (with every problem), NumberPatternBroken, NumberTaken, LayoutBroken.
    """
    # Two organisers at the same moment: the second waits here and then finds the papers of the first.
    db.session.execute(sa.select(Event.id).where(Event.id == event.id).with_for_update())
    todo = [one for one in planned(event.id, chosen).planned if awards is None or one.award.id in set(awards)]
    if not todo:
        raise NothingToIssue()
    edition = event.sub_contest.edition
    holder = edition.contest.holder
    style = _styles(todo, edition.contest_id, texts)
    patterns = [_pattern(event, one.kind) for one in todo]
    trial = max((numbers.upcoming(holder.id, one, len(todo)) for one in set(patterns)), key=len)
    _check(todo, style, trial, dated_on, base_url)
    given = _numbers(holder.id, patterns)
    made = [
        _row(one, style[one.layout], number, event, dated_on, base_url, texts, actor, at)
        for one, number in zip(todo, given, strict=True)
    ]
    db.session.add_all(made)
    db.session.flush()
    audit.record(
        actor, "certificates.issued", event, contest_id=edition.contest_id,
        changes={"count": [0, len(made)], "first": ["", given[0]], "last": ["", given[-1]]}, at=at,
    )  # fmt: skip
    return made


def _styles(todo: Sequence[Planned], contest_id: int, texts: Texts | None) -> dict[str, Layout]:
    """The layouts of a batch in the organiser's wording. Raises LayoutBroken for one that this contest may not use."""
    style = {}
    for kind, key in {(one.kind, one.layout) for one in todo}:
        # A version that was replaced meanwhile may still be used; another contest's may not.
        if key.startswith("design-"):
            designs.in_contest(contest_id, int(key.removeprefix("design-")))
        layout = designs.load(key)
        if layout.kind != kind:
            raise layouts.LayoutBroken("unknown_layout", layout=key)
        style[key] = layout.with_texts((texts or {}).get(key, {}))
    return style


def _pattern(event: Event, kind: str) -> numbers.Pattern:
    edition = event.sub_contest.edition
    text = edition.contest.holder.number_pattern or numbers.DEFAULT_PATTERN
    values = {"year": edition.year, "edition": edition.ordinal, "kind": wording.KIND_WORDS[kind]}
    return numbers.pattern_of(text, values)


def _numbers(holder_id: int, patterns: Sequence[numbers.Pattern]) -> list[str]:
    """A number for each, in its pattern's sequence: a pattern that names the kind of paper has one a kind."""
    given = {
        one: iter(numbers.allocate(holder_id, one, patterns.count(one))) for one in dict.fromkeys(patterns)
    }
    return [next(given[one]) for one in patterns]


def _check(
    todo: Sequence[Planned], style: Mapping[str, Layout], trial: str, dated_on: date, base_url: str
) -> None:
    problems: list[dict[str, Any]] = []
    for key, layout in style.items():
        records = [
            _record(one, trial, numbers.ALPHABET[:16], dated_on, base_url)
            for one in todo
            if one.layout == key
        ]
        _, refusals = rendering.check(layout, records)
        names = {str(one.award.id): one.name for one in todo}
        problems += [{"name": names[one.key], "code": one.code, "params": one.params} for one in refusals]
    if problems:
        raise BatchRefused(problems)


def _record(one: Planned, number: str, code: str, dated_on: date, base_url: str) -> Record:
    values = wording.values_for(
        one.award, one.title, number=number, name=one.name, dated_on=dated_on, code=numbers.shown_code(code)
    )
    return Record(str(one.award.id), values, f"{base_url}/verify/{code}", f"{values['prize']} {one.name}")


def _row(
    one: Planned, layout: Layout, number: str, event: Event, dated_on: date, base_url: str, texts: Texts | None,
    actor: Actor, at: datetime,
) -> Certificate:  # fmt: skip
    code = numbers.verify_code()
    record = _record(one, number, code, dated_on, base_url)
    edition, snapshot = event.sub_contest.edition, one.award.publication.snapshot
    return Certificate(
        holder_id=edition.contest.holder_id, edition_id=edition.id, event_id=event.id, award_id=one.award.id,
        title_id=one.title.id if one.title else None, person_id=one.award.person_id, entry_id=one.award.entry_id,
        name=one.name, number=number, verify_code=code, layout=layout.key, layout_digest=layout.digest,
        snapshot_digest=snapshot.digest, issued_at=at, issued_by=actor.account_id,
        fields={
            "values": record.values, "url": record.url, "title": record.title, "dated_on": dated_on.isoformat(),
            "texts": dict((texts or {}).get(layout.key, {})), "demo": edition.is_demo,
            "holder": "body" if one.kind in wording.BODIES else "person", "kind": one.kind,
        },
    )  # fmt: skip


def reissue(
    certificate: Certificate, *, reason: str, base_url: str, actor: Actor, at: datetime
) -> Certificate:
    """A new paper with a new number and the holder's present name; the old one reads *replaced*.

    Raises ReasonNeeded, AlreadySettled, AwardGone when nothing stands behind the paper any more, BatchRefused.
    """
    must_be_live(certificate, reason)
    if states.state_of(certificate) is not CertificateState.VALID:
        raise AwardGone(number=certificate.number)
    award = certificate.award if certificate.title is not None else live_award_like(certificate.award)
    if award is None:
        raise AwardGone(number=certificate.number)
    event, dated_on = certificate.event, date.fromisoformat(certificate.fields["dated_on"])
    name, kind = _present_name(certificate), wording.kind_of(award, certificate.title)
    one = Planned(award, certificate.title, kind, certificate.layout, name)
    texts = {one.layout: certificate.fields.get("texts", {})}
    layout = designs.load(one.layout).with_texts(texts[one.layout])
    holder_id, pattern = certificate.holder_id, _pattern(event, kind)
    _check([one], {one.layout: layout}, numbers.upcoming(holder_id, pattern, 1), dated_on, base_url)
    (number,) = numbers.allocate(holder_id, pattern, 1)
    # The old row leaves the index of live papers before the new one enters it.
    certificate.replaced_at = at
    db.session.flush()
    made = _row(one, layout, number, event, dated_on, base_url, texts, actor, at)
    made.replaces_id, made.reissue_reason = certificate.id, reason.strip()
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor, "certificate.replaced", certificate, contest_id=_contest_id(certificate),
        changes={"number": [certificate.number, number], "name": [certificate.name, name]}, reason=reason.strip(), at=at,
    )  # fmt: skip
    return made


def _present_name(certificate: Certificate) -> str:
    if certificate.person_id is None:
        return certificate.name
    return db.session.get_one(Person, certificate.person_id).name


def _contest_id(certificate: Certificate) -> int:
    return certificate.edition.contest_id
