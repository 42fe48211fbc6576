"""Between members and entries: an entry's result for its members, members' results made into one."""

from __future__ import annotations

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.numbers import ABSENT, BLOCKED, NO_MARK, NO_RESULT, OK, VOID, Array
from contest.scoring.problems import Problem
from contest.scoring.registry import ROLLUPS
from contest.scoring.rules import Node, Ranking, RuleSet, Spec
from contest.scoring.sheets import Sheets
from contest.scoring.stack import Stack
from contest.scoring.tally import Tally

SUM = Spec("sum")
GONE = (2,)
"""Members with the status *withdrawn* are out of the team, as if never entered; the team may be short then."""


def _parameter_names(spec: Spec) -> set[str]:
    return {parameter.name for parameter in ROLLUPS.parameters(spec.by)}


class Teams:
    """What `Totals` needs to pass between members and entries. See there for the attributes."""

    sheets: Sheets
    tally: Tally
    ranking: Ranking
    rules: RuleSet
    kind: str
    subject: str

    def to_kind(self, column: Column, module: Node) -> Column:
        """A module's column for the subjects of the ranking: an entry's for each member, members' rolled up."""
        source = self.tally.kind_of[module.key]
        owner = self.sheets.field.member_entry
        if source == self.kind or owner is None:
            return column
        if self.kind == "member":
            return column.take(owner)
        layers = [
            self._rolled(
                cols.Column(
                    column.num[index],
                    column.den,
                    column.bound,
                    None if column.state is None else column.state[index],
                ),
                module.members or SUM,
                module.key,
            )
            for index in np.ndindex(*column.shape[:-1])
        ]
        return cols.stacked(layers).reshape(*column.shape[:-1], len(self.sheets.units["entry"]))

    def _members(self, result: Column) -> Column:
        """An entry's result as a rollup of its members' totals."""
        return self._rolled(result, self.ranking.members or SUM, "total")

    def _rolled(self, column: Column, spec: Spec, name: str) -> Column:
        owner = self.sheets.field.member_entry
        assert owner is not None
        people, entries = self.sheets.units["member"], self.sheets.units["entry"]
        order = np.argsort(owner, kind="stable")
        gone = ~np.isin(self._member_codes(), GONE)
        order = order[gone[order]]
        start = np.searchsorted(owner[order], owner[order], side="left")
        place = np.arange(len(order)) - start
        sizes = np.bincount(owner[order], minlength=len(entries))
        deep = max(int(sizes.max()) if sizes.size else 0, self.rules.members.minimum)
        num = np.zeros((deep, len(entries)), column.num.dtype)
        state = np.full((deep, len(entries)), NO_MARK, np.int8)
        states = np.where(people.live, column.states(), np.int8(ABSENT))
        num[place, owner[order]] = column.num[order]
        state[place, owner[order]] = states[order]
        filled = np.zeros((deep, len(entries)), bool)
        filled[place, owner[order]] = True
        items = Column(cols.blanked(num, state), column.den, column.bound, state)
        return self._team(items, filled, spec, name)

    def _member_codes(self) -> Array:
        members = self.sheets.field.members
        assert members is not None
        return members.codes()

    def _team(self, items: Column, filled: Array, spec: Spec, name: str) -> Column:
        """Apply the choice for missing members, then the rollup. Items: (members, entries)."""
        state = items.states().copy()
        choice = self.rules.members.missing
        stops = (BLOCKED,) if spec.params.get("missing") in ("skip", "zero") else (NO_MARK, BLOCKED)
        unmarked = np.asarray((filled & np.isin(state, stops)).any(axis=0))
        all_absent = np.asarray(filled.any(axis=0) & np.where(filled, state == ABSENT, True).all(axis=0))
        lost = filled & np.isin(state, (ABSENT, NO_RESULT, VOID))
        owed = ~filled & (np.arange(len(state))[:, None] < self.rules.members.minimum)
        missing = np.asarray((lost | owed).any(axis=0))
        if choice == "zero":
            state[lost | owed] = OK
        else:
            state[lost] = NO_MARK
        clean = Column(cols.blanked(items.num, state), items.den, items.bound, state)
        params = {"missing": "skip", **spec.params} if "missing" in _parameter_names(spec) else spec.params
        result: Column = ROLLUPS.call(spec.by, Stack(clean, "members", self.ranking.less), params=params)
        result = Column(result.num, result.den, result.bound, result.state)
        if choice == "unranked":
            result = cols.with_state(result, missing, NO_RESULT)
            self._note_missing(missing & ~all_absent, name)
        result = cols.with_state(result, all_absent, ABSENT)
        return cols.with_state(result, unmarked, NO_MARK)

    def _note_missing(self, mask: Array, name: str) -> None:
        units = self.sheets.units["entry"]
        mask = mask & units.live
        if mask.any():
            params = {"count": int(mask.sum()), "subjects": units.named(mask), "module": name}
            problem = Problem("member_missing", name, params, "note")
            if problem not in self.tally.problems:
                self.tally.problems.append(problem)

    def _to_subject(self, mask: Array) -> Array:
        return self.sheets.carried(mask, self.kind, self.subject)
