"""Prizes from confirmed lists, titles from final ones, each step only in its state."""

import pytest

from contest import audit
from contest.accounts.access import SYSTEM
from contest.awards import queries, service
from contest.awards.models import Award, AwardKind, Title, TitleState, Verdict
from contest.awards.refusals import ListNotLive, ListNotReady, NotConferred, ReasonNeeded, TitleSettled
from contest.db import db, transaction
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, advance, make_list, supersede

ACT = {"actor": SYSTEM, "at": NOON}


def draw(publication_id):
    with transaction():
        return [
            (one.name, one.label, one.rank)
            for one in service.draw_up(db.session.get_one(Publication, publication_id), **ACT)
            if one.is_granted
        ]


def propose(publication_id):
    with transaction():
        return [
            one.name for one in service.propose_titles(db.session.get_one(Publication, publication_id), **ACT)
        ]


def test_the_prizes_of_a_confirmed_list_are_those_its_rows_state(app):
    listed = make_list()
    assert draw(listed.id) == [
        ("更尕昂宝", "金奖", "1"), ("才让·卓玛", "银奖", "2"), ("欧阳建国", "银奖", "3"), ("赵永明", "铜奖", "4"),
        ("钱海龙", "铜奖", "5"), ("孙秀英", "铜奖", "6"), ("李桂兰", "优秀选手奖", "7"), ("周福文", "优秀选手奖", "8"),
    ]  # fmt: skip


def test_drawing_up_twice_writes_nothing_twice(app):
    listed = make_list()
    first = draw(listed.id)
    assert draw(listed.id) == first
    assert db.session.scalar(db.select(db.func.count()).select_from(Award)) == len(NAMES)


@pytest.mark.parametrize("state", [ListState.PROVISIONAL, ListState.DRAFT, ListState.CHECKED])
def test_a_list_that_is_not_confirmed_gives_no_prize(app, state):
    listed = make_list(state)
    with pytest.raises(ListNotReady) as refused:
        draw(listed.id)
    assert refused.value.params == {"needed": "confirmed", "state": state.value}


def test_a_superseded_list_gives_no_prize(app):
    listed = make_list()
    supersede(listed.id)
    with pytest.raises(ListNotLive):
        draw(listed.id)


@pytest.mark.parametrize("state", [ListState.CONFIRMED, ListState.PUBLIC_NOTICE])
def test_titles_are_proposed_from_a_final_list_only(app, state):
    listed = make_list(state)
    with pytest.raises(ListNotReady):
        propose(listed.id)


def test_the_first_three_places_are_proposed_and_everyone_else_is_refused_with_a_reason(app):
    listed = make_list(ListState.FINAL)
    assert propose(listed.id) == list(NAMES[:3])
    rest = queries.awards_of(listed.id, kinds=[AwardKind.TITLE])[3:]
    assert [(one.name, one.verdict, bool(one.reason["code"])) for one in rest] == [
        (name, Verdict.REFUSED, True) for name in NAMES[3:]
    ]
    titles = db.session.scalars(db.select(Title).order_by(Title.position)).all()
    assert [(one.label, one.label_en, one.state, one.unit) for one in titles] == [
        ("示范省技术能手", "Technical expert of Demo", TitleState.PROPOSED, f"示范第{i}面业公司")
        for i in (1, 2, 3)
    ]


def test_below_the_pass_mark_nobody_is_proposed(app):
    listed = make_list(ListState.FINAL, totals=(90, 80, 59, 58, 57, 56, 55, 54))
    assert propose(listed.id) == list(NAMES[:2])


def test_who_holds_the_title_already_is_passed_over_and_the_place_passes_down(app):
    listed = make_list(ListState.FINAL)
    first = propose(listed.id)
    with transaction():
        for title in db.session.scalars(db.select(Title)):
            title.state = TitleState.CONFERRED
    supersede(listed.id)
    again = make_list(ListState.FINAL, event=listed.event, revision=2)
    assert first == list(NAMES[:3])
    assert propose(again.id) == list(NAMES[3:6])
    refused = [
        one.reason["code"]
        for one in queries.awards_of(again.id, kinds=[AwardKind.TITLE])
        if one.name in NAMES[:3]
    ]
    assert refused == ["holder_pass_down"] * 3


def test_proposals_from_a_superseded_list_are_refused_when_the_new_list_proposes(app):
    listed = make_list(ListState.FINAL)
    propose(listed.id)
    supersede(listed.id)
    again = make_list(ListState.FINAL, event=listed.event, revision=2, names=tuple(reversed(NAMES)))
    assert propose(again.id) == list(reversed(NAMES))[:3]
    old = db.session.scalars(db.select(Title).join(Award).where(Award.publication_id == listed.id)).all()
    assert {(one.state, one.settled_reason) for one in old} == {(TitleState.REFUSED, "list_superseded")}


def test_a_refused_title_keeps_its_reason_and_is_never_refused_twice(app):
    listed = make_list(ListState.FINAL)
    propose(listed.id)
    title_id = db.session.scalars(db.select(Title.id)).first()
    with transaction():
        service.refuse(db.session.get_one(Title, title_id), reason="本人放弃", **ACT)
    title = db.session.get_one(Title, title_id)
    assert (title.state, title.settled_reason, title.settled_at) == (TitleState.REFUSED, "本人放弃", NOON)
    with pytest.raises(TitleSettled), transaction():
        service.refuse(db.session.get_one(Title, title_id), reason="再次", **ACT)


def test_refusing_without_a_reason_is_refused(app):
    listed = make_list(ListState.FINAL)
    propose(listed.id)
    title_id = db.session.scalars(db.select(Title.id)).first()
    with pytest.raises(ReasonNeeded), transaction():
        service.refuse(db.session.get_one(Title, title_id), reason="  ", **ACT)
    assert db.session.get_one(Title, title_id).state is TitleState.PROPOSED


def test_a_title_that_was_not_conferred_cannot_be_revoked(app):
    listed = make_list(ListState.FINAL)
    propose(listed.id)
    title_id = db.session.scalars(db.select(Title.id)).first()
    with pytest.raises(NotConferred), transaction():
        service.revoke(db.session.get_one(Title, title_id), reason="x", **ACT)


def test_every_act_stands_in_the_log_and_the_chain_is_whole(app):
    listed = make_list(ListState.CONFIRMED)
    draw(listed.id)
    advance(listed.id, ListState.FINAL)
    propose(listed.id)
    contest_id = listed.event.sub_contest.edition.contest_id
    lines = db.session.scalars(db.select(audit.Change).where(audit.Change.contest_id == contest_id)).all()
    assert [(one.action, one.values) for one in lines] == [
        ("awards.drawn", {"granted": [0, 8]}), ("titles.proposed", {"proposed": [0, 3]}),
    ]  # fmt: skip
    assert audit.broken_links(contest_id) == []


def test_an_award_survives_a_new_list_that_grants_the_same_and_ends_with_one_that_does_not(app):
    listed = make_list()
    draw(listed.id)
    award_ids = [one.id for one in queries.awards_of(listed.id)]
    supersede(listed.id)
    again = make_list(event=listed.event, revision=2, names=(*NAMES[:1], *reversed(NAMES[1:])))
    draw(again.id)
    alive = [queries.live_award_like(db.session.get_one(Award, one)) is not None for one in award_ids]
    # The new order is 1, 8, 7, 6, 5, 4, 3, 2: the fourth to sixth change places and keep bronze, the others' prizes change.
    assert alive == [True, False, False, True, True, True, False, False]
