"""Forms of prizes, titles and decisions. Choices that depend on rows are set by the views."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from contest.web import BaseForm


class PlainForm(BaseForm):
    """A button: the safety token alone."""


class ReasonForm(BaseForm):
    """An act that is kept with its reason."""

    reason = TextAreaField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=1000)])


class EndingForm(ReasonForm):
    """A refusal or revocation, with the authority's paper where there is one."""

    number = StringField(
        lazy_gettext("Reference of the authority's document, if any"), validators=[Length(max=80)]
    )
    dated_on = DateField(lazy_gettext("Date of the document"), validators=[Optional()])


class NoticeForm(BaseForm):
    """The days of a public notice of proposed titles."""

    title_key = HiddenField(validators=[InputRequired()])
    starts_on = DateField(lazy_gettext("First day of the notice"), validators=[InputRequired()])
    ends_on = DateField(
        lazy_gettext("Last day"),
        description=lazy_gettext("Leave empty: working days are counted by the official calendar."),
        validators=[Optional()],
    )


class SubmissionForm(BaseForm):
    """The letter by which proposals went to the authority."""

    title_key = HiddenField(validators=[InputRequired()])
    number = StringField(lazy_gettext("Reference of the letter"), validators=[Length(max=80)])
    sent_on = DateField(lazy_gettext("Sent on"), validators=[InputRequired()])
    outcome = TextAreaField(
        lazy_gettext("What the notice brought"),
        description=lazy_gettext("Objections and how they were settled; or: no objections."),
        validators=[Length(max=1000)],
    )


class KindForm(BaseForm):
    """A title as its holder describes it."""

    version = IntegerField(validators=[InputRequired()])
    label = StringField(lazy_gettext("Title"), validators=[InputRequired(), Length(max=120)])
    label_en = StringField(lazy_gettext("Title in English"), validators=[Length(max=120)])
    ladder = StringField(
        lazy_gettext("Ladder"),
        description=lazy_gettext("Titles of one ladder stand together, e.g. 技术能手 or 工匠."),
        validators=[Length(max=80)],
    )
    level = SelectField(lazy_gettext("Level"), validators=[InputRequired()])
    authority = StringField(lazy_gettext("Authority that confers"), validators=[Length(max=120)])
    rights = TextAreaField(
        lazy_gettext("Rights it opens"),
        description=lazy_gettext("One a line, e.g. the right to be proposed for 五一劳动奖章."),
        validators=[Length(max=2000)],
    )
    rights_en = TextAreaField(lazy_gettext("Rights in English"), validators=[Length(max=2000)])


class RecordForm(BaseForm):
    """What the assessment body confirmed."""

    certificate_number = StringField(
        lazy_gettext("Number of the level's certificate"), validators=[InputRequired(), Length(max=60)]
    )
    recorded_on = DateField(lazy_gettext("Date of the certificate"), validators=[InputRequired()])


class TemplateForm(BaseForm):
    """A body's own workbook."""

    file = FileField(lazy_gettext("Workbook"), validators=[FileRequired()])


class MoneyRuleForm(BaseForm):
    """How prize money is taxed."""

    version = IntegerField(validators=[InputRequired()])
    rate = StringField(lazy_gettext("Tax rate in per cent"), validators=[InputRequired(), Length(max=6)])
    payer = StringField(lazy_gettext("Paid by"), validators=[Length(max=120)])
    basis = StringField(lazy_gettext("Basis, printed below the table"), validators=[Length(max=300)])
    is_exempt = BooleanField(lazy_gettext("Exempt: no tax is withheld"))


class AccountForm(BaseForm):
    """Where somebody's prize money goes."""

    bank = StringField(lazy_gettext("Bank and branch"), validators=[InputRequired(), Length(max=120)])
    number = StringField(lazy_gettext("Account number"), validators=[InputRequired(), Length(max=40)])


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
