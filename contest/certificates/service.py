"""The room's acts, for its views, for the command line and for the desk."""

from contest.certificates.batch import start as start_batch
from contest.certificates.issuing import issue, planned, reissue, revoke, void
from contest.certificates.making import content_of, make, papers_of
from contest.certificates.own import find as find_own
from contest.certificates.own import may_check, note_failure, note_unknown_code
from contest.certificates.printing import NAMING, merged, zipped
from contest.certificates.states import reason_of, state_of

__all__ = [
    "NAMING",
    "content_of",
    "find_own",
    "issue",
    "make",
    "may_check",
    "merged",
    "note_failure",
    "note_unknown_code",
    "papers_of",
    "planned",
    "reason_of",
    "reissue",
    "revoke",
    "start_batch",
    "state_of",
    "void",
    "zipped",
]
