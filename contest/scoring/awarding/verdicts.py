"""What a rule decides: grants, refusals and questions, each with its reason as a code and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

#: What a reason's parameters may hold; words are put to them by `reasons.sentence`.
Parameter = int | str | Fraction | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a code from `reasons.SENTENCES` and the values its sentence names."""

    code: str
    params: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """An award to one recipient.

    `subject` is the ranked subject that earned it, `recipient` who receives it: the subject itself, one of
    its members or its coach. `place` is the place among those who compete for it, `kind` what it is
    (medal, prize, title, promotion, penalty), because the kind decides which list releases its paper.
    """

    rule: str
    award: str
    subject: str
    recipient: str
    reason: Reason
    place: int | None = None
    kind: str = "prize"


@dataclass(frozen=True, slots=True)
class Refusal:
    """No award under this rule for this recipient, and why not."""

    rule: str
    subject: str
    recipient: str
    reason: Reason
    award: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something the rules leave open: the named subjects get neither grant nor refusal until it is settled."""

    rule: str
    reason: Reason
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotaShare:
    """One ring-fenced share of what a rule granted: how many of how many, against which limit.

    `share` and `margin` are percentages rounded to one decimal; `kept` is decided by the exact share.
    """

    rule: str
    quota: str
    count: int
    base: int
    share: Fraction
    limit: Fraction
    margin: Fraction
    kept: bool


@dataclass(frozen=True, slots=True)
class Awarding:
    """Everything the rules of one ranking decided, in the order of the rules and of the places."""

    grants: tuple[Grant, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    questions: tuple[Question, ...] = ()
    quotas: tuple[QuotaShare, ...] = ()

    def awards_of(self, recipient: str) -> tuple[str, ...]:
        """The keys of what a recipient receives, in the order of the rules."""
        return tuple(grant.award for grant in self.grants if grant.recipient == recipient)
