"""Signed archival copies, and what a PDF in hand is worth: changed, foreign, unsigned, revoked."""

import io
from datetime import UTC, date, datetime

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from contest.accounts.access import SYSTEM
from contest.awards import service as awards
from contest.certificates import archiving, cli, sealing, service
from contest.certificates.models import Certificate, CertificateState
from contest.certificates.refusals import AwardGone, NotReady
from contest.db import db, transaction
from contest.events.models import Event
from contest.results.models import Publication
from tests.awards.builders import NOON, make_list

ACT = {"actor": SYSTEM, "at": NOON}
NOW = datetime.now(UTC)


@pytest.fixture
def made(app):
    """The first two certificates of an event, with their papers."""
    listed = make_list()
    ids = {"list": listed.id, "event": listed.event_id}
    with transaction():
        awards.draw_up(db.session.get_one(Publication, ids["list"]), **ACT)
        rows = service.issue(
            db.session.get_one(Event, ids["event"]), base_url="http://localhost", dated_on=date(2026, 11, 20), **ACT
        )  # fmt: skip
        found = [one.id for one in rows[:2]]
    service.make(found, sample=0)
    return [db.session.get_one(Certificate, one) for one in found]


@pytest.fixture
def keys(app):
    found = sealing.keys_of(app.config["CONTEST"].instance)
    sealing.make_keys(found, name="示范省总工会", at=NOW)
    return found


def signed_pdf(keys):
    blank, out = pikepdf.new(), io.BytesIO()
    blank.add_blank_page()
    blank.save(out)
    return sealing.signed(out.getvalue(), sealing.signer_of(keys), reason="x")


def test_an_archival_copy_is_pdf_a_signed_whole_and_trusted_here(app, made, keys):
    instance = app.config["CONTEST"].instance
    content = archiving.copy_of(made[0], instance)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = bytes(pdf.Root.Metadata.read_bytes())
        assert (b'pdfaid:part="3"' in told, "/OutputIntents" in pdf.Root) == (True, True)
    found = archiving.examined(content, instance)
    assert [(one.by, one.is_intact, one.is_trusted, one.is_whole) for one in found.signatures] == [
        ("示范省总工会", True, True, True)
    ]
    assert found.is_genuine


def test_one_changed_byte_is_noticed(keys):
    content = signed_pdf(keys)
    at = content.index(b"/MediaBox")
    changed = content[:at] + b"/MediaBux" + content[at + 9 :]
    (one,) = sealing.findings(changed, [keys.authority])
    assert (one.is_intact, one.is_trusted) == (False, False)


def test_what_was_added_after_the_signature_is_noticed(keys):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed_pdf(keys)))
    writer.root["/Lang"] = writer.root.get("/Lang", None) or __import__(
        "pyhanko.pdf_utils.generic", fromlist=["x"]
    ).pdf_string("xx")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    (one,) = sealing.findings(out.getvalue(), [keys.authority])
    assert (one.is_intact, one.is_whole) == (True, False)


def test_a_signature_of_somebody_else_is_not_trusted_here(keys, tmp_path):
    theirs = sealing.keys_of(tmp_path / "theirs")
    sealing.make_keys(theirs, name="示范省总工会", at=NOW)
    (one,) = sealing.findings(signed_pdf(theirs), [keys.authority])
    assert (one.by, one.is_intact, one.is_trusted) == ("示范省总工会", True, False)
    (alone,) = sealing.findings(signed_pdf(theirs), [])
    assert not alone.is_trusted


def test_the_issued_file_is_known_by_its_bytes_until_it_is_revoked(app, made):
    instance = app.config["CONTEST"].instance
    content = service.content_of(made[0])
    found = archiving.examined(content, instance)
    assert (found.certificate.id, found.state, found.signatures, found.is_genuine) == (
        made[0].id, CertificateState.VALID, (), True,
    )  # fmt: skip
    assert not archiving.examined(content + b"\n", instance).is_genuine
    with transaction():
        service.revoke(db.session.get_one(Certificate, made[0].id), reason="误发", **ACT)
    after = archiving.examined(content, instance)
    assert (after.state, after.is_genuine) == (CertificateState.REVOKED, False)
    with pytest.raises(AwardGone):
        archiving.copy_of(db.session.get_one(Certificate, made[0].id), instance)


def test_a_paper_that_is_still_being_made_has_no_copy(app, made):
    other = db.session.scalars(db.select(Certificate).where(Certificate.file_id.is_(None))).first()
    with pytest.raises(NotReady):
        archiving.copy_of(other, app.config["CONTEST"].instance)


def test_keys_are_made_once_and_readable_by_their_owner_alone(keys):
    assert [path.stat().st_mode & 0o777 for path in (keys.own, keys.folder / "authority.key")] == [
        0o600,
        0o600,
    ]
    before = keys.own.read_bytes()
    with pytest.raises(sealing.KeysExist):
        sealing.make_keys(keys, name="x", at=NOW)
    assert keys.own.read_bytes() == before


def test_a_key_that_was_handed_over_signs_and_a_wrong_password_is_named(tmp_path, keys):
    given = sealing.keys_of(tmp_path / "given")
    given.folder.mkdir(parents=True)
    pem = keys.own.read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    leaf, root = (
        x509.load_pem_x509_certificate(pem),
        x509.load_pem_x509_certificate(keys.authority.read_bytes()),
    )
    given.given.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", key, leaf, [root], serialization.BestAvailableEncryption(b"geheim")
        )
    )
    blank, out = pikepdf.new(), io.BytesIO()
    blank.add_blank_page()
    blank.save(out)
    content = sealing.signed(out.getvalue(), sealing.signer_of(given, password="geheim"), reason="x")  # noqa: S106
    assert [one.is_trusted for one in sealing.findings(content, [keys.authority])] == [True]
    with pytest.raises(sealing.KeyUnusable):
        sealing.signer_of(given, password="falsch")  # noqa: S106


def test_the_command_tells_genuine_changed_and_unreadable_files_apart(app, made, tmp_path, capsys):
    from argparse import Namespace

    good, changed, none = tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path / "c.pdf"
    good.write_bytes(service.content_of(made[0]))
    changed.write_bytes(service.content_of(made[0]).replace(b"/Title", b"/Titel"))
    none.write_bytes(b"no paper")
    codes = [cli._check(Namespace(files=[path])) for path in (good, changed, none)]
    told = capsys.readouterr().out
    assert codes == [0, 1, 2]
    assert f"the very file issued as {made[0].number}, valid" in told
    assert "neither issued here nor signed" in told
