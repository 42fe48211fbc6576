"""The scoring core: pure functions from a rule set and marks to rankings. Knows no room, no Flask, no database.

Importing it fills the registries, so that forms and checks see every method.
"""

from contest.scoring import (  # noqa: F401 - each fills a registry
    aggregate,
    aggregate_seats,
    awarding,
    conversions,
    conversions_field,
    delegations,
    kinds,
    numbers,
    rollups,
    scales,
    tiebreaks,
    tiebreaks_single,
)
