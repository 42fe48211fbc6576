"""Forms of holders, contests, editions, sub-contests and hosts."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, FieldList, Form, FormField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from contest.events.forms.fields import NAME, SHORT, RowForm, in_words
from contest.events.models import ContestKind, HostRole

ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "UTC")
BLANK_HOSTS = 3


class HolderForm(RowForm):
    """A body that holds contests here."""

    name = StringField(_("Name of the body"), validators=NAME)
    name_en = StringField(_("English name"), validators=SHORT)
    short_name = StringField(_("Short name"), validators=SHORT)
    slug = StringField(
        _("Key for files and addresses"),
        description=_("Small letters, digits and dashes, for example gz-union."),
        validators=[
            InputRequired(),
            Length(max=40),
            Regexp(r"^[A-Za-z0-9-]+$", message=_("Letters a to z, digits and dashes only.")),
        ],
    )

    def values(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ("name", "name_en", "short_name", "slug")}


class ContestForm(RowForm):
    """A contest that comes back, edition after edition."""

    holder_id = SelectField(_("Held by"), coerce=int)
    kind = RadioField(
        _("Kind of contest"),
        description=_("The kind decides the words on screens and papers, and which rules are offered first."),
        validators=[InputRequired()],
    )
    name = StringField(
        _("Full title"),
        description=_("Without the number of the edition, for example: Demo Cup skills contest."),
        validators=NAME,
    )
    name_en = StringField(_("English name"), validators=SHORT)
    timezone = SelectField(_("Time zone"), choices=[(zone, zone) for zone in ZONES], default=ZONES[0])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = in_words(list(ContestKind))

    def values(self) -> dict[str, Any]:
        return {
            "kind": ContestKind(self.kind.data),
            "name": self.name.data,
            "name_en": self.name_en.data or "",
            "timezone": self.timezone.data,
        }


class EditionForm(RowForm):
    """One holding of a contest."""

    ordinal = IntegerField(
        _("Number of the edition"),
        description=_("1 for the first holding (首届), 2 for the second …"),
        validators=[InputRequired(), NumberRange(min=1, max=999)],
    )
    name = StringField(
        _("Full name"), description=_("Exactly as it is to stand on papers and lists."), validators=NAME
    )
    name_en = StringField(_("English name"), validators=SHORT)
    year = IntegerField(_("Year"), validators=[InputRequired(), NumberRange(min=1949, max=2200)])
    starts_on = DateField(_("First day"), validators=[Optional()])
    ends_on = DateField(_("Last day"), validators=[Optional()])
    appeal_hours = IntegerField(
        _("Hours for appeals"),
        description=_(
            "How long after a provisional list appeals are taken; rule books usually give 2 hours."
        ),
        default=2,
        validators=[InputRequired(), NumberRange(min=0, max=720)],
    )
    register_until = DateField(
        _("Last day of registration"),
        description=_("Until the end of this day delegations register by themselves. Empty: no last day."),
        validators=[Optional()],
    )

    def validate_ends_on(self, field: DateField) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day is before the first. Correct one of them."))

    def values(self) -> dict[str, Any]:
        names = ("ordinal", "name", "year", "starts_on", "ends_on", "appeal_hours", "register_until")
        return {name: self[name].data for name in names} | {"name_en": self.name_en.data or ""}


class SubContestForm(RowForm):
    """A part of an edition, with hosts and organisers of its own."""

    name = StringField(
        _("Full title"),
        description=_("By industry or place. With a single part, repeat the contest's name."),
        validators=NAME,
    )
    name_en = StringField(_("English name"), validators=SHORT)
    industry = StringField(_("Industry"), validators=SHORT)

    def values(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ("name", "name_en", "industry")}


class HostRow(Form):
    """One body in the order it is printed; a row without a name is dropped."""

    order = IntegerField(_("Order"), validators=[Optional(), NumberRange(min=1, max=99)])
    role = SelectField(_("Role"))
    name = StringField(_("Name of the body"), validators=SHORT)
    name_en = StringField(_("English name"), validators=SHORT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = in_words(list(HostRole))


class HostsForm(RowForm):
    """All hosts of a sub-contest."""

    hosts = FieldList(FormField(HostRow), label=_("Hosts"), max_entries=60)

    @classmethod
    def of(cls, rows: list[Any], version: str) -> HostsForm:
        """Filled from host rows, with blank rows at the end. version: of the list as it is read now."""
        filled = [
            {"order": place, "role": row.role.value, "name": row.name, "name_en": row.name_en}
            for place, row in enumerate(rows, start=1)
        ]
        blank = [
            {"order": None, "role": HostRole.HOST.value, "name": "", "name_en": ""}
            for _ in range(BLANK_HOSTS)
        ]
        return cls(data={"version": version, "hosts": [*filled, *blank]})

    def listed(self) -> list[tuple[HostRole, str, str]]:
        """The named bodies in their order; rows without a number follow in the order they stand."""
        rows = [entry.form for entry in self.hosts if (entry.form.name.data or "").strip()]
        rows.sort(key=lambda row: row.order.data if row.order.data is not None else 100)
        return [(HostRole(row.role.data), row.name.data, row.name_en.data or "") for row in rows]
