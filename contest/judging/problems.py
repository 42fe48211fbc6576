"""Problems: a judge calls the chief judge from the sheet, the chief judge answers. Nothing about them is scored."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.events.models import Event
from contest.judging.models import Sheet
from contest.judging.note_models import Problem, ProblemKind
from contest.judging.noted import Note, NoteRefused, place_of
from contest.judging.panels import contest_of
from contest.judging.shown import aspects_of_sheet


def signal(sheet: Sheet, note: Note, *, actor: Actor, at: datetime, device: str) -> Problem:
    """Keep a judge's call. It is taken in every state of the sheet. Raises NoteRefused."""
    place_of(note, aspects_of_sheet(sheet))
    try:
        kind = ProblemKind(str(note.body.get("problem", "")))
    except ValueError:
        raise NoteRefused("no_such_kind") from None
    if kind is ProblemKind.OTHER and not note.text.strip():
        raise NoteRefused("problem_words_missing")
    row = Problem(
        uuid=note.uuid,
        event_id=sheet.event_id,
        sheet_id=sheet.id,
        kind=kind,
        text=note.text.strip(),
        account_id=actor.account_id,
        device=device,
        raised_at=note.made_at,
        recorded_at=at,
    )
    db.session.add(row)
    db.session.flush()
    changes = {"kind": [None, kind.value], "text": [None, row.text]}
    audit.record(
        actor, "problem.signalled", sheet, contest_id=contest_of(sheet.event), changes=changes, at=at
    )
    return row


def answer_problem(problem: Problem, *, answer: str, actor: Actor, at: datetime) -> None:
    """The chief judge has dealt with it; the words go to the judge's sheet. Answering twice changes nothing."""
    if problem.answered_at is not None:
        return
    problem.answered_at, problem.answered_by, problem.answer = at, actor.account_id, answer.strip()
    db.session.flush()
    event = db.session.get_one(Event, problem.event_id)
    changes = {"answer": [None, problem.answer]}
    audit.record(
        actor, "problem.answered", problem.sheet, contest_id=contest_of(event), changes=changes, at=at
    )
