"""The rule set of an event: what is marked, how marks combine, how results are ordered. Frozen.

The same content has three forms: this tree of dataclasses, a canonical dictionary that JSON can hold, and TOML.
Every number is exact (a Fraction); a binary float is refused. The forms are described in docs/scoring.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contest.scoring import codec
from contest.scoring.scheme import Node, Rounding, Spec

FORMAT = 1
"""Version of the file format; a reader refuses a newer one."""


@dataclass(frozen=True)
class Advance:
    """Who goes on to the next round: the first `first`, or the first `share` of the ranked, or from `score` on.

    Everyone tied at the line goes on. `share_rounding` (up, down, half_up) makes the share a number of people.
    """

    first: int | None = None
    share: Fraction | None = None
    share_rounding: str = "up"
    score: Fraction | None = None


@dataclass(frozen=True)
class Round:
    """One holding of the scheme: heat, stage, run, month.

    modules: keys of the modules held in it (empty: all). carry: module key → key of the earlier round whose
    result counts here. weights: module key → percent in this round. weight: percent of the round in the total
    when the rounds roll up by "weighted". convert: of the round's result (points by place in the round); less: a
    smaller result of the round is better, before that.
    """

    key: str
    title_zh: str = ""
    title_en: str = ""
    modules: tuple[str, ...] = ()
    carry: Mapping[str, str] = field(default_factory=codec.Table)
    weights: Mapping[str, Fraction] = field(default_factory=codec.Table)
    weight: Fraction | None = None
    round: Rounding | None = None
    times: tuple[str, ...] = ()
    convert: Spec | None = None
    less: bool = False
    advance: Advance | None = None


@dataclass(frozen=True)
class Total:
    """How modules make a round's result and rounds the total. `rounds` is a rollup over the rounds' results.

    method: judges are combined on their whole totals, if no node below does so.
    """

    combine: Spec | None = None
    method: Spec | None = None
    aspect_method: Spec | None = None
    judges: int | None = None
    missing_judge: str = ""
    round_each: Rounding | None = None
    rounds: Spec | None = None
    convert: Spec | None = None
    cap: Fraction | None = None
    floor: Fraction | None = None
    round: Rounding | None = None
    gate: Fraction | None = None


@dataclass(frozen=True)
class Members:
    """Team sizes, and what a team with a missing member is: unranked, counts what it has, or the part is zero."""

    minimum: int = 1
    maximum: int = 1
    missing: str = "unranked"


@dataclass(frozen=True)
class Input:
    """A numeric column that comes beside the marks (difficulty, factor, age). `decimals` allowed after the point."""

    name: str
    title_zh: str = ""
    title_en: str = ""
    decimals: int = 3
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Column:
    """A text column that rankings filter by or awards ask about (group, gender, prior_holder). `values` allowed."""

    name: str
    title_zh: str = ""
    title_en: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """Keeps subjects whose column is one of `values`, or whose input lies within [at_least, at_most]."""

    column: str
    values: tuple[str, ...] = ()
    at_least: Fraction | None = None
    at_most: Fraction | None = None


@dataclass(frozen=True)
class Ranking:
    """One order of one kind of subject over a choice of modules.

    subject: "entry" or "member". modules: keys (empty: all). weights: module key → percent here. members: an
    entry's total is a rollup of its members' totals. rounds: rollup of the rounds here instead of the total's. less: a smaller total is better. order: keys of
    TIE_BREAKS in turn (empty: the total alone). ties: shared (1,2,2,4), dense (1,2,2,3), average (1,2.5,2.5,4),
    never (an unresolved tie blocks). gates: whether a subject below a pass gate is "ranked" (and refused awards),
    "unranked", or listed "behind" all who passed. no_total: "unranked" or "behind" for subjects without a total.
    awards: tables for `awarding`.
    """

    key: str
    title_zh: str = ""
    title_en: str = ""
    subject: str = "entry"
    modules: tuple[str, ...] = ()
    weights: Mapping[str, Fraction] = field(default_factory=codec.Table)
    round: str = ""
    members: Spec | None = None
    rounds: Spec | None = None
    filter: tuple[Condition, ...] = ()
    less: bool = False
    order: tuple[Spec, ...] = ()
    ties: str = "shared"
    gates: str = "ranked"
    no_total: str = "unranked"
    show: Rounding | None = None
    awards: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Variant:
    """A change of the rules for some events of a file: `events` are names or shell patterns, `where` column = value.

    `rules` is merged into the rule set: tables deeply, arrays of tables by their `key`, anything else replaced.
    """

    rules: Mapping[str, Any]
    events: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=codec.Table)


@dataclass(frozen=True)
class RuleSet:
    """All rules of one event. `tables` and `overall` (award tables) draw on all events of a file.

    panel: keys of the judges (empty: any judge may mark). See docs/scoring.md for each field.
    """

    key: str = ""
    title_zh: str = ""
    title_en: str = ""
    source: str = ""
    notes_zh: str = ""
    notes_en: str = ""
    format: int = FORMAT
    decimals: int = 3
    modules: tuple[Node, ...] = ()
    total: Total = Total()
    rounds: tuple[Round, ...] = ()
    members: Members = Members()
    groups: tuple[str, ...] = ()
    panel: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    filters: tuple[Column, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    tables: tuple[Mapping[str, Any], ...] = ()
    overall: tuple[Mapping[str, Any], ...] = ()
    variants: tuple[Variant, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RuleSet:
        """Read the canonical (or a hand-written) dictionary. Raises RulesError naming every field it cannot read."""
        return codec.read(cls, data)

    @classmethod
    def from_toml(cls, text: str) -> RuleSet:
        """Read TOML text. Decimals are read exactly. Raises RulesError, also for a syntax error."""
        try:
            return cls.from_dict(tomllib.loads(text, parse_float=Decimal))
        except codec.RulesError:
            raise
        except (ValueError, RecursionError) as error:  # a number of 5,000 digits, ten thousand brackets
            raise codec.unreadable("toml", reason=str(error)) from None

    def to_dict(self) -> dict[str, Any]:
        """The canonical dictionary: defaults left out, numbers as int or exact text, ready for JSON."""
        return codec.write(self)

    def to_toml(self) -> str:
        """The same content as TOML; reading it gives an equal rule set."""
        return codec.toml(self.to_dict())

    @property
    def tree(self) -> Node:
        """The whole scheme as one node "total" whose parts are the modules."""
        return self.tree_of(self.modules)

    def tree_of(self, modules: tuple[Node, ...]) -> Node:
        """Some modules as one node "total"."""
        total = self.total
        return Node(
            key="total",
            parts=modules,
            combine=total.combine,
            method=total.method,
            aspect_method=total.aspect_method,
            judges=total.judges,
            missing_judge=total.missing_judge,
            round_each=total.round_each,
        )

    def node(self, key: str) -> Node:
        """The node of that key, at any depth; raises KeyError."""
        for module in self.modules:
            for node in module.walk():
                if node.key == key:
                    return node
        raise KeyError(key)

    def module_of(self, key: str) -> Node:
        """The module in which the node `key` stands; raises KeyError."""
        for module in self.modules:
            if any(node.key == key for node in module.walk()):
                return module
        raise KeyError(key)

    def aspects(self) -> tuple[Node, ...]:
        """All aspects in the order of the sheet."""
        return tuple(aspect for module in self.modules for aspect in module.aspects())

    def ranking(self, key: str) -> Ranking:
        """The ranking of that key; raises KeyError."""
        for ranking in self.rankings:
            if ranking.key == key:
                return ranking
        raise KeyError(key)
