"""Forms of signing in and of giving roles."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from contest.accounts.service import PASSWORD_LENGTH
from contest.web import BaseForm


class SignInForm(BaseForm):
    """Login and password."""

    login = StringField(_("Login"), validators=[InputRequired(), Length(max=120)])
    password = PasswordField(_("Password"), validators=[InputRequired(), Length(max=200)])


class PasswordForm(BaseForm):
    """A login name and a new password, typed twice."""

    login = StringField(_("Login"), validators=[InputRequired(), Length(max=120)])
    password = PasswordField(
        _("New password"), validators=[InputRequired(), Length(min=PASSWORD_LENGTH, max=200)]
    )
    again = PasswordField(_("The same again"), validators=[InputRequired(), EqualTo("password")])


class PinForm(BaseForm):
    """A PIN; digits only, shown as dots."""

    pin = PasswordField(_("PIN"), validators=[InputRequired(), Length(max=20)])


class GrantForm(BaseForm):
    """A person, a role and what it covers; the choices are set by the view."""

    account = SelectField(_("Person"), coerce=int, default=0)
    name = StringField(
        _("Name of the new person"),
        description=_("Only for somebody who is not in the list above."),
        validators=[Length(max=80)],
    )
    login = StringField(
        _("Login"),
        description=_(
            "Only if the person has an account here already or is to have this login; may stay empty."
        ),
        validators=[Length(max=120)],
    )
    role = SelectField(_("Role"), validators=[InputRequired()])
    place = SelectField(_("Covers"), validators=[InputRequired()])


class EmptyForm(BaseForm):
    """A button: nothing but the safety token."""
