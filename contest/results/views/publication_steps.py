"""The steps of a published list: signed, confirmed, announced, final, archived, released, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.models import Role
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.results import queries, service
from contest.results.forms import (
    ConfirmForm,
    NoteForm,
    NoticeForm,
    PlacesForm,
    PlainForm,
    SignForm,
    WithdrawForm,
)
from contest.results.publications import SIGNING
from contest.results.views.door import bp
from contest.results.views.publication import publication_page


@bp.post("/publications/<int:publication_id>/sign")
@signed_in
def sign(publication_id: int) -> Response | tuple[str, int]:
    form = SignForm()
    role = next((one for one in SIGNING if one.value == form.role.data), None)

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.sign")
        service.sign(publication=row, role=role or Role.JUDGE, actor=current_actor(), at=now())

    return _carry(publication_id, form, work, _("Signed. The signature covers exactly this list."))


@bp.post("/publications/<int:publication_id>/ask")
@signed_in
def ask(publication_id: int) -> Response | tuple[str, int]:
    """The first of two people asks for the next step."""

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.ask(publication=row, actor=current_actor(), at=now())

    return _carry(publication_id, PlainForm(), work, _("Asked. Somebody else takes the step."))


@bp.post("/publications/<int:publication_id>/confirm")
@signed_in
def confirm(publication_id: int) -> Response | tuple[str, int]:
    form = ConfirmForm()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.confirm(publication=row, actor=current_actor(), at=now(), waiver=form.waiver.data or "")

    return _carry(
        publication_id, form, work, _("Confirmed. Marks are frozen, prizes can be drawn up."), "confirm_form"
    )


@bp.post("/publications/<int:publication_id>/notice")
@signed_in
def notice(publication_id: int) -> Response | tuple[str, int]:
    form = NoticeForm()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.enter_notice(
            publication=row,
            actor=current_actor(),
            at=now(),
            note=form.note.data or "",
            ends_on=form.ends_on.data,
        )

    return _carry(publication_id, form, work, _("The list is under public notice."), "notice_form")


@bp.post("/publications/<int:publication_id>/final")
@signed_in
def final(publication_id: int) -> Response | tuple[str, int]:
    form = NoteForm()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.finalise(publication=row, actor=current_actor(), at=now(), note=form.note.data or "")

    return _carry(publication_id, form, work, _("The list is final."), "note_form")


@bp.post("/publications/<int:publication_id>/archive")
@signed_in
def archive(publication_id: int) -> Response | tuple[str, int]:
    form = NoteForm()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.archive(publication=row, actor=current_actor(), at=now(), note=form.note.data or "")

    return _carry(publication_id, form, work, _("The list is archived."), "note_form")


@bp.post("/publications/<int:publication_id>/release")
@signed_in
def release(publication_id: int) -> Response | tuple[str, int]:
    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.release(publication=row, actor=current_actor(), at=now())

    return _carry(publication_id, PlainForm(), work, _("The embargo is over: the public sees the list."))


@bp.post("/publications/<int:publication_id>/places")
@signed_in
def places(publication_id: int) -> Response | tuple[str, int]:
    """How many places the public reads."""
    form = PlacesForm()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.show_places(publication=row, places=form.shown_places.data, actor=current_actor(), at=now())

    return _carry(publication_id, form, work, _("Saved. The public reads it so at once."), "places_form")


@bp.post("/publications/<int:publication_id>/withdraw")
@signed_in
def withdraw(publication_id: int) -> Response | tuple[str, int]:
    form = WithdrawForm()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.publish")
        service.withdraw(publication=row, reason=form.reason.data, actor=current_actor(), at=now())

    return _carry(
        publication_id, form, work, _("The list is withdrawn. Its address says so and why."), "withdraw_form"
    )


def _carry(
    publication_id: int, form: Any, work: Callable[[], None], done: str, name: str | None = None
) -> Response | tuple[str, int]:
    """One step: parse, one call, answer; a refusal shows the page again with the sentence and what was typed."""
    if not form.validate_on_submit():
        return publication_page(publication_id, **({name: form} if name else {})), 422
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        if name is None:
            flash(web.sentence(refusal.code, refusal.params), "bad")
            return redirect(url_for("results.publication", publication_id=publication_id))
        form.form_errors = [web.sentence(refusal.code, refusal.params)]
        return publication_page(publication_id, **{name: form}), refusal.status
    flash(done, "good")
    return redirect(url_for("results.publication", publication_id=publication_id))
