"""Why a change of what is held is not carried out. The sentences are in the room's door."""

from __future__ import annotations

from collections.abc import Sequence

from contest.errors import Invalid, Refused
from contest.scoring.problems import Problem


class NameEmpty(Invalid):
    """A name was left empty; `field` says which."""

    code = "name_empty"


class SlugTaken(Invalid):
    """Another holder has this short name for addresses."""

    code = "slug_taken"


class OrdinalTaken(Invalid):
    """The contest has an edition of this number already."""

    code = "ordinal_taken"


class TradeUnknown(Invalid):
    """The occupation catalogue has no such code."""

    code = "trade_unknown"


class SizesBad(Invalid):
    """The smallest team is above the largest, or below one."""

    code = "sizes_bad"


class GroupKeyTwice(Invalid):
    """Two groups of an event have one key."""

    code = "group_key_twice"


class NotEmpty(Refused):
    """Something stands below the row, so it stays; `what` names its kind."""

    code = "not_empty"


class NotDraft(Refused):
    """The event was opened: this can't change any more."""

    code = "not_draft"


class NotOpen(Refused):
    """The event is not open."""

    code = "not_open"


class NotReady(Refused):
    """The event can't open yet; `blockers` are codes with parameters, see `opening.blockers_of`."""

    code = "not_ready"

    def __init__(self, blockers: Sequence[tuple[str, dict[str, object]]]) -> None:
        super().__init__(count=len(blockers))
        self.blockers = tuple(blockers)


class RulesRefused(Invalid):
    """The rules contradict themselves; `problems` say where and how to mend each."""

    code = "rules_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(count=len(problems))
        self.problems = tuple(problems)


class ReasonNeeded(Invalid):
    """Rules of an opened event change with a reason only."""

    code = "rules_reason_needed"
