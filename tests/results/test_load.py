"""Many at once and many rows: one list wins, and reading does not cost more queries with more people."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from contest.db import db, transaction
from contest.results import public, queries, service
from contest.results.blockers import findings_of
from contest.results.compute import compute_event
from contest.results.models import Publication, Snapshot
from tests.conftest import own_application
from tests.results.builders import NAMES, NOON, fill, make_field, published


def test_eight_people_publishing_at_the_same_moment_make_one_live_list(app):
    made = make_field()
    fill(made)
    errors: list[BaseException] = []
    start = threading.Barrier(8)

    def run() -> None:
        with app.app_context():
            try:
                start.wait()
                published(made)
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert errors == []
    assert (db.session.query(Publication).count(), db.session.query(Snapshot).count()) == (1, 1)


def test_two_corrections_published_at_the_same_moment_leave_the_newest_live(app):
    made = make_field()
    fill(made)
    published(made)
    made.mark(0, "dough", 12_000)

    def run() -> None:
        with app.app_context():
            published(made)
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    found = [
        (one.revision, one.is_live) for one in db.session.query(Publication).order_by(Publication.revision)
    ]
    assert found == [(1, False), (2, True)]


def test_the_database_itself_refuses_a_second_live_list(app):
    made = make_field()
    fill(made)
    one = published(made)
    with pytest.raises(sa.exc.IntegrityError), transaction():
        live = db.session.get_one(Publication, one)
        db.session.add(
            Publication(
                snapshot_id=live.snapshot_id,
                event_id=live.event_id,
                ranking_key="all",
                revision=9,
                state=live.state,
                published_at=NOON,
            )
        )


class Counter:
    def __enter__(self):
        self.count = 0
        sa.event.listen(db.engine, "before_cursor_execute", self._more)
        return self

    def _more(self, *_args):
        self.count += 1

    def __exit__(self, *_args):
        sa.event.remove(db.engine, "before_cursor_execute", self._more)


def costs(size: int) -> dict[str, int]:
    made = make_field([f"{NAMES[n % 8]}{n}" for n in range(size)])
    fill(made, [(30 + n % 10, 20 + n % 37, 40 + n % 53) for n in range(size)])
    event_id, found = made.event_id, {}
    one = published(made)

    def counted(name, work):
        db.session.expunge_all()
        db.session.rollback()
        with Counter() as counter:
            work()
        found[name] = counter.count

    def compute():
        event = queries.publication_for(made.actor("organiser"), one, may="results.view").event
        findings_of(compute_event(event), "all")

    def index():
        wanted = public.Wanted(text="更尕")
        public.found_lines(wanted, public.lists(wanted)[0])

    def freeze():
        from contest.events.models import Event

        with transaction():
            event = db.session.get_one(Event, event_id)
            service.take_snapshot(
                event=event, ranking_key="table:delegations", actor=made.actor("organiser"), at=NOON
            )

    counted("compute", compute)
    counted("freeze", freeze)
    counted("list", lambda: (public.publication_of(one), queries.rows_of(one)))
    counted("index", index)
    return found


def test_the_number_of_queries_does_not_grow_with_the_rows(postgres_url, tmp_path):
    found = []
    for size in (4, 60):
        folder = tmp_path / str(size)
        folder.mkdir()
        with own_application(folder, postgres_url):
            found.append(costs(size))
    assert found[0] == found[1]
