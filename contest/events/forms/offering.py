"""Forms of events and their groups."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from contest.events import occupations
from contest.events.forms.fields import NAME, SHORT, InstantField, RowForm, is_chinese
from contest.scoring import presets

BLANK_GROUPS = 2
SIZE = (InputRequired(), NumberRange(min=1, max=99))


class EventForm(RowForm):
    """An event: name, trade, team sizes, place, time, who may enter."""

    preset = SelectField(
        _("Rules to start from"),
        description=_(
            "A ready rule set brings modules, weights, rankings and prizes. All of it can be changed afterwards."
        ),
    )
    name = StringField(_("Name of the event"), validators=NAME)
    name_en = StringField(_("English name"), validators=SHORT)
    second_name = StringField(
        _("Also held as (…暨…)"),
        description=_(
            "If the event is held under a second contest's name too, write that name here; it is printed after 暨."
        ),
        validators=SHORT,
    )
    trade_name = StringField(
        _("Trade"),
        description=_(
            "Type a part of the name, its pinyin initials or the code, then pick. A trade without a code may be typed freely."
        ),
        validators=SHORT,
    )
    trade_code = StringField(
        _("Code in the occupation catalogue"),
        description=_(
            "From the catalogue of %(edition)s, for example 6-18-04-01. Leave it empty for a trade without a code.",
            edition=occupations.EDITION,
        ),
        validators=[Length(max=16)],
    )
    members_min = IntegerField(
        _("Smallest team"), description=_("1 for an individual event."), default=1, validators=SIZE
    )
    members_max = IntegerField(_("Largest team"), default=1, validators=SIZE)
    venue = StringField(_("Venue"), validators=SHORT)
    starts_at = InstantField(_("Starts at"), validators=[Optional()])
    born_from = DateField(
        _("Born on or after"), description=_("The day itself is included."), validators=[Optional()]
    )
    born_to = DateField(_("Born on or before"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset.choices = [("", _("None: I make the rules myself")), *preset_choices()]

    def validate_members_max(self, field: IntegerField) -> None:
        if self.members_min.data and field.data and field.data < self.members_min.data:
            raise ValidationError(_("The largest team is smaller than the smallest. Correct one of them."))

    def validate_born_to(self, field: DateField) -> None:
        if self.born_from.data and field.data and field.data < self.born_from.data:
            raise ValidationError(_("No birthday lies between these dates. Correct one of them."))

    def values(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """For the service; `before` are the conditions already stored, whose other entries are kept."""
        texts = {
            name: self[name].data or "" for name in ("name", "name_en", "second_name", "trade_name", "venue")
        }
        born = {"born_from": self.born_from.data, "born_to": self.born_to.data}
        kept = {key: value for key, value in (before or {}).items() if key not in born}
        return {
            **texts,
            "trade_code": (self.trade_code.data or "").strip() or None,
            "members_min": self.members_min.data,
            "members_max": self.members_max.data,
            "starts_at": self.starts_at.data,
            "conditions": {**kept, **{key: day.isoformat() for key, day in born.items() if day}},
        }


def preset_choices() -> list[tuple[str, str]]:
    """The shipped rule sets by their titles."""
    loaded = [(name, presets.load(name)) for name in presets.names()]
    return [(name, (rules.title_zh if is_chinese() else rules.title_en) or name) for name, rules in loaded]


class GroupRow(Form):
    """One group; a row without a name is dropped."""

    key = HiddenField()
    name = StringField(_("Name of the group"), validators=SHORT)
    name_en = StringField(_("English name"), validators=SHORT)
    is_student = BooleanField(_("Students"))


class GroupsForm(RowForm):
    """All groups of an event."""

    groups = FieldList(FormField(GroupRow), label=_("Groups"), max_entries=30)

    @classmethod
    def of(cls, rows: list[Any], version: str) -> GroupsForm:
        """Filled from group rows, with blank rows at the end. version: of the list as it is read now."""
        filled = [
            {"key": r.key, "name": r.name, "name_en": r.name_en, "is_student": r.is_student} for r in rows
        ]
        return cls(
            data={
                "version": version,
                "groups": [*filled, *({"key": "", "name": ""} for _ in range(BLANK_GROUPS))],
            }
        )

    def listed(self) -> list[tuple[str, str, str, bool]]:
        """(key, name, English name, students?) in order; a new row gets the next free key g1, g2 …"""
        rows = [entry.form for entry in self.groups if (entry.form.name.data or "").strip()]
        taken = {row.key.data for row in rows if row.key.data}
        free = (f"g{number}" for number in range(1, 1000) if f"g{number}" not in taken)
        return [
            (row.key.data or next(free), row.name.data, row.name_en.data or "", row.is_student.data)
            for row in rows
        ]
