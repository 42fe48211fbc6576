"""A frozen list of invented people, as the results room leaves it, to draw awards from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from contest import personal
from contest.db import db, transaction
from contest.entries.models import Delegation, Entry, IdKind, Member, Organisation, Person
from contest.events.models import Edition, Event, Host, HostRole, RuleVersion
from contest.results.grants import Titles, grants_of, plain_candidate, refusals_of
from contest.results.models import ListState, Publication, Snapshot, SnapshotRow
from contest.scoring.awarding import Candidate, award
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.rules import RuleSet
from tests.builders import make_event

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NAMES = ("更尕昂宝", "才让·卓玛", "欧阳建国", "赵永明", "钱海龙", "孙秀英", "李桂兰", "周福文")

RULES = """
key = "demo"
title_zh = "示范"
title_en = "Demo"
[[modules]]
key = "practice"
title_zh = "实操"
title_en = "Practice"
maximum = 100
weight = 100
[[rankings]]
key = "individual"
title_zh = "个人成绩"
title_en = "Individual"
subject = "entry"
ties = "shared"
[[rankings.awards]]
key = "medals"
by = "place"
kind = "medal"
bands = [ { award = "gold", places = 1 }, { award = "silver", places = 2 }, { award = "bronze", places = 3 }, { award = "excellent_contestant", rest = true } ]
[[rankings.awards]]
key = "title"
by = "place"
kind = "title"
title_zh = "技术能手（拟授予）"
title_en = "Technical expert (proposed)"
holders = { attribute = "prior_holder", policy = "pass_down" }
needs = { practice = 60 }
bands = [ { award = "technical_expert", places = 3 } ]
names = { technical_expert = ["示范省技术能手", "Technical expert of Demo"] }
"""


def id_number(serial: int) -> str:
    """An invented resident number with a right check character."""
    from contest.entries.roster.identity import check_character

    first = f"63010119900101{serial:03d}"
    return first + check_character(first)


def _person(holder_id: int, name: str, number: str) -> Person:
    """The holder's person with this document, made if there is none: one human in several events stays one."""
    known = db.session.scalars(
        db.select(Person).where(Person.holder_id == holder_id, Person.id_digest == personal.digest(number))
    ).first()
    return known or Person(
        holder_id=holder_id, name=name, id_kind=IdKind.RESIDENT, id_cipher=personal.encrypt(number),
        id_digest=personal.digest(number), id_tail_digest=personal.digest(number[-6:]), id_masked=personal.mask_id(number),
    )  # fmt: skip


def make_people(event: Event, names: Sequence[str]) -> list[Entry]:
    """One entry a person, each of a delegation in official order backwards, so that order shows."""
    edition = event.sub_contest.edition
    contest = edition.contest
    entries = []
    for place, name in enumerate(names, 1):
        number = id_number(place)
        delegation = Delegation(
            edition_id=edition.id, name=f"示范第{place}代表队", official_order=len(names) - place
        )
        unit = Organisation(contest_id=contest.id, name=f"示范第{place}面业公司")
        person = _person(contest.holder_id, name, number)
        db.session.add_all([delegation, unit, person])
        db.session.flush()
        entry = Entry(
            event_id=event.id, number=f"{place:03d}", delegation_id=delegation.id, registered_at=NOON
        )
        db.session.add(entry)
        db.session.flush()
        db.session.add(
            Member(
                event_id=event.id, entry_id=entry.id, person_id=person.id, position=1, number=f"N{place:03d}",
                organisation_id=unit.id, joined_at=NOON,
            )
        )  # fmt: skip
        entries.append(entry)
    db.session.flush()
    return entries


def make_list(
    state: ListState = ListState.CONFIRMED, *, names: Sequence[str] = NAMES, event: Event | None = None, revision: int = 1,
    totals: Sequence[int] | None = None, rules: str = RULES, levels: Sequence[str] = (),
) -> Publication:  # fmt: skip
    """A published list of an event with these people in this order of place; `totals` in marks, best first.

    levels: the level each of them holds, as registered.
    """
    event = event or make_event()
    event_id = event.id
    with transaction():
        event = db.session.get_one(Event, event_id)
        sub = event.sub_contest
        if not sub.hosts:
            sub.hosts.append(Host(role=HostRole.HOST, name="示范省总工会", position=1))
        rule_set = RuleSet.from_toml(rules)
        version = RuleVersion(
            event_id=event.id,
            number=revision,
            document=rule_set.to_dict(),
            digest=f"{revision:064d}",
            created_at=NOON,
        )
        db.session.add(version)
        db.session.flush()
        entries = {one.members[0].person.name: one for one in _entries(event)} if revision > 1 else {}
        people = [entries[name] for name in names] if entries else make_people(event, names)
        for entry, level in zip(people, levels, strict=False):
            _member_of(entry).level_held = level
        return _published(event, version, people, rule_set, state, revision, totals)


def _entries(event: Event) -> list[Entry]:
    return list(db.session.scalars(db.select(Entry).where(Entry.event_id == event.id)))


def _member_of(entry: Entry) -> Member:
    return db.session.scalars(db.select(Member).where(Member.entry_id == entry.id)).one()


def _published(event, version, entries, rules, state, revision, totals) -> Publication:
    marks = list(totals or range(99, 99 - len(entries), -1))
    candidates = [
        Candidate(
            key=f"e{entry.id}",
            rank=place,
            total=mark,
            parts={"practice": mark},
            attributes={"group": "workers", "level": _member_of(entry).level_held},
        )
        for place, (entry, mark) in enumerate(zip(entries, marks, strict=True), 1)
    ]
    tables = rules.rankings[0].awards
    awarding = award(tables, candidates)
    titles = Titles({spec.key: spec for spec in map(AwardSpec.read, tables)})
    grants, refusals = grants_of(awarding, titles), refusals_of(awarding)
    snapshot = Snapshot(
        event_id=event.id, ranking_key="individual", number=revision, rule_version_id=version.id, last_mark_id=0,
        input_digest="0" * 64, code_version="test", digest=f"{revision:064x}", heading={}, taken_at=NOON,
    )  # fmt: skip
    db.session.add(snapshot)
    db.session.flush()
    for place, (entry, candidate) in enumerate(zip(entries, candidates, strict=True), 1):
        member = _member_of(entry)
        db.session.add(
            SnapshotRow(
                snapshot_id=snapshot.id, position=place, subject_kind="entry", subject_id=entry.id, entry_id=entry.id,
                person_id=member.person_id, delegation_id=entry.delegation_id, name=member.person.name,
                people=member.person.name, delegation=entry.delegation.name, rank=str(place), rank_sort=place,
                total=f"{marks[place - 1]:.2f}", total_exact=f"{marks[place - 1]}/1", status="present",
                data={
                    "number": entry.number, "unit": member.organisation.name, "group": "职工组",
                    "members": [{"member_id": member.id, "person_id": member.person_id, "name": member.person.name, "unit": member.organisation.name}],
                    "coaches": [], "coach_person_ids": [],
                    "grants": grants.get(candidate.key, []), "refusals": refusals.get(candidate.key, []),
                    "candidate": plain_candidate(candidate),
                },
            )
        )  # fmt: skip
    publication = Publication(
        snapshot_id=snapshot.id,
        event_id=event.id,
        ranking_key="individual",
        revision=revision,
        state=state,
        published_at=NOON,
    )
    db.session.add(publication)
    db.session.flush()
    return publication


def advance(publication_id: int, state: ListState) -> None:
    """Move a list on, as the results room does."""
    with transaction():
        db.session.get_one(Publication, publication_id).state = state


def supersede(publication_id: int) -> None:
    """Take the place of a list away, as a newer revision does."""
    with transaction():
        db.session.get_one(Publication, publication_id).superseded_at = NOON


def edition_of(publication: Publication) -> Edition:
    return publication.event.sub_contest.edition
