"""A paper as an Open Badges 3.0 credential: a signed token (VC-JWT) that a holder's wallet or another system can check.

Source: 1EdTech, Open Badges Specification 3.0, sections 8.2 (JSON Web Token proof format) and B.1 (data model);
RFC 7515 for the token. It carries what the paper says and nothing more, and names the verify page as its evidence,
because a token in somebody's hand cannot be called back: what it is worth today stands there.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import pkcs12

from contest.certificates import states
from contest.certificates.models import Certificate, CertificateState, Letter
from contest.certificates.refusals import AwardGone, NotReady
from contest.certificates.sealing import PASSWORD, Keys, KeyUnusable

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
P256_BYTES = 32


@dataclass(frozen=True)
class IssuerKey:
    """The issuer's private key with its certificates, the signer's first."""

    private: Any
    chain: tuple[x509.Certificate, ...]


def key_of(keys: Keys, *, password: str = "") -> IssuerKey | None:
    """The key that signs archival copies too; None without one. Raises KeyUnusable: damaged, or of another kind than
    P-256 and RSA."""
    file = keys.given if keys.given.is_file() else keys.own
    if not keys.exist:
        return None
    try:
        if file == keys.given:
            private, leaf, more = pkcs12.load_key_and_certificates(
                file.read_bytes(), password.encode() or None
            )
            chain = tuple(one for one in (leaf, *more) if one is not None)
        else:
            private = serialization.load_pem_private_key(file.read_bytes(), None)
            chain = tuple(x509.load_pem_x509_certificates(file.read_bytes() + keys.authority.read_bytes()))
        _algorithm(private.public_key() if private else None)
    except (ValueError, TypeError, OSError) as error:
        raise KeyUnusable(file=str(file), variable=PASSWORD) from error
    return IssuerKey(private, chain)


def credential_of(paper: Certificate | Letter, *, base_url: str) -> dict[str, Any]:
    """The credential of a valid paper. Raises NotReady, AwardGone."""
    if paper.file_id is None:
        raise NotReady(number=paper.number)
    if states.state_of(paper) is not CertificateState.VALID:
        raise AwardGone(number=paper.number)
    values = paper.fields["values"]
    achieved = values.get("prize") or values.get("role") or paper.fields.get("title", "")
    page = paper.fields["url"]
    instant = paper.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    holder = paper.edition.contest.holder
    return {
        "@context": CONTEXT,
        "id": page,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achieved,
        "issuer": {"id": base_url, "type": ["Profile"], "name": holder.name},
        "validFrom": instant,
        "awardedDate": instant,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject", "hashed": False, "identityHash": paper.name, "identityType": "name",
                }
            ],
            "licenseNumber": paper.number,
            "achievement": {
                "id": f"{page}#achievement",
                "type": ["Achievement"],
                "name": achieved,
                "description": f"{values['edition']} {values['event']}".strip(),
                "criteria": {"narrative": values.get("basis") or f"{values['edition']} {values['event']} {achieved}"},
            },
        },
        "evidence": [{"id": page, "type": ["Evidence"], "name": "Verify page"}],
    }  # fmt: skip


def signed(credential: dict[str, Any], key: IssuerKey) -> str:
    """The credential as a compact token: ES256 or RS256, with the public key and its certificates in the header."""
    algorithm = _algorithm(key.private.public_key())
    der = serialization.Encoding.DER
    header = {
        "alg": algorithm, "typ": "JWT", "jwk": _jwk(key.private.public_key()),
        "x5c": [base64.b64encode(one.public_bytes(der)).decode() for one in key.chain],
    }  # fmt: skip
    claims = {
        **credential, "iss": credential["issuer"]["id"], "jti": credential["id"],
        "sub": credential["credentialSubject"]["licenseNumber"], "nbf": _seconds(credential["validFrom"]),
    }  # fmt: skip
    body = f"{_packed(header)}.{_packed(claims)}"
    if algorithm == "ES256":
        r, s = utils.decode_dss_signature(key.private.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        raw = r.to_bytes(P256_BYTES, "big") + s.to_bytes(P256_BYTES, "big")
    else:
        raw = key.private.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{body}.{_text(raw)}"


@dataclass(frozen=True)
class Badge:
    """What a token in hand says: its claims, whether nothing was changed, and whether the signer is trusted here."""

    claims: dict[str, Any]
    by: str
    is_intact: bool
    is_trusted: bool


def examined(token: str, authorities: list[Path]) -> Badge:
    """Check a token against the certificate in its header, and that against the authorities. Raises ValueError for what
    is no such token."""
    head, body, signature = token.strip().split(".")
    header, claims = json.loads(_bytes(head)), json.loads(_bytes(body))
    chain = [x509.load_der_x509_certificate(base64.b64decode(one)) for one in header["x5c"]]
    roots = [x509.load_pem_x509_certificate(one.read_bytes()) for one in authorities if one.is_file()]
    by = chain[0].subject.rfc4514_string()
    intact = _is_signature(chain[0].public_key(), header["alg"], f"{head}.{body}".encode(), _bytes(signature))
    moment = datetime.fromtimestamp(claims["nbf"], UTC)
    # A certificate that has run out since was good when it signed.
    was_valid = chain[0].not_valid_before_utc <= moment <= chain[0].not_valid_after_utc
    return Badge(claims, by, intact, was_valid and any(_issued(root, chain) for root in roots))


def _is_signature(public: Any, algorithm: str, content: bytes, raw: bytes) -> bool:
    # The algorithm follows from the key, never from the token alone: "none" and mixed-up kinds are refused.
    if algorithm != _algorithm(public):
        return False
    try:
        if algorithm == "RS256":
            public.verify(raw, content, padding.PKCS1v15(), hashes.SHA256())
        else:
            r, s = raw[:P256_BYTES], raw[P256_BYTES:]
            encoded = utils.encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
            public.verify(encoded, content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return len(raw) == 2 * P256_BYTES or algorithm == "RS256"


def _issued(root: x509.Certificate, chain: list[x509.Certificate]) -> bool:
    """Whether an authority signed the signer's certificate, or is it."""
    if chain[0] == root:
        return True
    try:
        chain[0].verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _algorithm(public: Any) -> str:
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
        return "RS256"
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return "ES256"
    raise ValueError("a key of another kind than P-256 and RSA of 2048 bits")


def _jwk(public: Any) -> dict[str, str]:
    numbers = public.public_numbers()
    if isinstance(public, rsa.RSAPublicKey):
        n = numbers.n.to_bytes(-(-public.key_size // 8), "big")
        return {"kty": "RSA", "n": _text(n), "e": _text(numbers.e.to_bytes(3, "big"))}
    x, y = (value.to_bytes(P256_BYTES, "big") for value in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": _text(x), "y": _text(y)}


def _seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp())


def _packed(value: dict[str, Any]) -> str:
    return _text(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
