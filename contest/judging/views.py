"""The room's doors: panels, board, desk and files for the office; the tablet for judges."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext

from contest import web
from contest.judging import (  # noqa: F401  # each module adds its pages to the blueprint
    views_across,
    views_app,
    views_board,
    views_check,
    views_checking,
    views_corrections,
    views_desk,
    views_double,
    views_files,
    views_frame,
    views_judges,
    views_notes,
    views_outbox,
    views_packed,
    views_panels,
    views_seats,
    views_sign,
    views_tablet,
    views_talks,
    views_theme,
)

MESSAGES = {
    "judge_conflicted": lazy_gettext(
        "%(name)s is tied to %(count)s entries of this event. Choose another judge, or assign in spite of the tie: "
        "then the sheets of those entries stay hidden."
    ),
    "seat_already_held": lazy_gettext(
        "%(name)s already holds such a seat in this panel. Choose another judge."
    ),
    "work_codes_missing": lazy_gettext("%(count)s entries have no work code yet. Issue the codes first."),
    "nothing_to_mark": lazy_gettext(
        "There are no sheets to make: this needs a panel with seats, and entries that compete."
    ),
    "sheet_incomplete": lazy_gettext(
        "%(count)s aspects of sheet %(sheet)s are not yet marked. Mark them, or choose absent."
    ),
    "sheet_locked": lazy_gettext(
        "The chief judge has locked sheet %(sheet)s. Ask for it to be unlocked if it must change."
    ),
    "sheet_submitted": lazy_gettext("Sheet %(sheet)s is submitted. Take it back first."),
    "sheet_frozen": lazy_gettext(
        "A confirmed list stands on these marks. They change only after the list was withdrawn or an appeal upheld."
    ),
    "sheet_not_submitted": lazy_gettext("Sheet %(sheet)s is not submitted yet, so it can't be locked."),
    "sheet_not_locked": lazy_gettext("Sheet %(sheet)s is not locked yet."),
    "sheet_unsigned": lazy_gettext("Sheet %(sheet)s still has to be signed by: %(names)s."),
    "marks_moved": lazy_gettext(
        "The marks changed after this summary was opened. Look at them again, then submit."
    ),
    "marking_reason_missing": lazy_gettext("Write the reason: it is kept in the log."),
    "same_confirmer": lazy_gettext("A second person has to confirm: whoever uploaded the file can't."),
    "mark_file_not_ready": lazy_gettext(
        "This file can't be confirmed: it has errors, or was dealt with before."
    ),
    "own_sheet_first": lazy_gettext(
        "You mark this entry yourself. Submit your own sheet first; then the sheets of the others open."
    ),
    "mark_file_refused": lazy_gettext(
        "%(count)s marks of the file were not taken, the first because: %(reason)s. Nothing of the file was recorded."
    ),
    "spread_open": lazy_gettext(
        "The panel has to talk about %(count)s aspects of sheet %(sheet)s first: the marks lie too far apart."
    ),
    "spread_settled": lazy_gettext(
        "The marks of the panel lie close enough together by now. There is nothing left to talk about."
    ),
    "sheet_not_checked": lazy_gettext(
        "Sheet %(sheet)s still has to be compared by a second person, on the page “Checking”."
    ),
    "not_second_person": lazy_gettext(
        "A second person has to do this: whoever marked, signed or keyed the sheet can't."
    ),
    "panel_has_sheets": lazy_gettext(
        "There are sheets already. Declare the seat's marks void, or give the seat to another judge."
    ),
    "check_note_missing": lazy_gettext("Write what is wrong, so that it can be mended."),
    "two_keyers_wanted": lazy_gettext(
        "In this event paper sheets are keyed twice, by two people. Key this one on the page “Blind double entry”."
    ),
    "keyed_agreed": lazy_gettext(
        "Two people have keyed sheet %(sheet)s and agree. Begin anew if it has to be keyed again."
    ),
    "message_missing": lazy_gettext("Write what the judge should read."),
    "message_too_long": lazy_gettext("At most %(limit)s characters."),
    "mark_columns_missing": lazy_gettext(
        "No heading row was found. The file needs a column with the number (准考证号, 参赛号) or the ID number, and one with "
        "the mark (成绩), or one for each aspect by its title."
    ),
    "file_who_missing": lazy_gettext("This row names nobody. Write the number or the ID number."),
    "file_who_unknown": lazy_gettext("Nobody of this event has this number. Check it against the roster."),
    "file_who_team": lazy_gettext(
        "This is the number of a team. Marks of this module need the member's own number."
    ),
    "file_name_differs": lazy_gettext("Number %(number)s belongs to somebody of another name. Check both."),
    "file_row_twice": lazy_gettext("The same person stands in row %(line)s already."),
    "judge_lines": lazy_gettext(
        "%(count)s lines can't be read, or name a delegation that is not in the list: %(lines)s. Nothing was added."
    ),
    "judge_lines_many": lazy_gettext("At most %(limit)s judges at once. Split the list."),
    "entry_unknown_here": lazy_gettext(
        "This event has no entry with the number %(number)s. Check the number."
    ),
    "tie_missing": lazy_gettext("Write who it is and how you are tied."),
    "judge_name_missing": lazy_gettext("Write the judge's name."),
    "judge_twice": lazy_gettext("%(name)s of this unit is in the list already."),
    "panel_name_missing": lazy_gettext("Write a name for the panel."),
    "panel_modules_missing": lazy_gettext("Choose at least one module."),
    "seat_count": lazy_gettext("Between 1 and 30 seats."),
    "code_not_found": lazy_gettext(
        "There is no sheet with work code %(sheet)s here. Check the code on the paper."
    ),
    "marks_elsewhere": lazy_gettext(
        "You mark on another device, so this one only reads. Take over here first, then try again."
    ),
    "outbox_unreadable": lazy_gettext(
        "This is not a file of unsent marks. On the device open the list, “Unsent marks as a file”, and save it again."
    ),
    "outbox_damaged": lazy_gettext(
        "This file is not as it left the device: a part is missing or was changed. Save it on the device once more."
    ),
    "outbox_foreign": lazy_gettext(
        "This file belongs to no judge of this edition. Check that it was made for this contest."
    ),
    "outbox_done": lazy_gettext("These marks were taken already. Bring in a newer file if there are more."),
    "device_unknown": lazy_gettext(
        "This browser keeps no cookies, so it can't be told from others. Allow cookies, or use another browser, and scan "
        "your code again."
    ),
    # One sentence for each reason a single mark may be refused, as the tablet shows it beside the field.
    "mark_not_yours": lazy_gettext(
        "This sheet is not on your list any more. The mark is kept on this device; tell the chief judge."
    ),
    "mark_locked": lazy_gettext("Locked by the chief judge: not taken. Ask for the sheet to be unlocked."),
    "mark_submitted": lazy_gettext("The sheet is submitted: take it back first, then change the mark."),
    "mark_seat_void": lazy_gettext("The marks of this seat were declared void. Ask the chief judge."),
    "mark_event_not_open": lazy_gettext("The event is not open for marks. Ask the organiser."),
    "mark_no_such_aspect": lazy_gettext("The rules no longer have this aspect. Reload the sheet."),
    "mark_no_such_attempt": lazy_gettext("The rules have no such attempt. Reload the sheet."),
    "mark_comment_too_long": lazy_gettext("The comment is longer than %(limit)s characters. Shorten it."),
    "mark_value_without_state": lazy_gettext("Absent and void carry no value. Choose one of the two."),
    "mark_uuid_taken": lazy_gettext("This mark could not be told apart from another. Type it once more."),
    "mark_not_a_choice": lazy_gettext("Choose one of: %(choices)s."),
    "mark_overtaken": lazy_gettext("Another device marked this meanwhile. Choose which of the two stands."),
    "mark_same_value": lazy_gettext("The same mark was there already."),
    "comments_missing": lazy_gettext(
        "%(count)s marks need a comment that says why. They are listed here: write the comments, then sign."
    ),
    "marks_unlikely": lazy_gettext(
        "These marks look very unlikely. If they are meant, type the word that the summary asks for."
    ),
    # What the summary asks to be looked at again.
    "odd_zeros": lazy_gettext("Every mark of this sheet comes to 0 points."),
    "odd_same_row": lazy_gettext(
        "All marks are exactly those you gave another contestant. Is this the right sheet?"
    ),
    "odd_far": lazy_gettext("Far from what this aspect was given so far. Is the point in its place?"),
    # The same for notes: comments, presses on the clock, photos, problems, signatures.
    "note_malformed": lazy_gettext("The device sent something unreadable. Reload the sheet and do it again."),
    "note_not_yours": lazy_gettext(
        "This sheet is not on your list any more. It is kept on this device; tell the chief judge."
    ),
    "note_uuid_taken": lazy_gettext("This could not be told apart from something else. Do it once more."),
    "note_locked": lazy_gettext("Locked by the chief judge: not taken. Ask for the sheet to be unlocked."),
    "note_submitted": lazy_gettext("The sheet is submitted: take it back first, then change it."),
    "note_too_long": lazy_gettext("That is longer than %(limit)s characters. Shorten it."),
    "note_no_such_aspect": lazy_gettext("The rules no longer have this aspect. Reload the sheet."),
    "note_no_such_kind": lazy_gettext("Choose what it is, then send it again."),
    "note_no_such_cause": lazy_gettext("Choose the cause, then send it again."),
    "note_own_fault": lazy_gettext("Extra time is never given for the contestant's own fault."),
    "note_seconds": lazy_gettext("Between 1 second and 3 hours."),
    "note_timing_words_missing": lazy_gettext("Write in words what the cause was."),
    "note_problem_words_missing": lazy_gettext("Write in words what the problem is."),
    "note_photo_too_large": lazy_gettext(
        "The picture is larger than %(limit)s MB. Take it again from nearer."
    ),
    "note_not_a_picture": lazy_gettext("That is not a JPEG picture. Take the photo with the camera."),
    "note_too_many_photos": lazy_gettext("A sheet takes at most %(limit)s photos."),
    "note_marks_missing": lazy_gettext(
        "Some of the signed marks have not arrived yet. The signature follows when they have."
    ),
    "note_marks_moved": lazy_gettext(
        "The marks are no longer those that were signed. Look at the sheet again, then sign."
    ),
    "note_drawing": lazy_gettext("The drawn signature can't be read. Sign once more."),
    "note_not_holder": lazy_gettext("This judge does not hold the seat of the sheet. Reload the sheet."),
    "batch_too_large": lazy_gettext(
        "One request takes at most %(limit)s marks. Nothing of this one was stored: send it in smaller parts."
    ),
    "mark_malformed": lazy_gettext(
        "The device sent something unreadable. Reload the sheet and type the mark again."
    ),
    "mark_emptied": lazy_gettext("A mark can't be emptied. Type another value, or choose absent or void."),
    "mark_empty": lazy_gettext("Type a number. Nothing is not 0."),
    "mark_too_long": lazy_gettext("That is too long for a mark."),
    "mark_comma": lazy_gettext("Use a point for decimals, such as 8.5."),
    "mark_not_a_number": lazy_gettext("That is not a number. Type digits, such as 8.5."),
    "mark_too_many_decimals": lazy_gettext("At most %(decimals)s decimals."),
    "mark_negative_zero": lazy_gettext("Type 0 without a sign."),
    "mark_below": lazy_gettext("Not below %(low)s."),
    "mark_above": lazy_gettext("Not above %(high)s."),
    "mark_off_step": lazy_gettext("Only in steps of %(step)s."),
}


def init_app(app: Flask) -> None:
    """Register the sentences and both blueprints."""
    web.register_messages(MESSAGES)
    app.register_blueprint(views_frame.bp)
    app.register_blueprint(views_tablet.bp)
