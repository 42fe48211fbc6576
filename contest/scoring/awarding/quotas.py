"""Ring-fenced shares of what was granted: counts, shares and margins to one decimal."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from contest.scoring.awarding.amounts import exact, one_decimal
from contest.scoring.awarding.verdicts import QuotaShare


def share_of(rule: str, quota: Mapping[str, Any], people: Sequence[Mapping[str, str]]) -> QuotaShare:
    """The share of `people` (their attributes) whose column has one of the quota's values, against its limit.

    quota: {key, attribute, values, at_least | at_most}. The margin is how far the share is on the right
    side of its limit, negative when it is broken. Nobody granted counts as a share of zero.
    Source: industrial workers ≥ 35 %, enterprise heads ≤ 13 % (May 1st labour medals, 2023 and 2024).
    """
    count = sum(1 for one in people if one.get(quota["attribute"], "") in quota["values"])
    share = Fraction(count, len(people)) if people else Fraction(0)
    at_least = "at_least" in quota
    limit = exact(quota["at_least"] if at_least else quota["at_most"])
    margin = share - limit if at_least else limit - share
    return QuotaShare(
        rule=rule,
        quota=quota["key"],
        count=count,
        base=len(people),
        share=one_decimal(share),
        limit=one_decimal(limit),
        margin=one_decimal(margin),
        kept=margin >= 0,
    )
