"""What the pages of people over the editions refuse, by name."""

from __future__ import annotations

from contest.errors import Refused


class NothingDue(Refused):
    """The policy finds nothing, or something else than the preview showed."""

    code = "retention_nothing_due"


class RequestRunning(Refused):
    """The person takes part in an event that is not over."""

    code = "request_running"
