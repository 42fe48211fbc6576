"""Values beside the marks that an event's rules name: difficulty by round, a factor, a veto, an industry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import freezing, queries, registration
from contest.entries.models import Entry
from contest.errors import Invalid, Stale
from contest.events.models import Event
from contest.events.queries import rules_of
from contest.scoring.rules import RuleSet

# Columns that registration knows by itself; the results room fills them in.
KNOWN = {
    "group",
    "delegation",
    "organisation",
    "team",
    "coach",
    "gender",
    "level",
    "person",
    "age",
    "prior_holder",
}
LONGEST = 60


class InputBad(Invalid):
    """A value that the rules don't allow; `field` names the form's field."""

    code = "input_bad"


@dataclass(frozen=True)
class InputField:
    """One value to give. `round_key` is empty for a value that holds for all rounds; `values`: the allowed texts."""

    name: str
    round_key: str
    title_zh: str
    title_en: str
    is_number: bool
    values: tuple[str, ...] = ()
    decimals: int = 3

    @property
    def key(self) -> str:
        """The form's field: unique among the entry's values."""
        return f"{self.name}.{self.round_key}"


def fields_of(rules: RuleSet) -> tuple[InputField, ...]:
    """What the rules ask for beside the marks; a number is asked once a round where the rules have rounds."""
    rounds = [(one.key, one.title_zh or one.key, one.title_en or one.key) for one in rules.rounds] or [
        ("", "", "")
    ]
    numbers = [
        InputField(
            column.name,
            key,
            f"{column.title_zh or column.name} {zh}".strip(),
            f"{column.title_en or column.name} {en}".strip(),
            is_number=True,
            decimals=column.decimals,
        )
        for column in rules.inputs
        if column.name not in KNOWN
        for key, zh, en in rounds
    ]
    texts = [
        InputField(
            column.name,
            "",
            column.title_zh or column.name,
            column.title_en or column.name,
            False,
            column.values,
        )
        for column in rules.filters
        if column.name not in KNOWN
    ]
    return tuple(numbers + texts)


def fields_for(event: Event) -> tuple[InputField, ...]:
    """The same for an event; nothing while it has no rules."""
    return fields_of(rules_of(event)) if event.rule_version is not None else ()


def value_of(entry: Entry, field: InputField) -> str:
    """What an entry has for a field; empty if nothing."""
    value = entry.inputs.get(field.name, "")
    if isinstance(value, Mapping):
        return str(value.get(field.round_key, ""))
    return str(value)


def set_inputs(entry_id: int, typed: Mapping[str, str], *, version: int, actor: Actor, at: datetime) -> Entry:
    """Take the values of an entry, by the fields' keys; an empty text takes a value away.

    Raises Missing, Stale, RosterFrozen, InputBad(field) for a number or text that the rules don't allow.
    """
    entry = queries.entry_for(actor, entry_id, may="entries.review")
    if entry.version != version:
        raise Stale()
    freezing.refuse_new_states(entry.event_id)
    made: dict[str, object] = {}
    for field in fields_for(entry.event):
        text = _checked(field, typed.get(field.key, ""))
        if not text:
            continue
        if field.round_key:
            made.setdefault(field.name, {})[field.round_key] = text  # type: ignore[index]
        else:
            made[field.name] = text
    old, entry.inputs = entry.inputs, made
    db.session.flush()
    contest_id = registration.contest_id_of(entry.event)
    audit.record(
        actor, "entry.inputs_set", entry, contest_id=contest_id, changes={"inputs": [old, made]}, at=at
    )
    return entry


def _checked(field: InputField, typed: str) -> str:
    text = typed.strip()
    if not text or not field.is_number:
        if len(text) > LONGEST or (text and field.values and text not in field.values):
            raise InputBad("input_text_bad", field=field.key, value=text[:LONGEST])
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise InputBad("input_not_a_number", field=field.key, value=text[:LONGEST]) from None
    exponent = number.as_tuple().exponent
    if not number.is_finite() or len(text) > 16 or abs(number) >= 1_000_000:
        raise InputBad("input_not_a_number", field=field.key, value=text[:LONGEST])
    if isinstance(exponent, int) and -exponent > field.decimals:
        raise InputBad("input_decimals", field=field.key, value=text, decimals=field.decimals)
    return format(number, "f")
