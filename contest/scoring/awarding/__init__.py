"""Who receives what, and why not: award rules applied to a ranking.

`award(tables, candidates)` is the door. The rules are registered functions in `bands`, `marks` and
`promotions`; conditions that any rule may carry are in `conditions`, the words for every reason in
`sentences`.
"""

from contest.scoring.awarding import bands, marks, promotions  # noqa: F401 - importing registers their rules
from contest.scoring.awarding.deciding import award
from contest.scoring.awarding.lineup import Candidate, Member
from contest.scoring.awarding.verdicts import Awarding, Grant, Question, QuotaShare, Reason, Refusal

__all__ = ["Awarding", "Candidate", "Grant", "Member", "Question", "QuotaShare", "Reason", "Refusal", "award"]
