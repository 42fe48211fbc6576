"""Stamped and signed scans beside a list: the office adds them, the public reads those that are for it."""

from __future__ import annotations

import io

from flask import Response as FlaskResponse
from flask import flash, redirect, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Missing
from contest.results import public, queries, scans
from contest.results.forms import ScanForm
from contest.results.models_scans import ListScan
from contest.results.views.door import bp, carried_out, read_under_embargo
from contest.results.views.publication import publication_page


@bp.post("/publications/<int:publication_id>/scans")
@signed_in
def add_scan(publication_id: int) -> Response | tuple[str, int]:
    queries.publication_for(current_actor(), publication_id, may="results.publish")
    form = ScanForm()

    def work() -> None:
        scans.add_scan(
            publication=queries.publication_for(current_actor(), publication_id, may="results.publish"),
            title=form.title.data or "",
            content=form.scan.data.read(),
            is_public=bool(form.is_public.data),
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work, "scan"):
        flash(_("The scan lies beside the list."), "good")
        return redirect(url_for("results.publication", publication_id=publication_id))
    return publication_page(publication_id, scan_form=form), 422


@bp.post("/publications/<int:publication_id>/scans/<int:scan_id>/remove")
@signed_in
def remove_scan(publication_id: int, scan_id: int) -> Response:
    with transaction():
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        scans.remove_scan(publication=row, scan_id=scan_id, actor=current_actor(), at=now())
    flash(_("The scan is taken away. It stays on record."), "good")
    return redirect(url_for("results.publication", publication_id=publication_id))


@bp.get("/publications/<int:publication_id>/scans/<int:scan_id>")
@signed_in
def scan(publication_id: int, scan_id: int) -> FlaskResponse:
    """A scan, for the office."""
    row = queries.publication_for(current_actor(), publication_id, may="results.view")
    read_under_embargo(row, "scan")
    return _sent(*scans.content_of(row, scan_id, public_only=False))


@bp.get("/lists/<int:publication_id>/scans/<int:scan_id>")
def public_scan(publication_id: int, scan_id: int) -> FlaskResponse:
    """A scan that the public may read, while the list stands."""
    row = public.publication_of(publication_id)
    if row.withdrawn_at is not None:
        raise Missing()
    answer = _sent(*scans.content_of(row, scan_id, public_only=True))
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def _sent(row: ListScan, content: bytes) -> FlaskResponse:
    suffix = row.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    answer = send_file(io.BytesIO(content), mimetype=row.media_type, download_name=f"{row.title}.{suffix}")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
