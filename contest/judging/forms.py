"""Forms of the judging room's office pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.web import BaseForm


class PanelForm(BaseForm):
    """A panel with its modules and how many seats it starts with."""

    name = StringField(_("Name of the panel"), [InputRequired(), Length(max=80)])
    module_keys = SelectMultipleField(
        _("Modules it marks"),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
    kind = SelectField(_("Kind of seats"))
    seats = IntegerField(_("Number of seats"), [InputRequired(), NumberRange(1, 30)], default=5)


class SeatForm(BaseForm):
    """More seats for a panel."""

    kind = SelectField(_("Kind of seats"))
    count = IntegerField(_("Number of seats"), [InputRequired(), NumberRange(1, 30)], default=1)
    label = StringField(_("Label"), [Optional(), Length(max=40)])


class JudgeForm(BaseForm):
    """A judge with what excludes conflicts."""

    name = StringField(_("Name"), [InputRequired(), Length(max=60)], id="judge-name")
    unit_name = StringField(
        _("Unit"),
        [Optional(), Length(max=120)],
        description=_("Entries of this unit are never shown to this judge."),
    )
    delegation_id = SelectField(_("Delegation"), coerce=int)
    certificate_number = StringField(_("Judge's certificate number"), [Optional(), Length(max=60)])


class JudgeListForm(BaseForm):
    """Many judges at once, as pasted from a spreadsheet."""

    rows = TextAreaField(
        _("Judges, one a line"),
        [InputRequired(), Length(max=20000)],
        description=_(
            "Name, unit, delegation, certificate number; separated by a comma or as pasted from a spreadsheet."
        ),
    )


class ConflictForm(BaseForm):
    """A relation that somebody declared."""

    judge_id = SelectField(_("Judge"), coerce=int, id="tie-judge")
    number = StringField(_("Number of the entry"), [InputRequired(), Length(max=40)])
    relation = StringField(
        _("Relation"),
        [InputRequired(), Length(max=80)],
        description=_("For instance relative, coach, former colleague."),
    )


class TieForm(BaseForm):
    """A judge tells of a tie in words: no list of names to look into."""

    event_id = SelectField(_("Event"), coerce=int)
    who = StringField(
        _("Who it is"),
        [InputRequired(), Length(max=120)],
        description=_("Name and unit or delegation, as you know them."),
    )
    relation = StringField(
        _("Relation"),
        [InputRequired(), Length(max=80)],
        description=_("For instance relative, coach, former colleague."),
        id="tie-relation",
    )


class AssignForm(BaseForm):
    """A judge takes a seat."""

    judge_id = SelectField(_("Judge"), coerce=int)
    recuse = BooleanField(_("In spite of a tie: hide the sheets of the entries concerned from this judge"))


class ReplaceForm(AssignForm):
    """Another judge takes a seat over."""

    reason = StringField(_("Reason"), [InputRequired(), Length(max=500)])


class MessageForm(BaseForm):
    """A sentence to a judge."""

    text = StringField(_("Message"), [InputRequired(), Length(max=200)])


class ReasonForm(BaseForm):
    """An act that needs a reason: unlocking, releasing, voiding, rejecting."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(max=500)])


class MarkFileForm(BaseForm):
    """A file of marks for one module and round."""

    module_key = SelectField(_("Module"))
    round_id = SelectField(_("Round"), coerce=int)
    file = FileField(_("Workbook or CSV"), [FileRequired()])


class EmptyForm(BaseForm):
    """A button: the safety token alone."""
