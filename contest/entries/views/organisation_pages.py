"""Organisations: names put right, two writings of one unit joined."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.entries import organisations as nouns
from contest.entries import service
from contest.entries.forms.entry import OrganisationForm
from contest.entries.views.door import Page, bp, carried_out, edition_crumbs, edition_side
from contest.events import queries as events


@bp.get("/editions/<int:edition_id>/organisations")
@signed_in
def organisations(edition_id: int) -> Page:
    edition = events.edition_for(current_actor(), edition_id, may="entries.review")
    return render_template(
        "entries/organisations.html",
        edition=edition,
        rows=nouns.organisations_of(edition.contest_id),
        side=edition_side(edition, "organisations"),
        crumbs=edition_crumbs(edition, (_("Organisations"), None)),
    )


@bp.route("/editions/<int:edition_id>/organisations/<int:organisation_id>", methods=["GET", "POST"])
@signed_in
def organisation_edit(edition_id: int, organisation_id: int) -> Page:
    actor = current_actor()
    row = nouns.organisation_for(actor, organisation_id)
    old = {
        "version": row.version,
        "name": row.name,
        "short_name": row.short_name,
        "order": row.official_order,
    }
    form = OrganisationForm(data=old)
    back = url_for("entries.organisations", edition_id=edition_id)

    def work() -> None:
        service.edit_organisation(
            organisation_id,
            name=" ".join((form.name.data or "").split()),
            short_name=(form.short_name.data or "").strip(),
            order=form.order.data or 0,
            version=form.read_version,
            actor=actor,
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work, row):
        flash(_("Saved."), "good")
        return redirect(back)
    edition = events.edition_for(actor, edition_id, may="entries.review")
    title = _("Edit %(name)s", name=old["name"])
    crumbs = edition_crumbs(edition, (_("Organisations"), back), (title, None))
    side = edition_side(edition, "organisations")
    page = render_template(
        "entries/organisation.html", form=form, title=title, back=back, side=side, crumbs=crumbs
    )
    return page, 422 if request.method == "POST" else 200
