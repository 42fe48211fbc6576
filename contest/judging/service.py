"""What other rooms and doors may do here: panels, sheets and marks, under one name."""

from contest.judging.chain import broken_links
from contest.judging.corrections import correct
from contest.judging.judges import add_judge, add_judges, declare_by_number, declare_conflict, issue_code
from contest.judging.making import make_sheets
from contest.judging.marks import Receipt, Typed, record_marks
from contest.judging.notes import NoteReceipt, record_notes
from contest.judging.panels import add_seats, assign, create_panel, release, set_chief, void_seat
from contest.judging.photos import keep_photo
from contest.judging.problems import answer_problem
from contest.judging.sheets import (
    digest_of_marks,
    digest_of_view,
    freeze,
    lock,
    lock_all,
    submit,
    take_back,
    thaw,
    unlock,
)

__all__ = [
    "NoteReceipt",
    "Receipt",
    "Typed",
    "add_judge",
    "add_judges",
    "add_seats",
    "answer_problem",
    "assign",
    "broken_links",
    "correct",
    "create_panel",
    "declare_by_number",
    "declare_conflict",
    "digest_of_marks",
    "digest_of_view",
    "freeze",
    "issue_code",
    "keep_photo",
    "lock",
    "lock_all",
    "make_sheets",
    "record_marks",
    "record_notes",
    "release",
    "set_chief",
    "submit",
    "take_back",
    "thaw",
    "unlock",
    "void_seat",
]
