"""Forms of the results room. Choices that depend on rows are set by the views."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from contest.web import BaseForm

REASON = Length(max=2000, message=_l("At most 2,000 characters. Shorten the text."))


class PlainForm(BaseForm):
    """A button: the safety token alone."""


class PublishForm(BaseForm):
    """Publishing a frozen list."""

    note = TextAreaField(_l("What this list changes, and why"), validators=[Optional(), REASON])
    is_embargoed = BooleanField(_l("Under embargo: the public sees it only after it is released"))


class ConfirmForm(BaseForm):
    """Confirming a list; the waiver is needed only before the time for appeals is over."""

    waiver = TextAreaField(_l("Why appeals are closed early"), validators=[Optional(), REASON])


class NoteForm(BaseForm):
    """Entering a later state, with a note for the record."""

    note = StringField(_l("Note for the record"), validators=[Optional(), REASON])


class SignForm(BaseForm):
    """Signing in the name of a role."""

    role = HiddenField(validators=[DataRequired()])


class WithdrawForm(BaseForm):
    """Taking a list down."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[DataRequired(_l("Write why the list is taken down: the public reads it.")), REASON],
    )


class RulingForm(BaseForm):
    """How a tie was resolved. The places of its subjects are fields of their own, `place-<subject key>`."""

    kind = RadioField(_l("How it was resolved"), validators=[DataRequired(_l("Choose lot or ruling."))])
    reason = TextAreaField(
        _l("Record of the lot or ruling"),
        validators=[DataRequired(_l("Write who drew or ruled, before whom, and on what grounds.")), REASON],
    )


class RevokeForm(BaseForm):
    """Taking a recorded ruling out of the results."""

    reason = StringField(
        _l("Reason"), validators=[DataRequired(_l("Write why the ruling is revoked.")), REASON]
    )


class AppealForm(BaseForm):
    """Filing an appeal for an entry."""

    entry_id = SelectField(_l("Entry"), coerce=int)
    subject = SelectField(_l("What it is about"))
    text = TextAreaField(
        _l("Objection"),
        validators=[
            DataRequired(_l("Write what happened, when, and what you ask for.")),
            Length(max=10_000, message=_l("At most 10,000 characters. Shorten the text.")),
        ],
    )


class DecisionForm(BaseForm):
    """Deciding an appeal."""

    verdict = RadioField(
        _l("Decision on the appeal"), validators=[DataRequired(_l("Choose upheld or dismissed."))]
    )
    decision = TextAreaField(
        _l("Grounds"),
        validators=[
            DataRequired(_l("Write the grounds: the team leader reads them.")),
            Length(max=10_000, message=_l("At most 10,000 characters. Shorten the text.")),
        ],
    )
