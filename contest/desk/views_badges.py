"""Doors of an edition's badges: what to print is chosen on a page, the paper comes back as PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from werkzeug import Response
from wtforms import BooleanField, SelectField

from contest import papers, web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.desk import badges
from contest.entries import eligibility
from contest.entries import queries as entries
from contest.entries.listing import Filter
from contest.events.models import Edition
from contest.web import called

bp = Blueprint("badges", __name__)


class BadgesForm(web.BaseForm):
    """Whose badges, and what stands on them."""

    event_id = SelectField(lazy_gettext("Event"))
    delegation_id = SelectField(lazy_gettext("Delegation"))
    with_staff = BooleanField(lazy_gettext("Leaders and coaches too"), default=True)
    with_codes = BooleanField(
        lazy_gettext("With a personal sign-in code; the codes on badges printed earlier stop working")
    )


def _form(edition: Edition) -> BadgesForm:
    actor, form = current_actor(), BadgesForm()
    rows = eligibility.events_for_entry(actor, edition.id, may="entries.review")
    own = eligibility.delegations_for_entry(actor, edition.id, may="entries.review")
    form.event_id.choices = [("", _("All events")), *((str(row.id), called(row)) for row in rows)]
    form.delegation_id.choices = [("", _("All delegations")), *((str(row.id), row.name) for row in own)]
    return form


@bp.get("/editions/<int:edition_id>/badges")
@signed_in
def choose(edition_id: int) -> str:
    edition = entries.edition_for(current_actor(), edition_id, may="entries.review")
    return _page(edition, _form(edition))


@bp.post("/editions/<int:edition_id>/badges")
@signed_in
def printed(edition_id: int) -> Response | tuple[str, int]:
    """The chosen badges as PDF, eight to a sheet."""
    edition = entries.edition_for(current_actor(), edition_id, may="entries.review")
    form = _form(edition)
    if not form.validate_on_submit():
        return _page(edition, form), 422
    wanted = Filter(
        event_id=int(form.event_id.data or 0) or None, delegation_id=int(form.delegation_id.data or 0) or None
    )
    with transaction():
        actor = current_actor()
        found = badges.badges_of(
            edition_id,
            wanted,
            with_codes=form.with_codes.data,
            with_staff=form.with_staff.data,
            actor=actor,
            at=now(),
        )
        html = _html(edition, found)
        title, is_demo = called(edition), edition.is_demo
    if not found:
        flash(_("Nobody is registered there yet, so there is no badge to print."), "warn")
        return redirect(url_for("badges.choose", edition_id=edition_id))
    content = papers.pdf(
        html, title=title, made_at=now(), demo=is_demo, page="labels", css=[badges.CSS], lang=_language()
    )
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _language() -> str:
    return "en" if str(get_locale()) == "en" else "zh-CN"


def _html(edition: Edition, found: list[badges.Badge]) -> str:
    base = current_app.config["CONTEST"].base_url
    roles = {"contestant": _("Contestant"), "leader": _("Team leader"), "coach": _("Coach")}
    codes: dict[str, str] = {
        badge.token: badge.qr(base + url_for("accounts.open_link", token=badge.token))
        for badge in found
        if badge.token
    }
    return render_template("desk/papers/badges.html", edition=edition, badges=found, roles=roles, codes=codes)


def _page(edition: Edition, form: BadgesForm) -> str:
    crumbs: list[tuple[str, Any]] = [
        (called(edition), url_for("desk.edition", edition_id=edition.id)),
        (_("Badges"), None),
    ]
    return render_template("desk/badges.html", edition=edition, form=form, crumbs=crumbs)
