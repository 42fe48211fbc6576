"""One row of a registration file on its way to a person: every cell repaired or refused by its field's own rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from contest.entries.roster import catalogue, identity, repairs
from contest.entries.roster.columns import Field, Layout
from contest.entries.roster.findings import Finding, Notice, Place, Problem, Repaired
from contest.entries.roster.table import Cell, CellKind, Row
from contest.entries.roster.terms import Terms

WITHOUT_FORMULA = (Field.name, Field.id_number, Field.id_kind)
MAX_EXACT_DIGITS = 15  # a spreadsheet keeps fifteen digits of a number and fills the rest with zeros


@dataclass
class Draft:
    """A row's values so far, in their one form; refused cells are in `refused` and have no value."""

    sheet: str
    row: int
    headings: dict[Field, str]
    values: dict[Field, str] = field(default_factory=dict)
    refused: set[Field] = field(default_factory=set)
    errors: list[Finding] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    filled_in: set[Field] = field(default_factory=set)

    def get(self, name: Field) -> str:
        """The value, or an empty text where it is missing or was refused."""
        return self.values.get(name, "")

    def place(self, name: Field) -> Place:
        """Where a field of this row stands."""
        return Place(self.sheet, self.row, name, self.headings.get(name, ""))

    def refuse(self, name: Field, code: str, value: str | None = None, /, **params: object) -> None:
        """Note an error of a cell."""
        shown = self.get(name) if value is None else value
        self.refused.add(name)
        self.errors.append(Finding(self.place(name), code, shown, params))

    def put_right(self, name: Field, before: str, after: str, *codes: str) -> None:
        """Set a value and say so; for a column that isn't there the file as a whole says it once."""
        self.values[name] = after
        if name not in self.headings:
            self.filled_in.add(name)
            return
        self.notices.append(Notice(self.place(name), before, after, codes))


def read_row(
    row: Row, sheet: str, layout: Layout, merged: dict[tuple[int, Field], Cell], terms: Terms
) -> Draft:
    """Read one row's cells. Rules that need several cells come after, in `checks`."""
    draft = Draft(sheet, row.number, layout.headings)
    for name, column in layout.columns.items():
        cell = merged.get((row.number, name))
        filled = cell is not None
        _read_cell(draft, name, cell or row.cell(column), filled, terms)
    return draft


def _read_cell(draft: Draft, name: Field, cell: Cell, filled: bool, terms: Terms) -> None:
    if cell.kind is CellKind.error:
        return draft.refuse(name, "cell_error", cell.formula or cell.text)
    raw, cell = cell, _literal(cell)
    if cell.formula and (name in WITHOUT_FORMULA or not cell.text.strip()):
        return draft.refuse(name, "formula", cell.formula)
    if name is Field.id_number and cell.kind is CellKind.number and len(cell.text) > MAX_EXACT_DIGITS:
        return draft.refuse(name, "digits_lost", cell.text)
    outcome = _repair(name, cell, terms)
    if isinstance(outcome, Problem):
        return draft.refuse(name, outcome.code, cell.text, **outcome.params)
    draft.values[name] = outcome.text
    if raw.text != cell.text or raw.formula != cell.formula:
        outcome = Repaired(outcome.text, ("formula_text", *outcome.codes))
    codes = (*(["merged"] if filled else []), *(["formula_value"] if cell.formula else []), *outcome.codes)
    before = raw.formula or ("" if filled else raw.text)
    if codes and before != outcome.text and (before.strip() or outcome.text):
        draft.put_right(name, before, outcome.text, *codes)
    return None


def _literal(cell: Cell) -> Cell:
    """`="0123"` is how some programs keep digits: the text between the marks. Any other leading = is a formula."""
    written = cell.formula or cell.text.strip()
    if not written.startswith("="):
        return cell
    found = re.fullmatch(r'="([^"]*)"', written)
    return Cell(found[1]) if found else Cell(cell.text if cell.formula else "", CellKind.formula, written)


def _repair(name: Field, cell: Cell, terms: Terms) -> Repaired | Problem:
    if name is Field.born_on:
        return repairs.calendar_date(cell.text, is_number=cell.kind is CellKind.number)
    if name in _BY_TERMS:
        return _BY_TERMS[name](cell.text, terms)
    return _BY_TEXT.get(name, repairs.free_text)(cell.text)


def _level(text: str) -> Repaired | Problem:
    if repairs.key(text) in catalogue.NO_LEVEL:
        return Repaired("", ("no_level",))
    return repairs.choice(text, catalogue.LEVELS, catalogue.LEVEL_ALIASES, "level_unknown")


def _event(text: str, terms: Terms) -> Repaired | Problem:
    names = [event.name for event in terms.events]
    aliases = {other: event.name for event in terms.events for other in event.other_names}
    return repairs.choice(text, names, aliases, "event_unknown")


def _group(text: str, terms: Terms) -> Repaired | Problem:
    """A group of any event; whether it is one of the row's own event is asked in `checks`."""
    groups = list(dict.fromkeys(group for event in terms.events for group in event.groups))
    if not groups:
        return repairs.free_text(text, 40)
    return repairs.choice(text, groups, _with_and_without_suffix(groups), "group_unknown")


def _delegation(text: str, terms: Terms) -> Repaired | Problem:
    names = [delegation.name for delegation in terms.delegations]
    aliases = {d.short_name: d.name for d in terms.delegations if d.short_name}
    aliases |= {
        f"{written}代表队": name for written, name in [*aliases.items(), *((name, name) for name in names)]
    }
    if terms.delegations_are_fixed:
        found = repairs.choice(text, names, aliases, "delegation_unknown")
    else:
        found = repairs.matched(text, names, aliases) or repairs.free_text(text, 80)
    if isinstance(found, Repaired) and any(
        d.name == found.text and not d.may_import for d in terms.delegations
    ):
        return Problem("delegation_not_yours")
    return found


_BY_TEXT: dict[Field, Callable[[str], Repaired | Problem]] = {
    Field.number: repairs.team_number,
    Field.name: repairs.person_name,
    Field.gender: lambda text: repairs.choice(
        text, catalogue.GENDERS, catalogue.GENDER_ALIASES, "gender_unknown"
    ),
    Field.ethnic_group: lambda text: repairs.choice(
        text, catalogue.ETHNIC_GROUPS, catalogue.ETHNIC_ALIASES, "ethnic_group_unknown"
    ),
    Field.id_kind: lambda text: repairs.choice(
        text, identity.KINDS, identity.KIND_ALIASES, "id_kind_unknown"
    ),
    Field.id_number: repairs.document_number,
    Field.education: lambda text: repairs.choice(
        text, catalogue.EDUCATION, catalogue.EDUCATION_ALIASES, "education_unknown"
    ),
    Field.level: _level,
    Field.years: repairs.years,
    Field.phone: repairs.phone,
    Field.leader: repairs.people_names,
    Field.coach: repairs.people_names,
}
_BY_TERMS: dict[Field, Callable[[str, Terms], Repaired | Problem]] = {
    Field.event: _event,
    Field.group: _group,
    Field.delegation: _delegation,
}


def _with_and_without_suffix(groups: Sequence[str]) -> dict[str, str]:
    """Offices write 职工 for 职工组 and the reverse: both mean the group there is."""
    short = {group.removesuffix("组"): group for group in groups if group.endswith("组")}
    return {**{f"{group}组": group for group in groups if not group.endswith("组")}, **short}
