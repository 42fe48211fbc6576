"""A published list in the office: where it stands, who signed, and the next step for whoever may take it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.access import Actor
from contest.accounts.models import Role
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.events.queries import scope_of
from contest.results import bundles, cells, exports, queries, service
from contest.results.amendments import amended_from
from contest.results.blockers import blockers, findings_of
from contest.results.canonical import list_digest
from contest.results.compute import compute_event
from contest.results.forms import ConfirmForm, NoteForm, NoticeForm, PlainForm, SignForm, WithdrawForm
from contest.results.models import ListState, Publication
from contest.results.notices import notice_of, objections_of
from contest.results.publications import SIGNING, holds
from contest.results.snapshots import round_key_of
from contest.results.steps import SIGNED
from contest.results.views.door import bp, crumbs, locale, read_under_embargo, zoned
from contest.results.views.event import list_steps
from contest.results.views.sentences import finding_items

PAGE = 100


@bp.get("/publications/<int:publication_id>")
@signed_in
def publication(publication_id: int) -> str:
    return _page(publication_id)


def _page(publication_id: int, **forms: Any) -> str:
    """The page; a form that was refused is given as it was sent."""
    actor = current_actor()
    row = queries.publication_for(actor, publication_id, may="results.view")
    zoned(row.event)
    read_under_embargo(row, "publication")
    heading, lines = row.snapshot.heading, queries.rows_for(row)
    page = max(1, request.args.get("page", 1, type=int))
    shown = lines[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "results/publication.html",
        publication=row,
        heading=heading,
        event=row.event,
        crumbs=crumbs(row.event, (exports.title_of(heading, locale()), None)),
        title=exports.title_of(heading, locale()),
        facts=exports.facts_of(row, locale()),
        steps=list_steps(row, row.event),
        state=exports.state_of(row),
        newest=None if row.is_live else queries.latest_publication(row.event_id, row.ranking_key, row.round_id),
        signatures=_signatures(row, actor),
        waiting=_waiting(row),
        period=notice_of(row),
        objections=objections_of(row.id),
        amended=amended_from(row),
        may_publish=actor.may("results.publish", **scope_of(row.event)),
        is_window_open=row.appeals_until is not None and now() < row.appeals_until,
        ListState=ListState,
        labels=cells.labels(heading, locale()),
        kinds=cells.kinds(heading),
        rows=[
            {"cells": texts, "is_off": not line.rank}
            for line, texts in zip(shown, cells.table(heading, shown, locale()), strict=True)
        ],
        page=page,
        pages=-(-len(lines) // PAGE) or 1,
        total=len(lines),
        size=PAGE,
        **_forms() | forms,
    )  # fmt: skip


def _forms() -> dict[str, Any]:
    return {
        "confirm_form": ConfirmForm(),
        "note_form": NoteForm(),
        "notice_form": NoticeForm(),
        "withdraw_form": WithdrawForm(),
        "plain": PlainForm(),
    }


def _signatures(row: Publication, actor: Actor) -> list[dict[str, Any]]:
    """Each role that signs, its signature if there is one, and whether the actor holds it."""
    signed = {step.role: step for step in row.steps if step.kind == SIGNED}
    scope = scope_of(row.event)
    return [
        {"role": role, "step": signed.get(role.value), "may": holds(actor, role, scope)} for role in SIGNING
    ]


def _waiting(row: Publication) -> list[dict[str, Any]]:
    """What stands in the way of confirming a provisional list, recomputed now."""
    if not row.is_live or row.state is not ListState.PROVISIONAL:
        return []
    computation = compute_event(row.event)
    round_key = round_key_of(row.event, row.round_id)
    items = finding_items(blockers(findings_of(computation, row.ranking_key, round_key)), row.event)
    listing = computation.listing(row.ranking_key, round_key)
    if list_digest(listing.heading, listing.lines) != row.snapshot.digest:
        href = url_for(
            "results.event", event_id=row.event_id, ranking=row.ranking_key, round=round_key or None
        )
        text = _("Marks or entries changed since this list was published. Publish the list again.")
        items.append({"severity": "blocker", "text": text, "href": href})
    return items


@bp.get("/publications/<int:publication_id>/bundle.zip")
@signed_in
def bundle(publication_id: int) -> Response:
    """The verify bundle of the list: everything it follows from, without names."""
    row = queries.publication_for(current_actor(), publication_id, may="results.view")
    read_under_embargo(row, "bundle")
    name = exports.file_name(row, "zip", locale())
    content = bundles.content_of(row)
    return send_file(io.BytesIO(content), mimetype="application/zip", download_name=name, as_attachment=True)


@bp.post("/publications/<int:publication_id>/sign")
@signed_in
def sign(publication_id: int) -> Response | tuple[str, int]:
    form = SignForm()
    role = next((one for one in SIGNING if one.value == form.role.data), None)

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may="results.sign")
        service.sign(publication=row, role=role or Role.JUDGE, actor=current_actor(), at=now())

    return _carry(publication_id, form, work, _("Signed. The signature covers exactly this list."))


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
        return _page(publication_id, **({name: form} if name else {})), 422
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
        return _page(publication_id, **{name: form}), refusal.status
    flash(done, "good")
    return redirect(url_for("results.publication", publication_id=publication_id))
