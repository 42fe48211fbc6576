"""Forms of prizes, titles and decisions. Choices that depend on rows are set by the views."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from contest.web import BaseForm


class PlainForm(BaseForm):
    """A button: the safety token alone."""


class ReasonForm(BaseForm):
    """An act that is kept with its reason."""

    reason = TextAreaField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=1000)])


class SettleForm(BaseForm):
    """What the rules left open: what is granted, or nothing, and why."""

    grant = RadioField(lazy_gettext("Decision"), validators=[InputRequired()])
    reason = TextAreaField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=1000)])


class DraftForm(BaseForm):
    """A decision for the proposed titles of one name."""

    title_key = HiddenField(validators=[InputRequired()])
    authority = StringField(
        lazy_gettext("Authority that confers"), validators=[InputRequired(), Length(max=120)]
    )


class DecisionForm(BaseForm):
    """The text of a draft. A blank line parts two paragraphs."""

    version = IntegerField(validators=[InputRequired()])
    authority = StringField(
        lazy_gettext("Authority that confers"), validators=[InputRequired(), Length(max=120)]
    )
    heading = StringField(lazy_gettext("Heading"), validators=[InputRequired(), Length(max=300)])
    to = StringField(lazy_gettext("Addressees"), validators=[Length(max=300)])
    paragraphs = TextAreaField(lazy_gettext("Text"), validators=[InputRequired(), Length(max=8000)])


class ConferForm(BaseForm):
    """What the authority signed."""

    version = IntegerField(validators=[InputRequired()])
    authority = StringField(lazy_gettext("Authority"), validators=[InputRequired(), Length(max=120)])
    document_number = StringField(
        lazy_gettext("Reference of the document"),
        description=lazy_gettext("As it stands on the signed document, e.g. 示工发〔2026〕18号."),
        validators=[InputRequired(), Length(max=80)],
    )
    dated_on = DateField(lazy_gettext("Date of the document"), validators=[InputRequired()])


class EarlierForm(BaseForm):
    """A list of people who hold a title already."""

    title_key = SelectField(lazy_gettext("Title"), validators=[InputRequired()])
    file = FileField(lazy_gettext("List (xlsx, xls or CSV)"), validators=[FileRequired()])


class RegisterForm(BaseForm):
    """Filters of the register."""

    class Meta(BaseForm.Meta):
        csrf = False

    state = SelectField(lazy_gettext("State"), validators=[Optional()])
