"""Conditions beside the place: eligibility, pass gates, prior holders, what was won before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contest.scoring.awarding.amounts import exact
from contest.scoring.awarding.lineup import Candidate
from contest.scoring.awarding.marks import mark_of
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.verdicts import Reason

#: What earlier rules gave: rule → ranked subject → award.
Given = Mapping[str, Mapping[str, str]]

_YES = ("yes", "是")


@dataclass(frozen=True, slots=True)
class Objection:
    """A condition that a person does not meet, and whether it asks instead of refusing."""

    condition: str
    reason: Reason
    asks: bool = False


def objection(
    spec: AwardSpec, entry: Candidate, person: Candidate, given: Given, place: int
) -> Objection | None:
    """The first condition that `person` (a member of `entry`, or the entry itself) does not meet.

    place: the place of the entry among all who are ranked, 0 if it is not ranked.
    """
    if not (spec.has_conditions or person.gates):
        return None
    return next(_conditions(spec, entry, person, given, place), None)


def _conditions(
    spec: AwardSpec, entry: Candidate, person: Candidate, given: Given, place: int
) -> Iterator[Objection]:
    yield from _only(spec, person)
    if spec.within and place > spec.within:
        yield Objection("within", Reason("beyond_within", {"place": place, "last": spec.within}))
    yield from _unless(spec, person)
    yield from _holders(spec, person)
    yield from _gates(spec, person)
    yield from _needs(spec, person)
    yield from _requires(spec, entry, given)
    yield from _after(spec, entry, given)


def _only(spec: AwardSpec, person: Candidate) -> Iterator[Objection]:
    for column, values in spec.only.items():
        value = person.attributes.get(column, "")
        if value not in values:
            yield Objection("only", Reason("not_eligible", {"attribute": column, "value": value}))


def _unless(spec: AwardSpec, person: Candidate) -> Iterator[Objection]:
    for column, values in spec.unless.items():
        value = person.attributes.get(column, "")
        if value in values:
            yield Objection("unless", Reason("barred", {"attribute": column, "value": value}))


def _holders(spec: AwardSpec, person: Candidate) -> Iterator[Objection]:
    if not spec.holders:
        return
    column = spec.holders["attribute"]
    if person.attributes.get(column) in spec.holders.get("values", _YES):
        policy = spec.holders["policy"]
        reason = Reason(f"holder_{policy}", {"attribute": column})
        yield Objection("holders", reason, asks=policy == "bar")


def _gates(spec: AwardSpec, person: Candidate) -> Iterator[Objection]:
    if spec.gates == "refuse":
        for gate in person.gates:
            yield Objection("gates", Reason("gate_failed", {"part": gate}))


def _needs(spec: AwardSpec, person: Candidate) -> Iterator[Objection]:
    for part, written in spec.needs.items():
        mark, line = mark_of(person, part), exact(written)
        if mark is None:
            yield Objection("needs", Reason("part_missing", {"part": part}))
        elif mark < line:
            yield Objection("needs", Reason("below_line", {"part": part, "mark": mark, "line": line}))


def _requires(spec: AwardSpec, entry: Candidate, given: Given) -> Iterator[Objection]:
    for rule, awards in spec.requires.items():
        won = given.get(rule, {}).get(entry.key)
        if won is None or (awards and won not in awards):
            reason = Reason("requirement_missing", {"rule": rule, "awards": tuple(awards)})
            yield Objection("requires", reason)


def _after(spec: AwardSpec, entry: Candidate, given: Given) -> Iterator[Objection]:
    for rule in spec.after:
        won = given.get(rule, {}).get(entry.key)
        if won is not None:
            yield Objection("after", Reason("has_already", {"rule": rule, "award": won}))
