"""An award table of a rule set: which rule, for whom, under which conditions."""

import dataclasses
from collections.abc import Mapping
from typing import Any

#: What an award is; it decides which list releases its paper (prizes a confirmed one, titles a final one).
KINDS = ("prize", "medal", "title", "promotion", "penalty")

#: Conditions whose refusals may let places pass down to the next in the ranking.
CONDITIONS = ("only", "within", "unless", "holders", "gates", "needs", "requires", "after")

#: What happens to people who hold the title already.
HOLDER_POLICIES = ("bar", "pass_down", "no_repeat")


@dataclasses.dataclass(frozen=True, slots=True)
class AwardSpec:
    """One award table, read. Everything that is not named here is a parameter of the rule `by`.

    to: who receives it: "subject", "members" (each by their own attributes), or the column that names the
    recipient, such as "coach". only / unless: column → values that make eligible / that bar. needs: part →
    least mark. gates: whether a failed pass gate of the scheme refuses ("refuse") or not ("ignore").
    holders: {attribute, values, policy}. requires / after: keys of earlier rules → awards that must have
    been won / rules whose winners are passed over. pass_down: conditions whose refused leave their place to
    the next (依次递补); otherwise the place lapses. within: the last place of the ranking that may receive it,
    however far places pass down (0: any). limit: {attribute, number}: at most so many of each value of a
    column compete for it, the best ones; the others are passed over. apart: a column; each of its values is awarded by itself.
    round: empty for the ranking over all rounds, "each" for every round by itself, or the key of one round.
    field: rows {from, to, awards, void} by the size counted as `field_of`. quotas: shares to check.
    names: award → [Chinese, English].
    """

    key: str
    by: str
    title_zh: str = ""
    title_en: str = ""
    source: str = ""
    kind: str = "prize"
    to: str = "subject"
    only: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    needs: Mapping[str, int | str] = dataclasses.field(default_factory=dict)
    gates: str = "refuse"
    holders: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    requires: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    after: tuple[str, ...] = ()
    pass_down: tuple[str, ...] = ("only", "within")
    within: int = 0
    limit: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    apart: str = ""
    round: str = ""
    field: tuple[Mapping[str, Any], ...] = ()
    field_of: str = "present"
    quotas: tuple[Mapping[str, Any], ...] = ()
    names: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "AwardSpec":
        """Split a table into the common options and the rule's own parameters. Raises TypeError without key, by."""
        known = {name: value for name, value in table.items() if name in OPTIONS}
        params = {name: value for name, value in table.items() if name not in OPTIONS}
        return cls(**known, params=params)

    def is_for(self, round_key: str) -> bool:
        """Whether it is given for a round (or, with an empty key, for the ranking over all rounds)."""
        return self.round == round_key or (self.round == "each" and round_key != "")

    @property
    def has_conditions(self) -> bool:
        """Whether anything but the scheme's pass gates stands beside the place."""
        return bool(
            self.only
            or self.within
            or self.unless
            or self.holders
            or self.needs
            or self.requires
            or self.after
        )

    def passes_down(self, condition: str) -> bool:
        """Whether those whom a condition refuses leave their place to the next."""
        if condition == "holders":
            return self.holders.get("policy") == "pass_down"
        return condition in self.pass_down


#: Names of the common options; every other key of an award table belongs to its rule.
OPTIONS = frozenset(one.name for one in dataclasses.fields(AwardSpec)) - {"params"}
