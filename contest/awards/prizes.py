"""Prizes and proposed titles, drawn from the frozen rows of a published list and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.awards import queries
from contest.awards.candidates import candidate_of, key_of, people_of, recipient_of, with_holders
from contest.awards.models import Award, AwardKind, Title, TitleState, Verdict
from contest.awards.refusals import ListNotLive, ListNotReady, QuestionSettled, ReasonNeeded
from contest.db import db
from contest.results.models import Publication, SnapshotRow
from contest.results.settings import releasing_states
from contest.scoring.awarding import Awarding
from contest.scoring.awarding import award as decide
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.verdicts import Reason
from contest.scoring.awarding.wording import award_title
from contest.scoring.rules import RuleSet

KIND_OF = {
    "prize": AwardKind.PRIZE,
    "medal": AwardKind.PRIZE,
    "title": AwardKind.TITLE,
    "promotion": AwardKind.PROMOTION,
    "penalty": AwardKind.PENALTY,
}
BY_LIST = (AwardKind.PRIZE, AwardKind.PROMOTION, AwardKind.PENALTY)


def draw_up(publication: Publication, *, actor: Actor, at: datetime) -> list[Award]:
    """Write the prizes of a confirmed list, as its frozen rows state them; a second call changes nothing.

    Raises ListNotLive, ListNotReady.
    """
    _ready(publication, releasing_states(_edition_id(publication), "prize"))
    there = queries.awards_of(publication.id, kinds=BY_LIST)
    if there:
        return there
    made = []
    for row in publication.snapshot.rows:
        for verdict, one in [
            *((Verdict.GRANTED, one) for one in row.data.get("grants", [])),
            *((Verdict.REFUSED, one) for one in row.data.get("refusals", [])),
        ]:
            kind = KIND_OF[one.get("kind") or _kinds(publication).get(one["rule"], "prize")]
            if kind is not AwardKind.TITLE:
                made.append(_listed(publication, row, one, kind, verdict, at))
    db.session.add_all(made)
    db.session.flush()
    granted = sum(1 for one in made if one.is_granted)
    audit.record(
        actor,
        "awards.drawn",
        publication,
        contest_id=_contest_id(publication),
        changes={"granted": [0, granted]},
        at=at,
    )
    return made


def propose_titles(publication: Publication, *, actor: Actor, at: datetime) -> list[Title]:
    """Decide the titles of a final list by its rules, prior holders considered, and write them as proposed.

    What the rules leave open is written as a question (`Verdict.ASKED`) for `settle`. A second call changes nothing.
    Proposals from a list that this one superseded are refused with that reason, because no paper may follow from it.
    Raises ListNotLive, ListNotReady.
    """
    _ready(publication, releasing_states(_edition_id(publication), "title"))
    there = queries.awards_of(publication.id, kinds=[AwardKind.TITLE])
    if there:
        return _titles_of(there)
    _drop_stale(publication, actor=actor, at=at)
    tables = tables_of(publication)
    specs = {spec.key: spec for spec in map(AwardSpec.read, tables) if spec.kind == "title"}
    if not specs:
        return []
    rows = {key_of(row): row for row in publication.snapshot.rows}
    verdicts = _verdicts(decide(tables, _candidates(publication, tables, specs.values())), rows)
    made = [
        _decided(publication, rows[subject], specs[rule], verdict, key, recipient, reason, at)
        for verdict, rule, key, subject, recipient, reason in verdicts
        if rule in specs and subject in rows
    ]
    db.session.add_all(made)
    db.session.flush()
    titles = [_title(publication, one, at) for one in made if one.is_granted]
    db.session.add_all(titles)
    db.session.flush()
    audit.record(
        actor,
        "titles.proposed",
        publication,
        contest_id=_contest_id(publication),
        changes={"proposed": [0, len(titles)]},
        at=at,
    )
    return titles


def _verdicts(
    awarding: Awarding, rows: Mapping[str, SnapshotRow]
) -> Iterator[tuple[Verdict, str, str, str, str, Reason]]:
    """(verdict, rule, award, key of the ranked row, recipient, reason) for everything that was decided or left open."""
    for grant in awarding.grants:
        yield Verdict.GRANTED, grant.rule, grant.award, grant.subject, grant.recipient, grant.reason
    for refusal in awarding.refusals:
        yield (
            Verdict.REFUSED,
            refusal.rule,
            refusal.award or "",
            refusal.subject,
            refusal.recipient,
            refusal.reason,
        )
    owners = {one.key: key for key, row in rows.items() for one in candidate_of(row).members}
    for question in awarding.questions:
        for subject in question.subjects:
            owner = subject if subject in rows else owners.get(subject, subject)
            yield Verdict.ASKED, question.rule, "", owner, subject, question.reason


def settle(award: Award, *, grant: bool, key: str, reason: str, actor: Actor, at: datetime) -> Title | None:
    """Settle what the rules left open, with the organiser's reason. Returns the title proposed by a grant.

    key: the award of the rule that is granted, e.g. technical_expert. Raises QuestionSettled, ReasonNeeded, ListNotLive.
    """
    if award.verdict is not Verdict.ASKED:
        raise QuestionSettled()
    if not reason.strip():
        raise ReasonNeeded()
    _ready(award.publication, releasing_states(_edition_id(award.publication), "title"))
    award.settled_note = reason.strip()
    award.verdict = Verdict.GRANTED if grant else Verdict.REFUSED
    title = None
    if grant:
        spec = next(
            spec for spec in map(AwardSpec.read, tables_of(award.publication)) if spec.key == award.rule
        )
        award.key, award.label, award.label_en = (
            key,
            award_title(spec, key, "zh"),
            award_title(spec, key, "en"),
        )
        title = _title(award.publication, award, at)
        db.session.add(title)
    db.session.flush()
    audit.record(
        actor, "awards.settled", award, contest_id=_contest_id(award.publication),
        changes={"verdict": ["asked", award.verdict.value], "key": ["", award.key]}, reason=reason.strip(), at=at,
    )  # fmt: skip
    return title


def tables_of(publication: Publication) -> Sequence[Mapping[str, Any]]:
    """The award tables of a list's ranking, from the rule version that the list froze."""
    rules = RuleSet.from_dict(publication.snapshot.rule_version.document)
    return next((one.awards for one in rules.rankings if one.key == publication.ranking_key), ())


def awards_open_to(award: Award) -> list[tuple[str, str, str]]:
    """(key, Chinese, English) of what the award's rule can give: the choices for settling a question."""
    spec = next(
        (one for one in map(AwardSpec.read, tables_of(award.publication)) if one.key == award.rule), None
    )
    if spec is None:
        return []
    keys = dict.fromkeys(str(band["award"]) for band in spec.params.get("bands", ()) if band.get("award"))
    return [(key, award_title(spec, key, "zh"), award_title(spec, key, "en")) for key in keys]


def title_keys(publications: Sequence[Publication]) -> dict[str, str]:
    """Title key → its Chinese name, over the rules of several lists."""
    found: dict[str, str] = {}
    for publication in publications:
        for spec in map(AwardSpec.read, tables_of(publication)):
            if spec.kind == "title":
                for band in spec.params.get("bands", ()):
                    found.setdefault(str(band["award"]), award_title(spec, str(band["award"]), "zh"))
    return found


def _edition_id(publication: Publication) -> int:
    return publication.event.sub_contest.edition_id


def _ready(publication: Publication, states: Sequence[Any]) -> None:
    # Held until the commit, so that two people drawing from one list come after each other.
    db.session.execute(sa.select(Publication.id).where(Publication.id == publication.id).with_for_update())
    if not publication.is_live:
        raise ListNotLive()
    if publication.state not in states:
        raise ListNotReady(needed=states[0].value, state=publication.state.value)


def _kinds(publication: Publication) -> dict[str, str]:
    return {spec.key: spec.kind for spec in map(AwardSpec.read, tables_of(publication))}


def _candidates(publication: Publication, tables: Sequence[Mapping[str, Any]], specs: Any) -> list[Any]:
    rows, holder_id = publication.snapshot.rows, _holder_id(publication)
    people = people_of(rows)
    holders: set[int] = set()
    for spec in specs:
        for band in spec.params.get("bands", ()):
            holders |= queries.holders_of_title(holder_id, str(band.get("award")), set(people.values()))
    return [with_holders(candidate_of(row), people, holders, tables) for row in rows]


def _listed(
    publication: Publication,
    row: SnapshotRow,
    one: Mapping[str, Any],
    kind: AwardKind,
    verdict: Verdict,
    at: datetime,
) -> Award:
    who = recipient_of(row, one.get("recipient") or key_of(row))
    return Award(
        publication_id=publication.id, kind=kind, rule=one["rule"], key=one.get("award") or "",
        label=one.get("label") or one.get("award") or "", label_en=one.get("label_en") or "",
        subject_kind=row.subject_kind, subject_id=row.subject_id, recipient=who.key, entry_id=row.entry_id,
        person_id=who.person_id, name=who.name, unit=who.unit, rank=row.rank, verdict=verdict,
        reason=dict(one.get("reason") or {}), position=row.position, made_at=at,
    )  # fmt: skip


def _decided(
    publication: Publication, row: SnapshotRow, spec: AwardSpec, verdict: Verdict, key: str, recipient: str,
    reason: Reason, at: datetime,
) -> Award:  # fmt: skip
    who = recipient_of(row, recipient)
    return Award(
        publication_id=publication.id, kind=AwardKind.TITLE, rule=spec.key, key=key,
        label=award_title(spec, key, "zh") if key else spec.title_zh,
        label_en=award_title(spec, key, "en") if key else spec.title_en,
        subject_kind=row.subject_kind, subject_id=row.subject_id, recipient=who.key, entry_id=row.entry_id,
        person_id=who.person_id, name=who.name, unit=who.unit, rank=row.rank, verdict=verdict,
        reason={"code": reason.code, "params": {name: _plain(value) for name, value in reason.params.items()}},
        position=row.position, made_at=at,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _title(publication: Publication, award: Award, at: datetime) -> Title:
    return Title(
        holder_id=_holder_id(publication), award_id=award.id, person_id=award.person_id, name=award.name,
        unit=award.unit, key=award.key, label=award.label, label_en=award.label_en, position=award.position,
        state=TitleState.PROPOSED, proposed_at=at,
    )  # fmt: skip


def _titles_of(awards: Sequence[Award]) -> list[Title]:
    ids = [one.id for one in awards]
    return list(
        db.session.scalars(sa.select(Title).where(Title.award_id.in_(ids)).order_by(Title.position, Title.id))
    )


def _drop_stale(publication: Publication, *, actor: Actor, at: datetime) -> None:
    stale = db.session.scalars(
        sa.select(Title)
        .join(Award, Title.award_id == Award.id)
        .join(Publication, Award.publication_id == Publication.id)
        .where(
            Publication.event_id == publication.event_id,
            Publication.ranking_key == publication.ranking_key,
            Publication.id != publication.id,
            Title.state.in_([TitleState.PROPOSED, TitleState.SUBMITTED]),
        )
    )
    for title in stale:
        before = title.state.value
        title.state, title.settled_at, title.decision_id = TitleState.REFUSED, at, None
        title.settled_reason = "list_superseded"
        audit.record(
            actor, "title.refused", title, contest_id=_contest_id(publication),
            changes={"state": [before, "refused"]}, reason="list_superseded", at=at,
        )  # fmt: skip


def _contest_id(publication: Publication) -> int:
    return publication.event.sub_contest.edition.contest_id


def _holder_id(publication: Publication) -> int:
    return publication.event.sub_contest.edition.contest.holder_id
