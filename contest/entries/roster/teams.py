"""Rules over several rows: nobody twice, a team whole and of one delegation, within the event's size."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from contest.entries.roster.columns import Field
from contest.entries.roster.drafts import Draft
from contest.entries.roster.terms import Terms

SHARED = (Field.delegation, Field.group)  # what all members of a team have in common
KEY_FIELDS = (Field.event, Field.number, Field.delegation)


def check_people(drafts: Iterable[Draft], terms: Terms) -> None:
    """The same document in two rows. The row that contradicts its own document is named; else the later one."""
    rows: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        number = draft.get(Field.id_number)
        if number and Field.id_number not in draft.refused:
            event = "" if terms.one_event_each else draft.get(Field.event)
            rows[event, number].append(draft)
    for same in rows.values():
        if len(same) < 2:
            continue
        good = [draft for draft in same if not _contradicts_itself(draft)]
        first = (good or same)[0]
        for draft in same:
            if draft is not first:
                draft.refuse(Field.id_number, "person_twice", None, row=first.row, name=first.get(Field.name))


def check_names(drafts: Iterable[Draft]) -> None:
    """One document, one name, in whatever events: the rows that differ from the first one are named."""
    first: dict[str, Draft] = {}
    for draft in drafts:
        number, name = draft.get(Field.id_number), draft.get(Field.name)
        if not number or not name or Field.id_number in draft.refused:
            continue
        other = first.setdefault(number, draft)
        if other.get(Field.name) != name:
            draft.refuse(Field.name, "name_differs", None, row=other.row, name=other.get(Field.name))


def _contradicts_itself(draft: Draft) -> bool:
    return any(error.code in ("birth_differs", "gender_differs") for error in draft.errors)


def check_teams(drafts: Iterable[Draft], terms: Terms) -> None:
    """Members of one team agree on delegation and group, and are neither too few nor too many.

    A team with a row whose event, number or delegation is in doubt isn't counted: its size can't be known.
    """
    teams: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    doubtful: set[str] = set()
    for draft in drafts:
        number = draft.get(Field.number)
        if number and any(not draft.get(name) for name in KEY_FIELDS):
            doubtful.add(number)
        elif number:
            teams[draft.get(Field.event), number].append(draft)
    for (event_name, number), members in teams.items():
        event = terms.event(event_name)
        if event is None or not event.is_team:
            continue
        agree = [_agree(members, name) for name in SHARED]
        if all(agree) and number not in doubtful:
            _check_size(members, number, event.min_members, event.max_members)
    _check_single(drafts, terms)


def _agree(members: list[Draft], name: Field) -> bool:
    """The value most members have stands (the first one if none has more); others are refused."""
    values = Counter(draft.get(name) for draft in members if draft.get(name))
    if len(values) < 2:
        return True
    common = values.most_common(1)[0][0]
    for draft in members:
        if draft.get(name) and draft.get(name) != common:
            draft.refuse(name, "team_differs", None, number=draft.get(Field.number), common=common)
    return False


def _check_size(members: list[Draft], number: str, least: int, most: int) -> None:
    if len(members) < least:
        members[0].refuse(
            Field.number, "team_too_small", None, number=number, members=len(members), least=least
        )
    for draft in members[most:]:
        draft.refuse(Field.number, "team_too_large", None, number=number, members=len(members), most=most)


def _check_single(drafts: Iterable[Draft], terms: Terms) -> None:
    """Where one person is one entry, an entry number is given to one person."""
    seen: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        event, number = terms.event(draft.get(Field.event)), draft.get(Field.number)
        if event is None or event.is_team or not number:
            continue
        first = seen.setdefault((event.name, number), draft)
        if first is not draft:
            draft.refuse(Field.number, "number_twice", None, number=number, row=first.row)
