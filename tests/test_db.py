"""The writer's gate, transactions and the types of the house."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from contest.accounts.models import FailedAttempt
from contest.db import WriteOutsideTransaction, db, in_group, now, savepoint, transaction


def count() -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(FailedAttempt)) or 0)


def add(key: str = "k", at: datetime | None = None) -> None:
    db.session.add(FailedAttempt(key=key, at=at or now()))
    db.session.flush()


def test_a_write_outside_a_transaction_is_refused(app):
    with pytest.raises(WriteOutsideTransaction):
        add()
    db.session.rollback()
    assert count() == 0


def test_a_transaction_inside_another_is_refused(app):
    with pytest.raises(WriteOutsideTransaction), transaction(), transaction():
        pass


def test_an_error_undoes_the_whole_transaction(app):
    with pytest.raises(ZeroDivisionError), transaction():
        add()
        raise ZeroDivisionError
    assert count() == 0


def test_a_failed_item_of_a_batch_undoes_only_itself(app):
    with transaction():
        for key in ("a", "b", "c"):
            try:
                with savepoint():
                    add(key)
                    if key == "b":
                        raise ValueError
            except ValueError:
                pass
    assert sorted(db.session.scalars(sa.select(FailedAttempt.key))) == ["a", "c"]


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(app):
    beijing = datetime(2026, 11, 20, 8, 30, tzinfo=timezone(timedelta(hours=8)))
    with transaction():
        add(at=beijing)
    assert db.session.scalars(sa.select(FailedAttempt.at)).one() == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def test_an_instant_without_a_zone_is_refused(app):
    with pytest.raises(sa.exc.StatementError), transaction():
        add(at=datetime(2026, 11, 20))  # noqa: DTZ001


def test_many_threads_write_through_the_gate_and_nothing_is_lost(app):
    def work(number: int) -> None:
        with app.app_context():
            for item in range(10):
                in_group(lambda item=item: add(f"{number}-{item}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count() == 80


def test_a_refused_item_of_a_group_reaches_its_own_caller_only(app):
    def bad() -> None:
        add("bad")
        raise KeyError("bad")

    in_group(lambda: add("good"))
    with pytest.raises(KeyError):
        in_group(bad)
    assert list(db.session.scalars(sa.select(FailedAttempt.key))) == ["good"]
