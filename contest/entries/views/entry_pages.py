"""Pages of one entry: registering, showing, editing, changing its state."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.entries import eligibility, handing_in, inputs, queries, service
from contest.entries.forms.entry import EntryForm, StateForm, UnitsForm
from contest.entries.forms.people import PersonForm
from contest.entries.models import Entry, EntryState
from contest.entries.service import MemberFacts, PersonFacts
from contest.entries.standing import ACTS
from contest.entries.views.door import (
    TONES,
    Page,
    bp,
    carried_out,
    event_crumbs,
    event_side,
    may_of,
    title_of,
    today_of,
)
from contest.errors import Missing
from contest.events.models import Event
from contest.web import sentence

NO_CSRF = {"csrf": False}  # two forms on one page; the page's own token is checked for the whole request


def event_of(edition_id: int, event_id: int | None) -> Event:
    """An event of the edition that the reader registers for. Raises Missing."""
    events = eligibility.events_for_entry(current_actor(), edition_id)
    event = next((row for row in events if row.id == event_id), None)
    if event is None:
        raise Missing()
    return event


def entry_form(event: Event, **values: object) -> EntryForm:
    """The form of an entry with the delegations this person may choose from."""
    actor, edition_id = current_actor(), event.sub_contest.edition_id
    return EntryForm(
        event=event,
        delegations=eligibility.delegations_for_entry(actor, edition_id),
        may_lack=not queries.is_limited(actor, edition_id),
        prefix="entry-",
        meta=NO_CSRF,
        **values,
    )


@bp.route("/editions/<int:edition_id>/entries/new", methods=["GET", "POST"])
@signed_in
def new(edition_id: int) -> Page:
    """An entry with its first member; others follow on its page."""
    event = event_of(edition_id, request.args.get("event_id", type=int))
    form, person = entry_form(event), PersonForm(event=event, prefix="person-", meta=NO_CSRF)
    made: list[int] = []
    if request.method == "POST":
        is_unit = person.is_blank and bool((form.name.data or "").strip())
        is_valid = form.validate() & (is_unit or person.validate())
        facts = form.checked() if is_valid else None
        people = _people(event, person) if is_valid and not is_unit else []
        if facts and people is not None:
            event_id, actor = event.id, current_actor()

            def work() -> None:
                made.append(service.register_entry(event_id, facts, people, actor=actor, at=now()).id)

            if carried_out(form, work):
                flash(_("Registered. Add further members here where the event has teams."), "good")
                return redirect(url_for("entries.show", entry_id=made[0]))
    status = 422 if request.method == "POST" else 200
    crumbs = event_crumbs(event, (_("New entry"), None))
    page = render_template(
        "entries/new.html",
        event=event,
        form=form,
        person=person,
        side=event_side(event, "index"),
        crumbs=crumbs,
    )
    return page, status


def _people(event: Event, form: PersonForm) -> list[tuple[PersonFacts, MemberFacts]] | None:
    """The typed person as the first member; None with the errors at their fields."""
    terms = eligibility.event_terms([event])[0]
    checked = form.checked(terms, today_of(event.sub_contest.edition.contest))
    return [checked] if checked else None


@bp.route("/editions/<int:edition_id>/entries/units", methods=["GET", "POST"])
@signed_in
def units(edition_id: int) -> Page:
    """Several units or projects at once, as a labour contest has them."""
    event, actor = event_of(edition_id, request.args.get("event_id", type=int)), current_actor()
    form = UnitsForm(
        event=event,
        delegations=eligibility.delegations_for_entry(actor, edition_id),
        may_lack=not queries.is_limited(actor, edition_id),
    )
    event_id, names = event.id, (form.names.data or "").splitlines()

    def work() -> None:
        delegation_id = int(form.delegation_id.data) if form.delegation_id.data else None
        service.register_units(
            event_id,
            names,
            group_key=form.group_key.data or "",
            delegation_id=delegation_id,
            actor=actor,
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("All of them were registered."), "good")
        return redirect(url_for("entries.index", edition_id=edition_id, event_id=event_id))
    event = event_of(edition_id, event_id)
    crumbs = event_crumbs(event, (_("Several units at once"), None))
    page = render_template(
        "entries/units.html", event=event, form=form, side=event_side(event, "index"), crumbs=crumbs
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/entries/<int:entry_id>")
@signed_in
def show(entry_id: int) -> Page:
    return entry_page(entry_id)


def entry_page(entry_id: int, revealed: dict[int, object] | None = None) -> str:
    """An entry with its people; `revealed`: member id → data in full, for this one answer."""
    entry = queries.entry_for(current_actor(), entry_id, may="entries.view")
    may = may_of(entry)
    live = [member for member in entry.members if member.left_at is None]
    return render_template(
        "entries/show.html",
        entry=entry,
        plain=queries.roster_entry(entry.id),
        title=title_of(entry),
        live=live,
        left=[member for member in entry.members if member.left_at is not None],
        groups={group.key: group.name for group in entry.event.groups},
        tones=TONES,
        revealed=revealed or {},
        freezes=queries.freezes_of(entry.event_id),
        closed=_why_closed(entry),
        can_edit=may("entries.edit"),
        can_review=may("entries.review"),
        has_values=may("entries.review") and bool(inputs.fields_for(entry.event)),
        can_reveal=may("entries.personal"),
        has_room=len(live) < entry.event.members_max,
        lacks=0 if entry.name and not entry.members else max(0, entry.event.members_min - len(live)),
        crumbs=event_crumbs(entry.event, (title_of(entry), None)),
        side=event_side(entry.event, "index"),
    )


def _why_closed(entry: Entry) -> str:
    """Why this person can't add to or change the entry at the moment; empty where they can, or never could."""
    edition = entry.event.sub_contest.edition
    code = handing_in.closed_to(current_actor(), edition.id, today_of(edition.contest)).get(
        entry.delegation_id or 0
    )
    return sentence(code, {"day": edition.register_until}) if code else ""


@bp.route("/entries/<int:entry_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(entry_id: int) -> Page:
    actor = current_actor()
    entry = queries.entry_for(actor, entry_id, may="entries.edit")
    event = entry.event
    form = entry_form(event, data=EntryForm.of(entry))
    if form.validate_on_submit() and (facts := form.checked()):

        def work() -> None:
            service.edit_entry(entry_id, facts, version=form.read_version, actor=actor, at=now())

        if carried_out(form, work, queries.entry_for(actor, entry_id, may="entries.edit")):
            flash(_("Saved."), "good")
            return redirect(url_for("entries.show", entry_id=entry_id))
    return _form_page("entries/edit.html", form, entry_id, _("Edit the entry"))


def _form_page(template: str, form: EntryForm | StateForm, entry_id: int, title: str) -> Page:
    entry = queries.entry_for(current_actor(), entry_id, may="entries.view")
    back = url_for("entries.show", entry_id=entry_id)
    crumbs = event_crumbs(entry.event, (title_of(entry), back), (title, None))
    page = render_template(
        template,
        form=form,
        entry=entry,
        title=title,
        back=back,
        crumbs=crumbs,
        side=event_side(entry.event, "index"),
    )
    return page, 422 if request.method == "POST" else 200


def allowed_states(entry: Entry, present: EntryState) -> list[EntryState]:
    """States this person may set from the present one."""
    may = may_of(entry)
    return [state for state in EntryState if state is not present and may(ACTS[state])]


@bp.route("/entries/<int:entry_id>/state", methods=["GET", "POST"])
@signed_in
def state(entry_id: int) -> Page:
    """Withdraw, absent, disqualify, unofficial, reinstate."""
    actor = current_actor()
    entry = queries.entry_for(actor, entry_id, may="entries.edit")
    form = StateForm(allowed=allowed_states(entry, entry.state), data={"version": entry.version})
    if form.validate_on_submit():

        def work() -> None:
            service.set_state(
                entry_id,
                EntryState(form.state.data),
                reason=form.reason.data or "",
                version=form.read_version,
                actor=actor,
                at=now(),
            )

        if carried_out(form, work, queries.entry_for(actor, entry_id, may="entries.edit")):
            flash(_("The state was changed. Results follow it from now on."), "good")
            return redirect(url_for("entries.show", entry_id=entry_id))
    return _form_page("entries/state.html", form, entry_id, _("Change the state"))
