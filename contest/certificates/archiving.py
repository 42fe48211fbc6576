"""Archival copies of issued papers, and the examination of a PDF that somebody brings."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from contest.certificates import designs, making, open_badges, rendering, sealing, states
from contest.certificates.models import Certificate, CertificateState, Letter
from contest.certificates.refusals import AwardGone, NotReady
from contest.db import db
from contest.errors import Missing
from contest.files import StoredFile


def copy_of(certificate: Certificate | Letter, instance: Path) -> bytes:
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


def badge_of(paper: Certificate | Letter, instance: Path, *, base_url: str) -> bytes:
    """A valid paper as an Open Badges credential. Raises NotReady, AwardGone, KeyUnusable, Missing without a key."""
    keys = sealing.keys_of(instance)
    key = open_badges.key_of(keys, password=os.environ.get(sealing.PASSWORD, ""))
    if key is None:
        raise Missing()
    return open_badges.signed(open_badges.credential_of(paper, base_url=base_url), key).encode()


@dataclass(frozen=True)
class Examined:
    """What a PDF in hand is worth: the certificate whose stored bytes it is, if any, and its signatures."""

    certificate: Certificate | Letter | None
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
    digest = hashlib.sha256(content).hexdigest()
    row = _with_bytes(Certificate, digest) or _with_bytes(Letter, digest)
    return Examined(row, None if row is None else states.state_of(row), found)


def _with_bytes(register: Any, digest: str) -> Any:
    """The paper of a register whose stored bytes have this digest; None for none."""
    statement = sa.select(register).join(StoredFile, register.file_id == StoredFile.id)
    return db.session.scalars(statement.where(StoredFile.digest == digest)).first()
