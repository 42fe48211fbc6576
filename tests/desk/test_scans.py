"""Stamped papers: kept beside their documents, read by everybody only once the organiser shows them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.audit import Change
from contest.awards.models import Decision
from contest.db import db, now, transaction
from contest.desk import documents
from contest.desk.models import DecisionScan, DocumentKind, OfficeDocument
from contest.events.models import Edition
from contest.results.models import Publication

PAPER = b"%PDF-1.4 stamped"


@pytest.fixture
def issued(finished) -> int:
    """An issued circular; its id."""
    with transaction():
        edition = db.session.get_one(Edition, finished.world.ids["edition_id"])
        row = documents.draft(
            edition, DocumentKind.CIRCULAR, [finished.world.ids["publication_id"]], issuer="示范省总工会",
            actor=SYSTEM, at=now(),
        )  # fmt: skip
        documents.issue(
            row, edition, document_number="示工发〔2026〕9号", dated_on=date(2026, 11, 20), version=row.version,
            actor=SYSTEM, at=now(),
        )  # fmt: skip
        return row.id


@pytest.fixture
def decision(finished) -> int:
    """A decision that confers, without people: what matters here is its paper."""
    with transaction():
        row = Decision(
            contest_id=finished.world.ids["contest_id"], edition_id=finished.world.ids["edition_id"], title_key="expert",
            title_label="示范技术能手", heading="关于授予称号的决定", body={"to": "", "paragraphs": []},
            authority="示范厅", document_number="示〔2026〕1号", dated_on=date(2026, 11, 1),
            drafted_at=datetime(2026, 11, 1, tzinfo=UTC), conferred_at=datetime(2026, 11, 2, tzinfo=UTC),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        made = row.id
    yield made
    with transaction():
        db.session.execute(sa.delete(DecisionScan).where(DecisionScan.decision_id == made))
        db.session.execute(sa.delete(Decision).where(Decision.id == made))


def send(finished, path: str, content: bytes, role: str = "organiser") -> int:
    return finished.browser(role).post(path, data={"scan": (io.BytesIO(content), "盖章.pdf")}).status_code


def public(finished, rest: str = ""):
    return finished.browser().get(finished.path(f"lists/documents{rest}"))


def test_a_scan_is_a_pdf_or_picture_of_an_issued_document(finished, issued):
    assert [send(finished, f"/documents/{issued}/scan", one) for one in (b"MZ\x90", PAPER)] == [422, 302]
    assert finished.browser("organiser").get(f"/documents/{issued}/scan").data == PAPER
    with transaction():
        db.session.get_one(OfficeDocument, issued).issued_at = None
    assert send(finished, f"/documents/{issued}/scan", PAPER) == 422


def test_nobody_outside_reads_a_document_until_it_is_shown_and_none_after_it_is_hidden(finished, issued):
    send(finished, f"/documents/{issued}/scan", PAPER)
    client, path = finished.browser("organiser"), f"/circular/{issued}"
    seen = [public(finished, path).status_code]
    client.post(f"/documents/{issued}/show")
    shown = public(finished, path)
    seen.append(shown.status_code)
    assert (shown.data, "示工发〔2026〕9号" in public(finished).get_data(as_text=True)) == (PAPER, True)
    assert finished.path("lists/documents") in finished.browser().get(finished.path("lists")).get_data(
        as_text=True
    )
    client.post(f"/documents/{issued}/hide")
    seen.append(public(finished, path).status_code)
    assert seen == [404, 200, 404]
    assert finished.path("lists/documents") not in finished.browser().get(finished.path("lists")).get_data(
        as_text=True
    )


def test_without_a_scan_everybody_reads_the_paper_made_here(finished, issued):
    finished.browser("organiser").post(f"/documents/{issued}/show")
    assert public(finished, f"/circular/{issued}").data[:5] == b"%PDF-"
    assert public(finished, f"/notice/{issued}").status_code == 404
    assert public(finished, f"/decision/{issued}").status_code == 404


def test_a_document_about_a_list_under_embargo_is_not_shown(finished, issued):
    with transaction():
        db.session.execute(sa.update(Publication).values(is_embargoed=True))
    try:
        finished.browser("organiser").post(f"/documents/{issued}/show")
        db.session.rollback()
        assert db.session.get_one(OfficeDocument, issued).is_public is False
    finally:
        with transaction():
            db.session.execute(sa.update(Publication).values(is_embargoed=False))


def test_a_decisions_scan_is_shown_by_the_organiser_alone_and_on_record(finished, decision):
    assert finished.browser("organiser").post(f"/decisions/{decision}/scan/show").status_code == 302
    assert public(finished, f"/decision/{decision}").status_code == 404  # nothing to show yet
    for role in ("supervisor", "scorekeeper", "contestant", "stranger"):
        assert send(finished, f"/decisions/{decision}/scan", PAPER, role) in (403, 404)
    assert send(finished, f"/decisions/{decision}/scan", PAPER) == 302
    assert finished.browser("organiser").get(f"/decisions/{decision}/scan").data == PAPER
    assert public(finished, f"/decision/{decision}").status_code == 404
    finished.browser("organiser").post(f"/decisions/{decision}/scan/show")
    assert public(finished, f"/decision/{decision}").data == PAPER
    db.session.rollback()
    kept = db.session.scalars(
        sa.select(Change.action).where(Change.action.like("decision.s%")).order_by(Change.id)
    )
    assert list(kept)[-2:] == ["decision.scanned", "decision.shown"]


def test_a_document_is_not_found_at_another_edition(finished, issued):
    finished.browser("organiser").post(f"/documents/{issued}/show")
    other = finished.world.ids["edition_id"] + 1
    assert finished.browser().get(f"/editions/{other}/lists/documents/circular/{issued}").status_code == 404
