"""Badges: a token that the issuer's certificate proves, changed ones that it does not, papers that are no longer valid."""

import base64
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from contest.accounts.access import SYSTEM
from contest.awards import service as awards
from contest.certificates import archiving, cli, open_badges, sealing, service
from contest.certificates.models import Certificate
from contest.certificates.refusals import AwardGone
from contest.db import db, transaction
from contest.errors import Missing
from contest.events.models import Event
from contest.results.models import Publication
from tests.awards.builders import NOON, make_list

ACT = {"actor": SYSTEM, "at": datetime.now(UTC)}
URL = "http://localhost"


@pytest.fixture
def paper(app):
    """A certificate with its paper."""
    listed = make_list()
    ids = {"list": listed.id, "event": listed.event_id}
    with transaction():
        awards.draw_up(db.session.get_one(Publication, ids["list"]), actor=SYSTEM, at=NOON)
        rows = service.issue(
            db.session.get_one(Event, ids["event"]), base_url=URL, dated_on=date(2026, 11, 20), **ACT
        )
        made = rows[0].id
    service.make([made], sample=0)
    return db.session.get_one(Certificate, made)


@pytest.fixture
def keys(app):
    found = sealing.keys_of(app.config["CONTEST"].instance)
    sealing.make_keys(found, name="示范省总工会", at=datetime.now(UTC))
    return found


def token_of(app, paper):
    return archiving.badge_of(paper, app.config["CONTEST"].instance, base_url=URL).decode()


def part(token, place):
    text = token.split(".")[place]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_badge_says_what_the_paper_says_in_the_terms_of_the_specification(app, paper, keys):
    claims = part(token_of(app, paper), 1)
    subject = claims["credentialSubject"]
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert (subject["identifier"][0]["identityHash"], subject["licenseNumber"]) == (paper.name, paper.number)
    assert subject["achievement"]["name"] == paper.award.label
    assert [
        set(claims) >= {"iss", "jti", "sub", "nbf"},
        claims["jti"] == claims["id"] == paper.fields["url"],
    ] == [True, True]


def test_the_issuers_certificate_proves_a_badge(app, paper, keys):
    found = open_badges.examined(token_of(app, paper), [keys.authority])
    assert (found.by, found.is_intact, found.is_trusted) == ("CN=示范省总工会", True, True)


def test_the_public_key_in_the_header_alone_checks_the_signature(app, paper, keys):
    token = token_of(app, paper)
    header, number = part(token, 0), lambda text: int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")
    public = ec.EllipticCurvePublicNumbers(
        number(header["jwk"]["x"]), number(header["jwk"]["y"]), ec.SECP256R1()
    ).public_key()
    assert open_badges._is_signature(
        public, "ES256", token.rpartition(".")[0].encode(), open_badges._bytes(token.split(".")[2])
    )


def test_another_name_in_a_badge_is_found_out(app, paper, keys):
    head, _, signature = token_of(app, paper).split(".")
    claims = part(token_of(app, paper), 1)
    claims["credentialSubject"]["identifier"][0]["identityHash"] = "别人"
    assert not open_badges.examined(f"{head}.{packed(claims)}.{signature}", [keys.authority]).is_intact


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256", "ES384"])
def test_a_badge_may_not_choose_how_it_is_checked(app, paper, keys, algorithm):
    _, body, signature = token_of(app, paper).split(".")
    header = {**part(token_of(app, paper), 0), "alg": algorithm}
    assert not open_badges.examined(f"{packed(header)}.{body}.{signature}", [keys.authority]).is_intact


def test_a_badge_that_somebody_else_signed_is_intact_and_not_trusted(app, paper, keys, tmp_path):
    other = sealing.keys_of(tmp_path / "other")
    sealing.make_keys(other, name="示范省总工会", at=datetime.now(UTC))
    token = open_badges.signed(open_badges.credential_of(paper, base_url=URL), open_badges.key_of(other))
    found = open_badges.examined(token, [keys.authority])
    assert (found.is_intact, found.is_trusted) == (True, False)


def test_an_rsa_key_that_was_handed_over_signs_too(app, paper, keys):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示范机构")])
    at = datetime.now(UTC)
    own = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    keys.given.write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", key, own, None, BestAvailableEncryption(b"pw"))
    )
    made = open_badges.key_of(keys, password="pw")
    token = open_badges.signed(open_badges.credential_of(paper, base_url=URL), made)
    assert part(token, 0)["alg"] == "RS256"
    assert open_badges.examined(token, []).is_intact
    with pytest.raises(sealing.KeyUnusable):
        open_badges.key_of(keys, password="wrong")


def test_nothing_is_signed_for_a_revoked_paper_or_without_a_key(app, paper):
    with pytest.raises(Missing):
        token_of(app, paper)
    sealing.make_keys(
        sealing.keys_of(app.config["CONTEST"].instance), name="示范省总工会", at=datetime.now(UTC)
    )
    with transaction():
        service.revoke(db.session.get_one(Certificate, paper.id), reason="x", **ACT)
    with pytest.raises(AwardGone):
        token_of(app, db.session.get_one(Certificate, paper.id))


def test_the_command_tells_a_genuine_badge_a_changed_one_and_no_badge(app, paper, keys, tmp_path, capsys):
    token = token_of(app, paper)
    files = {"good": token, "changed": token[:-8] + "AAAAAAAA", "none": "hello"}
    codes = {}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        codes[name] = cli._check(type("Args", (), {"files": [tmp_path / name]}))
    assert codes == {"good": 0, "changed": 1, "none": 2}
    assert paper.fields["url"] in capsys.readouterr().out
