"""What a roster is held against: the events it may name, their groups and team sizes, the delegations, the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contest.entries.roster.columns import Field

ALWAYS = (Field.delegation, Field.event, Field.name, Field.id_number, Field.organisation)


@dataclass(frozen=True)
class EventTerms:
    """An event as registration sees it. `born_from` and `born_to` are included; `min_level` is one of LEVELS."""

    key: int
    name: str
    other_names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    min_members: int = 1
    max_members: int = 1
    born_from: date | None = None
    born_to: date | None = None
    min_level: str = ""
    min_years: int = 0

    @property
    def is_team(self) -> bool:
        """Several members make one entry, so rows need a team number."""
        return self.max_members > 1


@dataclass(frozen=True)
class DelegationTerms:
    """A delegation that exists already. Rows of one that is not `may_import` are refused to this registrar."""

    name: str
    short_name: str = ""
    may_import: bool = True


@dataclass(frozen=True)
class Terms:
    """Everything a file is checked against; `today` bounds dates of birth."""

    events: tuple[EventTerms, ...]
    today: date
    delegations: tuple[DelegationTerms, ...] = ()
    delegations_are_fixed: bool = False
    one_event_each: bool = False

    def event(self, name: str) -> EventTerms | None:
        """The event of a name in its standard form."""
        return next((event for event in self.events if event.name == name), None)

    def required(self) -> tuple[Field, ...]:
        """Columns a file can't do without; with one event its name may be left out."""
        fields = [field for field in ALWAYS if field is not Field.event or len(self.events) > 1]
        if any(event.is_team for event in self.events):
            fields.append(Field.number)
        if any(len(event.groups) > 1 for event in self.events):
            fields.append(Field.group)
        return tuple(fields)
