"""The form of a person: typed values go through the same repairs and checks as the rows of a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from contest.entries.forms.rows import EntriesForm, choices_of
from contest.entries.forms.sentences import finding_sentence
from contest.entries.models import IdKind, Member
from contest.entries.people import KIND_NAMES, KINDS, PersonFacts
from contest.entries.registration import MemberFacts
from contest.entries.roster import catalogue, checks, drafts
from contest.entries.roster.columns import Field, Layout
from contest.entries.roster.table import Cell, Row
from contest.entries.roster.terms import EventTerms, Terms
from contest.events.models import Event

FIELDS = {
    Field.name: "name",
    Field.gender: "gender",
    Field.ethnic_group: "ethnicity",
    Field.id_kind: "id_kind",
    Field.id_number: "id_number",
    Field.born_on: "born_on",
    Field.education: "education",
    Field.organisation: "organisation",
    Field.post: "job",
    Field.level: "level_held",
    Field.level_certificate: "level_certificate",
    Field.years: "years_in_trade",
    Field.phone: "phone",
    Field.remark: "note",
}


class PersonForm(EntriesForm):
    """A person and what is known of them as a member."""

    version = HiddenField()
    name = StringField(_("Name"), validators=[InputRequired(), Length(max=60)])
    id_kind = SelectField(_("Kind of document"))
    id_number = StringField(_("Document number"), validators=[Length(max=40)])
    gender = SelectField(_("Gender"), validators=[Optional()])
    born_on = StringField(
        _("Born on"),
        description=_("Year, month, day: 1990-01-05. With a resident ID card it may be left empty."),
    )
    ethnicity = SelectField(_("Ethnic group"), validators=[Optional()])
    education = SelectField(_("Education"), validators=[Optional()])
    phone = StringField(_("Telephone"), validators=[Length(max=40)])
    organisation = StringField(_("Organisation"), validators=[Length(max=200)])
    job = StringField(_("Post"), validators=[Length(max=200)])
    level_held = SelectField(_("Skill level held"), validators=[Optional()])
    level_certificate = StringField(_("Number of the level certificate"), validators=[Length(max=80)])
    years_in_trade = StringField(_("Years in the trade"), validators=[Length(max=10)])
    group_key = SelectField(_("Group, if not that of the entry"), validators=[Optional()])
    note = StringField(_("Remark"), validators=[Length(max=200)])

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.id_kind.choices = choices_of(IdKind, without=(IdKind.OTHER,))
        self.gender.choices = _listed(catalogue.GENDERS)
        self.ethnicity.choices = _listed(catalogue.ETHNIC_GROUPS)
        self.education.choices = _listed(catalogue.EDUCATION)
        self.level_held.choices = _listed(catalogue.LEVELS)
        self.group_key.choices = [("", "—"), *((group.key, group.name) for group in event.groups)]

    @property
    def is_blank(self) -> bool:
        """Nothing of a person was typed: the entry is a unit or a project."""
        return not any(
            str(self[name].data or "").strip() for name in ("name", "id_number", "phone", "born_on")
        )

    def checked(
        self, terms: EventTerms, today: date, *, known_number: str = ""
    ) -> tuple[PersonFacts, MemberFacts] | None:
        """Typed values in their one form, or None with every error at its field.

        `known_number`: that of the person being edited, used where the number's field was left empty.
        """
        typed = {field: str(self[name].data or "").strip() for field, name in FIELDS.items()}
        typed[Field.id_kind] = KIND_NAMES[IdKind(self.id_kind.data)]
        if not typed[Field.id_number] and known_number:
            typed[Field.id_number] = known_number
        draft = _draft(typed, replace(terms, groups=()), today)
        for error in draft.errors:
            if error.place.field in FIELDS:
                self.complain(FIELDS[error.place.field], finding_sentence(error))
        return None if self.errors else self._facts(draft)

    def _facts(self, draft: drafts.Draft) -> tuple[PersonFacts, MemberFacts]:
        born_on, years = draft.get(Field.born_on), draft.get(Field.years)
        person = PersonFacts(
            name=draft.get(Field.name),
            id_kind=KINDS[draft.get(Field.id_kind)],
            id_number=draft.get(Field.id_number),
            gender=draft.get(Field.gender),
            ethnicity=draft.get(Field.ethnic_group),
            born_on=date.fromisoformat(born_on) if born_on else None,
            education=draft.get(Field.education),
            phone=draft.get(Field.phone),
        )
        member = MemberFacts(
            organisation=draft.get(Field.organisation),
            group_key=self.group_key.data or "",
            job=draft.get(Field.post),
            level_held=draft.get(Field.level),
            level_certificate=draft.get(Field.level_certificate),
            years_in_trade=int(years) if years else None,
            note=draft.get(Field.remark),
        )
        return person, member

    @classmethod
    def of(cls, member: Member) -> dict[str, Any]:
        """Present values for editing; the document and telephone stay empty, which keeps them."""
        person = member.person
        return {
            "version": person.version,
            "name": person.name,
            "id_kind": person.id_kind.value,
            "gender": person.gender,
            "born_on": person.born_on.isoformat() if person.born_on else "",
            "ethnicity": person.ethnicity,
            "education": person.education,
            "organisation": member.organisation.name if member.organisation else "",
            "job": member.job,
            "level_held": member.level_held,
            "level_certificate": member.level_certificate,
            "years_in_trade": "" if member.years_in_trade is None else str(member.years_in_trade),
            "group_key": member.group_key,
            "note": member.note,
        }


class SubstituteForm(PersonForm):
    """Another person in a member's place."""

    reason = StringField(_("Why the substitution"), validators=[InputRequired(), Length(max=300)])


class RenameForm(EntriesForm):
    """A name put right."""

    version = HiddenField()
    name = StringField(_("Correct name"), validators=[InputRequired(), Length(max=60)])
    reason = StringField(
        _("Why it is corrected"),
        description=_("For example: the document shows another character."),
        validators=[InputRequired(), Length(max=300)],
    )


def _listed(options: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", "—"), *((option, option) for option in options)]


def _draft(typed: dict[Field, str], terms: EventTerms, today: date) -> drafts.Draft:
    """One typed person as a row of a file of one event."""
    columns = {field: number for number, field in enumerate(typed)}
    layout = Layout(0, 0, columns, {}, (), ())
    all_terms = Terms(events=(replace(terms, min_members=1, max_members=1),), today=today)
    draft = drafts.read_row(Row(1, tuple(Cell(text) for text in typed.values())), "", layout, {}, all_terms)
    draft.values[Field.delegation] = "-"  # the entry's, checked with the entry
    checks.check_row(draft, all_terms)
    return draft
