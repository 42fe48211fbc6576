"""A list is frozen, published, signed, confirmed, announced, superseded, withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contest import audit
from contest.accounts.models import Role
from contest.db import db, transaction
from contest.entries.models import Entry, EntryState
from contest.results import queries, service
from contest.results.models import ListState, Publication, Snapshot
from contest.results.refusals import (
    AppealsOpen,
    Blocked,
    NotLive,
    NotThatRole,
    SamePerson,
    SignatureMissing,
    SignedAlready,
    SnapshotOutdated,
    WrongState,
)
from contest.results.snapshots import recomputed_digest, stored_digest
from tests.results.builders import NOON, advanced, fill, make_field, published, signed


@pytest.fixture
def made(app):
    field = make_field()
    fill(field)
    return field


def publication(publication_id: int) -> Publication:
    return db.session.get_one(Publication, publication_id)


def freeze(made) -> Snapshot:
    return service.take_snapshot(event=made.event, ranking_key="all", actor=made.actor("organiser"), at=NOON)


def test_computing_a_frozen_list_again_gives_its_digest(made):
    with transaction():
        snapshot = freeze(made)
        assert (recomputed_digest(snapshot), stored_digest(snapshot)) == (snapshot.digest, snapshot.digest)


def test_a_list_frozen_before_a_correction_is_computed_again_from_the_marks_of_its_time(made):
    with transaction():
        snapshot_id, digest = freeze(made).id, freeze(made).digest
    made.mark(0, "dough", 12_000)
    assert recomputed_digest(db.session.get_one(Snapshot, snapshot_id)) == digest


def test_freezing_twice_without_a_change_gives_one_snapshot(made):
    with transaction():
        first = freeze(made).id
    with transaction():
        second = freeze(made).id
    assert (first, db.session.query(Snapshot).count()) == (second, 1)


def test_edit_and_undo_gives_the_same_list_and_digests(made):
    with transaction():
        first = freeze(made)
        before = (first.id, first.digest, first.input_digest)
    made.mark(1, "pull", 1_000)
    made.mark(1, "pull", 50_000)
    with transaction():
        again = freeze(made)
        assert (again.id, again.digest, again.input_digest) == before


def test_publishing_again_without_a_change_gives_the_same_publication(made):
    assert published(made) == published(made)
    assert [one.revision for one in queries.publications_of(made.event_id)] == [1]


def test_a_changed_list_supersedes_the_older_one_in_the_same_transaction(made):
    first = published(made)
    made.mark(0, "dough", 40_000)
    second = published(made, note="改分", at=NOON + timedelta(minutes=5))

    old, new = publication(first), publication(second)
    assert (old.superseded_at, old.superseded_by_id, old.is_live) == (
        NOON + timedelta(minutes=5),
        second,
        False,
    )
    assert (new.revision, new.state, new.is_live) == (2, ListState.PROVISIONAL, True)
    assert queries.latest_publication(made.event_id, "all").id == second


def test_a_list_frozen_before_a_correction_is_not_published(made):
    with transaction():
        snapshot_id = freeze(made).id
    made.mark(0, "dough", 12_000)
    with pytest.raises(SnapshotOutdated), transaction():
        service.publish(
            snapshot=db.session.get_one(Snapshot, snapshot_id), actor=made.actor("organiser"), at=NOON
        )


def test_appeals_are_open_for_the_hours_of_the_edition(made):
    assert publication(published(made)).appeals_until == NOON + timedelta(hours=2)


def test_confirming_waits_for_the_end_of_appeals_and_both_signatures(made):
    one = published(made)
    with pytest.raises(AppealsOpen), transaction():
        service.confirm(publication=publication(one), actor=made.actor("organiser"), at=NOON)
    later = NOON + timedelta(hours=3)
    with pytest.raises(SignatureMissing) as refused, transaction():
        service.confirm(publication=publication(one), actor=made.actor("organiser"), at=later)
    assert refused.value.params == {"roles": ["chief_judge", "supervisor"]}
    signed(made, one)
    with transaction():
        service.confirm(publication=publication(one), actor=made.actor("organiser"), at=later)
    assert publication(one).state is ListState.CONFIRMED


def test_the_steps_are_entered_in_their_order_only(made):
    one = published(made)
    with pytest.raises(WrongState), transaction():
        service.finalise(publication=publication(one), actor=made.actor("organiser"), at=NOON)
    advanced(made, one, ListState.FINAL)
    assert [(step.kind, step.state.value, step.role) for step in publication(one).steps] == [
        ("entered", "checked", "scorekeeper"),
        ("entered", "provisional", ""),
        ("signed", "confirmed", "chief_judge"),
        ("signed", "confirmed", "supervisor"),
        ("entered", "confirmed", ""),
        ("entered", "public_notice", ""),
        ("entered", "final", ""),
    ]


def sign(made, one, who, role):
    with transaction():
        service.sign(publication=publication(one), role=role, actor=made.actor(who), at=NOON)


def test_only_the_holder_of_a_role_signs_in_it_and_once(made):
    one = published(made)
    with pytest.raises(NotThatRole):
        sign(made, one, "organiser", Role.CHIEF_JUDGE)
    with pytest.raises(NotThatRole):
        sign(made, one, "chief", Role.SUPERVISOR)
    sign(made, one, "chief", Role.CHIEF_JUDGE)
    with pytest.raises(SignedAlready):
        sign(made, one, "chief", Role.CHIEF_JUDGE)


def test_one_person_with_both_roles_signs_for_one_of_them_only(made):
    from contest.accounts import service as accounts
    from contest.accounts.access import SYSTEM
    from contest.accounts.models import ScopeKind

    one = published(made)
    with transaction():
        accounts.grant(
            made.account("chief"),
            role=Role.SUPERVISOR,
            scope_kind=ScopeKind.EVENT,
            scope_id=made.event_id,
            contest_id=1,
            actor=SYSTEM,
            at=NOON,
        )
    sign(made, one, "chief", Role.CHIEF_JUDGE)
    with pytest.raises(SamePerson):
        sign(made, one, "chief", Role.SUPERVISOR)


def test_a_confirmed_list_freezes_marks_and_roster_until_it_is_withdrawn(made):
    from contest.entries.queries import freezes_of
    from contest.judging.models import Sheet

    one = published(made)
    advanced(made, one, ListState.CONFIRMED)
    assert db.session.query(Sheet).filter(Sheet.frozen_at.is_(None)).count() == 0
    assert [kind.value for kind in freezes_of(made.event_id)] == ["results"]

    with transaction():
        service.withdraw(
            publication=publication(one), reason="申诉成立", actor=made.actor("organiser"), at=NOON
        )
    assert db.session.query(Sheet).filter(Sheet.frozen_at.is_not(None)).count() == 0
    assert freezes_of(made.event_id) == {}


def test_withdrawing_a_list_keeps_the_snapshot_behind_it_and_ends_its_steps(made):
    one = published(made)
    with transaction():
        service.withdraw(publication=publication(one), reason="印错", actor=made.actor("organiser"), at=NOON)
    assert (publication(one).withdrawn_reason, publication(one).snapshot.number) == ("印错", 1)
    with pytest.raises(NotLive):
        sign(made, one, "chief", Role.CHIEF_JUDGE)
    assert queries.latest_publication(made.event_id, "all") is None


def test_a_withdrawn_list_published_again_has_the_next_revision_and_the_same_digest(made):
    one = published(made)
    with transaction():
        service.withdraw(publication=publication(one), reason="误发", actor=made.actor("organiser"), at=NOON)
    two = published(made)
    assert (publication(two).revision, publication(two).snapshot.digest) == (
        2,
        publication(one).snapshot.digest,
    )


def test_every_step_is_in_the_change_log_in_an_unbroken_chain(made):
    one = published(made)
    advanced(made, one, ListState.FINAL)
    contest_id = made.event.sub_contest.edition.contest_id
    actions = [
        change.action
        for change in db.session.query(audit.Change)
        .filter_by(contest_id=contest_id)
        .order_by(audit.Change.sequence)
        if change.action.startswith(("publication", "snapshot"))
    ]
    assert actions == [
        "snapshot.taken",
        "publication.published",
        "publication.signed",
        "publication.signed",
        "publication.confirmed",
        "publication.public_notice",
        "publication.final",
    ]
    assert audit.broken_links(contest_id) == []


def codes(refused) -> list[str]:
    return [one.code for one in refused.value.blockers]


def test_a_missing_mark_an_open_sheet_and_a_missing_lock_each_block(app):
    from contest.judging.models import Sheet

    made = make_field()
    fill(made)
    with transaction():
        sheets = [
            db.session.get_one(Sheet, made.sheets[made.entry_ids[n], made.seat_ids[0], "practice", ""])
            for n in (0, 1)
        ]
        sheets[0].submitted_at = sheets[0].locked_at = None
        sheets[1].locked_at = None
    with pytest.raises(Blocked) as refused:
        published(made)
    assert codes(refused) == ["sheets_submission", "sheets_lock"]


def test_marks_that_are_missing_block_and_name_whom_they_miss(app):
    made = make_field()
    with transaction():
        for entry in range(3):
            for aspect in ("dough", "pull", "theory"):
                made.put(entry, aspect, 30_000 + entry * 1000)
    with pytest.raises(Blocked) as refused:
        published(made)
    found = [(one.code, one.params.get("names")) for one in refused.value.blockers]
    assert ("marks_missing", ["欧阳小明（004）"]) in found


def test_an_absent_entry_is_listed_without_a_rank_and_blocks_nothing(app):
    made = make_field()
    with transaction():
        for entry in range(3):
            for aspect in ("dough", "pull", "theory"):
                made.put(entry, aspect, 30_000 + entry * 1000)
        db.session.get_one(Entry, made.entry_ids[3]).state = EntryState.ABSENT
    rows = queries.rows_for(publication(published(made)))
    assert [(row.rank, row.name, row.status) for row in rows] == [
        ("1", "曾阿牛", "present"),
        ("2", "才让卓玛", "present"),
        ("3", "更尕昂宝", "present"),
        ("", "欧阳小明", "absent"),
    ]


def test_an_amended_list_names_who_moved_and_whose_award_changed(made):
    from contest.results.amendments import amended_from

    published(made)
    made.mark(0, "dough", 34_000)
    two = publication(published(made, at=NOON + timedelta(minutes=5), note="001 和面补记"))
    older, changed = amended_from(two)
    assert (older.revision, [(one.name, one.rank, one.total, one.awards) for one in changed]) == (
        1,
        [
            ("更尕昂宝", ("4", "1"), ("80.00", "82.80"), ("", "金奖")),
            ("欧阳小明", ("1", "2"), ("81.20", "81.20"), ("金奖", "银奖")),
            ("曾阿牛", ("2", "3"), ("80.80", "80.80"), ("银奖", "铜奖")),
            ("才让卓玛", ("3", "4"), ("80.40", "80.40"), ("铜奖", "")),
        ],
    )
    assert amended_from(older) is None
