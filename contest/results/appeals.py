"""Appeals: written, within the time, decided with a text; while one is open the list can't be confirmed."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry
from contest.results.models import Appeal, AppealState, ListState, Publication
from contest.results.refusals import (
    AppealDecided,
    AppealsClosed,
    NotLive,
    NotOnList,
    ReasonMissing,
    SamePerson,
)

SUBJECTS = ("marking", "procedure", "equipment", "eligibility", "other")


def file_appeal(
    *,
    publication: Publication,
    entry: Entry,
    text: str,
    actor: Actor,
    at: datetime,
    subject: str = "other",
) -> Appeal:
    """File an objection for an entry, by its delegation's registrar or by the organiser in their name.

    subject: one of SUBJECTS. Raises NotLive, AppealsClosed after the time, NotOnList, ReasonMissing without a text.
    """
    if not publication.is_live:
        raise NotLive()
    until = publication.appeals_until
    if publication.state is not ListState.PROVISIONAL or until is None or at > until:
        raise AppealsClosed(until=until)
    if entry.event_id != publication.event_id:
        raise NotOnList()
    if not text.strip() or subject not in SUBJECTS:
        raise ReasonMissing()
    appeal = Appeal(
        event_id=publication.event_id,
        publication_id=publication.id,
        entry_id=entry.id,
        subject=subject,
        text=text.strip(),
        filed_at=at,
        filed_by=actor.account_id,
        filed_name=actor.name,
    )
    appeal.publication, appeal.entry = publication, entry
    db.session.add(appeal)
    db.session.flush()
    _log(actor, "appeal.filed", appeal, at, {"entry": [None, entry.number]}, appeal.text)
    return appeal


def decide_appeal(*, appeal: Appeal, is_upheld: bool, decision: str, actor: Actor, at: datetime) -> Appeal:
    """Uphold or dismiss an open appeal with a text. Raises AppealDecided, ReasonMissing, SamePerson for the filer."""
    _check_open(appeal)
    if not decision.strip():
        raise ReasonMissing()
    if actor.account_id is not None and actor.account_id == appeal.filed_by:
        raise SamePerson()
    _close(appeal, AppealState.UPHELD if is_upheld else AppealState.DISMISSED, decision, actor, at)
    return appeal


def withdraw_appeal(*, appeal: Appeal, reason: str, actor: Actor, at: datetime) -> Appeal:
    """Take an open appeal back, by those who may file it. Raises AppealDecided, ReasonMissing."""
    _check_open(appeal)
    if not reason.strip():
        raise ReasonMissing()
    _close(appeal, AppealState.WITHDRAWN, reason, actor, at)
    return appeal


def _check_open(appeal: Appeal) -> None:
    if appeal.state is not AppealState.OPEN:
        raise AppealDecided()


def _close(appeal: Appeal, state: AppealState, text: str, actor: Actor, at: datetime) -> None:
    appeal.state, appeal.decision = state, text.strip()
    appeal.decided_at, appeal.decided_by, appeal.decided_name = at, actor.account_id, actor.name
    db.session.flush()
    _log(actor, f"appeal.{state.value}", appeal, at, {"state": ["open", state.value]}, appeal.decision)


def _log(
    actor: Actor, action: str, appeal: Appeal, at: datetime, changes: dict[str, list[object]], reason: str
) -> None:
    contest_id = appeal.publication.event.sub_contest.edition.contest_id
    audit.record(actor, action, appeal, contest_id=contest_id, changes=changes, reason=reason, at=at)
