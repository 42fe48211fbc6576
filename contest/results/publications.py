"""A frozen list made public, signed, confirmed, announced; superseded and withdrawn. Every step by a named role."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.accounts.models import Role
from contest.db import db
from contest.events.queries import scope_of
from contest.results.bundles import keep_bundle
from contest.results.checks import (
    CHECKED,
    check_blockers,
    check_fresh,
    checks_of,
    holds,
    require_checked,
    require_second,
    second_for,
)
from contest.results.compute import Computation, compute_event
from contest.results.freezing import hold_input, let_go
from contest.results.models import ListState, Publication, PublicationStep, Snapshot
from contest.results.notices import close_notice, open_notice
from contest.results.refusals import (
    AppealsOpen,
    NotLive,
    NotThatRole,
    ReasonMissing,
    SamePerson,
    SettingInvalid,
    SignatureMissing,
    SignedAlready,
    WrongState,
)
from contest.results.snapshots import hold
from contest.results.steps import ASKED, ENTERED, RELEASED, SIGNED, SUPERSEDED, WITHDRAWN, enter, log, step

SIGNING = (Role.CHIEF_JUDGE, Role.SUPERVISOR)


def publish(
    *,
    snapshot: Snapshot,
    actor: Actor,
    at: datetime,
    is_embargoed: bool = False,
    note: str = "",
    shown_places: int | None = None,
    computation: Computation | None = None,
) -> Publication:
    """Publish a frozen list as provisional results: appeals are open for the edition's hours.

    The list that was live is superseded in the same transaction. Publishing a live list again changes nothing and
    returns it. note: what an amended list changed, and why. shown_places: the public reads the first so many.
    Raises ListUnchecked, SecondPersonNeeded, SnapshotOutdated if something changed since it was frozen, Blocked with
    what must be mended first.
    """
    hold(snapshot.event_id)
    live = live_publication(snapshot.event_id, snapshot.ranking_key, snapshot.round_id)
    if live is not None and live.snapshot_id == snapshot.id:
        return live
    computation = computation or compute_event(snapshot.event)
    _check_publishable(snapshot, computation, actor)
    if live is not None:
        live.superseded_at = at
        db.session.flush()
    publication = _published(snapshot, at, is_embargoed, note)
    publication.shown_places = checked_places(shown_places)
    if live is not None:
        live.superseded_by_id = publication.id
        step(live, SUPERSEDED, live.state, actor, at, note=note)
        log(actor, "publication.superseded", live, at, {"by": [None, publication.revision]}, note)
    _tell_checks(publication)
    step(publication, ENTERED, ListState.PROVISIONAL, actor, at)
    revisions: list[object] = [live.revision if live else None, publication.revision]
    changes: dict[str, list[object]] = {"revision": revisions, "digest": [None, snapshot.digest]}
    log(actor, "publication.published", publication, at, changes, note)
    keep_bundle(publication=publication, actor=actor, at=at, computation=computation)
    return publication


def _check_publishable(snapshot: Snapshot, computation: Computation, actor: Actor) -> None:
    check_fresh(snapshot, computation)
    check_blockers(snapshot, computation, appeals_too=False)
    require_checked(snapshot)
    asked = [one.account_id for one in checks_of(snapshot, ASKED)]
    require_second(snapshot.event.sub_contest.edition_id, ListState.PROVISIONAL, asked, actor)


def _published(snapshot: Snapshot, at: datetime, is_embargoed: bool, note: str) -> Publication:
    publication = Publication(
        snapshot_id=snapshot.id,
        event_id=snapshot.event_id,
        round_id=snapshot.round_id,
        ranking_key=snapshot.ranking_key,
        revision=_last_revision(snapshot) + 1,
        state=ListState.PROVISIONAL,
        published_at=at,
        appeals_until=at + timedelta(hours=snapshot.event.sub_contest.edition.appeal_hours),
        is_embargoed=is_embargoed,
        change_note=note,
    )
    publication.snapshot, publication.event = snapshot, snapshot.event
    db.session.add(publication)
    db.session.flush()
    return publication


def _tell_checks(publication: Publication) -> None:
    """The list's own record begins with who found it right."""
    for kind, word in ((CHECKED, ENTERED), (ASKED, ASKED)):
        for one in checks_of(publication.snapshot, kind):
            publication.steps.append(
                PublicationStep(
                    kind=word,
                    state=ListState.CHECKED if kind == CHECKED else ListState.PROVISIONAL,
                    role=one.role,
                    account_id=one.account_id,
                    account_name=one.account_name,
                    at=one.at,
                    note=one.note,
                    digest=one.digest,
                )
            )
    db.session.flush()


def sign(*, publication: Publication, role: Role, actor: Actor, at: datetime) -> PublicationStep:
    """Sign a provisional list as chief judge or as supervisor; the signature covers the list's digest.

    Raises NotThatRole, SignedAlready, SamePerson if the other signature is the same person's, WrongState, NotLive.
    """
    _check_live(publication, ListState.PROVISIONAL)
    if role not in SIGNING or actor.account_id is None or not holds(actor, role, scope_of(publication.event)):
        raise NotThatRole()
    for one in _signatures(publication):
        if one.role == role.value:
            raise SignedAlready(name=one.account_name)
        if one.account_id == actor.account_id:
            raise SamePerson()
    signature = step(publication, SIGNED, ListState.CONFIRMED, actor, at, role=role)
    signature.digest = publication.snapshot.digest
    log(actor, "publication.signed", publication, at, {"role": [None, role.value]})
    return signature


def confirm(
    *,
    publication: Publication,
    actor: Actor,
    at: datetime,
    waiver: str = "",
    computation: Computation | None = None,
) -> Publication:
    """Provisional → confirmed: the list is frozen and signed, prizes may be drawn up from it.

    waiver: why the time for appeals is cut short. Raises AppealsOpen, SignatureMissing, Blocked (open appeals too),
    SnapshotOutdated, WrongState, NotLive.
    """
    hold(publication.event_id)
    _check_live(publication, ListState.PROVISIONAL)
    second_for(publication, actor)
    if publication.appeals_until is not None and at < publication.appeals_until and not waiver.strip():
        raise AppealsOpen(until=publication.appeals_until)
    computation = computation or compute_event(publication.event)
    check_blockers(publication.snapshot, computation, appeals_too=True)
    check_fresh(publication.snapshot, computation)
    signed = {one.role for one in _signatures(publication)}
    missing = [role for role in SIGNING if role.value not in signed]
    if missing:
        raise SignatureMissing(roles=[role.value for role in missing])
    hold_input(publication, actor=actor, at=at)
    return enter(publication, ListState.CONFIRMED, actor, at, note=waiver.strip())


def enter_notice(
    *, publication: Publication, actor: Actor, at: datetime, note: str = "", ends_on: date | None = None
) -> Publication:
    """Confirmed → public notice of the proposed awards, for the edition's working days. An embargo ends with it.

    ends_on: its last day, where the calendar of the year is not known. Raises CalendarMissing, NoticeTooShort,
    WrongState, NotLive.
    """
    _check_live(publication, ListState.CONFIRMED)
    second_for(publication, actor)
    open_notice(publication=publication, actor=actor, at=at, ends_on=ends_on)
    return enter(publication, ListState.PUBLIC_NOTICE, actor, at, note=note, release=True)


def finalise(*, publication: Publication, actor: Actor, at: datetime, note: str = "") -> Publication:
    """Public notice → final, once its days are over and no objection is open: titles and promotions may follow.

    Raises NoticeRunning, ObjectionsOpen, ObjectionUpheld, WrongState, NotLive.
    """
    _check_live(publication, ListState.PUBLIC_NOTICE)
    second_for(publication, actor)
    close_notice(publication=publication, actor=actor, at=at)
    return enter(publication, ListState.FINAL, actor, at, note=note, release=True)


def archive(*, publication: Publication, actor: Actor, at: datetime, note: str = "") -> Publication:
    """Final → archived: the contest is over, the list stays as it is. Raises WrongState, NotLive."""
    _check_live(publication, ListState.FINAL)
    second_for(publication, actor)
    return enter(publication, ListState.ARCHIVED, actor, at, note=note)


def checked_places(places: int | None) -> int | None:
    """Raises SettingInvalid for a number of places that can't be."""
    if places is not None and not 1 <= places <= 10_000:
        raise SettingInvalid(field="shown_places", low=1, high=10_000)
    return places


def show_places(*, publication: Publication, places: int | None, actor: Actor, at: datetime) -> Publication:
    """Change how many places the public reads; None shows all lines. Raises NotLive, SettingInvalid."""
    if not publication.is_live:
        raise NotLive()
    old, publication.shown_places = publication.shown_places, checked_places(places)
    log(actor, "publication.places", publication, at, {"shown_places": [old, places]})
    return publication


def release(*, publication: Publication, actor: Actor, at: datetime) -> Publication:
    """End the embargo: from now on the public sees the list. Raises WrongState if there is none, NotLive."""
    if not publication.is_live:
        raise NotLive()
    if not publication.is_embargoed:
        raise WrongState(state=publication.state.value)
    publication.is_embargoed = False
    step(publication, RELEASED, publication.state, actor, at)
    log(actor, "publication.released", publication, at, {"is_embargoed": [True, False]})
    return publication


def withdraw(*, publication: Publication, reason: str, actor: Actor, at: datetime) -> Publication:
    """Take a published list down; the snapshot behind it stays, and its address says so and why.

    Raises ReasonMissing, NotLive.
    """
    if not publication.is_live:
        raise NotLive()
    if not reason.strip():
        raise ReasonMissing()
    publication.withdrawn_at, publication.withdrawn_reason = at, reason.strip()
    step(publication, WITHDRAWN, publication.state, actor, at, note=reason.strip())
    let_go(publication, actor=actor, reason=reason.strip(), at=at)
    log(actor, "publication.withdrawn", publication, at, {"withdrawn": [False, True]}, reason.strip())
    return publication


def live_publication(event_id: int, ranking_key: str, round_id: int | None) -> Publication | None:
    """The list of a ranking that is neither superseded nor withdrawn."""
    return db.session.scalars(
        sa.select(Publication).where(
            Publication.event_id == event_id,
            Publication.ranking_key == ranking_key,
            Publication.round_id == round_id if round_id is not None else Publication.round_id.is_(None),
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
        )
    ).first()


def _signatures(publication: Publication) -> list[PublicationStep]:
    """Signatures over the list as it is; one over another digest does not count."""
    return [
        one for one in publication.steps if one.kind == SIGNED and one.digest == publication.snapshot.digest
    ]


def _check_live(publication: Publication, state: ListState) -> None:
    if not publication.is_live:
        raise NotLive()
    if publication.state is not state:
        raise WrongState(state=publication.state.value)


def _last_revision(snapshot: Snapshot) -> int:
    return int(
        db.session.scalar(
            sa.select(sa.func.max(Publication.revision)).where(
                Publication.event_id == snapshot.event_id,
                Publication.ranking_key == snapshot.ranking_key,
                Publication.round_id == snapshot.round_id
                if snapshot.round_id is not None
                else Publication.round_id.is_(None),
            )
        )
        or 0
    )
