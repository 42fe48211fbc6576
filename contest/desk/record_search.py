"""Looking people up for their records, and judges who may be one of them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest import audit, personal
from contest.accounts.access import Actor, scope_filter
from contest.accounts.models import Account
from contest.db import db
from contest.desk.record import ACT, JudgingLine
from contest.desk.record_models import JudgeRecord
from contest.entries import queries as entries
from contest.entries.models import Entry, Member, Organisation, Person
from contest.errors import Missing
from contest.events.models import Contest, Edition
from contest.judging.models import Judge


def people_for(actor: Actor, text: str, *, limit: int = 100) -> list[Person]:
    """People the actor may look up, by a part of the name, pinyin, unit or a whole document number.

    Empty without anything to look for: a list of everybody is nobody's need.
    """
    wanted = text.strip()
    if not wanted:
        return []
    own = entries.entries_select(actor, ACT).order_by(None).with_only_columns(Entry.id)
    units = sa.select(Organisation.id).where(Organisation.name.icontains(wanted, autoescape=True))
    found = (
        sa.select(Member.person_id)
        .join(Entry, Member.entry_id == Entry.id)
        .join(Person, Member.person_id == Person.id)
        .where(
            Entry.id.in_(own),
            sa.or_(
                Person.name.icontains(wanted, autoescape=True),
                Person.name_sort.istartswith(wanted, autoescape=True),
                Person.id_digest == personal.digest(wanted),
                Member.organisation_id.in_(units),
                Entry.organisation_id.in_(units),
            ),
        )
    )
    statement = (
        sa.select(Person).where(Person.id.in_(found)).order_by(Person.name_sort, Person.id).limit(limit)
    )
    return list(db.session.scalars(statement))


def judges_like(actor: Actor, person: Person) -> list[JudgingLine]:
    """Judges of the holder's contests with the person's name who are nobody's record yet, where the actor manages."""
    taken = sa.select(JudgeRecord.judge_id)
    statement = (
        sa.select(Judge, Edition)
        .join(Edition, Judge.edition_id == Edition.id)
        .join(Contest, Edition.contest_id == Contest.id)
        .join(Account, Judge.account_id == Account.id)
        .where(
            Contest.holder_id == person.holder_id,
            Judge.name == person.name,
            Judge.id.not_in(taken),
            Account.person_id.is_(None),
            scope_filter(actor, "records.manage", {"holder": Contest.holder_id, "contest": Contest.id}),
        )
        .order_by(Edition.year.desc(), Judge.id)
    )
    return [JudgingLine(judge, edition) for judge, edition in db.session.execute(statement)]


def link_judge(person: Person, judge_id: int, *, actor: Actor, at: datetime) -> None:
    """Say that a judge is this person. Raises Missing for a judge that `judges_like` does not offer."""
    line = next((one for one in judges_like(actor, person) if one.judge.id == judge_id), None)
    if line is None:
        raise Missing()
    db.session.add(
        JudgeRecord(judge_id=judge_id, person_id=person.id, linked_at=at, linked_by=actor.account_id)
    )
    db.session.flush()
    audit.record(
        actor, "judge.linked", person, contest_id=line.edition.contest_id, changes={"judge": [None, judge_id]}, at=at
    )  # fmt: skip
