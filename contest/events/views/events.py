"""Pages of events: details, groups, trade search, opening and closing."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.events import listed, occupations, queries, service
from contest.events.forms.offering import EventForm, GroupsForm
from contest.events.models import Event, SubContest
from contest.events.views.door import bp, carried_out, contest_steps, crumbs_of, done_or_told, event_steps
from contest.events.views.holders import Page, _form

MAY = "contest.configure"


def event_here(event_id: int) -> Event:
    """The event that the signed-in person may set up; times are meant in its contest's zone."""
    event = queries.event_for(current_actor(), event_id, may=MAY)
    g.timezone = event.sub_contest.edition.contest.timezone
    return event


def side(event: Event, current: str) -> dict[str, Any]:
    """What every page of an event's set-up shows beside its content."""
    return {
        "event": event,
        "event_steps": event_steps(
            event,
            current,
            has_trial=service.last_dry_run(event) is not None,
            has_draft=service.draft_of(event) is not None,
        ),
        "contest_steps": contest_steps(event.sub_contest.edition, event),
        "can_edit": current_actor().may(MAY, **queries.scope_of(event)),
    }


@bp.route("/sub-contests/<int:sub_contest_id>/events/new", methods=["GET", "POST"])
@signed_in
def event_new(sub_contest_id: int) -> Page:
    def parent() -> SubContest:
        return queries.sub_contest_for(current_actor(), sub_contest_id, may=MAY)

    g.timezone = parent().edition.contest.timezone
    form = EventForm(preset=request.args.get("preset", ""))
    made: list[int] = []

    def work() -> None:
        row = service.create_event(
            sub_contest=parent(), preset=form.preset.data, actor=current_actor(), at=now(), **form.values()
        )
        made.append(row.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The event is there. Look through its groups and rules now."), "good")
        return redirect(url_for("events.event_setup", event_id=made[0]))
    return _form(
        "events/event_form.html", form, event=None, crumbs=crumbs_of(parent(), _("New event")), sub=parent()
    )


@bp.get("/events/<int:event_id>/setup")
@signed_in
def event_setup(event_id: int) -> Page:
    event = queries.event_for(current_actor(), event_id, may="contest.view")
    g.timezone = event.sub_contest.edition.contest.timezone
    return render_template(
        "events/event.html",
        **side(event, "details"),
        blockers=service.blockers_of(event),
        trade_groups=occupations.groups_of(event.trade_code) if event.trade_code else (),
        trial=service.last_dry_run(event),
        crumbs=crumbs_of(event),
    )


@bp.route("/events/<int:event_id>/edit", methods=["GET", "POST"])
@signed_in
def event_edit(event_id: int) -> Page:
    event = event_here(event_id)
    born = {
        key: date.fromisoformat(str(event.conditions[key]))
        for key in ("born_from", "born_to")
        if event.conditions.get(key)
    }
    form = EventForm(obj=event, **born)
    del form.preset

    def work() -> None:
        row = event_here(event_id)
        service.update_event(
            row,
            values=form.values(row.conditions),
            version=form.read_version,
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work, event):
        flash(_("Saved."), "good")
        return redirect(url_for("events.event_setup", event_id=event_id))
    row = event_here(event_id)
    return _form(
        "events/event_form.html",
        form,
        **side(row, "details"),
        crumbs=crumbs_of(row, _("Edit")),
        sub=row.sub_contest,
    )


@bp.route("/events/<int:event_id>/groups", methods=["GET", "POST"])
@signed_in
def groups(event_id: int) -> Page:
    before = listed.groups_of(event_here(event_id))
    version = listed.version_of(before)
    form = (
        GroupsForm()
        if request.method == "POST"
        else GroupsForm.of(event_here(event_id).groups, version=version)
    )
    if form.validate_on_submit() and carried_out(
        form,
        lambda: service.save_groups(
            event_here(event_id),
            groups=form.listed(),
            seen=str(form.version.data),
            actor=current_actor(),
            at=now(),
        ),
    ):
        flash(_("Saved."), "good")
        return redirect(url_for("events.groups", event_id=event_id))
    if form.form_errors:
        form.show_list(version, "、".join(name for _key, name, _en, _student in before))
    event = event_here(event_id)
    named = queries.rules_of(event).groups if event.rule_version else ()
    return _form(
        "events/groups.html", form, **side(event, "groups"), named=named, crumbs=crumbs_of(event, _("Groups"))
    )


@bp.post("/events/<int:event_id>/open")
@signed_in
def event_open(event_id: int) -> Response:
    done_or_told(
        lambda: service.open_event(event_here(event_id), actor=current_actor(), at=now()),
        _("The event is open. Judges can be seated and sheets made now."),
    )
    return redirect(url_for("events.event_setup", event_id=event_id, _anchor="open"))


@bp.post("/events/<int:event_id>/close")
@signed_in
def event_close(event_id: int) -> Response:
    done_or_told(
        lambda: service.close_event(event_here(event_id), actor=current_actor(), at=now()),
        _("The event is closed. Its rules and marks stay as they are."),
    )
    return redirect(url_for("events.event_setup", event_id=event_id, _anchor="open"))


@bp.route("/events/<int:event_id>/reopen", methods=["POST"])
@signed_in
def event_reopen(event_id: int) -> Response:
    reason = request.form.get("reason", "").strip()
    if not reason:
        flash(_("Say why the event is opened again; the reason is kept in the log."), "bad")
    else:
        done_or_told(
            lambda: service.reopen_event(
                event_here(event_id), actor=current_actor(), at=now(), reason=reason
            ),
            _("The event is open again."),
        )
    return redirect(url_for("events.event_setup", event_id=event_id, _anchor="open"))


@bp.route("/events/<int:event_id>/delete", methods=["POST"])
@signed_in
def event_delete(event_id: int) -> Response:
    sub_contest_id = event_here(event_id).sub_contest_id
    done = done_or_told(
        lambda: service.delete_event(event_here(event_id), actor=current_actor(), at=now()), _("Deleted.")
    )
    if done:
        return redirect(url_for("events.sub_contest", sub_contest_id=sub_contest_id))
    return redirect(url_for("events.event_setup", event_id=event_id))


@bp.get("/occupations")
@signed_in
def trades() -> Page | Response:
    """The catalogue's search: a page, or JSON for the picker beside the form's field."""
    text = request.args.get("q", "")[:40]
    found = occupations.search(text, limit=30)
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "above": " › ".join(group.name for group in occupations.groups_of(one.code)[1:]),
        }
        for one in found
    ]
    if request.args.get("format") == "json":
        return jsonify(edition=occupations.EDITION, results=rows)
    return render_template("events/trades.html", q=text, rows=rows, edition=occupations.EDITION)
