"""Appeals: written, within the time, decided with a text at one level or two; an open one holds up every list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry
from contest.events.models import Event
from contest.events.queries import rules_of
from contest.judging.models import Sheet
from contest.results.evidence import add_evidence
from contest.results.models import Appeal, AppealState, AppealStep, ListState, Publication
from contest.results.refusals import (
    AppealDecided,
    AppealFinal,
    AppealsClosed,
    ModuleMarked,
    NotLive,
    NotOnList,
    ReasonMissing,
    SamePerson,
    SubjectClosed,
)
from contest.results.settings import SUBJECTS, setting_of

LAST_LEVEL = 2
Pieces = Sequence[tuple[str, bytes]]


def file_appeal(
    *,
    publication: Publication,
    entry: Entry,
    text: str,
    actor: Actor,
    at: datetime,
    subject: str = "other",
    evidence: Pieces = (),
) -> Appeal:
    """File an objection to a list for an entry, by its delegation's registrar or by the organiser in their name.

    subject: one of SUBJECTS that the edition takes. Raises NotLive, AppealsClosed after the time, NotOnList,
    SubjectClosed, ReasonMissing without a text, EvidenceRefused.
    """
    if not publication.is_live:
        raise NotLive()
    until = publication.appeals_until
    if publication.state is not ListState.PROVISIONAL or until is None or at > until:
        raise AppealsClosed(until=until)
    return _filed(publication.event, entry, text, subject, evidence, actor, at, publication=publication)


def file_module_appeal(
    *,
    event: Event,
    module_key: str,
    entry: Entry,
    text: str,
    actor: Actor,
    at: datetime,
    subject: str = "procedure",
    evidence: Pieces = (),
) -> Appeal:
    """File an objection about a module before it is marked: nobody's sheet of it has been submitted yet.

    The marks themselves can't be its subject. Raises ModuleMarked, and as `file_appeal`.
    """
    setting = setting_of(event.sub_contest.edition_id)
    if not setting.is_module_open or module_key not in open_modules(event):
        raise ModuleMarked()
    if subject == "marking":
        raise SubjectClosed()
    return _filed(event, entry, text, subject, evidence, actor, at, module_key=module_key)


def open_modules(event: Event) -> list[str]:
    """Keys of modules whose sheets exist and of which none has been submitted, in the order of the scheme."""
    submitted = sa.func.count(Sheet.submitted_at)
    rows = db.session.execute(
        sa.select(Sheet.module_key)
        .where(Sheet.event_id == event.id)
        .group_by(Sheet.module_key)
        .having(submitted == 0)
    )
    unmarked = {row[0] for row in rows}
    return [module.key for module in rules_of(event).modules if module.key in unmarked]


def _filed(
    event: Event,
    entry: Entry,
    text: str,
    subject: str,
    evidence: Pieces,
    actor: Actor,
    at: datetime,
    *,
    publication: Publication | None = None,
    module_key: str = "",
) -> Appeal:
    setting = setting_of(event.sub_contest.edition_id)
    if entry.event_id != event.id:
        raise NotOnList()
    if not text.strip() or subject not in SUBJECTS:
        raise ReasonMissing()
    if subject in setting.closed_subjects:
        raise SubjectClosed()
    appeal = Appeal(
        event_id=event.id,
        publication_id=publication.id if publication else None,
        module_key=module_key,
        entry_id=entry.id,
        subject=subject,
        text=text.strip(),
        filed_at=at,
        filed_by=actor.account_id,
        filed_name=actor.name,
        level=1,
        decide_by=at + timedelta(hours=setting.decision_hours),
    )
    appeal.event, appeal.publication, appeal.entry = event, publication, entry
    db.session.add(appeal)
    db.session.flush()
    add_evidence(appeal=appeal, pieces=evidence, actor=actor, at=at)
    _log(actor, "appeal.filed", appeal, at, {"entry": [None, entry.number]}, appeal.text)
    return appeal


def acknowledge(*, appeal: Appeal, actor: Actor, at: datetime) -> Appeal:
    """Say that the appeal has arrived; a second time changes nothing. Raises AppealDecided."""
    _check_open(appeal)
    if appeal.acknowledged_at is None:
        appeal.acknowledged_at = at
        _step(appeal, "acknowledged", actor, at)
        _log(actor, "appeal.acknowledged", appeal, at, {"acknowledged": [False, True]}, "")
    return appeal


def assign(*, appeal: Appeal, account_id: int, name: str, actor: Actor, at: datetime) -> Appeal:
    """Name who looks into the appeal. Raises AppealDecided, SamePerson for the one who filed it."""
    _check_open(appeal)
    if account_id == appeal.filed_by:
        raise SamePerson()
    old, appeal.assigned_to, appeal.assigned_name = appeal.assigned_name, account_id, name
    _step(appeal, "assigned", actor, at, name)
    _log(actor, "appeal.assigned", appeal, at, {"assigned": [old or None, name]}, "")
    return appeal


def decide_appeal(*, appeal: Appeal, is_upheld: bool, decision: str, actor: Actor, at: datetime) -> Appeal:
    """Uphold or dismiss an open appeal with a text.

    Raises AppealDecided, ReasonMissing, SamePerson for the filer and, at level 2, for who decided at level 1.
    """
    _check_open(appeal)
    if not decision.strip():
        raise ReasonMissing()
    before = {one.account_id for one in appeal.steps if one.kind in ("upheld", "dismissed")}
    if actor.account_id is not None and actor.account_id in {appeal.filed_by, *before}:
        raise SamePerson()
    state = AppealState.UPHELD if is_upheld else AppealState.DISMISSED
    if appeal.acknowledged_at is None:
        appeal.acknowledged_at = at
    _step(appeal, state.value, actor, at, decision.strip())
    _close(appeal, state, decision, actor, at)
    return appeal


def take_on(*, appeal: Appeal, reason: str, actor: Actor, at: datetime) -> Appeal:
    """Take a dismissed appeal to the second level, by those who may file it, within the edition's hours.

    Raises AppealFinal if it was decided there already, was upheld, or the time is over; ReasonMissing.
    """
    until = second_until(appeal)
    if until is None or at > until:
        raise AppealFinal()
    if not reason.strip():
        raise ReasonMissing()
    setting = setting_of(appeal.event.sub_contest.edition_id)
    appeal.state, appeal.level = AppealState.OPEN, LAST_LEVEL
    appeal.decide_by = at + timedelta(hours=setting.decision_hours)
    appeal.acknowledged_at, appeal.assigned_to, appeal.assigned_name = None, None, ""
    appeal.decided_at, appeal.decided_by, appeal.decided_name, appeal.decision = None, None, "", ""
    _step(appeal, "taken_on", actor, at, reason.strip())
    _log(actor, "appeal.taken_on", appeal, at, {"level": [1, LAST_LEVEL]}, reason.strip())
    return appeal


def second_until(appeal: Appeal) -> datetime | None:
    """Until when a dismissed appeal may be taken to the second level; None if it can't be."""
    hours = setting_of(appeal.event.sub_contest.edition_id).second_hours
    if appeal.state is not AppealState.DISMISSED or appeal.level >= LAST_LEVEL or not hours:
        return None
    return appeal.decided_at + timedelta(hours=hours) if appeal.decided_at else None


def withdraw_appeal(*, appeal: Appeal, reason: str, actor: Actor, at: datetime) -> Appeal:
    """Take an open appeal back, by those who may file it. Raises AppealDecided, ReasonMissing."""
    _check_open(appeal)
    if not reason.strip():
        raise ReasonMissing()
    _step(appeal, "withdrawn", actor, at, reason.strip())
    _close(appeal, AppealState.WITHDRAWN, reason, actor, at)
    return appeal


def _check_open(appeal: Appeal) -> None:
    if appeal.state is not AppealState.OPEN:
        raise AppealDecided()


def _step(appeal: Appeal, kind: str, actor: Actor, at: datetime, note: str = "") -> None:
    appeal.steps.append(
        AppealStep(
            kind=kind,
            level=appeal.level,
            account_id=actor.account_id,
            account_name=actor.name,
            at=at,
            note=note,
        )
    )
    db.session.flush()


def _close(appeal: Appeal, state: AppealState, text: str, actor: Actor, at: datetime) -> None:
    appeal.state, appeal.decision = state, text.strip()
    appeal.decided_at, appeal.decided_by, appeal.decided_name = at, actor.account_id, actor.name
    db.session.flush()
    _log(actor, f"appeal.{state.value}", appeal, at, {"state": ["open", state.value]}, appeal.decision)


def _log(
    actor: Actor, action: str, appeal: Appeal, at: datetime, changes: dict[str, list[object]], reason: str
) -> None:
    contest_id = appeal.event.sub_contest.edition.contest_id
    audit.record(actor, action, appeal, contest_id=contest_id, changes=changes, reason=reason, at=at)
