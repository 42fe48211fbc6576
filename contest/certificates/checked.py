"""What anybody with a paper in hand may learn of it: the answer of the verify page, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from contest import personal
from contest.certificates import states
from contest.certificates.models import Certificate, CertificateState, Letter
from contest.certificates.numbers import typed_code
from contest.db import db


@dataclass(frozen=True)
class Checked:
    """What anybody with the paper in hand may learn of it, and nothing more."""

    state: CertificateState
    masked_name: str
    award: str
    award_en: str
    dated: str
    is_demo: bool
    kind: str  # of layout: prize, title, appointment, participation, …


def checked(code: str) -> Checked | None:
    """The paper behind a verify code as the public may see it; None for an unknown code."""
    row = _with_code(Certificate, code) or _with_code(Letter, code)
    if row is None:
        return None
    values = row.fields["values"]
    # A body's name is public; a person's is masked, each member of a pair by itself.
    is_body = row.fields.get("holder") == "body"
    name = row.name if is_body else "、".join(map(personal.mask_name, row.name.split("、")))
    if isinstance(row, Letter):
        award, award_en = values["role"], ""
    else:
        award, award_en = row.award.label, row.award.label_en
    return Checked(
        states.state_of(row), name, award, award_en, values["date"], bool(row.fields.get("demo")),
        row.fields.get("kind", "prize"),
    )  # fmt: skip


def _with_code(register: type[Certificate] | type[Letter], code: str) -> Certificate | Letter | None:
    return db.session.scalars(
        sa.select(register).where(register.verify_code == typed_code(code), register.file_id.is_not(None))
    ).first()
