"""Electronic signatures on archival copies (PAdES baseline B), and what a PDF in hand is worth.

The issuer's key is a PKCS#12 file that was handed over (`signer.p12`), or one made here under an authority of the
installation's own. Both lie in the instance's `signing/` folder, mode 0600, and are in no backup.
"""

from __future__ import annotations

import io
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from contest.errors import Invalid, Refused

AUTHORITY_LIFE = timedelta(days=15 * 365)
SIGNER_LIFE = timedelta(days=3 * 365)
PASSWORD = "CONTEST_SIGNING_PASSWORD"  # noqa: S105 - the name of the variable


class KeysExist(Refused):
    """Keys are made once: papers signed with the old ones would no longer be trusted."""

    code = "signing_keys_exist"


class KeyUnusable(Invalid):
    """The PKCS#12 file or its password is wrong."""

    code = "signing_key_unusable"


@dataclass(frozen=True)
class Keys:
    """Where the issuer's key and certificates lie."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The certificate that checkers trust; hand it out."""
        return self.folder / "authority.crt"

    @property
    def given(self) -> Path:
        """A key that was handed over."""
        return self.folder / "signer.p12"

    @property
    def own(self) -> Path:
        """Certificate and key made here, both in one file."""
        return self.folder / "signer.pem"

    @property
    def exist(self) -> bool:
        """Whether archival copies can be signed."""
        return self.given.is_file() or self.own.is_file()


def keys_of(instance: Path) -> Keys:
    """The signing folder of an instance."""
    return Keys(instance / "signing")


def make_keys(keys: Keys, *, name: str, at: datetime) -> None:
    """An authority of the issuer's own and a signer under it (EC P-256). Raises KeysExist."""
    if keys.exist or keys.authority.exists():
        raise KeysExist(folder=str(keys.folder))
    keys.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, signer_name = _named(f"{name} CA"), _named(name)
    root = _certificate(
        root_name, root_name, root_key.public_key(), root_key, at, AUTHORITY_LIFE, authority=True
    )
    leaf = _certificate(signer_name, root_name, key.public_key(), root_key, at, SIGNER_LIFE, authority=False)
    pem = serialization.Encoding.PEM
    private = {
        "encoding": pem,
        "format": serialization.PrivateFormat.PKCS8,
        "encryption_algorithm": serialization.NoEncryption(),
    }
    _write(keys.folder / "authority.key", root_key.private_bytes(**private))
    _write(keys.own, key.private_bytes(**private) + leaf.public_bytes(pem))
    _write(keys.authority, root.public_bytes(pem))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: Any, key: Any, at: datetime, life: timedelta, *, authority: bool
) -> x509.Certificate:  # fmt: skip
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    usage |= {"key_cert_sign": True} if authority else {"digital_signature": True, "content_commitment": True}
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + life)
        .add_extension(
            x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True
        )
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def signer_of(keys: Keys, *, password: str = "") -> Any:
    """The signer of this installation, or None without keys. Raises KeyUnusable."""
    from pyhanko.sign import signers

    if keys.given.is_file():
        made = signers.SimpleSigner.load_pkcs12(str(keys.given), passphrase=password.encode() or None)
        if made is None:
            raise KeyUnusable(file=str(keys.given), variable=PASSWORD)
        return made
    if not keys.own.is_file():
        return None
    made = signers.SimpleSigner.load(str(keys.own), str(keys.own), ca_chain_files=[str(keys.authority)])
    if made is None:
        raise KeyUnusable(file=str(keys.own), variable=PASSWORD)
    return made


def signed(content: bytes, signer: Any, *, reason: str) -> bytes:
    """A PDF with the issuer's signature over all of it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    meta = signers.PdfSignatureMetadata(
        field_name="Issuer", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    return bytes(signers.PdfSigner(meta, signer).sign_pdf(writer).getvalue())


@dataclass(frozen=True)
class Finding:
    """What a PDF's signature says: by whom, whether nothing was changed, whether the signer is trusted here."""

    by: str
    signed_at: datetime | None
    is_intact: bool
    is_trusted: bool
    is_whole: bool  # the signature covers the whole file; otherwise something was added after it


def findings(content: bytes, authorities: list[Path]) -> list[Finding]:
    """Each signature of a PDF; empty when it has none. Raises KeyUnusable for what is no PDF."""
    from asn1crypto import pem
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    # The library logs a traceback for every signer it does not know; that is an answer here, not a failure.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    roots = [asn1.Certificate.load(pem.unarmor(one.read_bytes())[2]) for one in authorities if one.is_file()]
    found = []
    try:
        for signature in PdfFileReader(io.BytesIO(content)).embedded_signatures:
            context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=_moment(signature))
            status = validate_pdf_signature(signature, context)
            by = status.signing_cert.subject.native.get("common_name", "")
            found.append(
                Finding(
                    by, status.signer_reported_dt, status.intact and status.valid, bool(roots) and status.trusted,
                    status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
                )
            )  # fmt: skip
    except (PdfReadError, SignatureValidationError, ValueError) as error:
        raise NotReadable(detail=str(error)[:200]) from error
    return found


def _moment(signature: Any) -> datetime:
    """When the signer says to have signed: a certificate that has run out since was good then."""
    return signature.self_reported_timestamp or datetime.now(UTC)


class NotReadable(Invalid):
    """The file is no PDF, or its signature is damaged."""

    code = "pdf_not_readable"
