"""What a list is computed from as tables of text, and back: subjects, seats, marks, inputs, rulings.

Only the text columns that the rules name or the tables need leave the installation, and no name does: bodies and
people go by the keys that the scoring core knows them by, a coach by a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from contest.results.bundle import read, written
from contest.scoring.field import (
    MARK_STATES,
    STATUSES,
    Field,
    InputRow,
    Mark,
    Member,
    Ruling,
    Subject,
    field_of,
)
from contest.scoring.field import Seat as FieldSeat
from contest.scoring.field import Subjects as FieldSubjects
from contest.scoring.rules import RuleSet

BODIES = ("delegation", "organisation", "team", "person", "group")
COACH = "coach"
MARKS = ("entry", "member", "seat", "round", "aspect", "attempt", "state", "thousandths")
INPUTS = ("name", "entry", "member", "round", "attempt", "aspect", "thousandths")
RULINGS = ("number", "ranking", "kind", "subject", "place")


def columns_of(rules: RuleSet, texts: Mapping[str, Sequence[str]]) -> list[str]:
    """The text columns that a bundle carries: bodies, and those whose name stands anywhere in the rules."""
    named = set(re.findall(r"[^\W\d][\w-]*", rules.to_toml()))
    return [name for name in sorted(texts) if name in BODIES or name == COACH or name in named]


def aliases_of(field: Field) -> dict[str, str]:
    """Coaches' names → numbers, in the order of the entries."""
    found: dict[str, str] = {}
    for units in (field.entries, field.members):
        for text in units.texts.get(COACH, ()) if units is not None else ():
            for name in names_in(text):
                found.setdefault(name, f"coach-{len(found) + 1}")
    return found


def names_in(text: str) -> list[str]:
    """The coaches of an entry, as the core parts them."""
    return [name.strip() for name in text.replace("；", ";").split(";") if name.strip()]


def tables_of(rules: RuleSet, field: Field, aliases: Mapping[str, str]) -> dict[str, str]:
    """entries.csv, members.csv, seats.csv, marks.csv, inputs.csv and rulings.csv of a field."""
    owners = (
        [] if field.member_entry is None else [field.entries.keys[int(one)] for one in field.member_entry]
    )
    return {
        "entries.csv": _subjects(rules, field.entries, aliases),
        "members.csv": _subjects(rules, field.members or FieldSubjects([]), aliases, owners),
        "seats.csv": written(("seat", "kind"), [(seat.key, seat.kind) for seat in field.seats]),
        "marks.csv": written(MARKS, _marks(rules, field)),
        "inputs.csv": written(INPUTS, _inputs(rules, field)),
        "rulings.csv": written(
            RULINGS,
            [
                (number, one.ranking, one.kind, subject, place)
                for number, one in enumerate(field.rulings, 1)
                for subject, place in sorted(one.places.items(), key=lambda pair: pair[1])
            ],
        ),
    }


def _subjects(
    rules: RuleSet, units: FieldSubjects, aliases: Mapping[str, str], owners: Sequence[str] | None = None
) -> str:
    columns = columns_of(rules, units.texts)
    rows = []
    for index, key in enumerate(units.keys):
        texts = [units.text(name, index) for name in columns]
        shown = [
            ";".join(aliases.get(one, "") for one in names_in(text)) if name == COACH else text
            for name, text in zip(columns, texts, strict=True)
        ]
        status = STATUSES[int(units.codes()[index])]
        rows.append([key, *([owners[index]] if owners is not None else []), status, *shown])
    head = ["entry"] if owners is None else ["member", "entry"]
    return written([*head, "status", *columns], rows)


def _keys(units: FieldSubjects | None, index: int) -> str:
    return "" if units is None or index < 0 else str(units.keys[index])


def _marks(rules: RuleSet, field: Field) -> list[tuple[object, ...]]:
    aspects, rounds = [one.key for one in rules.aspects()], [one.key for one in rules.rounds] or [""]
    marks = field.marks
    rows = []
    for index in range(len(marks)):
        state = MARK_STATES[int(marks.state[index])] if marks.state is not None else "value"
        rows.append(
            (
                field.entries.keys[int(marks.entry[index])],
                _keys(field.members, int(marks.member[index]) if marks.member is not None else -1),
                field.seats[int(marks.seat[index])].key,
                rounds[int(marks.round[index]) if marks.round is not None else 0],
                aspects[int(marks.aspect[index])],
                int(marks.attempt[index]) + 1 if marks.attempt is not None else 1,
                state,
                int(marks.value[index]) if state == "value" else "",
            )
        )
    return rows


def _inputs(rules: RuleSet, field: Field) -> list[tuple[object, ...]]:
    aspects, rounds = [one.key for one in rules.aspects()], [one.key for one in rules.rounds]

    def at(values: Any, index: int) -> int:
        return -1 if values is None else int(values[index])

    rows = []
    for name, column in sorted(field.inputs.items()):
        for index in range(len(column.value)):
            attempt, place, held = (
                at(column.attempt, index),
                at(column.aspect, index),
                at(column.round, index),
            )
            rows.append(
                (
                    name,
                    field.entries.keys[int(column.entry[index])],
                    _keys(field.members, at(column.member, index)),
                    rounds[held] if held >= 0 and rounds else "",
                    attempt + 1 if attempt >= 0 else "",
                    aspects[place] if place >= 0 else "",
                    int(column.value[index]),
                )
            )
    return rows


def field_from(rules: RuleSet, files: Mapping[str, str]) -> Field:
    """The field again. Raises KeyError or ValueError for rows that name what is not there."""
    people: dict[str, list[Member]] = {}
    for row in read(files["members.csv"]):
        owner = row.pop("entry")
        people.setdefault(owner, []).append(Member(row.pop("member"), row.pop("status"), "", row))
    subjects = []
    for row in read(files["entries.csv"]):
        key = row.pop("entry")
        subjects.append(Subject(key, row.pop("status"), "", row, tuple(people.get(key, ()))))
    return field_of(
        rules,
        subjects,
        [_mark(row) for row in read(files["marks.csv"])],
        seats=[FieldSeat(row["seat"], row["kind"]) for row in read(files["seats.csv"])],
        inputs=[_input(row) for row in read(files["inputs.csv"])],
        rulings=_rulings(files["rulings.csv"]),
    )


def _mark(row: Mapping[str, str]) -> Mark:
    return Mark(
        row["entry"],
        row["seat"],
        row["aspect"],
        int(row["thousandths"]) if row["thousandths"] else None,
        row["state"],
        row["member"],
        row["round"],
        int(row["attempt"]),
    )


def _input(row: Mapping[str, str]) -> InputRow:
    attempt = int(row["attempt"]) if row["attempt"] else None
    return InputRow(
        row["name"],
        row["entry"],
        int(row["thousandths"]),
        row["member"],
        row["round"],
        attempt,
        row["aspect"],
    )


def _rulings(text: str) -> list[Ruling]:
    found: dict[str, tuple[str, str, dict[str, int]]] = {}
    for row in read(text):
        found.setdefault(row["number"], (row["ranking"], row["kind"], {}))[2][row["subject"]] = int(
            row["place"]
        )
    return [Ruling(ranking, kind, places) for ranking, kind, places in found.values()]
