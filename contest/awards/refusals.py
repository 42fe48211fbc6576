"""What the awards room refuses, by name. The sentences are registered in `messages`."""

from __future__ import annotations

from contest.errors import Invalid, Refused


class ListNotReady(Refused):
    """The list is not in the state that this kind of award asks for."""

    code = "list_not_ready"


class ListNotLive(Refused):
    """The list was withdrawn or superseded: nothing may be drawn from it any more."""

    code = "list_not_live"


class NothingProposed(Refused):
    """No title waits for a decision under this name."""

    code = "nothing_proposed"


class TitleSettled(Refused):
    """The title was conferred, refused or revoked already."""

    code = "title_settled"


class NotConferred(Refused):
    """Only a conferred title can be revoked."""

    code = "title_not_conferred"


class DecisionClosed(Refused):
    """The decision confers already: its text and its people stand."""

    code = "decision_closed"


class DecisionEmpty(Refused):
    """A decision without people confers nothing."""

    code = "decision_empty"


class DecisionCountDiffers(Refused):
    """The number of people in the text is not the number of rows of the list."""

    code = "decision_count_differs"
    status = 422


class DecisionPlaceUnknown(Invalid):
    """The text names a place between braces that nothing fills."""

    code = "decision_place_unknown"


class ReasonNeeded(Invalid):
    """The act is kept with its reason, and none was given."""

    code = "award_reason_needed"


class ConferralIncomplete(Invalid):
    """Authority, document number and date are what makes a conferral; one is missing."""

    code = "conferral_incomplete"


class QuestionSettled(Refused):
    """The question was settled before."""

    code = "question_settled"


class TitleNoticeRunning(Refused):
    """The proposal is still announced: nothing goes up before its last day."""

    code = "title_notice_running"


class TitleNoticeShort(Invalid):
    """The typed last day is before the counted one."""

    code = "title_notice_short"


class NoticeOverlong(Invalid):
    """A notice of more than a year is a mistyped date."""

    code = "title_notice_overlong"


class PromotionSettled(Refused):
    """The promotion is in another state than the act needs."""

    code = "promotion_settled"


class NoPromotionThere(Refused):
    """The list grants no promotion that is not proposed already."""

    code = "promotions_none"


class SecondPersonNeeded(Refused):
    """Whoever proposed can't approve too."""

    code = "promotion_second_person"


class TemplateUnusable(Invalid):
    """The workbook has no row of placeholders, or names one that nothing fills."""

    code = "template_unusable"


class MoneyInvalid(Invalid):
    """A sum or rate that is no amount of money."""

    code = "money_invalid"
