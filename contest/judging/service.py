"""What other rooms and doors may do here: panels, sheets and marks, under one name."""

from contest.judging.chain import broken_links
from contest.judging.corrections import correct
from contest.judging.double_entry import begin_anew, key
from contest.judging.freezing import freeze, thaw
from contest.judging.judges import (
    add_judge,
    add_judges,
    declare_by_number,
    declare_conflict,
    issue_code,
    settle_tie,
    tell_of_tie,
)
from contest.judging.making import make_sheets, make_when_ready
from contest.judging.marks import Batch, Receipt, Typed, record_batches, record_marks
from contest.judging.messages import mark_seen, send
from contest.judging.notes import NoteReceipt, record_notes
from contest.judging.panels import (
    add_seats,
    assign,
    create_panel,
    edit_panel,
    release,
    remove_panel,
    remove_seat,
    replace,
    set_chief,
    void_seat,
)
from contest.judging.photos import evidence_for, keep_photo
from contest.judging.problems import answer_problem
from contest.judging.sheets import (
    digest_of_marks,
    digest_of_view,
    lock,
    lock_all,
    noticed,
    submit,
    take_back,
    unlock,
)
from contest.judging.signing import sign_here
from contest.judging.talks import mark_again
from contest.judging.verification import check, set_rule

__all__ = [
    "NoteReceipt",
    "Batch",
    "Receipt",
    "Typed",
    "add_judge",
    "add_judges",
    "add_seats",
    "answer_problem",
    "assign",
    "begin_anew",
    "broken_links",
    "check",
    "correct",
    "create_panel",
    "declare_by_number",
    "declare_conflict",
    "digest_of_marks",
    "digest_of_view",
    "edit_panel",
    "evidence_for",
    "freeze",
    "issue_code",
    "keep_photo",
    "key",
    "lock",
    "lock_all",
    "make_sheets",
    "make_when_ready",
    "mark_again",
    "mark_seen",
    "noticed",
    "record_batches",
    "record_marks",
    "record_notes",
    "release",
    "remove_panel",
    "remove_seat",
    "replace",
    "send",
    "set_chief",
    "set_rule",
    "settle_tie",
    "sign_here",
    "submit",
    "take_back",
    "tell_of_tie",
    "thaw",
    "unlock",
    "void_seat",
]
