"""Doing the chunks of jobs: claiming, progress, failure, finish, and giving out again what a dead worker held."""

from __future__ import annotations

import logging
import os
import socket
import time
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from contest import files
from contest.db import db, now, transaction
from contest.errors import Refused
from contest.jobs import (
    KINDS,
    LIVE,
    ChunkState,
    Job,
    JobChunk,
    JobState,
    Kind,
    UnknownJobKind,
    add_chunk,
    job_with,
)

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # a worker that has not stepped for so long is taken for dead
REDELIVER_AFTER = timedelta(seconds=60)  # a chunk nobody took may have lost its message with the queue's file
ATTEMPTS = 3  # a chunk that killed its worker so often is not given to another
STEP_EVERY = 0.5  # seconds between two writes of progress


class Interrupted(Exception):
    """Raised by `Work.step` when the job was paused or cancelled; a handler lets it pass."""


class Work:
    """What a handler sees of its chunk: parameters, the places of its items, who started it."""

    def __init__(self, job: Job, chunk: JobChunk) -> None:
        self.job_id, self.chunk_id, self.number = job.id, chunk.id, chunk.number
        self.params, self.contest_id, self.created_by = dict(job.params), job.contest_id, job.created_by
        self.kind, self.total = job.kind, job.total
        self.places = range(chunk.first, chunk.first + chunk.size)
        self._done, self._written_at = 0, time.monotonic()

    def step(self, items: int = 1) -> None:
        """Count finished items, keep the lease; raises Interrupted when the job is no longer live."""
        self._done += items
        if time.monotonic() - self._written_at >= STEP_EVERY or self._done >= len(self.places):
            self._written_at = time.monotonic()
            with transaction():
                _touch(self.chunk_id, self._done)
                state = db.session.scalars(sa.select(Job.state).where(Job.id == self.job_id)).one()
            if state not in LIVE:
                raise Interrupted(state.value)


def run_chunk(job_id: int, number: int) -> None:
    """Do one chunk if it still waits; a second message for it finds nothing to do."""
    with transaction():
        work = _take(job_id, number, at=now())
    if work is None:
        return
    kind = KINDS.get(work.kind)
    try:
        if kind is None:
            raise UnknownJobKind(kind=work.kind)
        result = _do(kind, work)
    except Interrupted:
        _put_back(work.chunk_id)
    except Exception as error:
        db.session.rollback()
        _fail(work, error)
    else:
        _close(work, kind, result)


def _do(kind: Kind, work: Work) -> dict[str, Any] | None:
    if work.places:
        kind.run(work)
        return None
    return kind.finish(work) if kind.finish else None


def sweep(at: datetime) -> list[int]:
    """Give out again what dead workers held and what lost its message; returns the jobs to deliver."""
    live = sa.select(Job.id).where(Job.state.in_(LIVE))
    with transaction():
        dead = list(
            db.session.scalars(
                sa.select(JobChunk).where(
                    JobChunk.job_id.in_(live),
                    JobChunk.state == ChunkState.RUNNING,
                    JobChunk.touched_at < at - LEASE,
                )
            )
        )
        for chunk in dead:
            chunk.state, chunk.worker, chunk.touched_at = ChunkState.QUEUED, "", at - REDELIVER_AFTER * 2
            if chunk.attempts >= ATTEMPTS:
                job = job_with(chunk.job_id)
                job.state, job.finished_at = JobState.FAILED, at
                job.error = {"code": "job_worker_died", "params": {"attempts": chunk.attempts}}
        db.session.flush()
        lost = sa.and_(
            JobChunk.job_id.in_(live),
            JobChunk.state == ChunkState.QUEUED,
            JobChunk.touched_at < at - REDELIVER_AFTER,
        )
        job_ids = sorted(set(db.session.scalars(sa.select(JobChunk.job_id).where(lost))))
        db.session.execute(sa.update(JobChunk).where(lost).values(touched_at=at))
    return job_ids


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _take(job_id: int, number: int, *, at: datetime) -> Work | None:
    """Claim the chunk: one UPDATE with the old state in its condition decides between two workers."""
    job = db.session.get(Job, job_id)
    if job is None or job.state not in LIVE:
        return None
    claim = sa.update(JobChunk).where(
        JobChunk.job_id == job_id, JobChunk.number == number, JobChunk.state == ChunkState.QUEUED
    )
    taken = db.session.execute(
        claim.values(
            state=ChunkState.RUNNING,
            attempts=JobChunk.attempts + 1,
            worker=_me(),
            touched_at=at,
        )
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        return None
    job.state, job.started_at = JobState.RUNNING, job.started_at or at
    chunk = db.session.scalars(
        sa.select(JobChunk).where(JobChunk.job_id == job_id, JobChunk.number == number)
    ).one()
    return Work(job, chunk)


def _touch(chunk_id: int, done: int) -> None:
    chunk = db.session.get_one(JobChunk, chunk_id)
    chunk.done, chunk.touched_at = done, now()
    db.session.flush()
    _count(chunk.job_id)


def _count(job_id: int) -> None:
    finished = sa.select(sa.func.coalesce(sa.func.sum(JobChunk.done), 0)).where(JobChunk.job_id == job_id)
    db.session.execute(sa.update(Job).where(Job.id == job_id).values(done=finished.scalar_subquery()))


def _put_back(chunk_id: int) -> None:
    """Let go of a chunk, unless the sweeper has given it to another worker meanwhile."""
    with transaction():
        chunk = db.session.get_one(JobChunk, chunk_id)
        if (chunk.state, chunk.worker) != (ChunkState.RUNNING, _me()):
            return
        chunk.state, chunk.done, chunk.worker = ChunkState.QUEUED, 0, ""
        db.session.flush()
        _count(chunk.job_id)


def _fail(work: Work, error: Exception) -> None:
    """Keep the named refusal, or a reference under which the log has the traceback."""
    if isinstance(error, Refused):
        told = {"code": error.code, "params": {key: str(value) for key, value in error.params.items()}}
    elif files.is_full(error):
        told = {"code": files.DiskFull.code, "params": {}}
    else:
        reference = f"J{work.job_id}-{work.number}"
        log.exception("job %s stopped", reference, exc_info=error)
        told = {"code": "job_broke", "params": {"reference": reference}}
    _put_back(work.chunk_id)
    with transaction():
        job = job_with(work.job_id)
        if job.state in LIVE:
            job.state, job.error, job.finished_at = JobState.FAILED, told, now()


def _close(work: Work, kind: Kind, result: dict[str, Any] | None) -> None:
    """Mark the chunk done; after the last one add the finish, or close the job."""
    finish_number = None
    with transaction():
        if db.session.get_bind().dialect.name == "postgresql":
            # Two workers with the last two chunks must not each find the other's still open.
            db.session.execute(sa.select(Job.id).where(Job.id == work.job_id).with_for_update())
        chunk, job = db.session.get_one(JobChunk, work.chunk_id), job_with(work.job_id)
        chunk.state, chunk.done = ChunkState.DONE, chunk.size
        db.session.flush()
        _count(job.id)
        states = sa.select(JobChunk.state, JobChunk.size).where(JobChunk.job_id == job.id)
        rows = list(db.session.execute(states))
        if all(state is ChunkState.DONE for state, _ in rows):
            if kind.finish and all(size for _, size in rows):
                finish_number = len(rows)
                add_chunk(job, finish_number, job.total, 0, now())
            elif job.state in (*LIVE, JobState.PAUSED):
                job.state, job.finished_at, job.result = JobState.DONE, now(), result
                job.done = job.total
    if finish_number is not None:
        current_app.extensions["contest.deliver"](work.job_id, finish_number)
