"""Duplicates: found by document first, merged over every table, taken back exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest import audit, personal
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, Grant
from contest.awards.models import Award, Title
from contest.db import db, transaction
from contest.desk import merging, service
from contest.entries import duplicates, queries
from contest.entries import merging as rows
from contest.entries.models import IdKind, Member, Person
from contest.entries.record_models import PersonMerge
from contest.entries.refusals import MergeImpossible, MergeUndone, ReasonMissing
from contest.results.cli import verdict
from contest.results.models import Snapshot, SnapshotRow
from contest.results.refusals import ListAltered
from contest.results.snapshots import stored_digest
from tests.awards.builders import NAMES, NOON, id_number
from tests.desk.people import dump, person_named, published, twin_of

ACT = {"actor": SYSTEM, "at": NOON}


@pytest.fixture
def two(app):
    """(kept, merged): the twin is kept, so that the one on the lists moves."""
    published()
    first = person_named(NAMES[0]).id
    return twin_of(first, "G12345678", kind=IdKind.PASSPORT), first


def merge(kept, merged, reason="同一人，两种证件"):
    with transaction():
        return merging.merge(
            db.session.get_one(Person, kept), db.session.get_one(Person, merged), reason=reason, **ACT
        ).id


def undo(merge_id, reason="不是同一人"):
    with transaction():
        merging.undo(db.session.get_one(PersonMerge, merge_id), reason=reason, **ACT)


def test_every_table_that_points_at_a_person_is_known(app):
    found = {f"{table.name}.{column.name}" for table, column in rows.keys_to_person()}
    assert found == {
        "member.person_id", "entry_staff.person_id", "award.person_id", "title.person_id", "certificate.person_id",
        "promotion.person_id", "bank_account.person_id", "letter.person_id", "recipient.person_id", "person_request.person_id", "judge_record.person_id",
    }  # fmt: skip
    plain = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.name == "person_id"
    }
    assert plain - found == {"account.person_id", "snapshot_row.person_id"}  # moved by hand


def test_merging_moves_every_row_and_fills_what_was_blank(two):
    kept, merged = two
    merge(kept, merged)
    for model in (Member, Award, Title):
        assert db.session.scalars(db.select(model.id).where(model.person_id == merged)).all() == []
    assert len(db.session.scalars(db.select(Member.id).where(Member.person_id == kept)).all()) == 2
    assert db.session.scalars(db.select(SnapshotRow.id).where(SnapshotRow.person_id == merged)).all() == []
    assert db.session.get_one(Person, merged).merged_into_id == kept


def test_undo_brings_everything_back_exactly(two):
    before = dump()
    undo(merge(*two))
    assert dump() == before


def test_undo_brings_back_an_account_with_its_grant(two):
    kept, merged = two
    with transaction():
        service.account_of(merged, at=NOON)
    before = dump()
    merge_id = merge(kept, merged)
    account = db.session.scalars(db.select(Account)).one()
    grant = db.session.scalars(db.select(Grant)).one()
    assert (account.person_id, grant.scope_id) == (kept, kept)
    undo(merge_id)
    assert dump() == before


def test_of_two_accounts_the_second_is_closed_and_opened_again(two):
    kept, merged = two
    with transaction():
        service.account_of(kept, at=NOON)
        second = service.account_of(merged, at=NOON).id
    before = dump()
    merge_id = merge(kept, merged)
    assert db.session.get_one(Account, second).disabled_at == NOON
    undo(merge_id)
    assert dump() == before


def test_frozen_lists_follow_keep_their_printed_digest_and_are_still_whole(two):
    kept, merged = two
    printed = db.session.scalars(db.select(Snapshot.digest)).one()
    merge_id = merge(kept, merged)
    snapshot = db.session.scalars(db.select(Snapshot)).one()
    assert (snapshot.digest, stored_digest(snapshot) == snapshot.restated_digest) == (printed, True)
    row = next(one for one in snapshot.rows if one.person_id == kept)
    assert ([one["person_id"] for one in row.data["members"]], row.name) == ([kept], NAMES[0])
    undo(merge_id)
    snapshot = db.session.scalars(db.select(Snapshot)).one()
    assert (snapshot.restated_digest, stored_digest(snapshot)) == ("", printed)


def test_an_altered_list_is_never_made_to_look_whole(two):
    with transaction():
        db.session.scalars(db.select(SnapshotRow)).first().total = "100.00"
    before = dump()
    with pytest.raises(ListAltered):
        merge(*two)
    assert dump() == before


def test_two_who_are_in_one_event_are_not_merged(app):
    published()
    first, second = person_named(NAMES[0]).id, person_named(NAMES[1]).id
    with pytest.raises(MergeImpossible) as refused:
        merge(first, second)
    assert (refused.value.code, refused.value.params) == ("merge_both_entered", {"event": "拉面制作"})


def test_a_merge_needs_a_reason_and_is_taken_back_once(two):
    with pytest.raises(ReasonMissing):
        merge(*two, reason=" ")
    merge_id = merge(*two)
    undo(merge_id)
    with pytest.raises(MergeUndone):
        undo(merge_id)


def test_a_chain_of_merges_is_taken_back_from_its_end(two):
    kept, merged = two
    first = merge(kept, merged)
    third = twin_of(kept, "G99999999", kind=IdKind.PASSPORT)
    with transaction():  # the twin of a twin stands in a third event
        db.session.get_one(Person, third).name = NAMES[0]
    second = merge(third, kept)
    with pytest.raises(MergeUndone):
        undo(first)
    undo(second)
    undo(first)
    assert db.session.get_one(Person, merged).merged_into_id is None


def test_the_merged_document_finds_the_kept_person(two):
    kept, merged = two
    merge(kept, merged)
    digest = personal.digest(id_number(1))
    holder = db.session.get_one(Person, kept).holder_id
    assert queries.people_by_digest(holder, [digest])[digest].id == kept


def test_merge_and_undo_stand_in_the_log(two):
    undo(merge(*two))
    lines = db.session.scalars(db.select(audit.Change).order_by(audit.Change.id.desc()).limit(2)).all()
    assert [(one.action, one.reason) for one in reversed(lines)] == [
        ("person.merged", "同一人，两种证件"), ("person.merge_undone", "不是同一人"),
    ]  # fmt: skip


def test_candidates_come_by_document_first_then_by_name_and_birth(app):
    published()
    first, second, third = (person_named(name).id for name in NAMES[:3])
    short = id_number(1)[:6] + id_number(1)[8:17]  # the same number as it was before 1999
    pairs = {
        (first, twin_of(first, short)): "same_document",
        (
            second,
            twin_of(second, id_number(2)[:17] + ("0" if id_number(2)[17] != "0" else "1")),
        ): "near_document",
    }
    for name in ("欧阳建囯", "完全不同"):
        number = twin_of(third, f"P{name}", name=name, kind=IdKind.PASSPORT)
        with transaction():
            db.session.get_one(Person, number).born_on = None
        if name == "欧阳建囯":
            with transaction():
                from datetime import date

                db.session.get_one(Person, number).born_on = date(1990, 1, 1)
            pairs[third, number] = "same_birth"
    holder = db.session.get_one(Person, first).holder_id
    found = duplicates.candidates(holder)
    assert {
        (pair.first.id, pair.second.id): pair.why
        for pair in found
        if (pair.first.id, pair.second.id) in pairs
    } == pairs
    assert [pair.why for pair in found] == sorted((pair.why for pair in found), key=duplicates.ORDER.index)
    assert "完全不同" not in {pair.second.name for pair in found}


@given(st.text("0123456789X", min_size=2, max_size=18), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_changed_character_is_a_near_number_and_none_is_not(number, place, other):
    place %= len(number)
    slip = number[:place] + other + number[place + 1 :]
    assert duplicates.nearly_equal(number, slip) is (slip != number)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("才让·卓玛", "才让卓玛", True),
        ("欧阳建国", "欧阳建囯", True),
        ("王伟", "王维", False),
        ("李明", "李小明", True),
        ("张三", "李四", False),
    ],
)
def test_similar_names(one, other, wanted):
    assert duplicates.similar(duplicates.plain_name(one), duplicates.plain_name(other)) is wanted


def test_a_real_contest_still_recomputes_after_a_merge(app):
    from tests.world import held_until

    held_until("final")
    member = db.session.scalars(db.select(Member).order_by(Member.id)).first()
    kept = twin_of(member.person_id, "G55555555", kind=IdKind.PASSPORT)
    publications = [one.id for one in db.session.scalars(db.select(rows_of_publications()))]
    before = [verdict(one) for one in map(publication, publications)]
    merge_id = merge(kept, member.person_id)
    assert [verdict(one) for one in map(publication, publications)] == before == ["same"] * len(before)
    undo(merge_id)
    assert [verdict(one) for one in map(publication, publications)] == before


def rows_of_publications():
    from contest.results.models import Publication

    return Publication


def publication(publication_id):
    return db.session.get_one(rows_of_publications(), publication_id)
