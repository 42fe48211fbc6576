"""From rankings to everything that is given for them: awards of each ranking, awards over all events, tables.

This is the glue between computed rankings and the pure rules of `awarding`, `tables` and `delegations`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from contest.scoring import delegations  # noqa: F401 - importing registers the table methods
from contest.scoring.awarding import Awarding, Candidate, Member, award
from contest.scoring.awarding.once import promoted_once
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.registry import SCALES
from contest.scoring.tables import Result, Table, TableSpec, tabulated

if TYPE_CHECKING:
    from contest.scoring.field import Field
    from contest.scoring.outcome import Outcome, Standing
    from contest.scoring.rules import Ranking, RuleSet

#: The pseudo-event of awards that are given over all events.
OVERALL = ""


@dataclass(frozen=True, slots=True)
class RankedField:
    """One ranking of one event: its award tables and its candidates."""

    event: str
    ranking: str
    awards: Sequence[Mapping[str, Any]]
    candidates: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class Honours:
    """What was given. awardings: (event, ranking, awarding), tables after events; tables: finished tables."""

    awardings: tuple[tuple[str, str, Awarding], ...]
    tables: tuple[Table, ...] = ()

    def awarding(self, event: str, ranking: str) -> Awarding:
        """The awards of one ranking of one event; of a table under its key and the event `OVERALL`."""
        for found_event, found_ranking, awarding in self.awardings:
            if (found_event, found_ranking) == (event, ranking):
                return awarding
        return Awarding()


def parts_needed(rules: RuleSet, ranking: Ranking) -> frozenset[str]:
    """The keys of nodes whose exact marks the award tables of a ranking ask for."""
    needed: set[str] = set()
    for table in ranking.awards:
        spec = AwardSpec.read(table)
        needed |= set(spec.needs)
        if spec.by == "score":
            needed.add(spec.params.get("on", "total"))
        if spec.by == "full_mark":
            needed |= set(spec.params.get("aspects", ())) or {aspect.key for aspect in rules.aspects()}
    for table in rules.tables:
        needed |= {*table.get("needs", {}), *table.get("then", ()), *table.get("parts", ())}
    known = {node.key for module in rules.modules for node in module.walk()}
    return frozenset(needed & known)


def candidates_of(rules: RuleSet, field: Field, standing: Standing) -> tuple[Candidate, ...]:
    """The rows of a ranking as candidates, with the text columns of the subject (a member also has its entry's)."""
    by_member = standing.ranking.subject == "member"
    maxima = {aspect.key: aspect.maximum for aspect in rules.aspects()}
    teams = _members(field) if not by_member and field.members is not None else None
    found = []
    for row in standing.bare:
        parts = {key: value for key, value in row.parts.items() if value is not None}
        found.append(
            Candidate(
                key=row.subject,
                rank=row.rank,
                total=row.total,
                status=row.status,
                parts=parts,
                full=frozenset(key for key, value in parts.items() if maxima.get(key) == value),
                attributes=_attributes(field, row.index, by_member),
                # Where nobody is listed as a member, every subject is a person and receives what members do.
                members=teams.get(row.index, ()) if teams is not None else (Member(row.subject),),
                gates=tuple(row.gates_failed),
            )
        )
    return tuple(found)


def _attributes(field: Field, index: int, by_member: bool) -> dict[str, str]:
    """Text columns of a subject. What a member has of its own comes before what its entry has."""
    if not by_member or field.members is None or field.member_entry is None:
        return {column: str(values[index]) for column, values in field.entries.texts.items()}
    entry = int(field.member_entry[index])
    found = {column: str(values[entry]) for column, values in field.entries.texts.items()}
    own = {column: str(values[index]) for column, values in field.members.texts.items()}
    return found | {column: value for column, value in own.items() if value}


def _members(field: Field) -> dict[int, tuple[Member, ...]]:
    """The members of each entry, by the entry's index."""
    if field.members is None or field.member_entry is None:
        return {}
    teams: dict[int, list[Member]] = {}
    for index, key in enumerate(field.members.keys):
        teams.setdefault(int(field.member_entry[index]), []).append(
            Member(key, _attributes(field, index, True))
        )
    return {entry: tuple(members) for entry, members in teams.items()}


def awards_for(ranking: Ranking, round_key: str = "") -> tuple[Mapping[str, Any], ...]:
    """The award tables of a ranking that are given over all rounds, or for one round."""
    return tuple(table for table in ranking.awards if AwardSpec.read(table).is_for(round_key))


def awarding_of(rules: RuleSet, field: Field, standing: Standing) -> Awarding:
    """The awards of one computed ranking, or of one round of it.

    `standing.rows` must carry the parts that `parts_needed` names.
    """
    tables = awards_for(standing.ranking, standing.round)
    return award(tables, candidates_of(rules, field, standing)) if tables else Awarding()


def ranked_fields(event: str, rules: RuleSet, field: Field, outcome: Outcome) -> list[RankedField]:
    """All rankings of a computed event as fields, and "ranking@round" for rounds that have awards of their own.

    Rankings that nothing is given for, in awards or in tables, come without candidates: making half a million
    of them for nothing would take longer than the results.
    """
    wanted = {table.get("ranking") for table in (*rules.tables, *rules.overall)}
    found = []
    for key, standing in outcome.rankings.items():
        tables = awards_for(standing.ranking)
        candidates = candidates_of(rules, field, standing) if tables or key in wanted else ()
        found.append(RankedField(event, key, tables, candidates))
    for (key, round_key), standing in outcome.rounds.items():
        tables = awards_for(standing.ranking, round_key)
        if tables:
            candidates = candidates_of(rules, field, standing)
            found.append(RankedField(event, f"{key}@{round_key}", tables, candidates))
    return found


def honours(
    fields: Sequence[RankedField],
    tables: Sequence[Mapping[str, Any]] = (),
    overall: Sequence[Mapping[str, Any]] = (),
) -> Honours:
    """Everything that is given for the rankings of one or several events.

    tables: tables over the results of all events. overall: award tables over all events, each with the
    `ranking` it draws on and the `scale` that makes totals of different events comparable.
    A person is promoted once: the highest level stands, the others are refused.
    """
    awardings = _once(fields, [award(one.awards, one.candidates) for one in fields])
    found = [(one.event, one.ranking, given) for one, given in zip(fields, awardings, strict=True)]
    for table in overall:
        found.append((OVERALL, str(table.get("ranking")), _overall(table, fields, found)))
    finished: list[Table] = []
    for table in tables:
        spec = TableSpec.read(table)
        made = tabulated(table, list(_results(spec.ranking, fields, found)))
        finished += made
        if spec.awards:
            found += [(one.event, spec.key, award(spec.awards, _lines(one))) for one in made]
    return Honours(tuple(found), tuple(finished))


Found = Sequence[tuple[str, str, Awarding]]


def _results(ranking: str, fields: Sequence[RankedField], found: Found) -> Iterator[Result]:
    for field, (_, _, awarding) in zip(fields, found, strict=False):
        if field.ranking != ranking:
            continue
        won: dict[str, dict[str, str]] = {}
        for grant in awarding.grants:
            won.setdefault(grant.subject, {})[grant.rule] = grant.award
        for one in field.candidates:
            yield Result(
                event=field.event,
                subject=one.key,
                rank=one.rank,
                total=one.total,
                status=one.status,
                parts=one.parts,
                gates=one.gates,
                awards=won.get(one.key, {}),
                attributes=one.attributes,
            )


def _lines(table: Table) -> list[Candidate]:
    """The lines of a finished table as candidates; every measure can be judged on."""
    return [
        Candidate(row.subject, row.rank, next(iter(row.measures.values()), None), parts=row.measures)
        for row in table.rows
    ]


def _overall(table: Mapping[str, Any], fields: Sequence[RankedField], found: Found) -> Awarding:
    """An award table over the subjects of all events, ranked by their totals on the scale; keys "event/subject"."""
    ranking, scale = table["ranking"], table.get("scale", "")
    rest = {name: value for name, value in table.items() if name not in ("ranking", "scale")}
    everyone: list[Candidate] = []
    before: dict[str, dict[str, str]] = {}
    for field, (_, _, awarding) in zip(fields, found, strict=False):
        if field.ranking != ranking:
            continue
        for grant in awarding.grants:
            before.setdefault(grant.rule, {})[f"{field.event}/{grant.subject}"] = grant.award
        present = [one for one in field.candidates if one.rank is not None and one.total is not None]
        totals = [one.total for one in present]
        scores = SCALES.call(scale, totals, params={}) if scale and totals else totals
        for one, score in zip(present, scores, strict=True):
            everyone.append(dataclasses.replace(one, key=f"{field.event}/{one.key}", total=score))
    return award([rest], _reranked(everyone), before)


def _reranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates with ranks 1, 2, 2, 4 by their totals, more being better."""
    ordered = sorted((one.total or Fraction(0) for one in candidates), reverse=True)
    first: dict[Fraction, int] = {}
    for place, total in enumerate(ordered, start=1):
        first.setdefault(total, place)
    return [dataclasses.replace(one, rank=first[one.total or Fraction(0)]) for one in candidates]


def _once(fields: Sequence[RankedField], awardings: Sequence[Awarding]) -> list[Awarding]:
    """Leave each person one promotion; the column `person` says who is the same in several events."""
    people = []
    for field in fields:
        known: list[Candidate | Member] = [*field.candidates]
        for candidate in field.candidates:
            known += candidate.members
        people.append({one.key: one.attributes["person"] for one in known if one.attributes.get("person")})
    return promoted_once(awardings, [field.event for field in fields], people)
