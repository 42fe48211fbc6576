"""The room's door: registration, registration files, draw, codes."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from contest import web
from contest.entries.forms import sentences
from contest.entries.views import (  # noqa: F401  # each module adds its pages to the blueprint
    code_pages,
    delegation_pages,
    draw_pages,
    entry_pages,
    handing_pages,
    input_pages,
    layer_pages,
    listing,
    organisation_pages,
    people_pages,
    roster_pages,
)
from contest.entries.views.door import bp

MESSAGES = {
    **input_pages.MESSAGES,
    **sentences.FILE,
    "delegation_not_yours": sentences.CELL["delegation_not_yours"],
    "registration_handed_in": _(
        "The registration of this delegation is handed in. Ask the organiser to return it; withdrawing, substituting and correcting a name stay possible."
    ),
    "registration_over": _(
        "The last day of registration was %(day)s. Ask the organiser; withdrawing, substituting and correcting a name stay possible."
    ),
    "handed_in_already": _(
        "The registration of %(name)s is handed in already. Reload to see where it stands."
    ),
    "nothing_to_hand_in": _("%(name)s has no entry yet. Register at least one, then hand in."),
    "not_handed_in": _(
        "The registration of %(name)s is not handed in at the moment. Reload to see where it stands."
    ),
    "roster_frozen_draw": _(
        "The draw of this event is locked, so nobody can join or move any more. Substitute a member, or withdraw the entry."
    ),
    "roster_frozen_results": _(
        "A list of this event is confirmed, so members and states stand. The way to a change is an appeal."
    ),
    "roster_event_closed": _(
        "The event %(event)s is closed. What it ended with stands; names can still be corrected."
    ),
    "merge_not_two": _("These are not two people of one holder. Choose two from the list of duplicates."),
    "merge_done_before": _("%(name)s is part of another person already. Reload the list of duplicates."),
    "merge_erased": _("Personal data were taken out of one of the two, so nobody can say that they are one."),
    "merge_both_entered": _(
        "Both are entered in %(event)s, and nobody takes part twice. Let one of them leave that entry, then merge."
    ),
    "merge_undone": _("This merge was taken back before. Reload the page."),
    "merge_moved_on": _(
        "One of the two was merged or erased since. Take the later merge back first; what was erased stays so."
    ),
    "request_closed": _("This request was decided before. Reload the page."),
    "request_too_many": _("Requests of yours are waiting already. Wait for the answer."),
    "request_value": _(
        "This can't be read. Names as in the document, dates as 1990-01-05, gender as 男 or 女, telephone in digits."
    ),
    "entry_reason_missing": _("Give the reason: it is kept with the change."),
    "entry_number_taken": _("Another entry of this event has the number %(number)s. Choose another."),
    "delegation_name_taken": _(
        "There is a delegation called %(name)s already. Use that one, or choose another name."
    ),
    "units_none": _("Type at least one name."),
    "units_twice": _("These stand twice or are registered already: %(names)s. Delete them from the list."),
    "already_entered": _(
        "%(name)s takes part in entry %(number)s of this event already; one person takes part once. Let them leave that entry first."
    ),
    "document_taken": _(
        "This document belongs to %(name)s, who is registered already. Compare it with the document."
    ),
    "team_too_many": _("An entry of this event has at most %(most)s members. Substitute one instead."),
    "entry_state_same": _("Entry %(number)s is in that state already. Reload to see the present state."),
    "member_left": _("%(name)s left this entry before. Reload to see who is in it."),
    "last_member": _("%(name)s is the last member. Withdraw the entry instead, or substitute the person."),
    "delegation_in_use": _(
        "%(name)s has entries, so it can't be removed. Give these another delegation first."
    ),
    "draw_locked": _("The draw is locked and is never changed."),
    "draw_done": _("This seed was revealed before. Reload to see the draw."),
    "draw_commitment": _(
        "A SHA-256 has 64 characters from 0-9 and a-f. Let the page make a seed, or work it out with sha256sum."
    ),
    "draw_seed_differs": _(
        "This is not the seed that was committed to: its SHA-256 differs. Type it again from the sealed paper."
    ),
    "draw_public_value": _("Somebody else has to name the public value now. Type it as it was called."),
    "draw_roster_changed": _(
        "Entries came or went after the commitment, so this seed can't be used. Give this draw up with a reason and commit to a new seed."
    ),
    "draw_missing": _("A position is missing or isn't a number: %(numbers)s. Every entry needs one."),
    "draw_position_twice": _("Positions stand twice: %(positions)s. Each is given once."),
    "draw_position_low": _("Positions count from 1."),
    "draw_bench_twice": _("Two entries have the same bench in one session (session/bench): %(benches)s."),
    "draw_not_made": _("There is nothing to lock yet. Make the draw first."),
    "draw_second_person": _(
        "You keyed this draw yourself. Another person compares it with the slips and locks it."
    ),
    "draw_nobody": _("Nobody is registered for this event yet. Register entries first."),
    "draw_benches": _("The number of benches is between 1 and 999."),
    "codes_issued": _("Everyone has a code already. Codes are issued once and never changed."),
    "codes_open": _("The codes of this event were opened before."),
    "codes_order": _("The layers are opened one after the other: layer %(layer)s is next."),
    "codes_none": _("No work code was issued yet, so there is nothing to open. The coder issues them first."),
    "codes_layered": _(
        "The codes of this event have several layers. Open them one after the other, at the decoding ceremony."
    ),
    "codes_layers_late": _("Codes were issued already, so the number of layers stands."),
    "code_layers_range": _("Choose 1 to %(most)s layers."),
    "work_code_unknown": _("There is no work code %(work_code)s in this event. Compare it with the sheet."),
    "import_refused": _(
        "The file has %(errors)s errors, so nothing of it was taken over. Mend them in the file and upload it again."
    ),
    "import_changed": _(
        "Somebody changed the registration since this preview was made. Nothing was taken over; below is what the file would do now."
    ),
}


def init_app(app: Flask) -> None:
    """Register the sentences of refusals and the pages."""
    web.register_messages(MESSAGES)
    app.register_blueprint(bp)
