"""The words for what registration finds wrong and puts right: code → sentence, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from contest.entries.roster.columns import Field
from contest.entries.roster.findings import Finding, Notice

# Files that can't be read at all.
FILE = {
    "file_type": _(
        "A file of the type %(suffix)s can't be read. Save the list as .xlsx, .xls or CSV and upload that."
    ),
    "file_empty": _("The file is empty. Check that you chose the right one, and that the list was saved."),
    "file_too_large": _(
        "The file has %(megabytes)s MB; at most %(limit)s MB are taken. Remove pictures and other sheets, or split the list."
    ),
    "file_damaged": _(
        "The file is damaged or isn't what its name says. Open it, save it again as .xlsx and upload that."
    ),
    "file_not_a_workbook": _(
        "This is another kind of document, not a workbook. Save the list as .xlsx and upload that."
    ),
    "file_open_document": _("This is an OpenDocument file. Save the list as .xlsx and upload that."),
    "file_binary_workbook": _("This is a binary workbook (.xlsb). Save it as .xlsx and upload that."),
    "file_web_page": _(
        "This is a web page that was only named like a workbook. Open it in Excel or WPS, save it as .xlsx and upload that."
    ),
    "file_password": _(
        "The workbook is protected by a password. Take the protection off, save it and upload it again."
    ),
    "file_bomb": _(
        "The file unpacks to %(megabytes)s MB or more, which no list needs; it was not opened. Copy the list into a new workbook."
    ),
    "file_too_many_rows": _(
        "The sheet has more than %(limit)s rows. Delete empty formatted rows at its end, or split the list."
    ),
    "file_too_many_columns": _(
        "The sheet has more than %(limit)s columns. Delete empty formatted columns at its right."
    ),
    "file_encoding": _("The text's encoding can't be told. Save it as CSV UTF-8, or as .xlsx."),
    "file_csv_broken": _(
        "A quotation mark in the CSV file is never closed. Save the list as .xlsx and upload that."
    ),
    "no_heading": _(
        "No sheet has a heading row with the name and at least two other known columns. Use the template workbook."
    ),
    "no_rows": _("The heading is there, but no person below it. Fill in the list and upload it again."),
}

# Errors of a cell or row.
CELL = {
    "missing": _("This is required and is empty."),
    "column_missing": _("This column is missing. Add it, or use the template workbook."),
    "column_twice": _("Two columns have this heading. Delete or rename one of them."),
    "formula": _("This is a formula, not a value. Copy the cells and paste them as values."),
    "cell_error": _("The spreadsheet shows an error here. Type the value itself."),
    "digits_lost": _(
        "This long number was stored as a number, so its last digits are lost. Set the cells to text and type it again."
    ),
    "id_length": _("A resident number has 18 characters; this one has %(length)s."),
    "id_fifteen": _("This is the old number of 15 digits. Give the present one of 18."),
    "id_characters": _("A resident number has 17 digits, then a digit or X."),
    "id_check": _(
        "The check digit is wrong, so at least one character was mistyped. Compare it with the card."
    ),
    "id_date": _("The number contains the date %(date)s, which doesn't exist. Compare it with the card."),
    "id_shape": _(
        "This can't be the number of a document of the kind %(kind)s. Compare it with the document."
    ),
    "id_kind_unknown": _("This kind of document isn't known. Choose one of: %(options)s."),
    "birth_differs": _("This doesn't agree with the document number, which says %(document)s."),
    "gender_differs": _("This doesn't agree with the document number, which says %(document)s."),
    "date_impossible": _("This date doesn't exist."),
    "date_unreadable": _("This date can't be read without guessing. Write it as 1990-01-05."),
    "date_no_day": _("The day is missing. Write the whole date, as 1990-01-05."),
    "date_future": _("This date is in the future."),
    "date_too_old": _("This would be more than %(limit)s years ago. Check the year."),
    "gender_unknown": _("Write 男 or 女."),
    "ethnic_group_unknown": _("This is none of the 56 ethnic groups."),
    "education_unknown": _("This education isn't known. Choose one of: %(options)s."),
    "level_unknown": _("This skill level isn't known. Choose one of: %(options)s; leave it empty for none."),
    "event_unknown": _("There is no such event here."),
    "group_unknown": _("There is no such group. Choose one of: %(options)s."),
    "group_not_in_event": _("The event %(event)s has no such group. Choose one of: %(groups)s."),
    "delegation_unknown": _("There is no such delegation."),
    "delegation_not_yours": _("You may register people of your own delegation only."),
    "name_characters": _(
        "A name has letters, Chinese characters and the middle dot only. Delete what else stands here."
    ),
    "name_private_use": _(
        "This name has a character that only a private font can show (%(characters)s). Type it with an input method that knows GB 18030."
    ),
    "phone": _(
        "This isn't a telephone number. Give a mobile number of 11 digits, or a landline with its area code."
    ),
    "years_number": _("Write the years as a whole number, for example 3."),
    "years_whole": _("Write whole years, without a fraction."),
    "years_negative": _("Years can't be negative."),
    "years_many": _("More than %(limit)s years can't be right."),
    "too_long": _("This is too long; at most %(limit)s characters are taken."),
    "person_twice": _(
        "The same document stands in row %(row)s already (%(name)s). One person takes part once."
    ),
    "name_differs": _(
        "Row %(row)s gives the same document another name (%(name)s). Compare both with the document."
    ),
    "number_twice": _("The number %(number)s stands in row %(row)s already."),
    "team_differs": _(
        "The other members of team %(number)s have “%(common)s” here. A team is of one delegation and one group."
    ),
    "team_too_small": _("Team %(number)s has %(members)s member; at least %(least)s are needed."),
    "team_too_large": _("Team %(number)s has %(members)s members; at most %(most)s are allowed."),
    "too_old": _("Too old for the event %(event)s: born on %(limit)s or later is required."),
    "too_young": _("Too young for the event %(event)s: born on %(limit)s or earlier is required."),
    "level_too_low": _("The event %(event)s requires at least %(level)s."),
    "years_too_few": _("The event %(event)s requires at least %(years)s years in the trade."),
    "already_in_event": _(
        "%(name)s is registered in entry %(number)s of this event already. Let them leave it first, or correct this row."
    ),
    "number_of_others": _(
        "The number %(number)s belongs to another delegation's entry. Take another number."
    ),
    "number_of_person": _(
        "The number %(number)s belongs to %(name)s. Take another number, or substitute the person on the entry's page."
    ),
    "name_known_otherwise": _(
        "This document is registered under the name %(name)s. Ask the organiser to correct whichever is wrong."
    ),
    "roster_frozen_row": _(
        "The draw of this event is locked, so %(name)s can't be added or moved by a file. Substitute on the entry's page."
    ),
    "registration_closed_row": _(
        "The registration of this delegation is handed in or over, so %(name)s can't be added or changed. Ask the organiser to return it."
    ),
    "team_would_be_too_large": _(
        "Entry %(number)s has %(names)s too, who aren't in the file; with them it would be larger than %(most)s. Substitute them on the entry's page first."
    ),
}

# What was put right, or left aside.
REPAIR = {
    "full_width": _("full-width characters made plain"),
    "spaces": _("spaces removed"),
    "invisible": _("invisible characters removed"),
    "hyphens": _("hyphens removed"),
    "upper_case": _("written in capitals"),
    "country_code": _("country code removed"),
    "unit_removed": _("unit removed"),
    "whole_number": _("decimals removed"),
    "middle_dot": _("middle dot made the standard one"),
    "separator": _("names parted by 、"),
    "date_form": _("date in standard form"),
    "date_serial": _("day number turned into a date"),
    "standard_form": _("standard term"),
    "no_level": _("taken as no level"),
    "from_document": _("taken from the document number"),
    "merged": _("taken from the merged cell above"),
    "formula_text": _("text taken out of a formula"),
    "only_choice": _("the only choice there is"),
    "column_filled": _("column not in the file: worked out from the others"),
    "formula_value": _("value of a formula taken"),
    "glyph_missing": _("the shipped fonts can't print these characters: certificates would be refused"),
    "column_ignored": _("column not known: left aside"),
    "sheet_skipped": _("sheet without a list: left aside"),
    "row_total": _("a total, not a person: left aside"),
    "row_note": _("a note, not a person: left aside"),
    "row_heading": _("heading repeated: left aside"),
    "row_example": _("example: left aside"),
    "row_nobody": _("names nobody: left aside"),
}

HEADINGS = {
    Field.sequence: _("No."),
    Field.delegation: _("Delegation"),
    Field.number: _("Team number"),
    Field.event: _("Event"),
    Field.group: _("Group"),
    Field.name: _("Name"),
    Field.gender: _("Gender"),
    Field.ethnic_group: _("Ethnic group"),
    Field.id_kind: _("Kind of document"),
    Field.id_number: _("Document number"),
    Field.born_on: _("Born on"),
    Field.education: _("Education"),
    Field.organisation: _("Organisation"),
    Field.post: _("Post"),
    Field.level: _("Skill level"),
    Field.level_certificate: _("Level certificate"),
    Field.years: _("Years in trade"),
    Field.phone: _("Telephone"),
    Field.leader: _("Team leader"),
    Field.coach: _("Coach"),
    Field.remark: _("Remark"),
}


CHANGED = {
    "name": _("Name"),
    "gender": _("Gender"),
    "ethnicity": _("Ethnic group"),
    "education": _("Education"),
    "born_on": _("Born on"),
    "phone": _("Telephone"),
    "organisation": _("Organisation"),
    "job": _("Post"),
    "level_held": _("Skill level"),
    "level_certificate": _("Level certificate"),
    "years_in_trade": _("Years in trade"),
    "note": _("Remark"),
    "entry.delegation": _("Delegation"),
    "entry.group": _("Group"),
    "entry.leader": _("Team leader"),
    "entry.coach": _("Coach"),
}


def changed_words(field: str) -> str:
    """The name of something an import changes."""
    return str(CHANGED[field])


def told(value: object) -> str:
    """An old or new value as text."""
    if isinstance(value, list | tuple):
        return "、".join(map(str, value)) or "—"
    return "—" if value in (None, "") else str(value)


def finding_sentence(finding: Finding) -> str:
    """What is wrong with a cell and what to do; near terms are offered."""
    text = _filled(CELL[finding.code], finding.params)
    suggestions: Any = finding.params.get("suggestions") or ()
    if suggestions:
        near = gettext("” or “").join(suggestions)
        text = " ".join([text, gettext("Did you mean “%(near)s”?", near=near)])
    return text


def notice_sentence(notice: Notice) -> str:
    """What was put right or left aside, in one line."""
    return gettext("; ").join(str(REPAIR[code]) for code in notice.codes)


def file_sentence(code: str, params: dict[str, object]) -> str:
    """Why a file can't be read and what to do."""
    return _filled(FILE[code], params)


def heading(field: Field | None) -> str:
    """A column's name in the reader's language."""
    return str(HEADINGS[field]) if field else ""


def _filled(text: Any, params: dict[str, object]) -> str:
    return str(text) % params if params else str(text)
