"""What a certificate is worth today: derived from itself, its title and its award's list whenever it is read."""

from __future__ import annotations

from contest.awards.models import TitleState
from contest.awards.queries import live_award_like
from contest.certificates.models import Certificate, CertificateState, Letter


def state_of(certificate: Certificate | Letter) -> CertificateState:
    """Valid, replaced, void or revoked.

    A title's paper follows the title: whoever conferred it alone takes it back. A prize's paper follows its list:
    it stays valid while the list stands, or while the list that took its place grants the same. Behind a letter stands
    nothing else: it is worth what its own row says.
    """
    if certificate.replaced_at is not None:
        return CertificateState.REPLACED
    if certificate.void_at is not None:
        return CertificateState.VOID
    if certificate.revoked_at is not None:
        return CertificateState.REVOKED
    if isinstance(certificate, Letter):
        return CertificateState.VALID
    if certificate.title is not None:
        conferred = certificate.title.state is TitleState.CONFERRED
        return CertificateState.VALID if conferred else CertificateState.REVOKED
    return CertificateState.REVOKED if live_award_like(certificate.award) is None else CertificateState.VALID


def reason_of(certificate: Certificate | Letter) -> str:
    """Why it is no longer valid, in the words that were entered; empty when it follows from the list."""
    if certificate.void_at is not None:
        return certificate.void_reason
    if certificate.revoked_at is not None:
        return certificate.revoked_reason
    if isinstance(certificate, Letter):
        return ""
    if certificate.title is not None and certificate.title.state is TitleState.REVOKED:
        return certificate.title.settled_reason
    return ""
