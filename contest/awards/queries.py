"""Reading prizes, titles and decisions, authorised in the query."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.access import Actor, scope_filter
from contest.awards.models import Award, AwardKind, Decision, EarlierHolder, Title, TitleState, Verdict
from contest.db import db
from contest.entries.models import Person
from contest.errors import Missing
from contest.events.models import Contest, Edition, Event
from contest.events.queries import EDITION_SCOPE, EVENT_SCOPE, select_up
from contest.results.models import ListState, Publication, Snapshot

ACT = "awards.manage"
CONFIRMED = (ListState.CONFIRMED, ListState.PUBLIC_NOTICE, ListState.FINAL, ListState.ARCHIVED)
FINAL = (ListState.FINAL, ListState.ARCHIVED)


def _publications(actor: Actor) -> sa.Select[Publication]:
    return (
        select_up(sa.select(Publication).join(Event, Publication.event_id == Event.id))
        .where(scope_filter(actor, ACT, EVENT_SCOPE))
        .options(joinedload(Publication.event), joinedload(Publication.snapshot).selectinload(Snapshot.rows))
    )


def publications_for(actor: Actor, edition_id: int) -> list[Publication]:
    """Live lists of an edition over all rounds, by event and ranking: what awards may be drawn from."""
    return list(
        db.session.scalars(
            _publications(actor)
            .where(
                Edition.id == edition_id,
                Publication.round_id.is_(None),
                Publication.superseded_at.is_(None),
                Publication.withdrawn_at.is_(None),
            )
            .order_by(Event.position, Event.id, Publication.ranking_key)
        )
    )


def publication_for(actor: Actor, publication_id: int) -> Publication:
    """A list whose awards the actor may manage. Raises Missing."""
    row = db.session.scalars(_publications(actor).where(Publication.id == publication_id)).first()
    if row is None:
        raise Missing()
    return row


def awards_of(publication_id: int, *, kinds: Collection[AwardKind] | None = None) -> list[Award]:
    """Everything decided from one list, in the order of the list; grants, refusals and questions."""
    statement = (
        sa.select(Award).where(Award.publication_id == publication_id).order_by(Award.position, Award.id)
    )
    if kinds is not None:
        statement = statement.where(Award.kind.in_(list(kinds)))
    return list(db.session.scalars(statement))


def award_for(actor: Actor, award_id: int) -> Award:
    """One award. Raises Missing."""
    statement = select_up(
        sa.select(Award)
        .join(Publication, Award.publication_id == Publication.id)
        .join(Event, Publication.event_id == Event.id)
    )
    row = db.session.scalars(
        statement.where(Award.id == award_id, scope_filter(actor, ACT, EVENT_SCOPE))
    ).first()
    if row is None:
        raise Missing()
    return row


def counts_of(publication_ids: Iterable[int]) -> dict[tuple[int, AwardKind, Verdict], int]:
    """How many verdicts of each kind each list has."""
    rows = db.session.execute(
        sa.select(Award.publication_id, Award.kind, Award.verdict, sa.func.count())
        .where(Award.publication_id.in_(list(publication_ids)))
        .group_by(Award.publication_id, Award.kind, Award.verdict)
    )
    return {(publication, kind, verdict): count for publication, kind, verdict, count in rows}


def _titles(actor: Actor) -> sa.Select[Title]:
    return (
        select_up(
            sa.select(Title)
            .join(Award, Title.award_id == Award.id)
            .join(Publication, Award.publication_id == Publication.id)
            .join(Event, Publication.event_id == Event.id)
        )
        .where(scope_filter(actor, ACT, EVENT_SCOPE))
        .options(
            joinedload(Title.award).joinedload(Award.publication).joinedload(Publication.event),
            joinedload(Title.decision),
        )
    )


def register(
    actor: Actor, *, edition_id: int | None = None, text: str = "", state: TitleState | None = None
) -> list[Title]:
    """Titles the actor may manage, newest first; `text` is sought in name, unit, title and document number."""
    statement = _titles(actor).outerjoin(Decision, Title.decision_id == Decision.id)
    if edition_id is not None:
        statement = statement.where(Edition.id == edition_id)
    if state is not None:
        statement = statement.where(Title.state == state)
    if text.strip():
        columns = (Title.name, Title.unit, Title.label, Decision.document_number)
        statement = statement.where(
            sa.or_(*(column.icontains(text.strip(), autoescape=True) for column in columns))
        )
    return list(
        db.session.scalars(
            statement.order_by(Edition.year.desc(), Edition.id.desc(), Title.position, Title.id)
        )
    )


def title_for(actor: Actor, title_id: int) -> Title:
    """One title. Raises Missing."""
    row = db.session.scalars(_titles(actor).where(Title.id == title_id)).first()
    if row is None:
        raise Missing()
    return row


def waiting_titles(actor: Actor, edition_id: int, *, with_drafted: bool = False) -> list[Title]:
    """Proposed or submitted titles of an edition whose list still stands and that no decision holds.

    with_drafted: those in a draft too.
    """
    statement = _titles(actor).where(
        Edition.id == edition_id,
        sa.true() if with_drafted else Title.decision_id.is_(None),
        Title.state.in_([TitleState.PROPOSED, TitleState.SUBMITTED]),
        Publication.superseded_at.is_(None),
        Publication.withdrawn_at.is_(None),
    )
    return list(db.session.scalars(statement.order_by(Event.position, Event.id, Title.position, Title.id)))


def _decisions(actor: Actor) -> sa.Select[Decision]:
    return (
        sa.select(Decision)
        .join(Edition, Decision.edition_id == Edition.id)
        .join(Contest, Edition.contest_id == Contest.id)
        .where(scope_filter(actor, ACT, EDITION_SCOPE))
        .options(
            selectinload(Decision.titles)
            .joinedload(Title.award)
            .joinedload(Award.publication)
            .joinedload(Publication.event)
        )
    )


def decisions_for(actor: Actor, edition_id: int) -> list[Decision]:
    """Decisions of an edition, oldest first."""
    return list(
        db.session.scalars(_decisions(actor).where(Decision.edition_id == edition_id).order_by(Decision.id))
    )


def decision_for(actor: Actor, decision_id: int) -> Decision:
    """One decision with its people. Raises Missing."""
    row = db.session.scalars(_decisions(actor).where(Decision.id == decision_id)).first()
    if row is None:
        raise Missing()
    return row


def edition_of(decision: Decision) -> Edition:
    """The edition a decision belongs to."""
    return db.session.get_one(Edition, decision.edition_id)


def earlier_holders(holder_id: int) -> list[EarlierHolder]:
    """The uploaded list of a holder, by title and name."""
    return list(
        db.session.scalars(
            sa.select(EarlierHolder)
            .where(EarlierHolder.holder_id == holder_id)
            .order_by(EarlierHolder.title_key, EarlierHolder.year, EarlierHolder.name, EarlierHolder.id)
        )
    )


def holders_of_title(holder_id: int, title_key: str, people: Collection[int]) -> set[int]:
    """Those of the people who hold the title already: by the register, or by the uploaded list."""
    if not people:
        return set()
    conferred = sa.select(Title.person_id).where(
        Title.holder_id == holder_id,
        Title.key == title_key,
        Title.state == TitleState.CONFERRED,
        Title.person_id.in_(people),
    )
    # Somebody merged from two rows has two documents: either may stand on the list.
    who = sa.func.coalesce(Person.merged_into_id, Person.id)
    uploaded = (
        sa.select(who)
        .join(EarlierHolder, EarlierHolder.id_digest == Person.id_digest)
        .where(who.in_(people), EarlierHolder.holder_id == holder_id, EarlierHolder.title_key == title_key)
    )
    return {one for one in db.session.scalars(conferred) if one} | set(db.session.scalars(uploaded))


def people_of_edition_on_list(edition_id: int, holder_id: int) -> list[tuple[Person, EarlierHolder]]:
    """People entered in an edition who stand on the list of earlier holders."""
    from contest.entries.models import Entry, Member

    statement = (
        select_up(
            sa.select(Person, EarlierHolder)
            .join(Member, Member.person_id == Person.id)
            .join(Entry, Member.entry_id == Entry.id)
            .join(Event, Entry.event_id == Event.id)
        )
        .join(
            EarlierHolder,
            sa.and_(EarlierHolder.id_digest == Person.id_digest, EarlierHolder.holder_id == holder_id),
        )
        .where(Edition.id == edition_id, Member.left_at.is_(None))
        .order_by(Person.name_sort, Person.id)
    )
    return [(person, earlier) for person, earlier in db.session.execute(statement).unique()]


def live_award_like(award: Award) -> Award | None:
    """The award itself while its list stands; else the same grant on the list that took its place; else None."""
    publication = award.publication
    if publication.is_live and publication.state in CONFIRMED:
        return award if award.is_granted else None
    statement = (
        sa.select(Award)
        .join(Publication, Award.publication_id == Publication.id)
        .where(
            Publication.event_id == publication.event_id,
            Publication.ranking_key == publication.ranking_key,
            Publication.round_id.is_(None)
            if publication.round_id is None
            else Publication.round_id == publication.round_id,
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
            Publication.state.in_(CONFIRMED),
            Award.rule == award.rule,
            Award.key == award.key,
            Award.recipient == award.recipient,
            Award.verdict == Verdict.GRANTED,
        )
    )
    return db.session.scalars(statement).first()
