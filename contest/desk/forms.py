"""Forms of the desk's pages."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.web import BaseForm


class PlainForm(BaseForm):
    """A button: the safety token alone."""


class DraftDocumentForm(BaseForm):
    """Which lists a document tells of, and who issues it."""

    issuer = StringField(lazy_gettext("Issuing body"), validators=[InputRequired(), Length(max=120)])
    lists = SelectMultipleField(
        lazy_gettext("Lists it tells of"),
        coerce=int,
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        validators=[InputRequired()],
    )


class DocumentForm(BaseForm):
    """The text of a draft. A blank line parts two paragraphs."""

    version = IntegerField(validators=[InputRequired()])
    issuer = StringField(lazy_gettext("Issuing body"), validators=[InputRequired(), Length(max=120)])
    has_red_heading = BooleanField(lazy_gettext("Red heading with number and red line"))
    heading = StringField(lazy_gettext("Heading"), validators=[InputRequired(), Length(max=300)])
    to = StringField(lazy_gettext("Addressees"), validators=[Length(max=300)])
    paragraphs = TextAreaField(lazy_gettext("Text"), validators=[InputRequired(), Length(max=8000)])


class IssueForm(BaseForm):
    """What was signed."""

    version = IntegerField(validators=[InputRequired()])
    document_number = StringField(
        lazy_gettext("Reference of the document"),
        description=lazy_gettext("As it stands on the signed document, e.g. 示工发〔2026〕18号."),
        validators=[Length(max=80)],
    )
    dated_on = DateField(lazy_gettext("Date of the document"), validators=[Optional()])


class ScanForm(BaseForm):
    """The signed and stamped paper."""

    scan = FileField(lazy_gettext("Scan (PDF, JPEG or PNG)"), validators=[FileRequired()])


class ProgressForm(BaseForm):
    """Whether the public may see how many sheets are marked."""

    is_public = BooleanField(lazy_gettext("Show the public how many sheets are marked (never a score)"))


class ReserveForm(BaseForm):
    """How much more is ordered than is counted."""

    reserve = IntegerField(
        lazy_gettext("Reserve in percent"),
        description=lazy_gettext("Of each prize, rounded up: for a name spelt wrong or a corrected list."),
        validators=[NumberRange(0, 100)],
    )
