"""WorldSkills Shizuoka 2007: 740 entries of 47 skills on the 500 scale with their medals, and the members' table.

Entries and medals: records of 2007 in a public file of WorldSkills results (WSC-Results.xml in
ho0527/websitepublic). Members: FE News, "How well did our team do …", https://fenews.co.uk/?p=4956.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CASE = Path(__file__).parents[1] / "cases/worldskills2007"
MEDALS = {"": None, "medallion_for_excellence": "medallion"}


@dataclass(frozen=True)
class Row:
    skill: str
    kind: str
    member: str
    score: int
    medal: str | None


def _read(name: str) -> list[dict[str, str]]:
    with (CASE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def rows() -> tuple[Row, ...]:
    medals = {row["entry"]: MEDALS.get(row["medal"], row["medal"]) for row in _read("expected.csv")}
    return tuple(
        Row(row["skill_no"], row["kind"], row["member"], int(row["score_500"]), medals[row["entry"]])
        for row in _read("input.csv")
    )


@cache
def skills() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.skill for row in rows()))


def skill(number: str) -> list[Row]:
    return [row for row in rows() if row.skill == number]


def members() -> list[dict[str, str]]:
    return _read("expected_members.csv")
