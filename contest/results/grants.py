"""What the award rules decided for a list, as plain JSON that is frozen with it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contest.scoring.awarding import Awarding, Candidate, Reason
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.wording import award_title


def exact_text(value: Fraction | int | None) -> str:
    """`numerator/denominator`, or empty without a value."""
    return "" if value is None else f"{value.numerator}/{value.denominator}"


@dataclass(frozen=True)
class Titles:
    """The award tables of a ranking by key, for the names of what they give."""

    specs: dict[str, AwardSpec]

    def of(self, rule: str, award: str, language: str) -> str:
        return award_title(self.specs[rule], award, language) if rule in self.specs else award


def _plain_reason(reason: Reason) -> dict[str, Any]:
    """A reason as JSON: exact numbers as numerator/denominator."""
    params = {
        name: exact_text(value)
        if isinstance(value, Fraction)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in reason.params.items()
    }
    return {"code": reason.code, "params": params}


def plain_candidate(one: Candidate) -> dict[str, Any]:
    """A candidate of the award rules as JSON, so that titles can be decided again from the frozen list alone."""
    return {
        "key": one.key,
        "rank": None if one.rank is None else str(one.rank),
        "total": exact_text(one.total) or None,
        "status": one.status,
        "parts": {key: exact_text(value) for key, value in sorted(one.parts.items())},
        "full": sorted(one.full),
        "attributes": dict(sorted(one.attributes.items())),
        "gates": list(one.gates),
        "members": [{"key": member.key, "attributes": dict(member.attributes)} for member in one.members],
    }


def grants_of(awarding: Awarding, titles: Titles) -> dict[str, list[dict[str, Any]]]:
    """What each subject earned, for itself or for its members and coach, in the order of the rules."""
    found: dict[str, list[dict[str, Any]]] = {}
    for grant in awarding.grants:
        found.setdefault(grant.subject, []).append(
            {
                "award": grant.award,
                "rule": grant.rule,
                "kind": grant.kind,
                "label": titles.of(grant.rule, grant.award, "zh"),
                "label_en": titles.of(grant.rule, grant.award, "en"),
                "place": grant.place,
                "recipient": grant.recipient,
                "reason": _plain_reason(grant.reason),
            }
        )
    return found


def refusals_of(awarding: Awarding) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for refusal in awarding.refusals:
        found.setdefault(refusal.subject, []).append(
            {
                "award": refusal.award,
                "rule": refusal.rule,
                "recipient": refusal.recipient,
                "reason": _plain_reason(refusal.reason),
            }
        )
    return found
