"""Delegations in their official order."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.entries import delegations as nouns
from contest.entries import service
from contest.entries.forms.entry import DelegationForm
from contest.entries.views.door import Page, bp, carried_out, done_or_told, edition_crumbs, edition_side
from contest.events import queries as events


@bp.get("/editions/<int:edition_id>/delegations")
@signed_in
def delegations(edition_id: int) -> Page:
    edition = events.edition_for(current_actor(), edition_id, may="entries.review")
    rows = nouns.delegations_of(edition_id)
    return render_template(
        "entries/delegations.html",
        edition=edition,
        rows=rows,
        side=edition_side(edition, "delegations"),
        crumbs=edition_crumbs(edition, (_("Delegations"), None)),
    )


def _page(form: DelegationForm, edition_id: int, title: str) -> Page:
    edition = events.edition_for(current_actor(), edition_id, may="entries.review")
    back = url_for("entries.delegations", edition_id=edition_id)
    page = render_template(
        "entries/delegation.html",
        form=form,
        title=title,
        back=back,
        side=edition_side(edition, "delegations"),
        crumbs=edition_crumbs(edition, (_("Delegations"), back), (title, None)),
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/editions/<int:edition_id>/delegations/new", methods=["GET", "POST"])
@signed_in
def delegation_new(edition_id: int) -> Page:
    actor = current_actor()
    edition = events.edition_for(actor, edition_id, may="entries.review")
    form = DelegationForm(data={"order": nouns.next_order(edition.id)})
    if form.validate_on_submit():

        def work() -> None:
            service.add_delegation(
                edition_id,
                name=(form.name.data or "").strip(),
                short_name=(form.short_name.data or "").strip(),
                name_en=(form.name_en.data or "").strip(),
                order=form.order.data,
                actor=actor,
                at=now(),
            )

        if carried_out(form, work):
            flash(_("The delegation was added."), "good")
            return redirect(url_for("entries.delegations", edition_id=edition_id))
    return _page(form, edition_id, _("New delegation"))


@bp.route("/delegations/<int:delegation_id>/edit", methods=["GET", "POST"])
@signed_in
def delegation_edit(delegation_id: int) -> Page:
    actor = current_actor()
    row = nouns.delegation_for(actor, delegation_id)
    edition_id, name = row.edition_id, row.name
    form = DelegationForm(
        data={
            "version": row.version,
            "name": name,
            "short_name": row.short_name,
            "name_en": row.name_en,
            "order": row.official_order,
        }
    )
    if form.validate_on_submit():

        def work() -> None:
            service.edit_delegation(
                delegation_id,
                name=(form.name.data or "").strip(),
                short_name=(form.short_name.data or "").strip(),
                name_en=(form.name_en.data or "").strip(),
                order=form.order.data or 1,
                version=form.read_version,
                actor=actor,
                at=now(),
            )

        if carried_out(form, work, row):
            flash(_("Saved."), "good")
            return redirect(url_for("entries.delegations", edition_id=edition_id))
    return _page(form, edition_id, _("Edit %(name)s", name=name))


@bp.post("/delegations/<int:delegation_id>/remove")
@signed_in
def delegation_remove(delegation_id: int) -> Page:
    actor = current_actor()
    edition_id = nouns.delegation_for(actor, delegation_id).edition_id
    done_or_told(
        lambda: service.remove_delegation(delegation_id, actor=actor, at=now()),
        _("The delegation was removed."),
    )
    return redirect(url_for("entries.delegations", edition_id=edition_id))
