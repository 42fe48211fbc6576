"""Pages of editions, sub-contests and their hosts."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.events import listed, queries, service
from contest.events.forms.holding import EditionForm, HostsForm, SubContestForm
from contest.events.models import Edition, SubContest
from contest.events.views.door import bp, carried_out, contest_steps, crumbs_of, done_or_told
from contest.events.views.holders import Page, _form

MAY = "contest.configure"


def _edition(edition_id: int) -> Edition:
    return queries.edition_for(current_actor(), edition_id, may=MAY)


def _sub_contest(sub_contest_id: int) -> SubContest:
    return queries.sub_contest_for(current_actor(), sub_contest_id, may=MAY)


@bp.route("/contests/<int:contest_id>/editions/new", methods=["GET", "POST"])
@signed_in
def edition_new(contest_id: int) -> Page:
    def parent() -> Any:
        return queries.contest_for(current_actor(), contest_id, may=MAY)

    ordinal = max((one.ordinal for one in parent().editions), default=0) + 1
    form = EditionForm(ordinal=ordinal, year=now().year)
    made: list[int] = []

    def work() -> None:
        row = service.create_edition(contest=parent(), actor=current_actor(), at=now(), **form.values())
        made.append(row.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(
            _("The edition is there. Add its sub-contests; an edition without parts has exactly one."), "good"
        )
        return redirect(url_for("events.edition_setup", edition_id=made[0]))
    return _form("events/edition_form.html", form, edition=None, crumbs=crumbs_of(parent(), _("New edition")))


@bp.get("/editions/<int:edition_id>/setup")
@signed_in
def edition_setup(edition_id: int) -> Page:
    actor = current_actor()
    edition = queries.edition_for(actor, edition_id, may="contest.view")
    scope = {"holder": edition.contest.holder_id, "contest": edition.contest_id}
    subs = queries.sub_contests_for(actor, edition_id)
    return render_template(
        "events/edition.html",
        edition=edition,
        subs=[
            (sub, queries.events_within(actor, sub), actor.may(MAY, **scope, sub_contest=sub.id))
            for sub in subs
        ],
        can_edit=actor.may(MAY, **scope),
        can_grant=actor.may("accounts.grant", **scope),
        steps=contest_steps(edition),
        crumbs=crumbs_of(edition),
    )


@bp.route("/editions/<int:edition_id>/edit", methods=["GET", "POST"])
@signed_in
def edition_edit(edition_id: int) -> Page:
    form = EditionForm(obj=_edition(edition_id))
    if form.validate_on_submit() and carried_out(
        form,
        lambda: service.update_edition(
            _edition(edition_id),
            values=form.values(),
            version=form.read_version,
            actor=current_actor(),
            at=now(),
        ),
        _edition(edition_id),
    ):
        flash(_("Saved."), "good")
        return redirect(url_for("events.edition_setup", edition_id=edition_id))
    row = _edition(edition_id)
    return _form("events/edition_form.html", form, edition=row, crumbs=crumbs_of(row, _("Edit")))


@bp.post("/editions/<int:edition_id>/delete")
@signed_in
def edition_delete(edition_id: int) -> Response:
    contest_id = _edition(edition_id).contest_id
    done = done_or_told(
        lambda: service.delete_edition(_edition(edition_id), actor=current_actor(), at=now()), _("Deleted.")
    )
    target = (
        ("events.contest", {"contest_id": contest_id})
        if done
        else ("events.edition_setup", {"edition_id": edition_id})
    )
    return redirect(url_for(target[0], **target[1]))


@bp.route("/editions/<int:edition_id>/sub-contests/new", methods=["GET", "POST"])
@signed_in
def sub_contest_new(edition_id: int) -> Page:
    form = SubContestForm()
    made: list[int] = []

    def work() -> None:
        row = service.create_sub_contest(
            edition=_edition(edition_id), actor=current_actor(), at=now(), **form.values()
        )
        made.append(row.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The sub-contest is there. Name its hosts, then add its events."), "good")
        return redirect(url_for("events.sub_contest", sub_contest_id=made[0]))
    row = _edition(edition_id)
    return _form("events/sub_contest_form.html", form, sub=None, crumbs=crumbs_of(row, _("New sub-contest")))


@bp.get("/sub-contests/<int:sub_contest_id>")
@signed_in
def sub_contest(sub_contest_id: int) -> Page:
    actor = current_actor()
    sub = queries.sub_contest_seen(actor, sub_contest_id)
    scope = {
        "holder": sub.edition.contest.holder_id,
        "contest": sub.edition.contest_id,
        "sub_contest": sub.id,
    }
    return render_template(
        "events/sub_contest.html",
        sub=sub,
        events=queries.events_within(actor, sub),
        can_edit=actor.may(MAY, **scope),
        steps=contest_steps(sub.edition),
        crumbs=crumbs_of(sub),
    )


@bp.route("/sub-contests/<int:sub_contest_id>/edit", methods=["GET", "POST"])
@signed_in
def sub_contest_edit(sub_contest_id: int) -> Page:
    form = SubContestForm(obj=_sub_contest(sub_contest_id))
    if form.validate_on_submit() and carried_out(
        form,
        lambda: service.update_sub_contest(
            _sub_contest(sub_contest_id),
            values=form.values(),
            version=form.read_version,
            actor=current_actor(),
            at=now(),
        ),
        _sub_contest(sub_contest_id),
    ):
        flash(_("Saved."), "good")
        return redirect(url_for("events.sub_contest", sub_contest_id=sub_contest_id))
    row = _sub_contest(sub_contest_id)
    return _form("events/sub_contest_form.html", form, sub=row, crumbs=crumbs_of(row, _("Edit")))


@bp.route("/sub-contests/<int:sub_contest_id>/hosts", methods=["GET", "POST"])
@signed_in
def hosts(sub_contest_id: int) -> Page:
    sub = _sub_contest(sub_contest_id)
    before = listed.hosts_of(sub)
    version = listed.version_of(before)
    form = HostsForm() if request.method == "POST" else HostsForm.of(sub.hosts, version=version)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: service.save_hosts(
            _sub_contest(sub_contest_id),
            hosts=form.listed(),
            seen=str(form.version.data),
            actor=current_actor(),
            at=now(),
        ),
    ):
        flash(_("Saved. Open this page again to add more hosts."), "good")
        return redirect(url_for("events.sub_contest", sub_contest_id=sub_contest_id))
    if form.form_errors:
        form.show_list(version, "、".join(name for _role, name, _en in before))
    row = _sub_contest(sub_contest_id)
    return _form("events/hosts.html", form, sub=row, crumbs=crumbs_of(row, _("Hosts")))


@bp.post("/sub-contests/<int:sub_contest_id>/delete")
@signed_in
def sub_contest_delete(sub_contest_id: int) -> Response:
    edition_id = _sub_contest(sub_contest_id).edition_id
    done = done_or_told(
        lambda: service.delete_sub_contest(_sub_contest(sub_contest_id), actor=current_actor(), at=now()),
        _("Deleted."),
    )
    if done:
        return redirect(url_for("events.edition_setup", edition_id=edition_id))
    return redirect(url_for("events.sub_contest", sub_contest_id=sub_contest_id))
