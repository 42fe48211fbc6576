"""A person's certificates and letters, with what each is worth today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.awards.models import Award
from contest.certificates import states
from contest.certificates.models import Certificate, CertificateState, Letter, Recipient
from contest.db import db
from contest.entries.models import Member
from contest.events.models import Edition
from contest.results.models import Publication


@dataclass(frozen=True)
class PaperLine:
    """A certificate or letter and what it is worth today; `label`: for what it was given."""

    certificate: Certificate | Letter
    edition: Edition
    state: CertificateState
    label: str
    label_en: str


def papers_of(person_id: int, ids: Collection[int], *, is_own: bool) -> list[PaperLine]:
    """Certificates of the person and their teams, then letters; those under embargo or not made yet are left out.

    ids: the entries that the reader may see. is_own: the person reads; letters of no entry are told to them alone.
    """
    members = sa.select(Member.entry_id).where(Member.person_id == person_id, Member.left_at.is_(None))
    rows = db.session.scalars(
        sa.select(Certificate)
        .join(Award, Certificate.award_id == Award.id)
        .join(Publication, Award.publication_id == Publication.id)
        .where(
            Certificate.file_id.is_not(None),
            Publication.is_embargoed.is_(False),
            Certificate.entry_id.in_(ids),
            sa.or_(
                Certificate.person_id == person_id,
                sa.and_(Certificate.person_id.is_(None), Certificate.entry_id.in_(members)),
            ),
        )
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .options(joinedload(Certificate.edition))
    )
    found = [
        PaperLine(one, one.edition, states.state_of(one), one.award.label, one.award.label_en) for one in rows
    ]
    return found + _letters(person_id, ids, is_own)


def _letters(person_id: int, ids: Collection[int], is_own: bool) -> list[PaperLine]:
    letters = db.session.scalars(
        sa.select(Letter)
        .where(
            Letter.person_id == person_id,
            Letter.file_id.is_not(None),
            sa.or_(
                Letter.entry_id.in_(ids),
                sa.and_(sa.true() if is_own else sa.false(), Letter.entry_id.is_(None)),
            ),
        )
        .order_by(Letter.issued_at.desc(), Letter.id.desc())
        .options(joinedload(Letter.recipient).joinedload(Recipient.roll))
    )
    return [
        PaperLine(one, one.edition, states.state_of(one), one.recipient.role or one.recipient.roll.name, "")
        for one in letters
    ]
