"""Forms of certificates. The wording of each layout is a set of plain fields, because the layouts say which there are."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FileField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.certificates.ordering import ORDERS
from contest.certificates.printing import NAMING
from contest.web import BaseForm

NAMING_WORDS = {
    "delegation_number_name": lazy_gettext("a folder for each delegation, number and name"),
    "delegation_name": lazy_gettext("a folder for each delegation, name"),
    "number_name": lazy_gettext("number and name"),
    "name_number": lazy_gettext("name and number"),
}


ORDER_WORDS = {
    "delegation": lazy_gettext("by delegation, in the official order"),
    "number": lazy_gettext("by number"),
    "name": lazy_gettext("by name (pinyin)"),
    "award": lazy_gettext("by award, as the list has them"),
}
# The list's kind and where it comes from: one choice, because each kind has its own sources.
ROLL_WORDS = {
    "appointment:seats": lazy_gettext("Letters of appointment: the judges of an event, by their seats"),
    "appointment:typed": lazy_gettext("Letters of appointment: a list of your own (experts, staff)"),
    "coach:coaches": lazy_gettext("Coaches of an event, by registration"),
    "coach:typed": lazy_gettext("Coaches: a list of your own"),
    "honour:typed": lazy_gettext("Organisers and others honoured: a list of your own"),
    "participation:present": lazy_gettext("Participation: everybody present in an event"),
    "participation:typed": lazy_gettext("Participation: a list of your own"),
}


class BundleForm(BaseForm):
    """How finished papers are put together; read from the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    order = SelectField(
        lazy_gettext("Order of the papers"),
        choices=[(key, ORDER_WORDS[key]) for key in ORDERS],
        default="delegation",
    )
    naming = SelectField(
        lazy_gettext("Names of the files in the ZIP"),
        choices=[(key, NAMING_WORDS[key]) for key in NAMING_WORDS if key in NAMING],
        default="delegation_number_name",
    )
    pictures = BooleanField(lazy_gettext("Put a picture (PNG) beside each PDF in the ZIP"))


class IssueForm(BaseForm):
    """The day printed on prizes, and how files are ordered and named."""

    dated_on = DateField(lazy_gettext("Date on the certificates"), validators=[InputRequired()])
    naming = SelectField(
        lazy_gettext("Names of the files in the ZIP"),
        choices=[(key, NAMING_WORDS[key]) for key in NAMING_WORDS if key in NAMING],
        default="delegation_number_name",
        validators=[InputRequired()],
    )
    order = SelectField(
        lazy_gettext("Printing order"),
        choices=[(key, ORDER_WORDS[key]) for key in ORDERS],
        default="delegation",
    )
    pictures = BooleanField(lazy_gettext("Put a picture (PNG) beside each PDF in the ZIP"))


class RollForm(BaseForm):
    """A new list of recipients."""

    of = SelectField(
        lazy_gettext("Papers for"), choices=list(ROLL_WORDS.items()), validators=[InputRequired()]
    )
    event_id = SelectField(lazy_gettext("Event"))
    name = StringField(lazy_gettext("Name of the list"), validators=[InputRequired(), Length(max=80)])
    role = StringField(lazy_gettext("Served or honoured as"), validators=[Length(max=120)])
    are_bodies = BooleanField(lazy_gettext("The recipients are bodies (units), not people"))
    text = TextAreaField(lazy_gettext("Recipients, one a line"), validators=[Length(max=400_000)])
    file = FileField(lazy_gettext("Or a file (Excel or CSV)"))


class RollIssueForm(IssueForm):
    """Issuing to a roll: its papers may have numbers of their own."""

    layout = SelectField(lazy_gettext("Layout"), validators=[InputRequired()])
    pattern = StringField(lazy_gettext("Number pattern"), validators=[Length(max=120)])


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
