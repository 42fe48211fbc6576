"""From the award tables of a ranking and its candidates to grants, refusals and questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contest.scoring.awarding.bands import size_fits
from contest.scoring.awarding.conditions import Given, Objection, objection
from contest.scoring.awarding.lineup import Candidate, Contender, Lineup, counted, placed
from contest.scoring.awarding.quotas import share_of
from contest.scoring.awarding.rulings import Ruling
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.verdicts import (
    Awarding,
    Grant,
    Parameter,
    Question,
    QuotaShare,
    Reason,
    Refusal,
)
from contest.scoring.registry import AWARD_RULES


@dataclass(frozen=True, slots=True)
class Person:
    """Who may receive an award, and the ranked entry that earns it; both are the same unless members do."""

    candidate: Candidate
    entry: Candidate
    objection: Objection | None = None


@dataclass(slots=True)
class Ledger:
    """Verdicts as they are reached; nothing is ever taken out again."""

    grants: list[Grant] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    quotas: list[QuotaShare] = field(default_factory=list)


def award(
    tables: Sequence[Mapping[str, Any]], candidates: Sequence[Candidate], before: Given | None = None
) -> Awarding:
    """Apply award tables in turn to one ranking.

    before: what other rankings gave already, as rule → ranked subject → award, for `requires` and `after`.

    Each candidate (or member) has, for each table, exactly one grant or refusal, or stands in a question.
    Later tables see what earlier ones gave. The order of the candidates makes no difference.
    """
    given: dict[str, Mapping[str, str]] = dict(before or {})
    ledger = Ledger()
    ordered = sorted(candidates, key=lambda one: one.key)
    places = {
        one.candidate.key: one.place for one in placed([one for one in ordered if one.rank is not None])
    }
    for table in tables:
        spec = AwardSpec.read(table)
        start = len(ledger.grants)
        for group in _groups(spec, ordered):
            _decide(spec, group, given, places, ledger)
        granted = ledger.grants[start:]
        given[spec.key] = {grant.subject: grant.award for grant in granted}
        ledger.quotas += _quotas(spec, granted, ordered)
    return Awarding(
        tuple(ledger.grants), tuple(ledger.refusals), tuple(ledger.questions), tuple(ledger.quotas)
    )


def _groups(spec: AwardSpec, candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates, apart by the values of the column that the table names."""
    if not spec.apart:
        return [list(candidates)]
    groups: dict[str, list[Candidate]] = {}
    for one in candidates:
        groups.setdefault(one.attributes.get(spec.apart, ""), []).append(one)
    return [groups[value] for value in sorted(groups)]


def _decide(
    spec: AwardSpec,
    candidates: Sequence[Candidate],
    given: Given,
    places: Mapping[str, int],
    ledger: Ledger,
) -> None:
    people = [
        Person(candidate, entry, objection(spec, entry, candidate, given, places.get(entry.key, 0)))
        for entry in candidates
        for candidate in _people(spec, entry)
    ]
    running: dict[str, list[Person]] = {}
    for person in people:
        if person.entry.rank is None or _is_out(spec, person):
            ledger.refusals.append(_outside(spec, person))
        else:
            running.setdefault(person.entry.key, []).append(person)
    for key, reason in _over_limit(spec, running).items():
        passed_over = running.pop(key)
        ledger.refusals += [Refusal(spec.key, key, person.candidate.key, reason) for person in passed_over]
    contenders = placed([entry for entry in candidates if entry.key in running])
    # Members are lined up by the place of their entry, so that both of a pair share it.
    line = [(person, one) for one in contenders for person in running[one.candidate.key]]
    eligible = {person.entry.key for person in people if not _is_barred_by(person, "only")}
    sizes = counted(candidates, eligible)
    lineup = Lineup(tuple(_as_contender(person, one) for person, one in line), sizes)
    rulings = _rulings(spec, lineup)
    for (person, one), ruling in zip(line, rulings, strict=True):
        _enter(spec, person, one, ruling, ledger)


def _over_limit(spec: AwardSpec, running: Mapping[str, list[Person]]) -> dict[str, Reason]:
    """Entries beyond the number that may compete for each value of a column. Everyone tied at the line may.

    Only who could receive the award counts, so that someone below a pass line does not use up the number.
    """
    if not spec.limit:
        return {}
    column, number = spec.limit["attribute"], spec.limit["number"]
    groups: dict[str, list[Candidate]] = {}
    for people in running.values():
        value = people[0].entry.attributes.get(column, "")
        if value and any(person.objection is None for person in people):
            groups.setdefault(value, []).append(people[0].entry)
    return {
        one.candidate.key: Reason("limit_reached", {"attribute": column, "value": value, "number": number})
        for value, entries in sorted(groups.items())
        for one in placed(entries)
        if one.place > number
    }


def _people(spec: AwardSpec, entry: Candidate) -> Iterator[Candidate]:
    """The possible recipients of an entry: its members if they receive it, else the entry itself."""
    if spec.to != "members" or not entry.members:
        yield entry
        return
    for member in entry.members:
        yield replace(entry, key=member.key, attributes={**entry.attributes, **member.attributes})


def _as_contender(person: Person, one: Contender) -> Contender:
    """The contender with a member in the place of its entry."""
    return one if person.candidate is person.entry else replace(one, candidate=person.candidate)


def _is_out(spec: AwardSpec, person: Person) -> bool:
    """Whether a person is out of the running, so that the place passes down."""
    return person.objection is not None and spec.passes_down(person.objection.condition)


def _is_barred_by(person: Person, condition: str) -> bool:
    return person.objection is not None and person.objection.condition == condition


def _outside(spec: AwardSpec, person: Person) -> Refusal:
    """The refusal of someone who holds no place: not ranked, or passed over by a condition."""
    reason = Reason("not_ranked", {"status": person.entry.status})
    if person.entry.rank is not None and person.objection is not None:
        reason = person.objection.reason
    return Refusal(spec.key, person.entry.key, person.candidate.key, reason)


def _rulings(spec: AwardSpec, lineup: Lineup) -> list[Ruling]:
    """The rulings of the rule itself, after the size of the field has had its say."""
    rulings: list[Ruling] = AWARD_RULES.call(spec.by, lineup, params=spec.params)
    if not spec.field:
        return rulings
    size = lineup.size(spec.field_of)
    params: dict[str, Parameter] = {"size": size, "base": spec.field_of}
    row = next((row for row in spec.field if size_fits(row, size)), None)
    if row is None:
        return [Ruling(None, Reason("field_undefined", params), asks=True) for _ in rulings]
    if row.get("void"):
        return [Ruling(None, Reason("field_void", params)) for _ in rulings]
    if "awards" not in row:
        return rulings
    return [
        Ruling(None, Reason("field_too_small", {"award": one.award, **params}))
        if one.award and one.award not in row["awards"]
        else one
        for one in rulings
    ]


def _enter(spec: AwardSpec, person: Person, one: Contender, ruling: Ruling, ledger: Ledger) -> None:
    """Enter the verdict on one person: a condition that is not met comes before the ruling of the rule.

    A condition that asks does so only where there would have been something to receive.
    """
    entry, key = person.entry.key, person.candidate.key
    met = person.objection
    if met is not None and not (met.asks and (ruling.award or ruling.asks)):
        ledger.refusals.append(Refusal(spec.key, entry, key, met.reason, ruling.award))
    elif met is not None or ruling.asks:
        _ask(spec, met.reason if met else ruling.reason, key, ledger)
    elif ruling.award is None:
        ledger.refusals.append(Refusal(spec.key, entry, key, ruling.reason))
    else:
        _grant(spec, person, one, ruling, ledger)


def _ask(spec: AwardSpec, reason: Reason, subject: str, ledger: Ledger) -> None:
    """Ask about one more subject; consecutive questions with the same reason are one."""
    last = ledger.questions[-1] if ledger.questions else None
    if last is not None and (last.rule, last.reason) == (spec.key, reason):
        ledger.questions[-1] = replace(last, subjects=(*last.subjects, subject))
    else:
        ledger.questions.append(Question(spec.key, reason, (subject,)))


def _grant(spec: AwardSpec, person: Person, one: Contender, ruling: Ruling, ledger: Ledger) -> None:
    """Enter a grant for everyone who receives it: the person, or those whom a column names."""
    if spec.to == "members" and not person.entry.members:
        _ask(spec, Reason("members_unknown"), person.candidate.key, ledger)
        return
    recipients = [person.candidate.key]
    if spec.to not in ("subject", "members"):
        written = person.candidate.attributes.get(spec.to, "").replace("；", ";")
        recipients = [name.strip() for name in written.split(";") if name.strip()]
    if not recipients:
        _ask(spec, Reason("recipient_unknown", {"attribute": spec.to}), person.candidate.key, ledger)
    for recipient in recipients:
        ledger.grants.append(
            Grant(
                rule=spec.key,
                award=str(ruling.award),
                subject=person.entry.key,
                recipient=recipient,
                reason=ruling.reason,
                place=one.place,
                kind="promotion" if spec.by == "promotion" else spec.kind,
            )
        )


def _quotas(spec: AwardSpec, granted: Sequence[Grant], candidates: Sequence[Candidate]) -> list[QuotaShare]:
    """The shares that a table asks for, over everyone to whom it granted something."""
    if not spec.quotas:
        return []
    attributes = {person.key: person.attributes for one in candidates for person in _people(spec, one)}
    people = [attributes.get(grant.recipient, {}) for grant in granted]
    return [share_of(spec.key, quota, people) for quota in spec.quotas]
