"""The room's services: what other rooms, the command line and the demo call. Keyword-only; they flush."""

from contest.results.appeals import (
    acknowledge,
    assign,
    decide_appeal,
    file_appeal,
    file_module_appeal,
    take_on,
    withdraw_appeal,
)
from contest.results.breakdowns import breakdown_of
from contest.results.bundles import keep_bundle
from contest.results.checks import ask, ask_to_publish, check_list
from contest.results.corrections import apply_correction, propose_correction, reject_correction
from contest.results.notices import answer_objection, record_objection
from contest.results.publications import (
    archive,
    confirm,
    enter_notice,
    finalise,
    publish,
    release,
    show_places,
    sign,
    withdraw,
)
from contest.results.readings import embargo_over, log_reading, may_read_ranks, must_log
from contest.results.rechecks import check_item, close_recheck, draw_recheck
from contest.results.remarks import remarks_for
from contest.results.rulings import record_ruling, revoke_ruling
from contest.results.seating import seat_labels
from contest.results.settings import change_setting
from contest.results.snapshots import take_snapshot

__all__ = [
    "acknowledge",
    "answer_objection",
    "apply_correction",
    "archive",
    "ask",
    "ask_to_publish",
    "assign",
    "breakdown_of",
    "change_setting",
    "check_item",
    "check_list",
    "close_recheck",
    "confirm",
    "decide_appeal",
    "draw_recheck",
    "embargo_over",
    "enter_notice",
    "file_appeal",
    "file_module_appeal",
    "finalise",
    "keep_bundle",
    "log_reading",
    "may_read_ranks",
    "must_log",
    "propose_correction",
    "publish",
    "record_objection",
    "record_ruling",
    "reject_correction",
    "release",
    "remarks_for",
    "revoke_ruling",
    "seat_labels",
    "show_places",
    "sign",
    "take_on",
    "take_snapshot",
    "withdraw",
    "withdraw_appeal",
]
