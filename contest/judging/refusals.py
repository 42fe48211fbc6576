"""Named refusals of the judging room. The sentences stand in `views.MESSAGES`."""

from __future__ import annotations

from contest.errors import Invalid, Refused, Stale


class Conflicted(Refused):
    """The judge is tied to entries of this event; `count` says how many, `relations` why."""

    code = "judge_conflicted"


class AlreadyHeld(Refused):
    """The judge already holds a seat of this panel, or the seat already has this judge."""

    code = "seat_already_held"


class CodesMissing(Refused):
    """Sheets are made by work code; some entries have none yet."""

    code = "work_codes_missing"


class NothingToMark(Refused):
    """No panel, no seat, or no entry: there is nothing to make sheets of."""

    code = "nothing_to_mark"


class SheetIncomplete(Refused):
    """Aspects are not yet marked; `count` of them."""

    code = "sheet_incomplete"


class SheetLocked(Refused):
    """The chief judge has locked the sheet."""

    code = "sheet_locked"


class SheetSubmitted(Refused):
    """The sheet was submitted; it has to be taken back before it can change."""

    code = "sheet_submitted"


class SheetFrozen(Refused):
    """A confirmed list stands on the sheet."""

    code = "sheet_frozen"


class NotSubmitted(Refused):
    """Only a submitted sheet can be locked."""

    code = "sheet_not_submitted"


class Unsigned(Refused):
    """A group sheet lacks the signature of some of its judges."""

    code = "sheet_unsigned"


class MarksMoved(Stale):
    """The marks are not those the judge saw in the summary."""

    code = "marks_moved"


class CommentsMissing(Refused):
    """The rules ask for a comment on some marks; `count` of them have none."""

    code = "comments_missing"


class Unlikely(Refused):
    """The marks look very unlikely: the judge has to type the word that says they are meant."""

    code = "marks_unlikely"


class ReasonMissing(Invalid):
    """An unlocking, a correction or a voiding needs a reason."""

    code = "marking_reason_missing"


class SamePerson(Refused):
    """A second person has to confirm, never the one who uploaded."""

    code = "same_confirmer"


class FileNotReady(Refused):
    """The file of marks has errors, or was confirmed or rejected before."""

    code = "mark_file_not_ready"


class SpreadSettled(Refused):
    """The panel's marks lie close enough together again: there is nothing left to talk about."""

    code = "spread_settled"


class SpreadOpen(Refused):
    """The panel's marks differ by more than the rules accept; `count` aspects of the sheet are concerned."""

    code = "spread_open"


class NotChecked(Refused):
    """The event wants every sheet compared by a second person before it is locked."""

    code = "sheet_not_checked"


class NotSecondPerson(Refused):
    """Whoever marked, keyed or signed the sheet can't check it, nor key it a second time."""

    code = "not_second_person"


class HasSheets(Refused):
    """The seat or panel has sheets already: it can be voided, or given to another judge, but not removed."""

    code = "panel_has_sheets"


class KeyedAgreed(Refused):
    """Two people have keyed the sheet and agree."""

    code = "keyed_agreed"


class TwoKeyersWanted(Refused):
    """The event wants paper sheets keyed twice, by two people, so the plain desk is closed for them."""

    code = "two_keyers_wanted"


class NotLocked(Refused):
    """Only a locked sheet is corrected by decision; an open one is its judge's."""

    code = "sheet_not_locked"
