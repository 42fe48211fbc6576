"""Rules over several cells of a row: what is missing, what contradicts the document, what the event forbids."""

from __future__ import annotations

from datetime import date

from contest.entries.roster import catalogue, identity
from contest.entries.roster.columns import Field
from contest.entries.roster.drafts import Draft
from contest.entries.roster.findings import Problem
from contest.entries.roster.terms import EventTerms, Terms

OLDEST = 100  # years; an earlier birth is a slip of the keyboard


def check_row(draft: Draft, terms: Terms) -> None:
    """Add every error of one row to its draft; fill in what its document says and the row leaves out."""
    _fill_the_only_choice(draft, terms)
    _check_document(draft)
    for name in terms.required():
        if not draft.get(name) and name not in draft.refused and not _needless(name, draft, terms):
            draft.refuse(name, "missing", "")
    _check_birth(draft, terms.today)
    event = terms.event(draft.get(Field.event))
    if event is not None:
        _check_event(draft, event)


def _fill_the_only_choice(draft: Draft, terms: Terms) -> None:
    """Where there is one event, or the event has one group, a blank can mean nothing else."""
    if not draft.get(Field.event) and Field.event not in draft.refused and len(terms.events) == 1:
        draft.put_right(Field.event, "", terms.events[0].name, "only_choice")
    event = terms.event(draft.get(Field.event))
    is_blank = not draft.get(Field.group) and Field.group not in draft.refused
    if event is not None and len(event.groups) == 1 and is_blank:
        draft.put_right(Field.group, "", event.groups[0], "only_choice")


def _needless(name: Field, draft: Draft, terms: Terms) -> bool:
    """A team number and a group are asked only where the row's own event has teams and groups."""
    event = terms.event(draft.get(Field.event))
    if event is None:
        return name in (Field.number, Field.group)
    return (name is Field.number and not event.is_team) or (name is Field.group and not event.groups)


def _check_document(draft: Draft) -> None:
    """The number by its kind; a resident number also says birth and gender."""
    number, kind = draft.get(Field.id_number), draft.get(Field.id_kind)
    if not number or Field.id_kind in draft.refused:
        return
    if not kind:
        if not isinstance(identity.read_resident(number), identity.ResidentNumber):
            draft.refuse(Field.id_kind, "missing", "")
            return
        kind = identity.RESIDENT
        draft.put_right(Field.id_kind, "", kind, "from_document")
    found = identity.read_document(kind, number)
    if isinstance(found, Problem):
        draft.refuse(Field.id_number, found.code, number, **found.params)
    elif found is not None:
        _agree_with_document(draft, found)


def _agree_with_document(draft: Draft, document: identity.ResidentNumber) -> None:
    born_on = document.born_on.isoformat()
    month_only = [e for e in draft.errors if e.place.field is Field.born_on and e.code == "date_no_day"]
    if month_only and born_on.startswith(str(month_only[0].params["month"])):
        draft.errors.remove(month_only[0])
        draft.refused.discard(Field.born_on)
        draft.put_right(Field.born_on, month_only[0].value, born_on, "from_document")
    for name, value in ((Field.born_on, born_on), (Field.gender, document.gender)):
        if name in draft.refused:
            continue
        if not draft.get(name):
            draft.put_right(name, "", value, "from_document")
        elif draft.get(name) != value:
            code = "birth_differs" if name is Field.born_on else "gender_differs"
            draft.refuse(name, code, None, document=value)


def _check_birth(draft: Draft, today: date) -> None:
    text = draft.get(Field.born_on)
    if not text:
        if Field.born_on not in draft.refused and draft.get(Field.id_number) and not draft.errors:
            draft.refuse(Field.born_on, "missing", "")
        return
    born_on = date.fromisoformat(text)
    if born_on > today:
        draft.refuse(Field.born_on, "date_future")
    elif today.year - born_on.year > OLDEST:
        draft.refuse(Field.born_on, "date_too_old", None, limit=OLDEST)


def _check_event(draft: Draft, event: EventTerms) -> None:
    """Group, age, level and years as the event's settings ask."""
    group = draft.get(Field.group)
    if group and event.groups and group not in event.groups:
        draft.refuse(
            Field.group, "group_not_in_event", None, event=event.name, groups="、".join(event.groups)
        )
    if draft.get(Field.born_on) and Field.born_on not in draft.refused:
        born_on = date.fromisoformat(draft.get(Field.born_on))
        if event.born_from and born_on < event.born_from:
            draft.refuse(Field.born_on, "too_old", None, limit=event.born_from.isoformat(), event=event.name)
        if event.born_to and born_on > event.born_to:
            draft.refuse(Field.born_on, "too_young", None, limit=event.born_to.isoformat(), event=event.name)
    if (
        event.min_level
        and Field.level not in draft.refused
        and not _reaches(draft.get(Field.level), event.min_level)
    ):
        draft.refuse(Field.level, "level_too_low", None, level=event.min_level, event=event.name)
    if (
        event.min_years
        and Field.years not in draft.refused
        and int(draft.get(Field.years) or 0) < event.min_years
    ):
        draft.refuse(Field.years, "years_too_few", None, years=event.min_years, event=event.name)


def _reaches(level: str, least: str) -> bool:
    return bool(level) and catalogue.LEVELS.index(level) >= catalogue.LEVELS.index(least)
