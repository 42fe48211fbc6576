"""Forms of entries, their states, delegations, uploads, draws and codes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.entries.forms.rows import EntriesForm, choices_of
from contest.entries.models import Delegation, Entry, EntryState, StaffRole
from contest.entries.registration import EntryFacts
from contest.entries.roster import repairs
from contest.entries.roster.findings import Problem
from contest.events.models import Event


class EntryForm(EntriesForm):
    """An entry's own facts."""

    version = HiddenField()
    number = StringField(
        _("Number"), description=_("Left empty, the next free number is given."), validators=[Length(max=24)]
    )
    name = StringField(
        _("Name of the team, unit or project"),
        description=_("Left empty, the entry goes by its members' names."),
        validators=[Length(max=120)],
    )
    delegation_id = SelectField(_("Delegation"), validators=[Optional()])
    group_key = SelectField(_("Group"), validators=[Optional()])
    organisation = StringField(_("Organisation"), validators=[Length(max=200)])
    leaders = StringField(
        _("Team leader"), description=_("Several names are parted by 、."), validators=[Length(max=200)]
    )
    coaches = StringField(_("Coach"), validators=[Length(max=200)])
    note = StringField(_("Remark"), validators=[Length(max=200)])

    def __init__(
        self, *args: Any, event: Event, delegations: list[Delegation], may_lack: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.delegation_id.choices = _delegation_choices(delegations, may_lack)
        self.group_key.choices = _group_choices(event)

    def checked(self) -> EntryFacts | None:
        """The typed facts in their one form, or None with the errors at their fields."""
        number = repairs.team_number(self.number.data or "")
        leaders = repairs.people_names(self.leaders.data or "")
        coaches = repairs.people_names(self.coaches.data or "")
        for name, value in (("number", number), ("leaders", leaders), ("coaches", coaches)):
            if isinstance(value, Problem):
                self.complain(name, _("Only a name or number can stand here. Mend it and save again."))
        if isinstance(number, Problem) or isinstance(leaders, Problem) or isinstance(coaches, Problem):
            return None
        return EntryFacts(
            number=number.text,
            name=(self.name.data or "").strip(),
            group_key=self.group_key.data or "",
            delegation_id=int(self.delegation_id.data) if self.delegation_id.data else None,
            organisation=(self.organisation.data or "").strip(),
            leaders=tuple(name for name in leaders.text.split("、") if name),
            coaches=tuple(name for name in coaches.text.split("、") if name),
            note=(self.note.data or "").strip(),
        )

    @classmethod
    def of(cls, entry: Entry) -> dict[str, Any]:
        """Present values for editing."""
        return {
            "version": entry.version,
            "number": entry.number,
            "name": entry.name,
            "delegation_id": str(entry.delegation_id or ""),
            "group_key": entry.group_key,
            "organisation": entry.organisation.name if entry.organisation else "",
            "leaders": "、".join(one.name for one in entry.staff if one.role is StaffRole.LEADER),
            "coaches": "、".join(one.name for one in entry.staff if one.role is StaffRole.COACH),
            "note": entry.note,
        }


class UnitsForm(EntriesForm):
    """Several units at once."""

    names = TextAreaField(
        _("Names, one a line"),
        description=_("Each line becomes an entry without members, numbered in this order."),
        validators=[InputRequired(), Length(max=20_000)],
    )
    delegation_id = SelectField(_("Delegation"), validators=[Optional()])
    group_key = SelectField(_("Group"), validators=[Optional()])

    def __init__(
        self, *args: Any, event: Event, delegations: list[Delegation], may_lack: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.delegation_id.choices = _delegation_choices(delegations, may_lack)
        self.group_key.choices = _group_choices(event)


def _delegation_choices(delegations: list[Delegation], may_lack: bool) -> list[tuple[str, str]]:
    none = [("", "—")] if may_lack else []
    return none + [(str(row.id), row.name) for row in delegations]


def _group_choices(event: Event) -> list[tuple[str, str]]:
    return [(group.key, group.name) for group in event.groups] or [("", "—")]


class StateForm(EntriesForm):
    """Another state, with its reason."""

    version = HiddenField()
    state = SelectField(_("New state"))
    reason = StringField(
        _("Reason"),
        description=_("Kept with the change and shown in the log."),
        validators=[InputRequired(), Length(max=300)],
    )

    def __init__(self, *args: Any, allowed: list[EntryState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = choices_of(EntryState, without=[one for one in EntryState if one not in allowed])


class ReasonForm(EntriesForm):
    """A reason alone."""

    version = HiddenField()
    reason = StringField(_("Reason"), validators=[InputRequired(), Length(max=300)])


class WitnessForm(EntriesForm):
    """Before whom a layer of codes is opened."""

    witness = StringField(_("Before whom"), validators=[InputRequired(), Length(max=300)])


class LayersForm(EntriesForm):
    """How many layers of codes an event has."""

    layers = SelectField(_("Layers of codes"), coerce=int, choices=[(1, "1"), (2, "2"), (3, "3")])


class DelegationForm(EntriesForm):
    """A delegation's names and place in the official order."""

    version = HiddenField()
    name = StringField(_("Full name"), validators=[InputRequired(), Length(max=80)])
    short_name = StringField(_("Short name"), validators=[Length(max=40)])
    name_en = StringField(_("English name"), validators=[Length(max=120)])
    order = IntegerField(
        _("Place in the official order"),
        description=_(
            "By the order of administrative divisions, or the order in which the bodies are named officially."
        ),
        validators=[InputRequired(), NumberRange(min=1, max=9999)],
    )


class OrganisationForm(EntriesForm):
    """An organisation's names and place in the official order."""

    version = HiddenField()
    name = StringField(
        _("Full name"),
        description=_("The name of another organisation joins the two: people and entries move there."),
        validators=[InputRequired(), Length(max=200)],
    )
    short_name = StringField(_("Short name"), validators=[Length(max=60)])
    order = IntegerField(
        _("Place in the official order"),
        description=_("0 where no order is set; those are listed by name."),
        validators=[InputRequired(), NumberRange(min=0, max=9999)],
    )


class UploadForm(EntriesForm):
    """A registration file."""

    file = FileField(
        _("Registration file"),
        description=_("Excel (.xlsx, .xls) or CSV in UTF-8 or GB 18030, at most 20 MB."),
        validators=[FileRequired(_("Choose the file first."))],
    )


class CommitSeedForm(EntriesForm):
    """The SHA-256 of a seed, before the draw."""

    commitment = StringField(
        _("SHA-256 of the seed"),
        validators=[
            InputRequired(),
            Length(min=64, max=64, message=_("A SHA-256 has 64 characters from 0-9 and a-f.")),
        ],
    )
    benches = IntegerField(
        _("Benches per session"), default=1, validators=[InputRequired(), NumberRange(min=1, max=999)]
    )


class RevealSeedForm(EntriesForm):
    """The seed itself and the public value."""

    seed = StringField(_("Seed"), validators=[InputRequired(), Length(max=200)])
    public_value = StringField(
        _("Public value"),
        description=_(
            "Named now, before everyone, by somebody else: for example by a team leader, or the day's lottery result."
        ),
        validators=[InputRequired(), Length(max=200)],
    )
