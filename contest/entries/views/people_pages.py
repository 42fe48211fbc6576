"""Pages of an entry's members: joining, correcting, substituting, leaving, renaming, showing numbers in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.entries import eligibility, people, queries, service
from contest.entries.forms.entry import ReasonForm, StateForm
from contest.entries.forms.people import PersonForm, RenameForm, SubstituteForm
from contest.entries.forms.sentences import finding_sentence
from contest.entries.models import Entry, EntryState, Member
from contest.entries.roster import repairs
from contest.entries.roster.findings import Finding, Place, Problem
from contest.entries.views.door import Page, bp, carried_out, event_crumbs, event_side, title_of, today_of
from contest.entries.views.entry_pages import allowed_states, entry_page
from contest.events.models import Event


def _back(entry_id: int, said: str) -> Page:
    flash(said, "good")
    return redirect(url_for("entries.show", entry_id=entry_id))


def _page(template: str, form: Any, entry_id: int, title: str, **more: Any) -> Page:
    entry = queries.entry_for(current_actor(), entry_id, may="entries.view")
    back = url_for("entries.show", entry_id=entry_id)
    page = render_template(
        template,
        form=form,
        entry=entry,
        title=title,
        back=back,
        crumbs=event_crumbs(entry.event, (title_of(entry), back), (title, None)),
        side=event_side(entry.event, "index"),
        **more,
    )
    return page, 422 if request.method == "POST" else 200


def _member(member_id: int) -> Member:
    return queries.member_for(current_actor(), member_id, may="entries.edit")


def _entry(entry_id: int) -> Entry:
    return queries.entry_for(current_actor(), entry_id, may="entries.edit")


def _checked(form: PersonForm, event: Event, known_number: str = "") -> Any:
    terms = eligibility.event_terms([event])[0]
    return form.checked(terms, today_of(event.sub_contest.edition.contest), known_number=known_number)


def _in_time(form: Any, work: Callable[[], Any], entry_id: int) -> bool:
    """Carry out; after somebody else's change the form gets the entry's present version and says so."""
    if carried_out(form, work):
        return True
    form.version.data, form.version.raw_data = str(_entry(entry_id).version), None
    return False


@bp.route("/entries/<int:entry_id>/members/new", methods=["GET", "POST"])
@signed_in
def member_new(entry_id: int) -> Page:
    actor, entry = current_actor(), _entry(entry_id)
    unit = entry.organisation.name if entry.organisation else ""
    form = PersonForm(event=entry.event, data={"version": entry.version, "organisation": unit})
    if form.validate_on_submit() and (facts := _checked(form, entry.event)):

        def work() -> None:
            service.add_member(entry_id, *facts, version=form.read_version, actor=actor, at=now())

        if _in_time(form, work, entry_id):
            return _back(entry_id, _("The member was added."))
    return _page("entries/person.html", form, entry_id, _("Add a member"))


@bp.route("/members/<int:member_id>/edit", methods=["GET", "POST"])
@signed_in
def member_edit(member_id: int) -> Page:
    actor, member = current_actor(), _member(member_id)
    entry_id, old_name = member.entry_id, member.person.name
    form = PersonForm(event=member.entry.event, data=PersonForm.of(member))
    form.name.data = old_name
    known = people.number_for_check(member_id, actor=actor)
    if form.validate_on_submit() and (facts := _checked(form, member.entry.event, known)):

        def work() -> None:
            service.edit_member(member_id, *facts, version=form.read_version, actor=actor, at=now())

        if carried_out(form, work):
            return _back(entry_id, _("Saved."))
        form.version.data, form.version.raw_data = str(_member(member_id).person.version), None
    masked = _member(member_id).person
    return _page("entries/person.html", form, entry_id, _("Correct %(name)s", name=old_name), member=masked)


@bp.route("/members/<int:member_id>/substitute", methods=["GET", "POST"])
@signed_in
def member_substitute(member_id: int) -> Page:
    actor, member = current_actor(), _member(member_id)
    entry_id, old_name = member.entry_id, member.person.name
    unit = member.organisation.name if member.organisation else ""
    form = SubstituteForm(
        event=member.entry.event, data={"version": member.entry.version, "organisation": unit}
    )
    if form.validate_on_submit() and (facts := _checked(form, member.entry.event)):

        def work() -> None:
            reason = form.reason.data or ""
            service.substitute(
                member_id, *facts, reason=reason, version=form.read_version, actor=actor, at=now()
            )

        if _in_time(form, work, entry_id):
            return _back(entry_id, _("Substituted. The one who left stays on record."))
    return _page("entries/person.html", form, entry_id, _("Substitute %(name)s", name=old_name))


@bp.route("/members/<int:member_id>/leave", methods=["GET", "POST"])
@signed_in
def member_leave(member_id: int) -> Page:
    actor, member = current_actor(), _member(member_id)
    entry_id, name = member.entry_id, member.person.name
    form = ReasonForm(data={"version": member.entry.version})
    if form.validate_on_submit():

        def work() -> None:
            reason = form.reason.data or ""
            service.remove_member(member_id, reason=reason, version=form.read_version, actor=actor, at=now())

        if _in_time(form, work, entry_id):
            return _back(entry_id, _("%(name)s left the entry and stays on record.", name=name))
    return _page("entries/reason.html", form, entry_id, _("%(name)s leaves without a substitute", name=name))


@bp.route("/members/<int:member_id>/state", methods=["GET", "POST"])
@signed_in
def member_state(member_id: int) -> Page:
    actor, member = current_actor(), _member(member_id)
    entry_id, name = member.entry_id, member.person.name
    form = StateForm(
        allowed=allowed_states(member.entry, member.state), data={"version": member.entry.version}
    )
    if form.validate_on_submit():

        def work() -> None:
            service.set_member_state(
                member_id,
                EntryState(form.state.data),
                reason=form.reason.data or "",
                version=form.read_version,
                actor=actor,
                at=now(),
            )

        if _in_time(form, work, entry_id):
            return _back(entry_id, _("The state was changed. Results follow it from now on."))
    return _page("entries/state.html", form, entry_id, _("State of %(name)s", name=name))


@bp.route("/members/<int:member_id>/name", methods=["GET", "POST"])
@signed_in
def member_rename(member_id: int) -> Page:
    """Before or after papers are issued: papers derive from lists, so they show what is to be re-issued."""
    actor, member = current_actor(), _member(member_id)
    entry_id, person = member.entry_id, member.person
    form = RenameForm(data={"version": person.version, "name": person.name})
    if form.validate_on_submit() and (name := _name(form)):

        def work() -> None:
            reason = form.reason.data or ""
            service.correct_name(
                member_id, name, reason=reason, version=form.read_version, actor=actor, at=now()
            )

        if carried_out(form, work):
            return _back(
                entry_id,
                _(
                    "The name was corrected everywhere from now on; earlier papers keep theirs until re-issued."
                ),
            )
        form.version.data, form.version.raw_data = str(_member(member_id).person.version), None
    return _page("entries/rename.html", form, entry_id, _("Correct the name"))


def _name(form: RenameForm) -> str:
    repaired = repairs.person_name(form.name.data or "")
    if isinstance(repaired, Problem):
        form.complain("name", finding_sentence(Finding(Place("", 0), repaired.code, "", repaired.params)))
        return ""
    return repaired.text


@bp.post("/members/<int:member_id>/reveal")
@signed_in
def member_reveal(member_id: int) -> Page:
    """Show one member's number and telephone in full, in this answer only; the reading is kept."""
    actor = current_actor()
    entry_id = queries.member_for(actor, member_id, may="entries.personal").entry_id
    with transaction():
        shown = service.reveal(member_id, actor=actor, at=now())
    return entry_page(entry_id, {member_id: shown})
