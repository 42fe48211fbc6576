"""The hall's own certificates: an authority that can speak for private addresses only, and one certificate of the server.

Both keys lie in the instance's `hall/` folder, mode 0600. The authority is name-constrained (RFC 5280, 4.2.1.10), so a
tablet that trusts it trusts it for the hall's network and for nothing else.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PRIVATE = tuple(
    ipaddress.ip_network(one)
    for one in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10",
        "::1/128",
    )
)  # fmt: skip
NAMES = ("local", "localhost")
AUTHORITY_LIFE = timedelta(days=5 * 365)
LEAF_LIFE = timedelta(days=397)  # browsers refuse more than 398
RENEW_BEFORE = timedelta(days=30)
BEHIND = timedelta(days=2)  # tablets whose clock is slow must not find the certificate too young


@dataclass(frozen=True)
class HallFiles:
    """Where the hall's keys and certificates lie."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.crt"

    @property
    def authority_key(self) -> Path:
        return self.folder / "authority.key"

    @property
    def leaf(self) -> Path:
        return self.folder / "server.crt"

    @property
    def leaf_key(self) -> Path:
        return self.folder / "server.key"


def is_private(address: Address) -> bool:
    """Whether the hall's authority may speak for an address."""
    return any(address in network for network in PRIVATE)


def present_addresses() -> list[Address]:
    """Every address of this machine, loopback left out, IPv4 first; read from the kernel's tables."""
    found: set[Address] = set()
    trie, last = Path("/proc/net/fib_trie"), ""
    for line in trie.read_text().splitlines() if trie.exists() else []:
        if "/32 host LOCAL" in line and last:
            found.add(ipaddress.ip_address(last))
        last = line.rpartition("|-- ")[2].strip() if "|-- " in line else last
    six = Path("/proc/net/if_inet6")
    for line in six.read_text().splitlines() if six.exists() else []:
        found.add(ipaddress.IPv6Address(int(line.split()[0], 16)))
    wanted = [one for one in found if not one.is_loopback and not one.is_link_local]
    return sorted(wanted, key=lambda one: (one.version, int(one)))


def names_here() -> list[str]:
    """Names under which this machine may be opened: its own in `.local`, and localhost."""
    host = socket.gethostname().split(".")[0].lower()
    return [f"{host}.local", "localhost"] if host and host != "localhost" else ["localhost"]


def prepare(files: HallFiles, addresses: list[Address], names: list[str], *, at: datetime) -> bool:
    """Make what is missing; renew the server's certificate when addresses changed or it ends soon.

    Returns whether the server's certificate is new. Public addresses are left out: no one could vouch for them here.
    """
    files.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not files.authority.exists() or not files.authority_key.exists():
        _make_authority(files, at)
    wanted = [one for one in addresses if is_private(one)]
    wanted += [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")]
    if _still_good(files, wanted, names, at):
        return False
    _make_leaf(files, wanted, names, at)
    return True


def fingerprint(files: HallFiles) -> str:
    """The authority's SHA-256 in pairs, to be compared by eye on a tablet."""
    digest = _certificate(files.authority).fingerprint(hashes.SHA256()).hex().upper()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _make_authority(files: HallFiles, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"Contest hall {socket.gethostname()} {at:%Y-%m-%d}")]
    )
    permitted = [x509.DNSName(one) for one in NAMES] + [x509.IPAddress(one) for one in PRIVATE]
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _builder(name, name, key.public_key(), at, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(files.authority_key, _pem(key))
    _write(files.authority, made.public_bytes(serialization.Encoding.PEM))


def _make_leaf(files: HallFiles, addresses: list[Address], names: list[str], at: datetime) -> None:
    authority = _certificate(files.authority)
    signer = serialization.load_pem_private_key(files.authority_key.read_bytes(), password=None)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    others = [x509.DNSName(one) for one in names] + [x509.IPAddress(one) for one in addresses]
    public = authority.public_key()
    assert isinstance(signer, ec.EllipticCurvePrivateKey) and isinstance(public, ec.EllipticCurvePublicKey)
    made = (
        _builder(authority.subject, name, key.public_key(), at, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(files.leaf_key, _pem(key))
    _write(files.leaf, made.public_bytes(serialization.Encoding.PEM))


def _builder(
    issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BEHIND)
        .not_valid_after(at - BEHIND + life)
    )


def _still_good(files: HallFiles, addresses: list[Address], names: list[str], at: datetime) -> bool:
    if not files.leaf.exists() or not files.leaf_key.exists():
        return False
    leaf, authority = _certificate(files.leaf), _certificate(files.authority)
    present = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    same = set(present.get_values_for_type(x509.IPAddress)) == set(addresses)
    same = same and set(present.get_values_for_type(x509.DNSName)) == set(names)
    return same and leaf.issuer == authority.subject and leaf.not_valid_after_utc - at > RENEW_BEFORE


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner only."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    part.replace(path)


def now() -> datetime:
    """The hour by which certificates are made."""
    return datetime.now(UTC)
