"""From marks to papers in a demo contest: ties, lists, prizes, titles, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from contest.accounts.models import Role
from contest.awards import queries as awards_queries
from contest.awards import service as awards
from contest.certificates import service as certificates
from contest.db import db
from contest.desk.demo.stage import Stage
from contest.desk.demo.staging import Held
from contest.events import queries as events_queries
from contest.events.models import Edition
from contest.results import notices
from contest.results import queries as results_queries
from contest.results import service as results
from contest.results.blockers import tied_groups
from contest.results.checks import missing_checks
from contest.results.compute import compute_event
from contest.results.models import RulingKind
from contest.results.refusals import CalendarMissing
from contest.results.working_days import last_day


def settle_ties(stage: Stage, held: Held, keys: Sequence[str]) -> int:
    """Record a lot for every tie that the rules leave open. Returns how many."""
    chief, count = stage.actor("chief_judge"), 0
    for key in keys:
        event = events_queries.event_for(chief, held.event_id, may="results.rule")
        for group in tied_groups(compute_event(event), key, ""):
            count += 1

            def work(key: str = key, group: Sequence[str] = group) -> None:
                results.record_ruling(
                    event=events_queries.event_for(chief, held.event_id, may="results.rule"),
                    ranking_key=key,
                    kind=RulingKind.LOT,
                    order=list(group),
                    reason="演示：双方领队在场，现场抽签决定。",
                    actor=chief,
                    at=stage.at,
                )

            stage.step(work)
    return count


def publish(stage: Stage, held: Held, key: str, *, until: str = "final", round_id: int | None = None) -> int:
    """Provisional → (signed) confirmed → public notice → final; stops at `until`. Returns the publication's id."""
    organiser, stages = stage.actor("organiser"), ["provisional", "confirmed", "public_notice", "final"]

    def provisional() -> int:
        event = events_queries.event_for(organiser, held.event_id, may="results.publish")
        shot = results.take_snapshot(
            event=event, ranking_key=key, round_id=round_id, actor=organiser, at=stage.at
        )
        if missing_checks(shot):
            results.check_list(snapshot=shot, actor=stage.actor("scorekeeper"), at=stage.at)
        return results.publish(snapshot=shot, actor=organiser, at=stage.at).id

    publication_id = stage.step(provisional)
    for state in stages[1 : stages.index(until) + 1]:
        _advance(stage, publication_id, state)
    held.publications[key if round_id is None else f"{key}/{round_id}"] = publication_id
    return publication_id


def _advance(stage: Stage, publication_id: int, state: str) -> None:
    organiser = stage.actor("organiser")
    if state == "confirmed":
        for part, role in (("chief_judge", Role.CHIEF_JUDGE), ("supervisor", Role.SUPERVISOR)):
            signer = stage.actor(part)
            stage.step(
                lambda signer=signer, role=role: results.sign(
                    publication=results_queries.publication_for(signer, publication_id, may="results.sign"),
                    role=role,
                    actor=signer,
                    at=stage.at,
                )
            )
        stage.later(hours=3)
    ends: dict[str, Any] = {}
    if state == "public_notice":
        ends["ends_on"] = _typed_end(stage.at.date())
    if state == "final":
        over = notices.notice_of(
            results_queries.publication_for(organiser, publication_id, may="results.view")
        )
        stage.later(days=(over.ends_on - stage.at.date()).days + 2 if over else 0)
    act: Any = {
        "confirmed": results.confirm,
        "public_notice": results.enter_notice,
        "final": results.finalise,
    }[state]
    stage.step(
        lambda: act(
            publication=results_queries.publication_for(organiser, publication_id, may="results.publish"),
            actor=organiser,
            at=stage.at,
            **ends,
        )
    )


def _typed_end(start: date) -> date | None:
    """The last day of a notice where the year's official calendar is not known; None where it is counted."""
    try:
        last_day(start, 5)
    except CalendarMissing:
        return start + timedelta(days=9)
    return None


def give_prizes(stage: Stage, publication_id: int) -> int:
    """Prizes from the confirmed list. Returns how many lines, refusals included."""
    organiser = stage.actor("organiser")
    return stage.step(
        lambda: len(
            awards.draw_up(
                results_queries.publication_for(organiser, publication_id, may="awards.manage"),
                actor=organiser,
                at=stage.at,
            )
        )
    )


def confer_titles(
    stage: Stage, held: Held, publication_id: int, *, authority: str, number: str
) -> int | None:
    """Titles proposed from the final list, a decision drafted, then conferred. Returns the decision's id."""
    organiser = stage.actor("organiser")

    def propose() -> int:
        publication = results_queries.publication_for(organiser, publication_id, may="awards.manage")
        return len(awards.propose_titles(publication, actor=organiser, at=stage.at))

    if not stage.step(propose):
        return None

    def draft() -> int:
        edition = db.session.get_one(Edition, held.edition_id)
        titles = awards_queries.waiting_titles(organiser, held.edition_id)
        return awards.draft(edition, titles, authority=authority, actor=organiser, at=stage.at).id

    decision_id = stage.step(draft)
    stage.later(days=2)

    def confer() -> None:
        decision = awards_queries.decision_for(organiser, decision_id)
        awards.confer(
            decision,
            authority=authority,
            document_number=number,
            dated_on=stage.at.date(),
            version=decision.version,
            actor=organiser,
            at=stage.at,
        )

    stage.step(confer)
    return decision_id


def issue_certificates(stage: Stage, held: Held) -> int:
    """Numbers for every award that is ready, then the papers. Returns how many papers were made."""
    organiser = stage.actor("organiser")

    def give_numbers() -> list[int]:
        event = events_queries.event_for(organiser, held.event_id, may="certificates.issue")
        made = certificates.issue(
            event, base_url=stage.base_url, dated_on=stage.at.date(), actor=organiser, at=stage.at
        )
        return [one.id for one in made]

    return certificates.make(stage.step(give_numbers))


def appoint_judges(stage: Stage, held: Held) -> int:
    """Letters of appointment for everybody who held a seat. Returns how many papers were made."""
    organiser = stage.actor("organiser")

    def give_numbers() -> list[int]:
        event = events_queries.event_for(organiser, held.event_id, may="certificates.issue")
        roll = certificates.draft_roll(
            event.sub_contest.edition, event, kind="appointment", source="seats", name=f"{event.name}聘书", role="",
            is_of_bodies=False, lines=(), actor=organiser, at=stage.at,
        )  # fmt: skip
        made = certificates.issue_letters(
            roll,
            base_url=stage.base_url,
            dated_on=stage.at.date(),
            layout="appointment",
            actor=organiser,
            at=stage.at,
        )
        return [one.id for one in made]

    return certificates.make(stage.step(give_numbers), register=certificates.LETTERS)
