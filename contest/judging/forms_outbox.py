"""The form of a device's outbox at the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from contest.judging.outbox_files import LARGEST
from contest.web import BaseForm


class OutboxForm(BaseForm):
    """A file from a device, or its text as copied there."""

    file = FileField(_("File from the device"))
    text = TextAreaField(_("Or its text, as copied on the device"), [Optional(), Length(max=LARGEST)])
