"""Work outside the request: progress, refusal, interruption, and chunks that outlive their worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from contest import chunks, jobs
from contest.accounts.access import SYSTEM
from contest.audit import Change
from contest.db import db, now, transaction
from contest.errors import Refused
from contest.jobs import ChunkState, Job, JobChunk, JobState

SEEN: list[tuple[int, int]] = []


class OutOfPaper(Refused):
    code = "test_out_of_paper"


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    """Kinds of this file only, taken away afterwards."""
    before = dict(jobs.KINDS)
    SEEN.clear()
    jobs.job_kind("test.count", finish=_sum_up)(_count)
    jobs.job_kind("test.plain")(_count)
    yield
    jobs.KINDS.clear()
    jobs.KINDS.update(before)


def _count(work: chunks.Work) -> None:
    for place in work.places:
        if place == work.params.get("break_at"):
            raise ZeroDivisionError("the plate is hot")
        if place == work.params.get("refuse_at"):
            raise OutOfPaper(tray=2)
        if place == work.params.get("pause_at"):
            with transaction():
                jobs.pause(jobs.job_with(work.job_id), actor=SYSTEM, at=now())
        SEEN.append((work.number, place))
        work.step()


def _sum_up(work: chunks.Work) -> dict[str, Any]:
    return {"seen": len(SEEN)}


def begin(kind: str = "test.count", total: int = 7, size: int = 3, **params: Any) -> int:
    with transaction():
        return jobs.start(kind, params, total=total, actor=SYSTEM, at=now(), chunk_size=size).id


def state_of(job_id: int) -> tuple[JobState, int, dict[str, Any] | None]:
    db.session.rollback()
    job = jobs.job_with(job_id)
    return job.state, job.done, job.result


def test_every_item_is_done_once_in_chunks_and_the_finish_comes_last(app: Flask) -> None:
    job_id = begin()
    jobs.deliver(job_id)
    assert SEEN == [(0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (1, 5), (2, 6)]
    assert state_of(job_id) == (JobState.DONE, 7, {"seen": 7})


def test_a_job_without_items_is_done_at_once(app: Flask) -> None:
    job_id = begin(total=0)
    jobs.deliver(job_id)
    assert state_of(job_id) == (JobState.DONE, 0, {"seen": 0})


def test_a_message_that_comes_twice_does_nothing_the_second_time(app: Flask) -> None:
    job_id = begin("test.plain", total=2)
    jobs.deliver(job_id)
    chunks.run_chunk(job_id, 0)
    assert SEEN == [(0, 0), (0, 1)]


def test_a_refusal_keeps_its_code_and_what_was_done_stays_done(app: Flask) -> None:
    job_id = begin(refuse_at=4)
    jobs.deliver(job_id)
    job = jobs.job_with(job_id)
    assert (job.state, job.done) == (JobState.FAILED, 3)
    assert job.error == {"code": "test_out_of_paper", "params": {"tray": "2"}}


def test_an_unforeseen_error_becomes_a_reference_and_never_a_trace(app: Flask) -> None:
    job_id = begin(break_at=0)
    jobs.deliver(job_id)
    assert jobs.job_with(job_id).error == {"code": "job_broke", "params": {"reference": f"J{job_id}-0"}}


def test_a_failed_job_resumes_with_the_chunks_that_were_not_done(app: Flask) -> None:
    job_id = begin(refuse_at=4)
    jobs.deliver(job_id)
    with transaction():
        job = jobs.job_with(job_id)
        job.params = {}
        jobs.resume(job, actor=SYSTEM, at=now())
    SEEN.clear()
    jobs.deliver(job_id)
    assert SEEN == [(1, 3), (1, 4), (1, 5), (2, 6)]
    assert state_of(job_id) == (JobState.DONE, 7, {"seen": 4})


def test_a_paused_job_stops_and_goes_on_when_resumed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "STEP_EVERY", 0.0)
    job_id = begin(pause_at=3)
    jobs.deliver(job_id)
    assert SEEN == [(0, 0), (0, 1), (0, 2), (1, 3)]
    assert state_of(job_id) == (JobState.PAUSED, 3, None)
    with transaction():
        job = jobs.job_with(job_id)
        job.params = {}
        jobs.resume(job, actor=SYSTEM, at=now())
    jobs.deliver(job_id)
    assert state_of(job_id)[:2] == (JobState.DONE, 7)


def test_a_cancelled_job_does_nothing_more_and_cannot_be_resumed(app: Flask) -> None:
    job_id = begin()
    with transaction():
        jobs.cancel(jobs.job_with(job_id), actor=SYSTEM, at=now(), reason="wrong batch")
    jobs.deliver(job_id)
    assert (SEEN, state_of(job_id)) == ([], (JobState.CANCELLED, 0, None))
    with transaction(), pytest.raises(jobs.JobNotLive):
        jobs.resume(jobs.job_with(job_id), actor=SYSTEM, at=now())
    told = db.session.scalars(sa.select(Change).where(Change.action == "job.cancelled")).one()
    assert (told.reason, told.values) == ("wrong batch", {"state": ["queued", "cancelled"]})


def test_the_chunk_of_a_dead_worker_is_given_out_again(app: Flask) -> None:
    job_id = begin("test.plain", total=2)
    with transaction():
        assert chunks._take(job_id, 0, at=now()) is not None
    at = now()
    assert chunks.sweep(at) == []
    assert chunks.sweep(at + chunks.LEASE + timedelta(seconds=1)) == [job_id]
    jobs.deliver(job_id)
    assert state_of(job_id)[:2] == (JobState.DONE, 2)


def test_a_lost_message_is_sent_again(app: Flask) -> None:
    job_id = begin("test.plain", total=2)
    assert chunks.sweep(now() + chunks.REDELIVER_AFTER + timedelta(seconds=1)) == [job_id]


def test_a_chunk_that_kills_its_worker_three_times_fails_the_job(app: Flask) -> None:
    job_id = begin("test.plain", total=2)
    at = now()
    for _ in range(chunks.ATTEMPTS):
        with transaction():
            assert chunks._take(job_id, 0, at=at) is not None
        at += chunks.LEASE + timedelta(seconds=1)
        chunks.sweep(at)
    db.session.rollback()
    job = jobs.job_with(job_id)
    assert (job.state, job.error) == (JobState.FAILED, {"code": "job_worker_died", "params": {"attempts": 3}})


def test_only_one_of_two_workers_gets_a_chunk(app: Flask) -> None:
    job_id = begin("test.plain", total=2)
    with transaction():
        first = chunks._take(job_id, 0, at=now())
    with transaction():
        second = chunks._take(job_id, 0, at=now())
    assert (first is not None, second) == (True, None)
    chunk = db.session.scalars(sa.select(JobChunk).where(JobChunk.job_id == job_id)).one()
    assert (chunk.state, chunk.attempts) == (ChunkState.RUNNING, 1)


def test_an_unknown_kind_is_refused_when_started_and_named_when_run(app: Flask) -> None:
    with transaction(), pytest.raises(jobs.UnknownJobKind):
        jobs.start("test.nobody", {}, total=1, actor=SYSTEM, at=now())
    job_id = begin("test.plain", total=1)
    del jobs.KINDS["test.plain"]
    jobs.deliver(job_id)
    assert jobs.job_with(job_id).error == {"code": "job_kind_unknown", "params": {"kind": "test.plain"}}


def test_a_job_is_not_delivered_before_its_row_is_committed(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        job = jobs.start("test.plain", {}, total=1, actor=SYSTEM, at=now())
        jobs.deliver(job.id)
    assert db.session.scalars(sa.select(sa.func.count(Job.id))).one() == 0
