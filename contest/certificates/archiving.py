"""Archival copies of issued papers, and the examination of a PDF that somebody brings."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from contest.certificates import designs, making, rendering, sealing, states
from contest.certificates.models import Certificate, CertificateState
from contest.certificates.refusals import AwardGone, NotReady
from contest.db import db
from contest.files import StoredFile


def copy_of(certificate: Certificate, instance: Path) -> bytes:
    """A valid certificate as PDF/A-3b, signed with the issuer's key where there is one.

    It says the same as the paper, drawn anew. Raises NotReady, AwardGone (no longer valid), KeyUnusable.
    """
    if certificate.file_id is None:
        raise NotReady(number=certificate.number)
    if states.state_of(certificate) is not CertificateState.VALID:
        raise AwardGone(number=certificate.number)
    key, wording, demo = making.kind_of(certificate)
    content = rendering.plain(
        designs.load(key).with_texts(dict(wording)), making.record_of(certificate), demo=demo,
        made_at=certificate.issued_at, is_archival=True,
    )  # fmt: skip
    signer = _signer(instance)
    return content if signer is None else sealing.signed(content, signer, reason=certificate.number)


def can_sign(instance: Path) -> bool:
    """Whether archival copies carry a signature here."""
    return sealing.keys_of(instance).exist


def _signer(instance: Path) -> Any:
    keys = sealing.keys_of(instance)
    file = keys.given if keys.given.is_file() else keys.own
    return _loaded(instance, file.stat().st_mtime_ns) if keys.exist else None


@lru_cache(maxsize=2)
def _loaded(instance: Path, changed: int) -> Any:
    return sealing.signer_of(sealing.keys_of(instance), password=os.environ.get(sealing.PASSWORD, ""))


@dataclass(frozen=True)
class Examined:
    """What a PDF in hand is worth: the certificate whose stored bytes it is, if any, and its signatures."""

    certificate: Certificate | None
    state: CertificateState | None
    signatures: tuple[sealing.Finding, ...]

    @property
    def is_genuine(self) -> bool:
        """Exactly the bytes that were issued and still valid, or signed by a trusted issuer and unchanged since."""
        issued = self.state is CertificateState.VALID
        return issued or any(one.is_intact and one.is_trusted and one.is_whole for one in self.signatures)


def examined(content: bytes, instance: Path) -> Examined:
    """Look a PDF up by its digest and check its signatures. Raises NotReadable for what is no PDF."""
    found = tuple(sealing.findings(content, [sealing.keys_of(instance).authority]))
    row = db.session.scalars(
        sa.select(Certificate)
        .join(StoredFile, Certificate.file_id == StoredFile.id)
        .where(StoredFile.digest == hashlib.sha256(content).hexdigest())
    ).first()
    return Examined(row, None if row is None else states.state_of(row), found)
