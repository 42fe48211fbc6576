"""Frozen lists follow when a person is merged or taken out: the same places and totals, other keys or names.

`Snapshot.digest` stays for ever: it is printed, signed, and stands in the bundle. What the rows have become is kept
beside it as `restated_digest`, and only rows that still were as they should be are restated: an altered list is
never made to look whole.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from contest.db import db
from contest.entries.models import Entry, Member, Staff
from contest.results.inputs import read_inputs
from contest.results.models import Snapshot, SnapshotRow
from contest.results.refusals import ListAltered
from contest.results.snapshots import stored_digest

Path = list[Any]


def snapshots_with(people: Iterable[int]) -> list[Snapshot]:
    """Frozen lists of the events in which these people are members, leaders or coaches."""
    ids = sorted(set(people))
    entries = sa.union(
        sa.select(Member.entry_id).where(Member.person_id.in_(ids)),
        sa.select(Staff.entry_id).where(Staff.person_id.in_(ids)),
    )
    events = sa.select(Entry.event_id).where(Entry.id.in_(entries))
    listed = sa.select(SnapshotRow.snapshot_id).where(SnapshotRow.person_id.in_(ids))
    return list(
        db.session.scalars(
            sa.select(Snapshot)
            .where(sa.or_(Snapshot.event_id.in_(events), Snapshot.id.in_(listed)))
            .order_by(Snapshot.id)
            .options(selectinload(Snapshot.rows))
        )
    )


def repoint(snapshots: Iterable[Snapshot], old: int, new: int) -> dict[str, Any]:
    """Write `new` wherever a list means the person `old`; returns what changed, for `point_back`.

    Call it before the roster's own rows move, then `settle`. Raises ListAltered.
    """
    rows: list[list[Any]] = []
    lists: list[list[Any]] = []
    for snapshot in snapshots:
        found = [(row, _places(row, old)) for row in snapshot.rows]
        touched = [(row, paths) for row, paths in found if paths or row.person_id == old]
        if not touched:
            continue
        _refuse_altered(snapshot)
        fresh = _is_fresh(snapshot)
        lists.append([snapshot.id, snapshot.restated_digest, snapshot.input_digest, fresh])
        for row, paths in touched:
            rows.append([row.id, row.person_id == old, paths])
            _write(row, paths, row.person_id == old, new)
        db.session.flush()
        snapshot.restated_digest = stored_digest(snapshot)
    db.session.flush()
    return {"rows": rows, "lists": lists}


def settle(done: Mapping[str, Any]) -> None:
    """After the roster moved: lists that followed from their input go on following from it."""
    for snapshot_id, _restated, _input, fresh in done["lists"]:
        if fresh:
            snapshot = db.session.get_one(Snapshot, snapshot_id)
            snapshot.input_digest = _input_digest(snapshot)
    db.session.flush()


def point_back(done: Mapping[str, Any], old: int) -> None:
    """Undo `repoint`: every place it wrote reads `old` again, and the digests are those of before."""
    for row_id, in_column, paths in done["rows"]:
        _write(db.session.get_one(SnapshotRow, row_id), paths, in_column, old)
    db.session.flush()
    for snapshot_id, restated, input_digest, _fresh in done["lists"]:
        snapshot = db.session.get_one(Snapshot, snapshot_id)
        snapshot.input_digest = input_digest
        # Another merge or an erasure in between has restated it too: then the digest is made anew.
        was = stored_digest(snapshot)
        snapshot.restated_digest = restated if was in (restated, snapshot.digest) else was
    db.session.flush()


def rename(snapshots: Iterable[Snapshot], names: Mapping[int, str]) -> int:
    """Put these names in place of people's own on every frozen line they stand on; returns how many lists changed.

    names: person → what stands for them from now on. Raises ListAltered.
    """
    changed = 0
    for snapshot in snapshots:
        lines = [(row, _own_names(row, names)) for row in snapshot.rows]
        todo = [(row, own) for row, own in lines if own]
        if not todo:
            continue
        _refuse_altered(snapshot)
        for row, own in todo:
            _rename(row, own)
        db.session.flush()
        snapshot.restated_digest = stored_digest(snapshot)
        changed += 1
    db.session.flush()
    return changed


def _own_names(row: SnapshotRow, names: Mapping[int, str]) -> dict[str, str]:
    """Name as it was frozen → what takes its place, of the people on this line."""
    found = {}
    for member in row.data.get("members", ()):
        if member.get("person_id") in names:
            found[str(member["name"])] = names[member["person_id"]]
    coaches = row.data.get("coaches", ())
    ids = row.data.get("coach_person_ids", ())
    if len(coaches) == len(ids):
        found |= {name: names[one] for name, one in zip(coaches, ids, strict=True) if one in names}
    if row.person_id in names:
        found.setdefault(row.name, names[row.person_id])
    return {old: new for old, new in found.items() if old != new}


def _rename(row: SnapshotRow, names: Mapping[str, str]) -> None:
    before = [str(one["name"]) for one in row.data.get("members", ())]
    row.data = _with(row.data, names)
    after = [str(one["name"]) for one in row.data.get("members", ())]
    if row.people == " ".join(before):
        row.people = " ".join(after)
    row.name = "、".join(after) if before and row.name == "、".join(before) else names.get(row.name, row.name)


def _with(value: Any, names: Mapping[str, str]) -> Any:
    """The value with whole names replaced, also where several stand together (甲、乙)."""
    if isinstance(value, Mapping):
        return {key: _with(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_with(one, names) for one in value]
    if isinstance(value, str):
        return "、".join(names.get(part, part) for part in value.split("、"))
    return value


def _places(row: SnapshotRow, old: int) -> list[Path]:
    """Where the line's data mean the person: their id, or their key among the texts that rules may name."""

    def is_person(path: tuple[Any, ...], leaf: Any) -> bool:
        if "person_id" in path[-1:] or "coach_person_ids" in path[-2:]:
            return bool(leaf == old)
        return path[-1:] == ("person",) and leaf == f"p{old}"

    return [list(path) for path in _leaves(row.data, is_person)]


def _leaves(
    value: Any, wanted: Callable[[tuple[Any, ...], Any], bool], path: tuple[Any, ...] = ()
) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(one, wanted, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _leaves(one, wanted, (*path, place))
    elif wanted(path, value):
        yield path


def _write(row: SnapshotRow, paths: Iterable[Path], in_column: bool, person_id: int) -> None:
    data = copy.deepcopy(row.data)
    for path in paths:
        place: Any = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = f"p{person_id}" if isinstance(place[path[-1]], str) else person_id
    row.data = data
    if in_column:
        row.person_id = person_id


def _refuse_altered(snapshot: Snapshot) -> None:
    if stored_digest(snapshot) != snapshot.standing_digest:
        raise ListAltered(list=snapshot.id)


def _input_digest(snapshot: Snapshot) -> str:
    return read_inputs(snapshot.event, up_to_mark=snapshot.last_mark_id).digest


def _is_fresh(snapshot: Snapshot) -> bool:
    """Whether the list's input is still what it was frozen from; a list without rules to read has none."""
    return snapshot.event.rule_version is not None and _input_digest(snapshot) == snapshot.input_digest
