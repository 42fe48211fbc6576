"""Why a list isn't frozen, published or signed. The sentences are in the room's door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contest.errors import Forbidden, Invalid, Missing, Refused

if TYPE_CHECKING:
    from contest.results.blockers import Finding


class ListUnknown(Missing):
    """The rules of the event hold no such ranking, table or round."""

    code = "list_unknown"


class Blocked(Refused):
    """Something must be mended first; `blockers` say what and where."""

    code = "list_blocked"

    def __init__(self, blockers: Sequence[Finding]) -> None:
        super().__init__(count=len(blockers))
        self.blockers = tuple(blockers)


class SnapshotOutdated(Refused):
    """What the list follows from has changed since it was frozen: freeze it again."""

    code = "snapshot_outdated"


class ListUnchecked(Refused):
    """Nobody, or too few people, found the frozen list right; `count` more are needed."""

    code = "list_unchecked"


class SecondPersonNeeded(Refused):
    """The edition wants two people for this step: one asks, another takes it."""

    code = "results_second_needed"


class HookRefused(Invalid):
    """What was typed is no web address that can be told of lists."""

    code = "webhook_address"


class ScanRefused(Invalid):
    """A scan is too large, of another type, or there are too many."""

    code = "list_scan_refused"


class TemplateRefused(Invalid):
    """A workbook for lists can't be used; the code says why, `names` which placeholders are unknown."""


class InputChanged(Refused):
    """The list no longer follows from what is stored, and no bundle of it was kept when it was published."""

    code = "results_input_changed"


class WrongState(Refused):
    """The list is not in the state that this step starts from."""

    code = "list_wrong_state"


class NotLive(Refused):
    """The list was superseded or withdrawn; the newest one counts."""

    code = "results_not_live"


class AppealsOpen(Refused):
    """The time for appeals is not over and was not waived."""

    code = "appeals_window_open"


class SignatureMissing(Refused):
    """Chief judge and supervisor have not both signed; `roles` names who is missing."""

    code = "signature_missing"


class SignedAlready(Refused):
    """This role has signed the list."""

    code = "list_signed_already"


class SamePerson(Refused):
    """One person can't sign, or file and decide, for both sides."""

    code = "results_same_person"


class NotThatRole(Forbidden):
    """The person does not hold the role in whose name they would sign."""

    code = "list_role_not_held"


class ReasonMissing(Invalid):
    """The step needs a reason in writing."""

    code = "results_reason_needed"


class AppealsClosed(Refused):
    """The list is not open for appeals, or the time is over."""

    code = "appeals_closed"


class NotOnList(Invalid):
    """The entry does not stand on the list."""

    code = "entry_not_on_list"


class AppealDecided(Refused):
    """The appeal was decided or withdrawn already."""

    code = "appeal_decided"


class NotATie(Invalid):
    """The subjects in the ruling are not exactly those who are tied."""

    code = "not_a_tie"


class RulingNotNamed(Refused):
    """The order of the ranking does not name this kind of tie-break, so that a record of it would count nothing."""

    code = "ruling_not_named"


class RulingRevoked(Refused):
    """The ruling was revoked already."""

    code = "ruling_revoked"


class SettingInvalid(Invalid):
    """A value of an edition's handling of results is out of range; `field` names it, `low` and `high` bound it."""

    code = "results_setting_invalid"


class CorrectionEmpty(Invalid):
    """The proposal changes no mark of the entry."""

    code = "correction_empty"


class CorrectionSettled(Refused):
    """The proposal was applied or rejected already."""

    code = "correction_settled"


class CorrectionOutdated(Refused):
    """Marks or entries changed since the proposal was made, so its preview is not what would happen."""

    code = "correction_outdated"


class CorrectionRefused(Refused):
    """The scheme does not take a value of the proposal."""

    code = "correction_value_refused"


class AppealNotUpheld(Refused):
    """A correction follows from an upheld appeal of the same event only."""

    code = "appeal_not_upheld"


class SubjectClosed(Refused):
    """The edition takes no appeals on this subject."""

    code = "appeal_subject_closed"


class ModuleMarked(Refused):
    """The module is being submitted or was marked: appeals go against the list now."""

    code = "appeal_module_marked"


class AppealFinal(Refused):
    """The decision can't be taken to the second level: it was the last one, or the time is over."""

    code = "appeal_final"


class EvidenceRefused(Invalid):
    """A piece of evidence is too large, of another type, or there are too many."""

    code = "appeal_evidence_refused"


class CalendarMissing(Invalid):
    """The official calendar of a year is not known: the last day of the notice must be typed in."""

    code = "working_days_unknown"


class NoticeTooShort(Invalid):
    """The typed last day is before the working days are over."""

    code = "notice_too_short"


class NoticeRunning(Refused):
    """The last day of the public notice is not over."""

    code = "notice_running"


class ObjectionsOpen(Refused):
    """Objections to the list are not answered."""

    code = "objections_open"


class ObjectionUpheld(Refused):
    """An objection was upheld: an amended list is published, or this one withdrawn."""

    code = "objection_upheld"


class ObjectionSettled(Refused):
    """The objection was answered already."""

    code = "objection_settled"


class RecheckClosed(Refused):
    """The re-check was ended; nothing is added to it."""

    code = "recheck_closed"


class RecheckOpen(Refused):
    """Sheets of the re-check were not compared yet."""

    code = "recheck_open"


class ListAltered(Refused):
    """The rows of a frozen list are not those it was frozen with: nothing may be built on them."""

    code = "list_altered"
