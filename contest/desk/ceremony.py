"""The award ceremony: who comes on stage, in which batch, in what order, and what must be ordered for it.

Only granted prizes of lists that are confirmed stand on it. A batch is a prize of one ranking; the lowest comes first,
as on stage. Nothing here is computed anew: names, units and places are those of the frozen list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.awards import queries as awards
from contest.awards.models import Award, AwardKind
from contest.db import db
from contest.desk.models import CeremonyBatch
from contest.errors import Invalid
from contest.events.models import Edition
from contest.results import service as results
from contest.results.models import Publication

TEXT = 120  # characters of a presenter or note


@dataclass(frozen=True)
class Batch:
    """One batch on stage. `key` names it in a form; `awards` in the order of the list."""

    publication: Publication
    award_key: str
    label: str
    label_en: str
    awards: tuple[Award, ...]
    position: int
    presenter: str
    note: str

    @property
    def key(self) -> str:
        return f"{self.publication.id}:{self.award_key}"


@dataclass(frozen=True)
class Wanted:
    """What was typed for a batch."""

    position: int
    presenter: str
    note: str


def batches_of(actor: Actor, edition_id: int, *, at: datetime) -> list[Batch]:
    """The batches in the order of the stage. Reading a list that is under embargo is logged."""
    publications = [
        one for one in awards.publications_for(actor, edition_id) if one.state in awards.CONFIRMED
    ]
    kept = {
        (row.event_id, row.ranking_key, row.award_key): row
        for row in db.session.scalars(sa.select(CeremonyBatch).where(CeremonyBatch.edition_id == edition_id))
    }
    found: list[Batch] = []
    log_readings(publications, "ceremony", actor=actor, at=at)
    for publication in publications:
        for granted in _by_prize(publication):
            first = granted[0]
            row = kept.get((publication.event_id, publication.ranking_key, first.key))
            found.append(
                Batch(
                    publication,
                    first.key,
                    first.label,
                    first.label_en or first.label,
                    tuple(granted),
                    row.position if row else 10 * (len(found) + 1),
                    row.presenter if row else "",
                    row.note if row else "",
                )
            )
    return sorted(found, key=lambda batch: batch.position)


def log_readings(publications: Iterable[Publication], door: str, *, actor: Actor, at: datetime) -> None:
    """Put on record that lists under embargo were read; each by name of the door."""
    for publication in publications:
        if publication.is_embargoed:
            results.log_reading(publication=publication, door=door, actor=actor, at=at)


def _by_prize(publication: Publication) -> list[list[Award]]:
    """Granted prizes of a list by prize, the one whose best place is lowest first: third prize before first prize."""
    groups: dict[str, list[Award]] = {}
    for award in awards.awards_of(publication.id, kinds=[AwardKind.PRIZE]):
        if award.is_granted:
            groups.setdefault(award.key, []).append(award)
    return sorted(groups.values(), key=lambda group: -min(award.position for award in group))


def arrange(edition: Edition, wanted: dict[str, Wanted], *, actor: Actor, at: datetime) -> None:
    """Keep order, presenters and notes of the batches of an edition. Raises Invalid("ceremony_text_long")."""
    present = {batch.key: batch for batch in batches_of(actor, edition.id, at=at)}
    kept = {
        (row.event_id, row.ranking_key, row.award_key): row
        for row in db.session.scalars(sa.select(CeremonyBatch).where(CeremonyBatch.edition_id == edition.id))
    }
    for key, typed in wanted.items():
        if key not in present:
            continue
        if max(len(typed.presenter), len(typed.note)) > TEXT:
            raise Invalid("ceremony_text_long", length=TEXT)
        publication, award_key = present[key].publication, present[key].award_key
        place = (publication.event_id, publication.ranking_key, award_key)
        row = kept.get(place)
        if row is None:
            row = CeremonyBatch(
                edition_id=edition.id, event_id=place[0], ranking_key=place[1], award_key=place[2], position=0
            )
            db.session.add(row)
        row.position, row.presenter, row.note = typed.position, typed.presenter.strip(), typed.note.strip()
    db.session.flush()
    audit.record(actor, "ceremony.arranged", edition, contest_id=edition.contest_id, at=at)


@dataclass(frozen=True)
class Order:
    """What one prize of one ranking needs: ties included, because they are counted from the people themselves."""

    batch: Batch
    medals: int  # one for everybody who gets the prize; a team's is for each member
    certificates: int  # one a recipient
    is_tied: bool  # two recipients share a place, so there are more than the prize has places


def orders_of(batches: Iterable[Batch]) -> list[Order]:
    """Medals and certificates to be ordered, batch by batch."""
    found = []
    for batch in batches:
        members = {row.subject_id: _people(row.data) for row in batch.publication.snapshot.rows}
        medals = sum(
            1 if award.recipient.startswith("m") else members.get(award.subject_id, 1)
            for award in batch.awards
        )
        ranks = [award.rank for award in batch.awards if award.rank]
        found.append(Order(batch, medals, len(batch.awards), len(set(ranks)) < len(ranks)))
    return found


@dataclass(frozen=True)
class Need:
    """What is ordered of one prize over all its batches: those counted, and the reserve on top, rounded up."""

    label: str
    label_en: str
    medals: int
    certificates: int
    is_tied: bool
    percent: int

    @property
    def medal_reserve(self) -> int:
        return -(-self.medals * self.percent // 100)

    @property
    def certificate_reserve(self) -> int:
        return -(-self.certificates * self.percent // 100)

    @property
    def all_medals(self) -> int:
        return self.medals + self.medal_reserve

    @property
    def all_certificates(self) -> int:
        return self.certificates + self.certificate_reserve


def needs_of(orders: Iterable[Order], *, percent: int) -> list[Need]:
    """What the workshop and the printer are told: gold medals of all events together, then silver, and so on."""
    by_label: dict[str, list[Order]] = {}
    for order in orders:
        by_label.setdefault(order.batch.label, []).append(order)
    return [
        Need(
            label,
            own[0].batch.label_en,
            sum(order.medals for order in own),
            sum(order.certificates for order in own),
            any(order.is_tied for order in own),
            percent,
        )
        for label, own in by_label.items()
    ]


SLIDE = 8  # names of a slide that are revealed one by one
CROWD = 16  # names of a slide in two columns, shown together


@dataclass(frozen=True)
class Slide:
    """One picture of the screen: names of a batch that fit on it, the last place first."""

    batch: Batch
    awards: tuple[Award, ...]
    number: int
    slides: int
    is_crowd: bool


def slides_of(batches: Iterable[Batch]) -> list[Slide]:
    """The slides of all batches; a batch of more than SLIDE names is shown in crowds, as many slides as it needs."""
    found = []
    for batch in batches:
        names = tuple(reversed(batch.awards))
        is_crowd = len(names) > SLIDE
        size = CROWD if is_crowd else SLIDE
        parts = [names[start : start + size] for start in range(0, len(names), size)]
        found += [Slide(batch, part, number, len(parts), is_crowd) for number, part in enumerate(parts, 1)]
    return found


def _people(data: dict[str, object]) -> int:
    members = data.get("members")
    return max(1, len(members)) if isinstance(members, Sequence) else 1
