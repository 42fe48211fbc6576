"""What the certificates room refuses, by name. The sentences are in its views."""

from __future__ import annotations

from typing import Any

from contest.errors import Invalid, Refused


class NothingToIssue(Refused):
    """Every award that may have a paper has one, or no award is ready."""

    code = "nothing_to_issue"


class BatchRefused(Refused):
    """Some papers of a batch can't be printed as they stand; nothing was issued and no number was used."""

    code = "batch_refused"
    status = 422

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems


class NumberPatternBroken(Invalid):
    """The issuer's pattern has no serial, or names a place that nothing fills."""

    code = "number_pattern_broken"


class NumberTaken(Refused):
    """The pattern gives a number that was given before: numbers are never re-used."""

    code = "certificate_number_taken"


class NotReady(Refused):
    """The paper is still being made."""

    code = "certificate_not_ready"


class AlreadySettled(Refused):
    """The certificate is replaced, void or revoked already."""

    code = "certificate_settled"


class ReasonNeeded(Invalid):
    """The act is kept with its reason, and none was given."""

    code = "certificate_reason_needed"


class AwardGone(Refused):
    """The award behind the certificate no longer stands, so no new paper can be made for it."""

    code = "award_gone"


class TooManyTries(Refused):
    """Too many wrong tries at the certificate door."""

    code = "certificate_tries"
    status = 429


class NoSuchCertificate(Refused):
    """Number, name and digits fit no certificate: which of them is wrong is not told."""

    code = "certificate_unknown"
    status = 422


class PrinterNameNeeded(Invalid):
    """A printer's correction needs a name and a sane distance."""

    code = "printer_broken"


class SerialBroken(Invalid):
    """A serial of the stock that can't be counted up."""

    code = "serial_broken"


class SerialTaken(Refused):
    """A sheet of the stock carries another certificate already."""

    code = "serial_taken"


class RollEmpty(Refused):
    """Nobody would be left on the roll."""

    code = "roll_empty"
    status = 422


class RollFrozen(Refused):
    """Papers are issued from it: nobody is added or left out any more."""

    code = "roll_frozen"


class SourceUnfit(Invalid):
    """A list of this kind can't be drawn from there, or not without an event."""

    code = "roll_source"
