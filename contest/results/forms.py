"""Forms of the results room. Choices that depend on rows are set by the views."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.web import BaseForm

REASON = Length(max=2000, message=_("At most 2,000 characters. Shorten the text."))


class PlainForm(BaseForm):
    """A button: the safety token alone."""


class PublishForm(BaseForm):
    """Publishing a frozen list."""

    note = TextAreaField(_("What this list changes, and why"), validators=[Optional(), REASON])
    is_embargoed = BooleanField(_("Under embargo: the public sees it only after it is released"))
    shown_places = IntegerField(_("Places the public reads"), validators=[Optional(), NumberRange(1, 10_000)])


class PlacesForm(BaseForm):
    """How many places of a list the public reads."""

    shown_places = IntegerField(_("Places the public reads"), validators=[Optional(), NumberRange(1, 10_000)])


class CheckListForm(BaseForm):
    """Finding a list right before it is published."""

    note = StringField(_("Note for the record"), validators=[Optional(), REASON])


class ConfirmForm(BaseForm):
    """Confirming a list; the waiver is needed only before the time for appeals is over."""

    waiver = TextAreaField(_("Why appeals are closed early"), validators=[Optional(), REASON])


class NoteForm(BaseForm):
    """Entering a later state, with a note for the record."""

    note = StringField(_("Note for the record"), validators=[Optional(), REASON])


class NoticeForm(NoteForm):
    """Entering the public notice."""

    ends_on = DateField(_("Last day of the notice"), validators=[Optional()])


class ObjectionForm(BaseForm):
    """Logging an objection that came in during the notice."""

    sender = StringField(_("From whom"), validators=[Optional(), Length(max=200)])
    channel = StringField(_("How it came in"), validators=[Optional(), Length(max=200)])
    text = TextAreaField(
        _("Objection"), validators=[DataRequired(_("Write what the objection says.")), Length(max=10_000)]
    )


class AnswerForm(BaseForm):
    """Settling an objection."""

    verdict = RadioField(_("Finding"), validators=[DataRequired(_("Choose upheld or dismissed."))])
    answer = TextAreaField(
        _("Answer"), validators=[DataRequired(_("Write what was found and answered.")), Length(max=10_000)]
    )


class RecheckForm(BaseForm):
    """Choosing what a re-check compares."""

    top = IntegerField(_("Places checked in full"), validators=[InputRequired(), NumberRange(1, 1000)])
    share = IntegerField(
        _("Share of the others in percent"), validators=[InputRequired(), NumberRange(15, 100)]
    )
    seed = StringField(
        _("Seed"), validators=[DataRequired(_("Write the seed that decides the choice.")), Length(max=100)]
    )


class CheckForm(BaseForm):
    """What comparing a sheet found."""

    wrong = IntegerField(_("Marks that differ"), validators=[InputRequired(), NumberRange(0, 10_000)])
    note = StringField(_("What differs"), validators=[Optional(), REASON])


class SettingForm(BaseForm):
    """How an edition handles appeals, public notice and the release of papers."""

    closed_subjects = SelectMultipleField(
        _("Subjects of appeals that are not taken"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    is_module_open = BooleanField(_("Appeals about a module may be filed before it is marked"))
    decision_hours = IntegerField(
        _("Hours to decide an appeal"), validators=[InputRequired(), NumberRange(1, 720)]
    )
    second_hours = IntegerField(
        _("Hours to take a decision to the second level"), validators=[InputRequired(), NumberRange(0, 720)]
    )
    notice_days = IntegerField(
        _("Working days of the public notice"), validators=[InputRequired(), NumberRange(1, 60)]
    )
    check_people = SelectField(_("Checked before it is published"), coerce=int)
    second_person = SelectMultipleField(
        _("Steps that take two people"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    office = StringField(_("Office that takes objections"), validators=[Length(max=200)])
    contact = StringField(_("Contact"), validators=[Length(max=100)])
    phone = StringField(_("Telephone"), validators=[Length(max=100)])
    address = StringField(_("Address"), validators=[Length(max=200)])
    hours = StringField(_("Office hours"), validators=[Length(max=100)])
    supervising_office = StringField(_("Supervising office and telephone"), validators=[Length(max=200)])
    prize = SelectField(_("Prizes and medals"))
    honour = SelectField(_("Honours"))
    title = SelectField(_("Titles"))
    promotion = SelectField(_("Promotions"))
    version = HiddenField()


class SignForm(BaseForm):
    """Signing in the name of a role."""

    role = HiddenField(validators=[DataRequired()])


class WithdrawForm(BaseForm):
    """Taking a list down."""

    reason = TextAreaField(
        _("Reason"),
        validators=[DataRequired(_("Write why the list is taken down: the public reads it.")), REASON],
    )


class RulingForm(BaseForm):
    """How a tie was resolved. The places of its subjects are fields of their own, `place-<subject key>`."""

    kind = RadioField(_("How it was resolved"), validators=[DataRequired(_("Choose lot or ruling."))])
    reason = TextAreaField(
        _("Record of the lot or ruling"),
        validators=[DataRequired(_("Write who drew or ruled, before whom, and on what grounds.")), REASON],
    )


class RevokeForm(BaseForm):
    """Taking a recorded ruling out of the results."""

    reason = StringField(
        _("Reason"), validators=[DataRequired(_("Write why the ruling is revoked.")), REASON]
    )


class AppealForm(BaseForm):
    """Filing an appeal for an entry."""

    entry_id = SelectField(_("Entry"), coerce=int)
    subject = SelectField(_("What it is about"))
    text = TextAreaField(
        _("Objection"),
        validators=[
            DataRequired(_("Write what happened, when, and what you ask for.")),
            Length(max=10_000, message=_("At most 10,000 characters. Shorten the text.")),
        ],
    )
    evidence = MultipleFileField(_("Evidence"))


class ModuleAppealForm(AppealForm):
    """Filing an appeal about a module before it is marked."""

    module_key = SelectField(_("Module"))


class AssignForm(BaseForm):
    """Naming who looks into an appeal."""

    account_id = SelectField(_("Assigned to"), coerce=int)


class CorrectionForm(BaseForm):
    """Proposing a correction. New marks are fields of their own, `mark-<sheet>-<aspect>-<attempt>`."""

    reason = TextAreaField(
        _("Reason of the correction"),
        validators=[
            DataRequired(_("Write what was wrong and what it follows from: it stands beside every mark.")),
            REASON,
        ],
    )
    aspect = SelectField(_("Aspect"), validators=[Optional()])
    points = StringField(_("Points to take off"), validators=[Optional()])
    module = SelectField(_("Module"), validators=[Optional()])


class DecisionForm(BaseForm):
    """Deciding an appeal."""

    verdict = RadioField(
        _("Decision on the appeal"), validators=[DataRequired(_("Choose upheld or dismissed."))]
    )
    decision = TextAreaField(
        _("Grounds"),
        validators=[
            DataRequired(_("Write the grounds: the team leader reads them.")),
            Length(max=10_000, message=_("At most 10,000 characters. Shorten the text.")),
        ],
    )


class HookForm(BaseForm):
    """An address that is told of public lists."""

    url = StringField(
        _("Address"), validators=[DataRequired(_("Write the address, e.g. https://…")), Length(max=500)]
    )


class TokenForm(BaseForm):
    """A token for a program."""

    name = StringField(
        _("What it is for"), validators=[DataRequired(_("Write which program uses it.")), Length(max=100)]
    )


class ScanForm(BaseForm):
    """A scan of a signed or stamped paper of a list."""

    title = StringField(
        _("What it is"),
        validators=[DataRequired(_("Write what it is, e.g. the stamped list.")), Length(max=120)],
    )
    scan = FileField(_("Scan (PDF, JPEG or PNG)"), validators=[FileRequired(_("Choose the file."))])
    is_public = BooleanField(_("The public reads it beside the list"))


class TemplateForm(BaseForm):
    """A workbook that lists are filled into."""

    workbook = FileField(_("Workbook (XLSX)"), validators=[FileRequired(_("Choose the file."))])
