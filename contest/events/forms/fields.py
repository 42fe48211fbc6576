"""Fields and the form base that this room's forms share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from contest import words
from contest.errors import Refused, Stale
from contest.events.rows import told
from contest.scoring import codec
from contest.web import BaseForm, local_zone, sentence

NAME = (InputRequired(), Length(max=200))
SHORT = (Length(max=200),)


def is_chinese() -> bool:
    """Whether this page is read in Chinese."""
    return str(get_locale()).startswith("zh")


def in_words(members: Sequence[Any], kind: str = "skills") -> list[tuple[str, str]]:
    """Choices of an enum: stored value and the word people see."""
    return [(member.value, words.term(member, str(get_locale()), kind)) for member in members]


class RowForm(BaseForm):
    """A form over one row: carries the version that was read."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version the form was filled from; 0 where it is missing, which fits no row."""
        text = str(self.version.data or "")
        return int(text) if text.isdigit() else 0

    def refuse(self, refusal: Refused, row: Any = None) -> None:
        """Put the sentence of a refusal at its field, or on top; a stale row's present values stand beside the typed ones."""
        field = str(refusal.params.get("field", ""))
        if field in self:
            self[field].errors = [*self[field].errors, sentence(refusal.code, refusal.params)]
        else:
            self.form_errors = [*self.form_errors, sentence(refusal.code, refusal.params)]
        if isinstance(refusal, Stale) and row is not None:
            self._show_both(row)

    def show_list(self, version: str, told: str) -> None:
        """A list that is saved as a whole changed meanwhile: say what stands now, beside what was typed."""
        if version != self.version.data:
            self.version.data, self.version.raw_data = version, None
            self.form_errors = [*self.form_errors, _("Stored meanwhile: %(value)s", value=told or "—")]

    def _show_both(self, row: Any) -> None:
        self.version.data, self.version.raw_data = str(row.version), None
        for field in self:
            if field.name in ("version", "csrf_token") or not hasattr(row, field.name):
                continue
            now = told(getattr(row, field.name))
            if (now or "") != (told(field.data) or "") and str(now) != str(field.data):
                field.errors = [*field.errors, _("Stored meanwhile: %(value)s", value=now or "—")]


class InstantField(DateTimeLocalField):
    """A date and time typed in the contest's zone; the data is an aware instant."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)

    def process_data(self, value: datetime | None) -> None:
        super().process_data(value.astimezone(local_zone()) if value else None)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = self.data.replace(tzinfo=local_zone())


class NumberField(StringField):
    """An exact number: 60, 0.5 or 1/3. The data is its canonical form, an int or a text, None when empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            self.data = exact(text)
        except ValueError:
            self.data = None
            raise ValueError(_("“%(text)s” is not a number. Write 60, 0.5 or 1/3.", text=text[:40])) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


def narrow(text: str) -> str:
    """What was typed with full-width signs, in the usual ones."""
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text.strip())


def exact(text: str) -> int | str:
    """The canonical form of a typed number; full-width digits are taken. Raises ValueError."""
    return codec.plain(codec.number(narrow(text)))
