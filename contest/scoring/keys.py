"""What a key of an order may look at, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.field import Ruling
from contest.scoring.totals import Totals

Less = Literal["auto", "yes", "no"]


@dataclass(frozen=True)
class Key:
    """One column of an order: the better value first; a subject without a value comes last. label: for `decided_by`."""

    label: str
    column: Column
    less: bool


@dataclass(frozen=True)
class Keys:
    """What a key may look at: the results of one ranking, or of one round of it."""

    totals: Totals
    total: Column
    round: str = ""
    rulings: tuple[Ruling, ...] = ()

    def node(self, key: str, round_: str) -> Column:
        """The value of a node; "total" is the total."""
        return self.total if key == "total" else self.totals.node(key, round_ or self.round)

    def less(self, stated: str, key: str) -> bool:
        """Whether less is better: as stated, else as the node or the ranking says."""
        if stated != "auto":
            return stated == "yes"
        return self.totals.ranking.less if key == "total" else self.totals.rules.node(key).less

    def round_numbers(self) -> list[int]:
        """The rounds in view."""
        return [
            index
            for index in self.totals.rounds
            if not self.round or self.totals.rules.rounds[index].key == self.round
        ]

    def lifted(self, column: Column, key: str) -> Column:
        """A column (items, subjects of the node's module) for the subjects of the ranking, item by item."""
        module = self.totals.rules.module_of(key)
        layers = []
        for index in range(column.shape[0]):
            state = None if column.state is None else column.state[index]
            one = Column(column.num[index], column.den, column.bound, state)
            layers.append(
                self.totals.to_kind(one.reshape(1, 1, one.shape[-1]), module).reshape(
                    len(self.totals.sheets.units[self.totals.kind])
                )
            )
        return cols.stacked(layers)


LESS = ("越小越好", "less is better")


NODE = ("模块、评分项或评分点", "module, criterion or aspect")


ROUND = ("轮次", "round")
