"""Draws that anyone can repeat, and codes that tell nothing."""

from __future__ import annotations

import hashlib
import subprocess

import pytest
import sqlalchemy as sa
from flask import Flask

from contest.accounts.access import SYSTEM, Actor, Held
from contest.accounts.models import Role, ScopeKind
from contest.db import db, transaction
from contest.entries import codes, draw, queries, service
from contest.entries.models import Draw, EntryState, FreezeKind, WorkCode
from contest.entries.records import CodeSubject
from contest.entries.refusals import CodesIssued, DrawInvalid, DrawLocked, ReasonMissing
from contest.entries.service import KeyedPlace, MemberFacts
from contest.errors import Forbidden, Missing
from contest.events.models import Event
from tests.entries.builders import AT, facts, make_entry, ramen_event

SEED, VALUE = "0123456789abcdef0123456789abcdef", "领队说 371"


def _event(entries: int = 5) -> Event:
    event = ramen_event()
    for number in range(1, entries + 1):
        make_entry(
            event, f"{number:02d}", facts(f"李{number}", number * 2), facts(f"王{number}", number * 2 + 1)
        )
    return event


def _draw(event_id: int, benches: int = 2) -> Draw:
    with transaction():
        return service.draw_by_seed(
            event_id, seed=SEED, public_value=VALUE, benches=benches, actor=SYSTEM, at=AT
        )


def test_the_order_can_be_repeated_with_sha256sum() -> None:
    numbers = ["1101", "1102", "2301", "6501"]
    keys = {}
    for number in numbers:
        text = f"{SEED}:{VALUE}:{number}"
        keys[number] = subprocess.run(
            ["sha256sum"], input=text.encode(), capture_output=True, check=True
        ).stdout[:64]
    assert draw.order_by_seed(SEED, VALUE, numbers) == sorted(numbers, key=lambda number: keys[number])


def test_the_order_does_not_depend_on_the_order_of_registration() -> None:
    numbers = [str(n) for n in range(200)]
    assert draw.order_by_seed(SEED, VALUE, numbers) == draw.order_by_seed(SEED, VALUE, numbers[::-1])
    assert draw.order_by_seed(SEED, VALUE, numbers) != draw.order_by_seed(SEED, "another", numbers)


def test_places_fill_benches_and_sessions_in_the_drawn_order(app: Flask) -> None:
    event = _event()
    _draw(event.id)
    (row,) = queries.draws_of(event.id)
    numbers = {entry.id: entry.number for entry in draw.drawable(event.id)}
    assert [numbers[place.entry_id] for place in row.places] == draw.order_by_seed(
        SEED, VALUE, sorted(numbers.values())
    )
    assert [(p.position, p.session, p.bench) for p in row.places] == [
        (1, "1", "1"),
        (2, "1", "2"),
        (3, "2", "1"),
        (4, "2", "2"),
        (5, "3", "1"),
    ]
    assert queries.draw_places(event.id) == []
    with transaction():
        service.lock_draw(row.id, actor=SYSTEM, at=AT)
    assert [place.position for place in queries.draw_places(event.id)] == [1, 2, 3, 4, 5]
    assert FreezeKind.DRAW in queries.freezes_of(event.id)


def test_another_seed_than_the_one_committed_to_is_refused(app: Flask) -> None:
    event = _event()
    with transaction():
        row = service.commit_seed(event.id, draw.commitment_of(SEED), benches=2, actor=SYSTEM, at=AT)
    assert db.session.get_one(Draw, row.id).seed == ""
    for seed, value, code in [("x" * 32, VALUE, "draw_seed_differs"), (SEED, " ", "draw_public_value")]:
        with pytest.raises(DrawInvalid) as refused, transaction():
            service.reveal_seed(row.id, seed, value, actor=SYSTEM, at=AT)
        assert refused.value.code == code


def test_a_roster_that_changed_after_the_commitment_needs_a_new_one(app: Flask) -> None:
    event = _event()
    event_id = event.id
    with transaction():
        row_id = service.commit_seed(event_id, draw.commitment_of(SEED), benches=2, actor=SYSTEM, at=AT).id
    make_entry(event, "99", facts("陈一", 100), facts("陈二", 101))
    assert draw.is_changed_since(db.session.get_one(Draw, row_id))
    with pytest.raises(DrawInvalid) as refused, transaction():
        service.reveal_seed(row_id, SEED, VALUE, actor=SYSTEM, at=AT)
    assert refused.value.code == "draw_roster_changed"
    with pytest.raises(ReasonMissing), transaction():
        service.discard_draw(row_id, reason="", actor=SYSTEM, at=AT)
    with transaction():
        service.discard_draw(row_id, reason="名单有变", actor=SYSTEM, at=AT)
    assert queries.draws_of(event_id) == []


def test_a_locked_draw_is_never_changed(app: Flask) -> None:
    event = _event()
    event_id, row_id = event.id, _draw(event.id).id
    with transaction():
        service.lock_draw(row_id, actor=SYSTEM, at=AT)
    with pytest.raises(DrawLocked), transaction():
        service.discard_draw(row_id, reason="x", actor=SYSTEM, at=AT)
    with pytest.raises(DrawLocked):
        _draw(event_id)
    with pytest.raises(DrawLocked), transaction():
        service.lock_draw(row_id, actor=SYSTEM, at=AT)


def _person(account_id: int, event: Event, role: Role = Role.ORGANISER) -> Actor:
    held = Held(role, ScopeKind.CONTEST, event.sub_contest.edition.contest_id)
    return Actor(account_id=account_id, name=f"p{account_id}", grants=(held,))


def test_a_draw_by_hand_is_locked_by_another_person(app: Flask) -> None:
    event = _event(3)
    first, second = _person(1, event), _person(2, event)
    ids = [entry.id for entry in draw.drawable(event.id)]
    places = [KeyedPlace(entry_id, 3 - n, "1", str(n + 1)) for n, entry_id in enumerate(ids)]
    with transaction():
        row_id = service.key_by_hand(event.id, places, benches=1, actor=first, at=AT).id
    with pytest.raises(Forbidden), transaction():
        service.lock_draw(row_id, actor=first, at=AT)
    with transaction():
        service.lock_draw(row_id, actor=second, at=AT)
    assert [(p.entry_id, p.position) for p in queries.draw_places(event.id)] == [
        (ids[2], 1),
        (ids[1], 2),
        (ids[0], 3),
    ]


def test_what_does_not_fit_in_a_draw_by_hand_is_named(app: Flask) -> None:
    event = _event(3)
    ids = [entry.id for entry in draw.drawable(event.id)]
    cases = [
        ([KeyedPlace(ids[0], 1), KeyedPlace(ids[1], 2)], "draw_missing"),
        ([KeyedPlace(ids[0], 1), KeyedPlace(ids[1], 2), KeyedPlace(ids[2], 2)], "draw_position_twice"),
        ([KeyedPlace(ids[0], 0), KeyedPlace(ids[1], 1), KeyedPlace(ids[2], 2)], "draw_position_low"),
        ([KeyedPlace(one, n + 1, "1", "5") for n, one in enumerate(ids)], "draw_bench_twice"),
    ]
    for places, code in cases:
        with pytest.raises(DrawInvalid) as refused, transaction():
            service.key_by_hand(event.id, places, benches=1, actor=SYSTEM, at=AT)
        assert refused.value.code == code


def test_codes_are_random_unique_and_two_slips_apart() -> None:
    taken: set[str] = set()
    for _ in range(400):
        taken.add(codes.new_code(taken))
    assert len(taken) == 400
    assert {letter for code in taken for letter in code} <= set(codes.ALPHABET)
    assert not set("01258ABEGIOSUZ") & (set(codes.ALPHABET) - {"G"})
    listed = sorted(taken)
    closest = min(
        sum(a != b for a, b in zip(one, other, strict=True))
        for n, one in enumerate(listed)
        for other in listed[n + 1 :]
    )
    assert closest >= 2


def test_codes_are_issued_once_and_substitutes_need_none_of_their_own(app: Flask) -> None:
    event = _event(3)
    event_id = event.id
    with transaction():
        service.issue_codes(event_id, actor=SYSTEM, at=AT)
    issued = queries.codes_for_event(event_id)
    assert set(issued) == {(entry.id, None) for entry in draw.drawable(event_id)}
    with pytest.raises(CodesIssued), transaction():
        service.issue_codes(event_id, actor=SYSTEM, at=AT)
    entry_id, code = next((key[0], value) for key, value in issued.items())
    assert queries.subject_for_code(event_id, f" {code.lower()} ") == CodeSubject(entry_id)
    with pytest.raises(Missing) as refused:
        queries.subject_for_code(event_id, "00000")
    assert refused.value.code == "work_code_unknown"
    roster = {entry.id: entry.codes for entry in queries.roster_for_event(event_id)}
    assert roster[entry_id] == {"": code}


def test_members_get_codes_where_members_are_marked(app: Flask) -> None:
    event = _event(2)
    with transaction():
        service.issue_codes(event.id, per_member=True, actor=SYSTEM, at=AT)
    subjects = queries.codes_for_event(event.id)
    assert len(subjects) == 6
    assert len(set(subjects.values())) == 6


def test_issuing_again_serves_only_those_without_a_code(app: Flask) -> None:
    event = _event(2)
    event_id = event.id
    with transaction():
        service.issue_codes(event_id, per_member=True, actor=SYSTEM, at=AT)
    before = queries.codes_for_event(event_id)
    entry = queries.entry_for(SYSTEM, draw.drawable(event_id)[0].id, may="entries.edit")
    with transaction():
        service.substitute(
            entry.members[0].id,
            facts("陈一", 100),
            MemberFacts(),
            reason="伤病",
            version=entry.version,
            actor=SYSTEM,
            at=AT,
        )
    with transaction():
        service.issue_codes(event_id, per_member=True, actor=SYSTEM, at=AT)
    after = queries.codes_for_event(event_id)
    assert len(after) == len(before) + 1
    assert {key: after[key] for key in before} == before


def test_withdrawn_entries_are_neither_drawn_nor_coded(app: Flask) -> None:
    event = _event(3)
    entry = draw.drawable(event.id)[0]
    with transaction():
        service.set_state(
            entry.id, EntryState.WITHDRAWN, reason="x", version=entry.version, actor=SYSTEM, at=AT
        )
    with transaction():
        service.issue_codes(event.id, actor=SYSTEM, at=AT)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WorkCode)) == 2


def test_only_the_coder_sees_whose_code_is_whose_until_it_is_opened(app: Flask) -> None:
    event = _event(2)
    scope = {"contest": event.sub_contest.edition.contest_id, "event": event.id}
    with transaction():
        service.issue_codes(event.id, actor=_person(5, event, Role.CODER), at=AT)

    def sees(role: Role) -> bool:
        return queries.may_see_codes(_person(9, event, role), event, scope)

    roles = (Role.ORGANISER, Role.CODER, Role.SUPERVISOR, Role.JUDGE, Role.CHIEF_JUDGE, Role.SCOREKEEPER)
    assert [role for role in roles if sees(role)] == [Role.CODER]
    with pytest.raises(Missing), transaction():
        service.decode(event.id, actor=_person(5, event, Role.CODER), reason="x", at=AT)
    with pytest.raises(ReasonMissing), transaction():
        service.decode(event.id, actor=_person(6, event, Role.SUPERVISOR), reason="", at=AT)
    with transaction():
        service.decode(event.id, actor=_person(6, event, Role.SUPERVISOR), reason="评分表已锁定", at=AT)
    assert [role for role in roles if sees(role)] == [Role.ORGANISER, Role.CODER, Role.SUPERVISOR]
    assert hashlib.sha256(SEED.encode()).hexdigest() == draw.commitment_of(SEED)
