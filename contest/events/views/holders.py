"""Pages of holders and of contests."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.events import queries, service
from contest.events.forms.holding import ContestForm, HolderForm
from contest.events.views.door import bp, carried_out, crumbs_of, done_or_told
from contest.web import called

Page = str | Response | tuple[str, int]


@bp.get("/contests")
@signed_in
def index() -> Page:
    actor = current_actor()
    return render_template(
        "events/index.html",
        contests=queries.contests_for(actor),
        can_create=bool(queries.holders_for(actor)),
        can_hold=actor.may("installation.manage"),
        crumbs=crumbs_of(None),
    )


@bp.get("/holders")
@signed_in
def holders() -> Page:
    rows = queries.holders_for(current_actor(), may="installation.manage")
    return render_template(
        "events/holders.html", holders=rows, can_create=current_actor().may("installation.manage")
    )


@bp.route("/holders/new", methods=["GET", "POST"])
@signed_in
def holder_new() -> Page:
    queries.demand(current_actor(), "installation.manage")
    form = HolderForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: service.create_holder(actor=current_actor(), at=now(), **form.values())
    ):
        flash(_("The holder is there. Give somebody the organiser's role for it now."), "good")
        return redirect(url_for("events.holders"))
    return _form("events/holder_form.html", form, holder=None)


@bp.route("/holders/<int:holder_id>/edit", methods=["GET", "POST"])
@signed_in
def holder_edit(holder_id: int) -> Page:
    def row() -> Any:
        return queries.holder_for(current_actor(), holder_id, may="installation.manage")

    form = HolderForm(obj=row())
    if form.validate_on_submit() and carried_out(
        form,
        lambda: service.update_holder(
            row(), values=form.values(), version=form.read_version, actor=current_actor(), at=now()
        ),
        row(),
    ):
        flash(_("Saved."), "good")
        return redirect(url_for("events.holders"))
    return _form("events/holder_form.html", form, holder=row())


@bp.post("/holders/<int:holder_id>/delete")
@signed_in
def holder_delete(holder_id: int) -> Response:
    def work() -> None:
        row = queries.holder_for(current_actor(), holder_id, may="installation.manage")
        service.delete_holder(row, actor=current_actor(), at=now())

    done_or_told(work, _("Deleted."))
    return redirect(url_for("events.holders"))


@bp.route("/contests/new", methods=["GET", "POST"])
@signed_in
def contest_new() -> Page:
    choices = queries.holders_for(current_actor(), may="contest.create")
    if not choices:
        queries.demand(current_actor(), "contest.create")
    form = ContestForm(kind="skills")
    form.holder_id.choices = [(row.id, called(row)) for row in choices]
    made: list[int] = []

    def work() -> None:
        holder = queries.holder_for(current_actor(), form.holder_id.data, may="contest.create")
        row = service.create_contest(holder=holder, actor=current_actor(), at=now(), **form.values())
        made.append(row.id)

    if choices and form.validate_on_submit() and carried_out(form, work):
        flash(_("The contest is there. Add its first edition now."), "good")
        return redirect(url_for("events.contest", contest_id=made[0]))
    return _form(
        "events/contest_form.html",
        form,
        contest=None,
        has_holders=bool(choices),
        crumbs=crumbs_of(None, _("New contest")),
    )


@bp.get("/contests/<int:contest_id>")
@signed_in
def contest(contest_id: int) -> Page:
    row = queries.contest_seen(current_actor(), contest_id)
    scope = {"holder": row.holder_id, "contest": row.id}
    return render_template(
        "events/contest.html",
        contest=row,
        editions=[one for one in queries.editions_for(current_actor()) if one.contest_id == row.id],
        can_edit=current_actor().may("contest.configure", **scope),
        crumbs=crumbs_of(row),
    )


@bp.route("/contests/<int:contest_id>/edit", methods=["GET", "POST"])
@signed_in
def contest_edit(contest_id: int) -> Page:
    def row() -> Any:
        return queries.contest_for(current_actor(), contest_id, may="contest.configure")

    present = row()
    form = ContestForm(obj=present, kind=None if request.form else present.kind.value)
    form.kind.data = request.form.get("kind", present.kind.value)
    del form.holder_id
    if form.validate_on_submit() and carried_out(
        form,
        lambda: service.update_contest(
            row(), values=form.values(), version=form.read_version, actor=current_actor(), at=now()
        ),
        present,
    ):
        flash(_("Saved."), "good")
        return redirect(url_for("events.contest", contest_id=contest_id))
    return _form(
        "events/contest_form.html", form, contest=row(), has_holders=True, crumbs=crumbs_of(row(), _("Edit"))
    )


@bp.post("/contests/<int:contest_id>/delete")
@signed_in
def contest_delete(contest_id: int) -> Response:
    def work() -> None:
        row = queries.contest_for(current_actor(), contest_id, may="contest.configure")
        service.delete_contest(row, actor=current_actor(), at=now())

    done = done_or_told(work, _("Deleted."))
    return redirect(url_for("events.index") if done else url_for("events.contest", contest_id=contest_id))


def _form(template: str, form: Any, **context: Any) -> tuple[str, int]:
    """A page with a form; 422 when what was sent could not be taken."""
    return render_template(template, form=form, **context), 422 if request.method == "POST" else 200
