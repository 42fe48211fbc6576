"""Work outside the request: a job is a row, its chunks are rows, a message carries only their numbers.

A room registers a kind once and starts jobs of it; the worker (`contest work`) does them chunk by chunk:

    @job_kind("certificates.issue", finish=zip_them)
    def issue(work: Work) -> None:
        for place in work.places:            # the items of this chunk, counted from 0
            ...                              # harmless when done twice
            work.step()                      # progress; raises Interrupted when paused or cancelled

    with transaction():
        job = jobs.start("certificates.issue", {"batch": 7}, total=212, actor=actor, at=now())
    jobs.deliver(job.id)                     # after the commit, never inside

A chunk whose worker died is given out again (`contest.chunks.sweep`), so what a handler does must be idempotent:
unique keys, files written aside and renamed.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_babel import lazy_gettext
from sqlalchemy.orm import Mapped, mapped_column

from contest import audit, web
from contest.db import db, enum_type, is_writing
from contest.errors import Missing, Refused

if TYPE_CHECKING:
    import argparse

    from contest.accounts.access import Actor
    from contest.chunks import Work

CHUNK_SIZE = 50


class JobState(enum.StrEnum):
    """Where a job stands; paused and failed jobs can be resumed."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ChunkState(enum.StrEnum):
    """Where a chunk stands; only one worker can turn `queued` into `running`."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


LIVE = (JobState.QUEUED, JobState.RUNNING)
RESUMABLE = (JobState.PAUSED, JobState.FAILED)


class Job(db.Model):
    """One piece of work with its progress. `error` is {"code": …, "params": …} for `web.sentence`."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    contest_id: Mapped[int] = mapped_column(default=0, index=True)  # 0 is the installation itself
    params: Mapped[dict[str, Any]]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[JobState] = mapped_column(enum_type(JobState), default=JobState.QUEUED, index=True)
    error: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobChunk(db.Model):
    """A run of items done by one worker at a time; the one of size 0 after the others is the finish."""

    __tablename__ = "job_chunk"
    __table_args__ = (sa.UniqueConstraint("job_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    first: Mapped[int]
    size: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[ChunkState] = mapped_column(enum_type(ChunkState), default=ChunkState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(default="")
    touched_at: Mapped[datetime]  # delivered, taken or last stepped


class UnknownJobKind(Refused):
    """No room registered this kind in this version of the program."""

    code = "job_kind_unknown"


class JobNotLive(Refused):
    """The job is finished or stopped: it can't be paused or cancelled any more, or not be resumed."""

    code = "job_not_live"


@dataclass(frozen=True)
class Kind:
    """What does a kind of job: `run` for each chunk, `finish` once after the last; it returns the job's result."""

    name: str
    run: Callable[[Work], None]
    finish: Callable[[Work], dict[str, Any] | None] | None


KINDS: dict[str, Kind] = {}
TICKS: list[Callable[[datetime, Any], object]] = []
"""What the worker does besides, every few seconds: each is called with the time and the settings."""

web.register_messages(
    {
        "job_kind_unknown": lazy_gettext(
            "This version does not know the work “%(kind)s”. Update the worker, then resume."
        ),
        "job_not_live": lazy_gettext(
            "This work is %(state)s already. Reload the page to see where it stands."
        ),
        "job_worker_died": lazy_gettext(
            "The worker stopped %(attempts)s times at this work. Ask the operator to look at its log and memory, "
            "then resume; what is done stays done."
        ),
        "job_broke": lazy_gettext(
            "The work stopped at an error (%(reference)s). What is done stays done: ask the operator to look up "
            "this reference in the log, then resume."
        ),
    }
)


def job_kind(
    name: str, *, finish: Callable[[Work], dict[str, Any] | None] | None = None
) -> Callable[[Callable[[Work], None]], Callable[[Work], None]]:
    """Register the function that does one chunk of this kind. Raises ValueError if the name is taken."""

    def register_kind(run: Callable[[Work], None]) -> Callable[[Work], None]:
        if name in KINDS and KINDS[name].run.__qualname__ != run.__qualname__:
            raise ValueError(f"two kinds of job named {name!r}")
        KINDS[name] = Kind(name, run, finish)
        return run

    return register_kind


def start(
    kind: str,
    params: dict[str, Any],
    *,
    total: int,
    actor: Actor,
    at: datetime,
    contest_id: int = 0,
    chunk_size: int = CHUNK_SIZE,
) -> Job:
    """Write a job and its chunks inside the running transaction; `deliver` it after the commit.

    Raises UnknownJobKind. `params` are plain JSON and hold no secret.
    """
    if kind not in KINDS:
        raise UnknownJobKind(kind=kind)
    job = Job(
        kind=kind,
        params=params,
        total=total,
        contest_id=contest_id,
        created_by=actor.account_id,
        created_at=at,
    )
    job.state, job.done = JobState.QUEUED, 0
    db.session.add(job)
    db.session.flush()
    firsts = range(0, total, chunk_size)
    for number, first in enumerate(firsts):
        add_chunk(job, number, first, min(chunk_size, total - first), at)
    if not firsts:
        add_chunk(job, 0, 0, 0, at)
    db.session.flush()
    audit.record(actor, "job.started", job, changes={"kind": [None, kind], "total": [None, total]}, at=at)
    return job


def deliver(job_id: int) -> None:
    """Put the waiting chunks of a job into the queue; in tests and on the command line they run at once."""
    if is_writing():
        raise RuntimeError("deliver a job after its transaction has committed")
    waiting = sa.select(JobChunk.number).where(JobChunk.job_id == job_id, JobChunk.state == ChunkState.QUEUED)
    numbers = list(db.session.scalars(waiting.order_by(JobChunk.number)))
    db.session.rollback()
    for number in numbers:
        current_app.extensions["contest.deliver"](job_id, number)


def job_with(job_id: int) -> Job:
    """The job. Raises Missing. Whether the reader may see it is the asking room's matter: see `contest_id`."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise Missing
    return job


def recent(contest_id: int, *, limit: int = 20) -> list[Job]:
    """The newest jobs of a contest, the last started first."""
    query = sa.select(Job).where(Job.contest_id == contest_id).order_by(Job.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def pause(job: Job, *, actor: Actor, at: datetime) -> None:
    """Stop after the item in hand; `resume` goes on. Raises JobNotLive."""
    _change_state(job, LIVE, JobState.PAUSED, actor=actor, at=at)


def cancel(job: Job, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Stop for good after the item in hand; what is done stays. Raises JobNotLive."""
    _change_state(job, LIVE + RESUMABLE, JobState.CANCELLED, actor=actor, at=at, reason=reason)
    job.finished_at = at


def resume(job: Job, *, actor: Actor, at: datetime) -> None:
    """Go on with a paused or failed job where it stopped; `deliver` it after the commit. Raises JobNotLive."""
    _change_state(job, RESUMABLE, JobState.QUEUED, actor=actor, at=at)
    job.error, job.finished_at = None, None
    open_chunks = sa.update(JobChunk).where(JobChunk.job_id == job.id, JobChunk.state != ChunkState.DONE)
    db.session.execute(open_chunks.values(state=ChunkState.QUEUED, attempts=0, touched_at=at))


def add_chunk(job: Job, number: int, first: int, size: int, at: datetime) -> JobChunk:
    """A further chunk of a job; size 0 is the finish."""
    chunk = JobChunk(job_id=job.id, number=number, first=first, size=size, touched_at=at)
    db.session.add(chunk)
    return chunk


def _change_state(
    job: Job, allowed: tuple[JobState, ...], state: JobState, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    if job.state not in allowed:
        raise JobNotLive(state=job.state.value)
    audit.record(
        actor,
        f"job.{state.value}",
        job,
        changes={"state": [job.state.value, state.value]},
        reason=reason,
        at=at,
    )
    job.state = state
    db.session.flush()


def init_app(app: Flask) -> None:
    """Open the queue that the settings name."""
    from contest import worker

    app.extensions["contest.queue"], app.extensions["contest.deliver"] = worker.open_queue(app)


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest work`: the job worker."""
    from contest import worker

    worker.register(subparsers)
