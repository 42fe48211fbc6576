"""Holders, contests, editions, sub-contests, hosts, events and groups: made, changed, removed while empty."""

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.audit import Change, broken_links
from contest.db import db, now, transaction
from contest.errors import Stale
from contest.events import service
from contest.events.models import Contest, ContestKind, Edition, Event, Holder, HostRole, SubContest
from contest.events.refusals import NameEmpty, NotEmpty, OrdinalTaken, SizesBad, SlugTaken, TradeUnknown

BY = {"actor": SYSTEM, "at": now()}


@pytest.fixture
def tree(app):
    """Ids of a holder, contest, edition, sub-contest and event made through the services."""
    with transaction():
        holder = service.create_holder(slug="Demo", name=" 示范省总工会 ", **BY)
        contest = service.create_contest(holder=holder, kind=ContestKind.SKILLS, name="示范杯", **BY)
        edition = service.create_edition(contest=contest, ordinal=1, name="示范杯首届竞赛", year=2026, **BY)
        sub = service.create_sub_contest(edition=edition, name="餐饮分赛", **BY)
        event = service.create_event(sub_contest=sub, name="拉面制作", trade_code="4-03-02-01", **BY)
        ids = (holder.id, contest.id, edition.id, sub.id, event.id)
    return dict(zip((Holder, Contest, Edition, SubContest, Event), ids, strict=True))


def row(tree, model):
    return db.session.get_one(model, tree[model])


def test_names_are_kept_without_blanks_and_slugs_in_small_letters(tree):
    holder = row(tree, Holder)
    assert (holder.name, holder.slug) == ("示范省总工会", "demo")


def test_a_trade_takes_name_and_edition_from_the_catalogue(tree):
    event = row(tree, Event)
    assert (event.trade_name, event.trade_code, event.trade_catalogue) == ("中式烹调师", "4-03-02-01", "2022")


def test_a_trade_without_a_code_has_no_catalogue(tree):
    with transaction():
        event = service.create_event(
            sub_contest=row(tree, SubContest), name="农家饭", trade_name="农家厨艺", **BY
        )
    assert (event.trade_name, event.trade_code, event.trade_catalogue) == ("农家厨艺", None, None)


def test_a_code_that_is_not_in_the_catalogue_is_refused(tree):
    with pytest.raises(TradeUnknown) as refused, transaction():
        service.create_event(sub_contest=row(tree, SubContest), name="甲", trade_code="9-99-99-99", **BY)
    assert refused.value.params == {"field": "trade_code", "trade": "9-99-99-99"}


def test_a_team_whose_largest_is_below_its_smallest_is_refused(tree):
    with pytest.raises(SizesBad), transaction():
        service.create_event(sub_contest=row(tree, SubContest), name="甲", members_min=3, members_max=2, **BY)


def test_an_empty_name_is_refused_and_nothing_is_made(tree):
    with pytest.raises(NameEmpty), transaction():
        service.create_sub_contest(edition=row(tree, Edition), name="  ", **BY)
    assert [sub.name for sub in row(tree, Edition).sub_contests] == ["餐饮分赛"]


def test_two_holders_can_not_share_a_key(tree):
    with pytest.raises(SlugTaken), transaction():
        service.create_holder(slug="DEMO", name="另一家", **BY)


def test_a_contest_has_one_edition_of_a_number(tree):
    with pytest.raises(OrdinalTaken), transaction():
        service.create_edition(contest=row(tree, Contest), ordinal=1, name="又一届", year=2027, **BY)


def test_a_change_is_logged_with_old_and_new(tree):
    with transaction():
        edition = row(tree, Edition)
        service.update_edition(edition, values={"name": "改名", "year": 2026}, version=edition.version, **BY)
    line = db.session.scalars(sa.select(Change).where(Change.action == "edition.changed")).one()
    assert line.values == {"name": ["示范杯首届竞赛", "改名"]}
    assert broken_links(tree[Contest]) == []


def test_a_change_of_something_read_before_another_change_is_refused(tree):
    with transaction():
        edition = row(tree, Edition)
        read = edition.version
        service.update_edition(edition, values={"year": 2027}, version=read, **BY)
    with pytest.raises(Stale), transaction():
        service.update_edition(row(tree, Edition), values={"year": 2028}, version=read, **BY)
    assert row(tree, Edition).year == 2027


def test_what_has_something_below_it_is_not_deleted(tree):
    for model, delete in (
        (Holder, service.delete_holder),
        (Contest, service.delete_contest),
        (Edition, service.delete_edition),
        (SubContest, service.delete_sub_contest),
    ):
        with pytest.raises(NotEmpty), transaction():
            delete(row(tree, model), **BY)
        assert db.session.get(model, tree[model]) is not None


def test_from_below_everything_can_be_deleted(tree):
    with transaction():
        service.adopt_preset(row(tree, Event), preset="ramen", **BY)
        service.add_host(row(tree, SubContest), role=HostRole.HOST, name="示范省总工会", **BY)
    for model, delete in (
        (Event, service.delete_event),
        (SubContest, service.delete_sub_contest),
        (Edition, service.delete_edition),
        (Contest, service.delete_contest),
        (Holder, service.delete_holder),
    ):
        with transaction():
            delete(row(tree, model), **BY)
        assert db.session.get(model, tree[model]) is None


def test_an_event_with_entries_stays(tree):
    from contest.entries.models import Entry

    with transaction():
        db.session.add(Entry(event_id=tree[Event], number="1", registered_at=now()))
    with pytest.raises(NotEmpty), transaction():
        service.delete_event(row(tree, Event), **BY)
    assert row(tree, Event).name == "拉面制作"


def test_hosts_stand_in_the_order_given(tree):
    hosts = [(HostRole.ORGANISER, "示范市总工会", ""), (HostRole.HOST, "示范省总工会", "Demo Federation")]
    with transaction():
        service.set_hosts(row(tree, SubContest), hosts=hosts, **BY)
    db.session.expire_all()
    assert [(host.role, host.name, host.name_en) for host in row(tree, SubContest).hosts] == hosts


def test_a_group_that_is_kept_stays_the_same_row(tree):
    with transaction():
        service.set_groups(
            row(tree, Event), groups=[("g1", "职工组", "", False), ("g2", "学生组", "", True)], **BY
        )
        before = {group.key: group.id for group in row(tree, Event).groups}
    with transaction():
        service.set_groups(
            row(tree, Event), groups=[("g2", "学生", "Students", True), ("g3", "公开组", "", False)], **BY
        )
    db.session.expire_all()
    groups = row(tree, Event).groups
    assert [(group.key, group.name) for group in groups] == [("g2", "学生"), ("g3", "公开组")]
    assert groups[0].id == before["g2"]
