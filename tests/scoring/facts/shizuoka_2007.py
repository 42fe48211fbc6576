"""WorldSkills Shizuoka 2007: 740 entries of 47 skills on the 500 scale with their medals, and the members' table.

Entries and medals: records of 2007 in a public file of WorldSkills results (WSC-Results.xml in
ho0527/websitepublic). Members: FE News, "How well did our team do …", https://fenews.co.uk/?p=4956.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    skill: str
    kind: str
    member: str
    score: int
    medal: str | None


@cache
def rows() -> tuple[Row, ...]:
    with (HERE / "shizuoka_2007.csv").open(encoding="utf-8") as file:
        return tuple(
            Row(row["skill"], row["kind"], row["member"], int(row["score_500"]), row["medal"] or None)
            for row in csv.DictReader(file)
        )


@cache
def skills() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.skill for row in rows()))


def skill(number: str) -> list[Row]:
    return [row for row in rows() if row.skill == number]


def members() -> list[dict[str, str]]:
    with (HERE / "shizuoka_2007_members.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
