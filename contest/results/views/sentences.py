"""Refusals and findings put into words, and the screen where each finding is mended."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for
from flask_babel import get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

from contest.events.models import Event
from contest.results.blockers import Finding
from contest.scoring.problems import Problem

MESSAGES = {
    "list_unknown": lazy_gettext("The rules of this event hold no such list. Open it from the results page."),
    "list_blocked": lazy_gettext("The list can't be published yet: %(count)s things must be mended first. They are listed on this page."),
    "snapshot_outdated": lazy_gettext("Something changed since this list was frozen. Freeze it again, look at it, then publish."),
    "list_wrong_state": lazy_gettext("The list is not at the step that this starts from. Reload the page to see where it stands."),
    "list_unchecked": lazy_gettext("Nobody has found exactly this list right yet: %(count)s more needed. Scorekeeper, chief judge or supervisor checks it on the results page."),
    "results_second_needed": lazy_gettext("This step takes two people. Ask for it, then another organiser takes it."),
    "webhook_address": lazy_gettext("This is no web address that can be told. Write it whole, such as https://example.org/hook."),
    "list_scan_refused": lazy_gettext("A scan is a PDF, JPEG or PNG of at most %(size)s MB. Choose another file."),
    "list_template_unreadable": lazy_gettext("This file can't be used. Save it as an Excel workbook (.xlsx) of at most 5 MB and upload it again."),
    "list_template_unknown": lazy_gettext("Nothing fills these placeholders: %(names)s. Correct them in the workbook; the ones there are stand below."),
    "list_template_no_row": lazy_gettext("No row of the first sheet has a placeholder of a line, such as {row.name}. Add one and upload the workbook again."),
    "results_input_changed": lazy_gettext("Roster, seats or rules changed since this list was published, and no verify bundle was kept then. Publish the list again to get one."),
    "results_not_live": lazy_gettext("This list was superseded or withdrawn. Go to the newest one."),
    "appeals_window_open": lazy_gettext("Appeals may still be filed. Wait until the time is over, or write why it is cut short."),
    "signature_missing": lazy_gettext("Chief judge and supervisor have not both signed. Ask them to sign on this page."),
    "list_signed_already": lazy_gettext("%(name)s has signed in this role already. Nothing more is needed from it."),
    "list_altered": lazy_gettext(
        "The frozen list %(list)s is not as it was frozen, so nothing was changed. Ask the operator to run "
        "`contest lists` and to look into it first."
    ),
    "results_same_person": lazy_gettext("This needs a second person. Ask somebody else to do it."),
    "list_role_not_held": lazy_gettext("You can't sign in this role. Sign in as the person who holds it."),
    "results_reason_needed": lazy_gettext("This needs a reason in writing. Fill it in and send it again."),
    "appeals_closed": lazy_gettext("The time for appeals is over or the list is not open for them. Write to supervision and arbitration."),
    "entry_not_on_list": lazy_gettext("This entry doesn't stand on the list. Choose one that does."),
    "appeal_decided": lazy_gettext("This appeal was decided or withdrawn already. Reload the page to see how."),
    "not_a_tie": lazy_gettext("These are not exactly the ones who are tied now. Reload the page and give each a different place."),
    "ruling_not_named": lazy_gettext("The rules of this ranking don't name this way to resolve a tie. Add it to its order first."),
    "ruling_revoked": lazy_gettext("This ruling was revoked already."),
    "results_setting_invalid": lazy_gettext("One of the values is out of its range. See the help below each field and change it."),
    "correction_empty": lazy_gettext("Nothing would change: enter at least one mark, deduction or module that is not as it stands."),
    "correction_settled": lazy_gettext("This correction was applied or left aside already. Reload the page to see how."),
    "correction_outdated": lazy_gettext("Marks or entries changed since this was proposed, so its preview no longer holds. Leave it aside and propose it again."),
    "correction_value_refused": lazy_gettext("The scheme doesn't take %(value)s for the item %(aspect)s of sheet %(sheet)s. Nothing was changed; propose a value within its range and step."),
    "correction_mark_unreadable": lazy_gettext("“%(value)s” is not a mark. Use digits with at most three decimals, such as 8.5."),
    "appeal_not_upheld": lazy_gettext("Only an upheld appeal of this event leads to a correction. Decide the appeal first."),
    "appeal_subject_closed": lazy_gettext("Appeals on this subject are not taken here. Choose another subject, or ask supervision and arbitration."),
    "appeal_module_marked": lazy_gettext("The marking of this module has begun. Wait for the provisional list and file the appeal against it."),
    "appeal_final": lazy_gettext("This decision stands: it was the last level, or the time to take it on is over."),
    "appeal_evidence_refused": lazy_gettext("“%(name)s” can't be taken. Evidence is PDF, JPEG, PNG or MP4, at most %(most)s files of %(size)s MB each."),
    "working_days_unknown": lazy_gettext("The official calendar of %(year)s is not known here. Count the working days yourself and type in the last day of the notice."),
    "notice_too_short": lazy_gettext("The notice would be too short: its last day is %(least)s at the earliest."),
    "notice_running": lazy_gettext("The public notice runs until %(until)s. Make the list final on the day after."),
    "objections_open": lazy_gettext("Objections are not answered yet: %(count)s. Settle them on the page of objections."),
    "objection_upheld": lazy_gettext("An objection was founded. Publish an amended list, or withdraw this one."),
    "objection_settled": lazy_gettext("This objection was settled already. Reload the page to see how."),
    "recheck_closed": lazy_gettext("This re-check was ended already. Draw a new one to check again."),
    "recheck_open": lazy_gettext("Sheets that wait to be compared: %(count)s. Record each of them first."),
    "list_withdrawn": lazy_gettext("This list was withdrawn, so there is nothing to download. Its page says why."),
}  # fmt: skip

ENDPOINTS = {
    "board": ("judging.board", "event_id"),
    "checking": ("judging.checking", "event_id"),
    "desk": ("judging.mark_files", "event_id"),
    "panels": ("judging.panels", "event_id"),
    "ties": ("results.ties", "event_id"),
    "appeals": ("results.appeals", "event_id"),
    "rules": ("events.rules", "event_id"),
    "event": ("events.event_setup", "event_id"),
    "recheck": ("results.rechecks", "event_id"),
    "roster": ("entries.index", "edition_id"),
}


def finding_items(findings: list[Finding], event: Event) -> list[dict[str, Any]]:
    """Findings as the page's problem list takes them: severity, text, link to where it is mended."""
    return [
        {"severity": one.severity, "text": finding_text(one), "href": place_url(one.place, event)}
        for one in findings
    ]


def place_url(place: str, event: Event) -> str | None:
    """The address of the screen that mends it; None where the product has none."""
    endpoint, argument = ENDPOINTS[place]
    if endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {argument: event.id if argument == "event_id" else event.sub_contest.edition_id}
    return url_for(endpoint, **values)


def finding_text(one: Finding) -> str:
    """The sentence of a finding in the reader's language; it says what to do."""
    params = dict(one.params)
    if one.code == "scoring":
        return _worded(params["problem"], params["words"][_language()]).sentence(_language())
    if "names" in params:
        params["names"] = _named(params["names"], params["count"])
    return _SENTENCES[one.code](params)


def _worded(problem: Problem, words: Mapping[str, str]) -> Problem:
    """The problem with names instead of the keys that it was reported with."""

    def named(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(named(one) for one in value)
        return words.get(value, value) if isinstance(value, str) else value

    params = {name: named(value) for name, value in problem.params.items()}
    return dataclasses.replace(problem, path=words.get(problem.path, problem.path), params=params)


def _language() -> str:
    return "en" if str(get_locale()).startswith("en") else "zh"


def _named(names: list[str], count: int) -> str:
    joined = _(", ").join(names)
    return (
        joined
        if count <= len(names)
        else _("%(names)s and %(count)s more", names=joined, count=count - len(names))
    )


_SENTENCES: dict[str, Any] = {
    "event_not_open": lambda p: _("The event is still being set up. Open it before anything is published."),
    "nobody_ranked": lambda p: _("Nobody has a rank yet. Marks must come first."),
    "sheets_not_made": lambda p: ngettext(
        "%(num)s entry has no score sheet. Make the sheets, or record that it doesn't compete.",
        "%(num)s entries have no score sheet. Make the sheets, or record that they don't compete.",
        p["count"],
    ),
    "sheets_marks": lambda p: ngettext(
        "%(num)s sheet is not completely marked.", "%(num)s sheets are not completely marked.", p["count"]
    ),
    "sheets_submission": lambda p: ngettext(
        "%(num)s sheet is marked and not submitted. Its judge submits it.",
        "%(num)s sheets are marked and not submitted. Their judges submit them.",
        p["count"],
    ),
    "sheets_lock": lambda p: ngettext(
        "%(num)s submitted sheet is not locked. The chief judge locks it.",
        "%(num)s submitted sheets are not locked. The chief judge locks them.",
        p["count"],
    ),
    "sheets_unchecked": lambda p: ngettext(
        "%(num)s submitted sheet was not found right by a second person yet.",
        "%(num)s submitted sheets were not found right by a second person yet.",
        p["count"],
    ),
    "mark_file_waiting": lambda p: ngettext(
        "%(num)s file of marks waits for the second person to confirm it.",
        "%(num)s files of marks wait for the second person to confirm them.",
        p["count"],
    ),
    "marks_missing": lambda p: _("Marks are missing for %(names)s.", **p),
    "entries_unmarked": lambda p: _(
        "No mark at all for %(names)s. If they did not come, record them as absent.", **p
    ),
    "tie_unresolved": lambda p: _(
        "%(names)s are tied, and these rules never share a place. Record the lot or the chief judge's ruling.", **p
    ),
    "tie_without_rule": lambda p: _(
        "%(names)s are tied, these rules never share a place and name neither lot nor ruling. Add one to the order of the ranking.", **p
    ),
    "appeals_undecided": lambda p: ngettext(
        "%(num)s appeal is undecided. Supervision and arbitration decides it before the list is confirmed.",
        "%(num)s appeals are undecided. Supervision and arbitration decides them before the list is confirmed.",
        p["count"],
    ),
    "award_question": lambda p: _("The award rules leave something open: %(question)s", question=p[_language()]),
    "spreads_blocking": lambda p: ngettext(
        "%(num)s spread is beyond the limit of the rules. The panel talks and marks again.",
        "%(num)s spreads are beyond the limit of the rules. The panel talks and marks again.",
        p["count"],
    ),
    "spreads_open": lambda p: ngettext(
        "%(num)s spread is beyond the limit; these rules don't hold the list up for it.",
        "%(num)s spreads are beyond the limit; these rules don't hold the list up for them.",
        p["count"],
    ),
    "problems_open": lambda p: ngettext(
        "%(num)s problem that a judge reported has no answer.",
        "%(num)s problems that judges reported have no answer.",
        p["count"],
    ),
    "judged_in_conflict": lambda p: ngettext(
        "%(num)s sheet was marked by somebody tied to the entry. Void the seat or have it marked again.",
        "%(num)s sheets were marked by somebody tied to the entry. Void the seats or have them marked again.",
        p["count"],
    ),
    "marks_after_lock": lambda p: ngettext(
        "%(num)s mark arrived after its sheet was locked. The chief judge unlocks the sheet, looks and locks it again.",
        "%(num)s marks arrived after their sheets were locked. The chief judge unlocks the sheets, looks and locks them again.",
        p["count"],
    ),
    "papers_differ": lambda p: _(
        "Sessions were marked on different papers in %(module)s. Check that all sessions have marks for the same items.", **p
    ),
    "corrections_waiting": lambda p: ngettext(
        "%(num)s proposed correction waits. Apply it or leave it aside.",
        "%(num)s proposed corrections wait. Apply them or leave them aside.",
        p["count"],
    ),
    "rechecks_open": lambda p: ngettext(
        "%(num)s re-check is not ended.", "%(num)s re-checks are not ended.", p["count"]
    ),
    "roster_changed": lambda p: _("People joined or left after the draw was locked. Check that all of them have sheets."),
    "people_ineligible": lambda p: _(
        "%(names)s do not meet the conditions of this event. Correct their data, or record the entry as unofficial or disqualified.", **p
    ),
    "people_unproved": lambda p: _(
        "Whether %(names)s meet the conditions of this event is not on record. Complete their data.", **p
    ),
    "names_without_glyphs": lambda p: _(
        "No font of the product can print all characters of %(names)s. Correct the name, or add a font.", **p
    ),
}  # fmt: skip
