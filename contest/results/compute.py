"""Glue between the rooms and the scoring core: one event in, its lists as plain rows with names frozen out.

Screens, snapshots, papers and files all start here, so that no two of them can disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contest.events.models import Event
from contest.results.headings import heading_of
from contest.results.inputs import Inputs, read_inputs
from contest.results.lines import Line, lines_of
from contest.results.selfscores import has_self_scores, self_outcome
from contest.results.tables import TABLE, table_listing
from contest.scoring.compute import compute
from contest.scoring.outcome import Outcome, Standing
from contest.scoring.rules import Ranking


@dataclass(frozen=True)
class Listing:
    """One list ready to be shown or frozen: its heading (titles, columns) and its lines in order of place."""

    ranking_key: str
    round_key: str
    heading: dict[str, Any]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Computation:
    """The results of an event as they follow from its present input."""

    inputs: Inputs
    outcome: Outcome
    self_scores: Outcome | None
    _listings: dict[tuple[str, str], Listing] = field(default_factory=dict, repr=False)

    @property
    def event(self) -> Event:
        return self.inputs.event

    def list_keys(self) -> list[tuple[str, str]]:
        """(ranking key, round key) of every list of the event; an empty round key is the list over all rounds."""
        keys = []
        for ranking in self.inputs.rules.rankings:
            if not ranking.round and len(self.inputs.rules.rounds) > 1:
                keys += [
                    (ranking.key, one.key)
                    for one in self.inputs.rules.rounds
                    if (ranking.key, one.key) in self.outcome.rounds
                ]
            keys.append((ranking.key, ""))
        return keys + [(TABLE + str(table["key"]), "") for table in self.inputs.rules.tables]

    def standing(self, ranking_key: str, round_key: str = "") -> Standing:
        """The order of a ranking, over all rounds or in one; raises KeyError."""
        if round_key:
            return self.outcome.rounds[ranking_key, round_key]
        return self.outcome.rankings[ranking_key]

    def ranking(self, key: str) -> Ranking:
        """The ranking's rules; raises KeyError."""
        return self.inputs.rules.ranking(key)

    def listing(self, ranking_key: str, round_key: str = "") -> Listing:
        """A list with names and marks as they stand; raises KeyError for one that the rules don't hold."""
        key = (ranking_key, round_key)
        if key not in self._listings:
            self._listings[key] = self._make(ranking_key, round_key)
        return self._listings[key]

    def _make(self, ranking_key: str, round_key: str) -> Listing:
        if ranking_key.startswith(TABLE):
            heading, lines = table_listing(self.inputs, self.outcome, ranking_key.removeprefix(TABLE))
            return Listing(ranking_key, round_key, heading, lines)
        lines, used = lines_of(self.inputs, self.outcome, self.self_scores, ranking_key, round_key)
        heading = heading_of(self.inputs, ranking_key, round_key, lines, used, self.self_scores is not None)
        return Listing(ranking_key, round_key, heading, lines)


def compute_event(event: Event, *, up_to_mark: int | None = None) -> Computation:
    """Read an event's input and compute all its lists; `up_to_mark`: with the marks as they stood then.

    Raises Missing("no_rules") while the event has no rules.
    """
    return compute_inputs(read_inputs(event, up_to_mark=up_to_mark))


def compute_inputs(inputs: Inputs) -> Computation:
    """All lists of an input that was read already, or changed in thought."""
    outcome = compute(inputs.rules, inputs.field)
    mine = self_outcome(inputs) if has_self_scores(inputs) else None
    return Computation(inputs, outcome, mine)
