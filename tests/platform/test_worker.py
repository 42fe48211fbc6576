"""The worker with a real queue on disk: messages outlive it, and so does the work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey import PostgresHuey, RedisHuey, SqliteHuey

from contest import chunks, config, jobs, worker
from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.jobs import JobState
from tests.conftest import settings_for
from tests.platform.kinds import FATAL, open_app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def queued(database_url: str, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """An application whose jobs wait in a queue file, and the address of its database."""
    app = open_app(tmp_path, database_url)
    with app.app_context():
        db.create_all()
        yield app, database_url
        db.session.remove()
        db.engine.dispose()
    jobs.KINDS.pop("test.note", None)


def begin(folder: Path, total: int) -> int:
    with transaction():
        job = jobs.start(
            "test.note", {"folder": str(folder)}, total=total, actor=SYSTEM, at=now(), chunk_size=2
        )
    return job.id


def run_worker(folder: Path, url: str) -> int:
    command = [sys.executable, "-m", "tests.platform.kinds", str(folder), url]
    return subprocess.run(command, cwd=ROOT, timeout=120, check=False).returncode


def state_of(job_id: int) -> tuple[JobState, int]:
    db.session.rollback()
    job = jobs.job_with(job_id)
    return job.state, job.done


def test_a_delivered_job_waits_in_the_queue_until_a_worker_comes(
    queued: tuple[Flask, str], tmp_path: Path
) -> None:
    job_id = begin(tmp_path, 5)
    jobs.deliver(job_id)
    assert state_of(job_id) == (JobState.QUEUED, 0)
    assert run_worker(tmp_path, queued[1]) == 0
    assert state_of(job_id) == (JobState.DONE, 5)
    assert sorted(path.name for path in tmp_path.glob("item-*")) == [f"item-{n}" for n in range(5)]


def test_work_goes_on_after_its_worker_was_killed(queued: tuple[Flask, str], tmp_path: Path) -> None:
    job_id = begin(tmp_path, 4)
    jobs.deliver(job_id)
    (tmp_path / FATAL).touch()
    assert run_worker(tmp_path, queued[1]) == 9
    assert state_of(job_id) == (JobState.RUNNING, 2)
    (tmp_path / FATAL).unlink()
    assert chunks.sweep(now() + chunks.LEASE + timedelta(seconds=1)) == [job_id]
    jobs.deliver(job_id)
    assert run_worker(tmp_path, queued[1]) == 0
    assert state_of(job_id) == (JobState.DONE, 4)


def test_a_worker_retires_after_so_many_chunks(queued: tuple[Flask, str], tmp_path: Path) -> None:
    jobs.deliver(begin(tmp_path, 6))
    queue = queued[0].extensions["contest.queue"]
    assert worker.work_until_told(queue, max_chunks=2) == worker.RETIRE
    assert worker.work_until_told(queue, max_chunks=5, drain=True) == 0


def test_one_setting_chooses_the_queue(tmp_path: Path) -> None:
    plain = settings_for(tmp_path, mode="production")
    assert type(worker._storage(plain)) is SqliteHuey
    assert (tmp_path / "queue.sqlite3").exists()
    postgres = settings_for(tmp_path, mode="production", queue_url="postgresql://127.0.0.1:1/none")
    assert worker._storage_class(postgres) is PostgresHuey
    redis = settings_for(tmp_path, mode="production", queue_url="redis://127.0.0.1:1")
    assert worker._storage_class(redis) is RedisHuey


def test_redis_without_its_client_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, mode="production", queue_url="redis://127.0.0.1:1")
    with pytest.raises(config.SettingMissing, match="pip install redis"):
        worker._storage(settings)


def test_an_unknown_queue_is_refused(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, mode="production", queue_url="amqp://127.0.0.1")
    with pytest.raises(config.SettingMissing, match="CONTEST_QUEUE_URL"):
        worker._storage(settings)
