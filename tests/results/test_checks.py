"""Draft → checked → provisional, and the steps that an edition wants two people for."""

from __future__ import annotations

import pytest

from contest.accounts.models import Role, ScopeKind
from contest.db import db, transaction
from contest.results import service
from contest.results.checks import checks_of
from contest.results.models import ListState, Publication, Snapshot
from contest.results.refusals import (
    Blocked,
    ListUnchecked,
    NotThatRole,
    SecondPersonNeeded,
    SignedAlready,
    SnapshotOutdated,
)
from contest.results.steps import ASKED
from tests.builders import make_account
from tests.results.builders import NOON, checked, fill, make_field, published, signed


@pytest.fixture
def made(app):
    app.config["WTF_CSRF_ENABLED"] = False
    field = make_field()
    fill(field)
    edition = field.event.sub_contest.edition
    field.people["second"] = make_account(
        "second", (Role.ORGANISER, ScopeKind.CONTEST, edition.contest_id), contest_id=edition.contest_id
    ).id
    return field


def frozen(made) -> int:
    with transaction():
        return service.take_snapshot(
            event=made.event, ranking_key="all", actor=made.actor("organiser"), at=NOON
        ).id


def check(made, snapshot_id, who):
    with transaction():
        service.check_list(snapshot=db.session.get_one(Snapshot, snapshot_id), actor=made.actor(who), at=NOON)


def publish(made, snapshot_id, who="organiser"):
    with transaction():
        return service.publish(
            snapshot=db.session.get_one(Snapshot, snapshot_id), actor=made.actor(who), at=NOON
        ).id


def setting(made, **values):
    with transaction():
        edition = made.event.sub_contest.edition
        service.change_setting(
            edition=edition, values=values, version=0, actor=made.actor("organiser"), at=NOON
        )


def test_a_list_is_published_only_after_somebody_found_it_right_and_its_record_begins_with_that(made):
    one = frozen(made)
    with pytest.raises(ListUnchecked) as refused:
        publish(made, one)
    assert refused.value.params == {"count": 1}
    check(made, one, "scorekeeper")
    publication = db.session.get_one(Publication, publish(made, one))
    assert [
        (step.kind, step.state, step.role, step.account_name, step.digest) for step in publication.steps
    ] == [
        ("entered", ListState.CHECKED, "scorekeeper", "scorekeeper", publication.snapshot.digest),
        ("entered", ListState.PROVISIONAL, "", "organiser", ""),
    ]


@pytest.mark.parametrize("who", ["organiser", "registrar", "judge", "coder", "administrator", "stranger"])
def test_only_scorekeeper_chief_judge_and_supervisor_find_a_list_right(made, who):
    one = frozen(made)
    with pytest.raises(NotThatRole):
        check(made, one, who)


def test_where_the_edition_wants_two_the_second_is_another_person(made):
    setting(made, check_people=2)
    one = frozen(made)
    check(made, one, "chief")
    with pytest.raises(SignedAlready):
        check(made, one, "chief")
    with pytest.raises(ListUnchecked):
        publish(made, one)
    check(made, one, "supervisor")
    assert db.session.get_one(Publication, publish(made, one)).state is ListState.PROVISIONAL


def test_a_check_holds_for_exactly_the_list_that_was_checked(made):
    one = frozen(made)
    check(made, one, "scorekeeper")
    made.mark(0, "dough", 35_000)
    with pytest.raises(SnapshotOutdated):
        publish(made, one)
    two = frozen(made)
    assert checks_of(db.session.get_one(Snapshot, two)) == []
    with pytest.raises(ListUnchecked):
        publish(made, two)
    made.mark(
        0, "dough", 30_000
    )  # back again: a third list, equal to the first, and still nobody looked at it
    with pytest.raises(ListUnchecked):
        publish(made, frozen(made))


def test_nobody_finds_a_list_right_while_something_blocks_it(app):
    made = make_field()
    fill(made, [(30, 50, 80)] * 4)  # four times the same: ties that are never shared
    with pytest.raises(Blocked):
        check(made, frozen(made), "scorekeeper")


def test_where_nobody_is_wanted_publishing_is_enough(made):
    setting(made, check_people=0)
    assert db.session.get_one(Publication, publish(made, frozen(made))).is_live


def test_a_list_that_takes_two_people_is_asked_for_by_one_and_published_by_another(made):
    setting(made, second_person=["provisional"])
    one = frozen(made)
    check(made, one, "scorekeeper")
    with pytest.raises(SecondPersonNeeded):
        publish(made, one)
    with transaction():
        service.ask_to_publish(
            snapshot=db.session.get_one(Snapshot, one), actor=made.actor("organiser"), at=NOON
        )
    with pytest.raises(SecondPersonNeeded):
        publish(made, one)
    publication = db.session.get_one(Publication, publish(made, one, "second"))
    assert [(step.kind, step.account_name) for step in publication.steps] == [
        ("entered", "scorekeeper"),
        (ASKED, "organiser"),
        ("entered", "second"),
    ]


def test_each_later_step_takes_two_where_the_edition_says_so(made):
    setting(made, second_person=["confirmed", "public_notice", "final", "archived"])
    one = published(made)
    signed(made, one)
    steps = (
        lambda row, who: service.confirm(publication=row, actor=who, at=NOON, waiver="放弃"),
        lambda row, who: service.enter_notice(publication=row, actor=who, at=NOON),
        lambda row, who: service.finalise(publication=row, actor=who, at=NOON.replace(month=12)),
        lambda row, who: service.archive(publication=row, actor=who, at=NOON.replace(month=12)),
    )
    for step in steps:
        for who in ("organiser", "second"):
            with pytest.raises(SecondPersonNeeded), transaction():
                step(db.session.get_one(Publication, one), made.actor(who))
        with transaction():
            service.ask(
                publication=db.session.get_one(Publication, one), actor=made.actor("organiser"), at=NOON
            )
        with pytest.raises(SecondPersonNeeded), transaction():
            step(db.session.get_one(Publication, one), made.actor("organiser"))
        with transaction():
            step(db.session.get_one(Publication, one), made.actor("second"))
    assert db.session.get_one(Publication, one).state is ListState.ARCHIVED


def test_the_pages_offer_the_step_to_whoever_may_take_it(app, made, sign_in):
    setting(made, second_person=["provisional"])
    address = f"/events/{made.event_id}/results"
    pages = {
        who: sign_in(app.test_client(), made.account(who)).get(f"{address}?lang=en").get_data(as_text=True)
        for who in ("organiser", "scorekeeper")
    }
    assert [("I compared it: checked" in pages[who]) for who in ("scorekeeper", "organiser")] == [True, False]
    keeper = sign_in(app.test_client(), made.account("scorekeeper"))
    assert keeper.post(f"{address}/check", data={"ranking": "all"}).status_code == 302
    first = sign_in(app.test_client(), made.account("organiser"))
    assert "Ask to publish" in first.get(f"{address}?lang=en").get_data(as_text=True)
    assert first.post(f"{address}/publish", data={"ranking": "all", "ask": "1"}).status_code == 302
    assert "Another organiser publishes it" in first.get(f"{address}?lang=en").get_data(as_text=True)
    second = sign_in(app.test_client(), made.account("second"))
    assert "Freeze and publish" in second.get(f"{address}?lang=en").get_data(as_text=True)
    moved = second.post(f"{address}/publish", data={"ranking": "all"})
    assert moved.headers["Location"].startswith("/publications/")
    shown = second.get(moved.headers["Location"] + "?lang=en").get_data(as_text=True)
    assert "scorekeeper · Scorekeeper" in shown


def test_the_seeded_snapshot_of_the_builder_is_checked_once(made):
    one = frozen(made)
    for _twice in range(2):
        with transaction():
            checked(made, db.session.get_one(Snapshot, one))
    assert len(checks_of(db.session.get_one(Snapshot, one))) == 1
