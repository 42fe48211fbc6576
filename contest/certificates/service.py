"""The room's acts, for its views, for the command line and for the desk."""

from contest.certificates.batch import start as start_batch
from contest.certificates.issuing import issue, planned, reissue
from contest.certificates.letters import issue as issue_letters
from contest.certificates.letters import reissue as reissue_letter
from contest.certificates.letters import waiting
from contest.certificates.making import LETTERS, content_of, make, papers_of
from contest.certificates.ordering import ORDERS, in_order
from contest.certificates.own import find as find_own
from contest.certificates.own import may_check, note_failure, note_unknown_code
from contest.certificates.printing import NAMING, merged, zipped
from contest.certificates.rolls import discard as discard_roll
from contest.certificates.rolls import draft as draft_roll
from contest.certificates.rolls import keep_only
from contest.certificates.settling import revoke, void
from contest.certificates.states import reason_of, state_of

__all__ = [
    "LETTERS",
    "NAMING",
    "ORDERS",
    "content_of",
    "discard_roll",
    "draft_roll",
    "find_own",
    "in_order",
    "issue",
    "issue_letters",
    "keep_only",
    "make",
    "may_check",
    "merged",
    "note_failure",
    "note_unknown_code",
    "papers_of",
    "planned",
    "reason_of",
    "reissue",
    "reissue_letter",
    "revoke",
    "start_batch",
    "state_of",
    "void",
    "waiting",
    "zipped",
]
