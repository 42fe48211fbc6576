"""Forms of certificates. The wording of each layout is a set of plain fields, because the layouts say which there are."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import DateField, DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.certificates.printing import NAMING
from contest.web import BaseForm

NAMING_WORDS = {
    "delegation_number_name": lazy_gettext("a folder for each delegation, number and name"),
    "delegation_name": lazy_gettext("a folder for each delegation, name"),
    "number_name": lazy_gettext("number and name"),
    "name_number": lazy_gettext("name and number"),
}


class IssueForm(BaseForm):
    """The day printed on prizes, and how files are named."""

    dated_on = DateField(lazy_gettext("Date on the certificates"), validators=[InputRequired()])
    naming = SelectField(
        lazy_gettext("Names of the files in the ZIP"),
        choices=[(key, NAMING_WORDS[key]) for key in NAMING_WORDS if key in NAMING],
        default="delegation_number_name",
        validators=[InputRequired()],
    )


class ReasonForm(BaseForm):
    """An act that is kept with its reason."""

    reason = TextAreaField(lazy_gettext("Reason"), validators=[InputRequired(), Length(max=1000)])


class DesignForm(BaseForm):
    """A dressed layout is found again by its name; texts, colours and pictures are plain fields."""

    name = StringField(lazy_gettext("Name of the layout"), validators=[InputRequired(), Length(max=60)])


class PrinterForm(BaseForm):
    """A printer and how far its text has to be moved, in millimetres."""

    name = StringField(lazy_gettext("Printer"), validators=[InputRequired(), Length(max=60)])
    right = DecimalField(
        lazy_gettext("Move right, mm"),
        places=2,
        default=0,
        validators=[InputRequired(), NumberRange(-30, 30)],
    )
    down = DecimalField(
        lazy_gettext("Move down, mm"), places=2, default=0, validators=[InputRequired(), NumberRange(-30, 30)]
    )


class SerialsForm(BaseForm):
    """The serial of the first sheet used, and from which certificate on."""

    first = StringField(
        lazy_gettext("Serial on the first sheet"), validators=[InputRequired(), Length(max=60)]
    )
    start = StringField(lazy_gettext("From certificate number"), validators=[Length(max=120)])
    count = IntegerField(lazy_gettext("How many sheets"), validators=[Optional(), NumberRange(min=1)])


class PlainForm(BaseForm):
    """A button: the safety token alone."""


class OwnForm(BaseForm):
    """What a contestant has at hand."""

    number = StringField(
        lazy_gettext("Contestant or certificate number"), validators=[InputRequired(), Length(max=120)]
    )
    name = StringField(lazy_gettext("Name"), validators=[InputRequired(), Length(max=80)])
    digits = StringField(
        lazy_gettext("Last six of the ID number"), validators=[InputRequired(), Length(min=6, max=6)]
    )
