"""What registration, draw and codes refuse, by name. The sentences are in `messages`."""

from __future__ import annotations

from contest.errors import Invalid, Refused


class RosterFrozen(Refused):
    """Something relies on the roster as it stands: a locked draw or a confirmed list."""

    code = "roster_frozen"


class RegistrationClosed(Refused):
    """The delegation's registration is handed in, or the last day of registration has passed."""

    code = "registration_handed_in"


class ReasonMissing(Invalid):
    """The act is kept with its reason, and none was given."""

    code = "entry_reason_missing"


class NumberTaken(Invalid):
    """Another entry of the event has this number."""

    code = "entry_number_taken"


class NameTaken(Invalid):
    """Another delegation of the edition, or organisation of the contest, has this name."""

    code = "delegation_name_taken"


class AlreadyEntered(Invalid):
    """The person is a live member of an entry of this event; one person takes part once."""

    code = "already_entered"


class TeamSize(Invalid):
    """The entry would have fewer or more members than the event allows."""

    code = "team_size"


class StateChange(Refused):
    """The entry or member is not in a state from which this can be done."""

    code = "state_change"


class DrawLocked(Refused):
    """A locked draw is never changed."""

    code = "draw_locked"


class DrawInvalid(Invalid):
    """The places keyed or the seed revealed don't make a draw."""

    code = "draw_invalid"


class CodesIssued(Refused):
    """Codes exist already; they are issued once."""

    code = "codes_issued"


class ImportRefused(Invalid):
    """The file has errors; nothing of it was taken over."""

    code = "import_refused"


class ImportChanged(Refused):
    """What the import would do is no longer what was shown."""

    code = "import_changed"


class MergeImpossible(Refused):
    """The two rows can't be made one; the code says what stands in the way."""

    code = "merge_not_two"


class MergeUndone(Refused):
    """The merge was taken back before, or others build on it."""

    code = "merge_undone"


class RequestClosed(Refused):
    """The request was decided before, or too many are open."""

    code = "request_closed"


class RequestValue(Invalid):
    """The value asked for can't be what it should be."""

    code = "request_value"
