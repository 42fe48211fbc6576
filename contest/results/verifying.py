"""Recomputing a list from its bundle and telling the first difference. No database, no application."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contest.results.bundle import altered, read, unpacked, written
from contest.results.bundle_fields import field_from
from contest.results.grants import exact_text
from contest.scoring.awarding import Awarding, Grant, award
from contest.scoring.compute import compute
from contest.scoring.field import Field
from contest.scoring.honours import OVERALL, RankedField, candidates_of, honours
from contest.scoring.outcome import Outcome
from contest.scoring.problems import RulesError
from contest.scoring.rules import RuleSet

TABLE = "table:"
LINES = ("position", "subject", "rank", "total", "total_exact", "status", "decided_by", "awards")
COMPARED = LINES[2:]


@dataclass(frozen=True)
class Verdict:
    """What came out: `same`, `altered` (a file is not the one of the manifest), `differs` or `draw` with the first
    difference in `text`. lines: how many lines were computed."""

    code: str
    text: str = ""
    lines: int = 0

    @property
    def is_same(self) -> bool:
        return self.code == "same"


def verify(content: bytes) -> tuple[dict[str, Any], Verdict]:
    """(manifest, verdict) of a bundle. Raises BundleError for what is none."""
    manifest, files = unpacked(content)
    changed = altered(manifest, files)
    if changed:
        return manifest, Verdict("altered", f"{changed[0]} is not the file whose digest the manifest holds")
    try:
        rules = RuleSet.from_toml(files["rules.toml"])
        lines = recomputed(rules, files, str(manifest["ranking"]), str(manifest["round"]))
    except (RulesError, KeyError, ValueError) as error:
        return manifest, Verdict("differs", f"the files contradict each other: {error}")
    told = read(files["list.csv"])
    found = difference(told, lines)
    if found:
        return manifest, Verdict("differs", found, len(lines))
    drawn = redrawn(files["draws.json"])
    return manifest, Verdict("draw", drawn, len(lines)) if drawn else Verdict("same", "", len(told))


def recomputed(
    rules: RuleSet, files: Mapping[str, str], ranking: str, round_key: str
) -> list[dict[str, str]]:
    """The lines of a list as they follow from the bundle's tables; `position` is left empty, equals share a rank."""
    field = field_from(rules, files)
    outcome = compute(rules, field)
    if ranking.startswith(TABLE):
        return _table(rules, field, outcome, ranking.removeprefix(TABLE))
    standing = outcome.rounds[ranking, round_key] if round_key else outcome.rankings[ranking]
    spec = rules.ranking(ranking)
    awarding = award(spec.awards, candidates_of(rules, field, standing)) if spec.awards else Awarding()
    given = grants_text(awarding)
    return [
        {
            "subject": row.subject,
            "rank": row.shown_rank,
            "total": row.shown,
            "total_exact": exact_text(row.total),
            "status": row.status,
            "decided_by": row.decided_by,
            "awards": given.get(row.subject, ""),
        }
        for row in standing.rows
    ]


def _table(rules: RuleSet, field: Field, outcome: Outcome, key: str) -> list[dict[str, str]]:
    document = next(one for one in rules.tables if str(one["key"]) == key)
    fields = [
        RankedField("", one.key, one.awards, candidates_of(rules, field, outcome.rankings[one.key]))
        for one in rules.rankings
    ]
    made = honours(fields, [document])
    given = grants_text(made.awarding(OVERALL, key))
    table = made.tables[0]
    main = next(iter(table.columns), "")
    return [
        {
            "subject": row.subject,
            "rank": "" if row.rank is None else str(row.rank),
            "total": "",
            "total_exact": exact_text(row.measures.get(main)),
            "status": "present",
            "decided_by": row.decided_by,
            "awards": given.get(row.subject, ""),
        }
        for row in table.rows
    ]


def grants_text(awarding: Awarding) -> dict[str, str]:
    """Subject → what it earned, as `list.csv` has it."""
    found: dict[str, list[Grant]] = {}
    for grant in awarding.grants:
        found.setdefault(grant.subject, []).append(grant)
    return {
        subject: awards_text((one.rule, one.award, one.recipient) for one in grants)
        for subject, grants in found.items()
    }


def awards_text(grants: Iterable[tuple[str, str, str]]) -> str:
    """(rule, award, recipient) of each grant as one cell, sorted."""
    return ";".join(sorted(f"{rule}/{award_key}>{recipient}" for rule, award_key, recipient in grants))


def difference(told: Sequence[Mapping[str, str]], lines: Sequence[Mapping[str, str]]) -> str:
    """The first difference in the order of the list; empty if there is none."""
    made = {line["subject"]: line for line in lines}
    for row in told:
        line = made.pop(row["subject"], None)
        if line is None:
            return f"line {row['position']}: {row['subject']} is on the list and was not computed"
        for name in COMPARED:
            if row[name] != line[name] and not (name == "total" and not line[name]):
                said, found = row[name] or "nothing", line[name] or "nothing"
                return f"line {row['position']}, {row['subject']}, {name}: the list says {said}, computed is {found}"
    return f"{next(iter(made))} was computed and is not on the list" if made else ""


def redrawn(text: str) -> str:
    """The first draw by seed that does not repeat (see docs/bundle.md); empty if all do."""
    for number, draw in enumerate(json.loads(text), 1):
        if draw["method"] != "seed" or not draw["seed"]:
            continue
        if hashlib.sha256(draw["seed"].encode()).hexdigest() != draw["commitment"]:
            return f"draw {number}: the seed is not the one that was committed to"
        numbers = [place["number"] for place in draw["places"]]
        start = f"{draw['seed']}:{draw['public_value']}:"
        again = sorted(numbers, key=lambda one: (hashlib.sha256((start + one).encode()).hexdigest(), one))
        if again != numbers:
            return f"draw {number}: the seed gives another order"
    return ""


def list_text(rows: Iterable[tuple[int, str, str, str, str, str, str, str]]) -> str:
    """list.csv from its lines in order of place."""
    return written(LINES, rows)
