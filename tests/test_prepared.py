"""Statements compiled once: they give what the ORM gives, stay inside the transaction, and survive a lost server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from contest.accounts.models import FailedAttempt
from contest.db import WriteOutsideTransaction, db, end_reading, transaction
from contest.prepared import Insert, Prepared, any_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
INSERT = Insert(FailedAttempt.__table__, "id", "key")
FIND = Prepared(
    lambda dialect: (
        sa.select(FailedAttempt.id, FailedAttempt.key, FailedAttempt.at)
        .where(
            any_of(FailedAttempt.key, "keys", dialect),
            FailedAttempt.at > sa.bindparam("at"),
        )
        .order_by(FailedAttempt.id)
    )
)


def add(*keys: str) -> None:
    with transaction():
        for place, key in enumerate(keys):
            INSERT.rows({"key": [key], "at": [NOON + timedelta(seconds=place)]})


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("count", [1, 2, 3, 7, 100])
def test_a_list_of_any_length_finds_what_the_orm_finds(count):
    add(*(f"k{n}" for n in range(9)))
    keys = [f"k{n}" for n in range(count)]
    orm = sa.select(FailedAttempt).where(FailedAttempt.key.in_(keys)).order_by(FailedAttempt.id)
    expected = [(row.id, row.key, row.at) for row in db.session.scalars(orm)]
    found = FIND.rows({"at": NOON - timedelta(seconds=1), "keys": keys})
    assert [tuple(row) for row in found] == expected
    assert len(expected) == min(count, 9)


@pytest.mark.usefixtures("app")
def test_instants_are_compared_in_utc_whatever_the_database():
    add("a", "b")
    assert [row[1] for row in FIND.rows({"at": NOON, "keys": ["a", "b"]})] == ["b"]


@pytest.mark.usefixtures("app")
def test_many_rows_go_in_at_once_in_the_order_given():
    keys = [f"k{n}" for n in range(8)]
    with transaction():
        answered = INSERT.rows({"key": keys, "at": [NOON] * 8})
    assert [key for _, key in sorted(map(tuple, answered))] == keys


@pytest.mark.usefixtures("app")
def test_rows_that_a_unique_index_knows_are_left_out_and_not_answered():
    with transaction():
        sa_table = "CREATE TEMPORARY TABLE once (id integer PRIMARY KEY, word text UNIQUE, place integer)"
        generated = sa_table.replace("integer PRIMARY KEY", "serial PRIMARY KEY")
        is_postgresql = db.engine.dialect.name == "postgresql"
        db.session.execute(sa.text(generated if is_postgresql else sa_table))
        names = (sa.Column("word", sa.String), sa.Column("place", sa.Integer))
        once = Insert(
            sa.Table("once", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *names), "word"
        )
        assert once.rows({"word": ["a", "b"], "place": [1, 2]}) == [("a",), ("b",)]
        assert once.rows({"word": ["b", "c", "a"], "place": [3, 4, 5]}) == [("c",)]
        assert db.session.execute(sa.text("SELECT word, place FROM once ORDER BY id")).all() == [
            ("a", 1),
            ("b", 2),
            ("c", 4),
        ]


@pytest.mark.usefixtures("app")
def test_what_is_compiled_before_the_first_connection_is_what_a_connection_would_compile():
    fresh = sa.create_engine(db.engine.url).dialect
    for one in list(Prepared.known):
        early = one.compile(fresh)
        later = one.compile(db.session.connection().dialect)
        assert (early.sql, early.places, early.fixed) == (later.sql, later.places, later.fixed)


@pytest.mark.usefixtures("app")
def test_an_insert_outside_a_transaction_is_refused():
    with pytest.raises(WriteOutsideTransaction):
        INSERT.rows({"key": ["k"], "at": [NOON]})


@pytest.mark.usefixtures("app")
def test_an_insert_is_undone_with_its_transaction():
    with pytest.raises(ZeroDivisionError), transaction():
        INSERT.rows({"key": ["k"], "at": [NOON]})
        raise ZeroDivisionError
    assert FIND.rows({"at": NOON - timedelta(1), "keys": ["k"]}) == []


@pytest.mark.usefixtures("app")
def test_a_change_outside_a_transaction_is_undone_when_reading_ends():
    add("k")
    db.session.execute(sa.delete(FailedAttempt))
    end_reading()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FailedAttempt)) == 1


@pytest.mark.usefixtures("app")
def test_postgresql_keeps_its_plans_from_one_reading_to_the_next():
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite plans in microseconds")
    for _ in range(8):
        FIND.rows({"at": NOON, "keys": ["a"]})
        end_reading()
    kept = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%failed_attempt%'")
    assert db.session.scalar(kept) == 1


def test_a_server_that_went_away_costs_one_request_and_no_more(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    FIND.rows({"at": NOON, "keys": ["a"]})
    pid = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    with pytest.raises(sa.exc.OperationalError):
        FIND.rows({"at": NOON, "keys": ["a"]})
    db.session.remove()
    assert FIND.rows({"at": NOON, "keys": ["a"]}) == []
