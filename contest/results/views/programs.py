"""Webhooks and tokens of a contest: set up and ended by its organiser; secrets are shown once."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.events import queries as events
from contest.jobs import TICKS
from contest.results import hooks, tokens
from contest.results.forms import HookForm, TokenForm
from contest.results.models_hooks import ApiToken, Webhook
from contest.results.sending import send_due
from contest.results.views.door import bp, carried_out

ACT = "contest.configure"
SHOWN = 20  # deliveries of each webhook
if send_due not in TICKS:
    TICKS.append(send_due)


@bp.get("/contests/<int:contest_id>/programs")
@signed_in
def programs(contest_id: int) -> Response:
    return _page(contest_id)


def _page(contest_id: int, status: int = 200, **given: Any) -> Response:
    contest = events.contest_for(current_actor(), contest_id, may=ACT)
    body = render_template(
        "results/programs.html",
        contest=contest,
        crumbs=[
            (contest.name, url_for("events.contest", contest_id=contest.id)),
            (_("Webhooks and tokens"), None),
        ],
        hooks=[(row, row.deliveries[:SHOWN]) for row in tokens.webhooks_of(contest_id)],
        tokens=tokens.tokens_of(contest_id),
        **{"hook_form": HookForm(formdata=None), "token_form": TokenForm(formdata=None), "secret": ""}
        | given,
    )
    answer = make_response(body, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/contests/<int:contest_id>/webhooks")
@signed_in
def add_webhook(contest_id: int) -> Response:
    form, made = HookForm(), [""]

    def work() -> None:
        contest = events.contest_for(current_actor(), contest_id, may=ACT)
        made[0] = hooks.add_webhook(
            contest=contest, url=form.url.data or "", actor=current_actor(), at=now()
        )[1]

    if form.validate_on_submit() and carried_out(form, work, "url"):
        return _page(contest_id, secret=made[0])
    return _page(contest_id, 422, hook_form=form)


@bp.post("/contests/<int:contest_id>/tokens")
@signed_in
def add_token(contest_id: int) -> Response:
    form, made = TokenForm(), [""]

    def work() -> None:
        contest = events.contest_for(current_actor(), contest_id, may=ACT)
        made[0] = tokens.add_token(
            contest=contest, name=form.name.data or "", actor=current_actor(), at=now()
        )[1]

    if form.validate_on_submit() and carried_out(form, work, "name"):
        return _page(contest_id, secret=made[0])
    return _page(contest_id, 422, token_form=form)


@bp.post("/webhooks/<int:webhook_id>/end")
@signed_in
def end_webhook(webhook_id: int) -> Response:
    with transaction():
        row = tokens.own(current_actor(), Webhook, webhook_id)
        hooks.end_webhook(webhook=row, actor=current_actor(), at=now())
        contest_id = row.contest_id
    flash(_("Ended. Nothing more is sent there."), "good")
    return redirect(url_for("results.programs", contest_id=contest_id))


@bp.post("/tokens/<int:token_id>/end")
@signed_in
def end_token(token_id: int) -> Response:
    with transaction():
        row = tokens.own(current_actor(), ApiToken, token_id)
        tokens.end_token(token=row, actor=current_actor(), at=now())
        contest_id = row.contest_id
    flash(_("Ended. The token opens nothing any more."), "good")
    return redirect(url_for("results.programs", contest_id=contest_id))
