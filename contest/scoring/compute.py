"""The engine's door: rules and a field in, an outcome out."""

from __future__ import annotations

from contest.scoring.field import Field
from contest.scoring.outcome import Outcome
from contest.scoring.rules import RuleSet


def compute(rules: RuleSet, field: Field) -> Outcome:
    """Compute every round and every ranking of an event, exactly.

    The result depends on the content of `field` only, never on the order of its rows. Rules are taken as valid
    (`checks.validate`); marks that break them come back in `Outcome.problems`, never as an exception.
    """
    raise NotImplementedError
