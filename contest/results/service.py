"""The room's services: what other rooms, the command line and the demo call. Keyword-only; they flush."""

from contest.results.appeals import decide_appeal, file_appeal, withdraw_appeal
from contest.results.breakdowns import breakdown_of
from contest.results.publications import confirm, enter_notice, finalise, publish, release, sign, withdraw
from contest.results.rulings import record_ruling, revoke_ruling
from contest.results.seating import seat_labels
from contest.results.snapshots import take_snapshot

__all__ = [
    "breakdown_of",
    "confirm",
    "decide_appeal",
    "enter_notice",
    "file_appeal",
    "finalise",
    "publish",
    "record_ruling",
    "release",
    "seat_labels",
    "revoke_ruling",
    "sign",
    "take_snapshot",
    "withdraw",
    "withdraw_appeal",
]
