"""The writer's gate, transactions and the types of the house."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from contest.accounts.models import FailedAttempt
from contest.app import create_app
from contest.db import WriteOutsideTransaction, db, in_group, now, savepoint, transaction
from tests.conftest import settings_for


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


def test_making_the_application_opens_no_connection_because_workers_are_forked_off_it(tmp_path):
    application = create_app(settings_for(tmp_path))
    with application.app_context():
        assert (db.engine.pool.checkedin(), db.engine.pool.checkedout()) == (0, 0)


def test_work_that_fails_leaves_its_neighbours_in_the_group_stored(app):
    start = threading.Barrier(6)
    outcomes: list[str] = []

    def work(number: int) -> None:
        def act() -> None:
            add(str(number))
            if number % 2:
                raise KeyError(number)

        with app.app_context():
            start.wait()
            try:
                in_group(act)
                outcomes.append("stored")
            except KeyError:
                outcomes.append("refused")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["stored"] * 3
    assert sorted(db.session.scalars(sa.select(FailedAttempt.key))) == ["0", "2", "4"]


def test_a_commit_that_fails_is_told_to_everybody_in_the_group(app):
    """A deferred foreign key fails at the commit itself, after all work was done."""

    def act() -> None:
        db.session.execute(sa.text("INSERT INTO child VALUES (7)"))

    with db.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE parent (id integer PRIMARY KEY)"))
        connection.execute(
            sa.text("CREATE TABLE child (id integer REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        )
    with pytest.raises(sa.exc.IntegrityError):
        in_group(act)
    in_group(lambda: add("after"))
    assert db.session.scalar(sa.text("SELECT count(*) FROM child")) == 0
    assert count() == 1
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE child"))
        connection.execute(sa.text("DROP TABLE parent"))
