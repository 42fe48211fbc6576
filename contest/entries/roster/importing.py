"""From a file's bytes to its people, with every error and every repair found in one pass."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from contest.entries.roster import checks, drafts, reading, rows, teams
from contest.entries.roster.columns import HEADINGS, Field, Layout, find_layout
from contest.entries.roster.drafts import Draft
from contest.entries.roster.findings import Finding, Notice, Place
from contest.entries.roster.table import Sheet, Table, UnreadableFile
from contest.entries.roster.terms import Terms

_OTHER_SHEETS = re.compile(r"示例|样例|范例|说明|选项|字典|example|sample|notes|lists", re.IGNORECASE)


@dataclass(frozen=True)
class RosterRow:
    """One person as registered, every text in its one form; empty where the form allows it. `event` is a key."""

    sheet: str
    row: int
    sequence: str
    delegation: str
    number: str
    event: int
    event_name: str
    group: str
    name: str
    gender: str
    ethnic_group: str
    id_kind: str
    id_number: str
    born_on: date | None
    education: str
    organisation: str
    post: str
    level: str
    level_certificate: str
    years: int | None
    phone: str
    leader: str
    coach: str
    remark: str

    def texts(self) -> dict[Field, str]:
        """Each field as a form shows it."""
        special = {
            Field.event: self.event_name,
            Field.born_on: self.born_on.isoformat() if self.born_on else "",
            Field.years: "" if self.years is None else str(self.years),
        }
        return {
            name: special.get(name, "") or str(getattr(self, name.value) or "") for name in Field
        } | special


@dataclass(frozen=True)
class Roster:
    """What a file holds. `rows` are the people without an error; with any error nothing is to be imported."""

    format: str
    rows: tuple[RosterRow, ...]
    errors: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    rows_read: int

    @property
    def is_clean(self) -> bool:
        """The file may be taken over."""
        return not self.errors and bool(self.rows)


def read_roster(content: bytes, name: str, terms: Terms) -> Roster:
    """Read and check a registration file whole. Raises UnreadableFile where there is nothing to check."""
    return check_table(reading.read_table(content, name), terms)


def check_table(table: Table, terms: Terms) -> Roster:
    """Check a file that has been read. Raises UnreadableFile("no_heading") where no sheet has a heading row."""
    errors: list[Finding] = []
    notices: list[Notice] = []
    people: list[Draft] = []
    found = [(sheet, _layout_of(sheet, notices)) for sheet in table.sheets]
    used = [(sheet, layout) for sheet, layout in found if layout is not None]
    if not used:
        raise UnreadableFile("no_heading")
    for sheet, layout in used:
        errors += _heading_errors(sheet, layout, terms)
        notices += [
            Notice(Place(sheet.name, layout.last, None, h), h, "", ("column_ignored",))
            for h in layout.ignored
        ]
        people += _people(sheet, layout, terms, notices)
    if not people and not errors:
        raise UnreadableFile("no_rows")
    absent = {error.place.field for error in errors}
    for draft in people:
        # A column that isn't there is one error, not one a row.
        draft.refused |= {name for name in absent if name is not None}
        checks.check_row(draft, terms)
    notices += _filled_columns(people)
    teams.check_people(people, terms)
    teams.check_names(people)
    teams.check_teams(people, terms)
    for draft in people:
        errors += draft.errors
        notices += draft.notices
    good = tuple(_finished(draft, terms) for draft in people if not draft.errors) if not absent else ()
    order = {sheet.name: n for n, sheet in enumerate(table.sheets)}
    notices.sort(key=lambda notice: (order.get(notice.place.sheet, 0), notice.place.row))
    errors.sort(key=lambda error: (order.get(error.place.sheet, 0), error.place.row))
    return Roster(table.format, good, tuple(errors), tuple(notices), len(people))


def _filled_columns(people: list[Draft]) -> list[Notice]:
    """Columns a file does without, worked out from the others: one notice a sheet and column."""
    found = dict.fromkeys(
        (draft.sheet, name) for draft in people for name in Field if name in draft.filled_in
    )
    return [
        Notice(Place(sheet, 0, name, HEADINGS[name][0]), "", "", ("column_filled",)) for sheet, name in found
    ]


def _layout_of(sheet: Sheet, notices: list[Notice]) -> Layout | None:
    """The sheet's heading; a hidden sheet, an example or one without a heading is left aside, and said so."""
    if not any(not row.is_blank for row in sheet.rows):
        return None
    layout = None if sheet.is_hidden or _OTHER_SHEETS.search(sheet.name) else find_layout(sheet)
    if layout is None:
        filled = sum(not row.is_blank for row in sheet.rows)
        notices.append(Notice(Place(sheet.name, 0), sheet.name, "", ("sheet_skipped",), {"rows": filled}))
    return layout


def _heading_errors(sheet: Sheet, layout: Layout, terms: Terms) -> list[Finding]:
    missing = [name for name in terms.required() if name not in layout.columns]
    errors = [
        Finding(
            Place(sheet.name, layout.last, name, HEADINGS[name][0]),
            "column_missing",
            "",
            {"field": name.value},
        )
        for name in missing
    ]
    twice = [Finding(Place(sheet.name, layout.last, n, h), "column_twice", h, {}) for n, h in layout.twice]
    return errors + twice


def _people(sheet: Sheet, layout: Layout, terms: Terms, notices: list[Notice]) -> list[Draft]:
    merged = rows.filled_down(sheet, layout)
    people = []
    for row in sheet.rows:
        if row.number <= layout.last:
            continue
        reason = rows.reason_to_skip(row, layout)
        if reason is None:
            people.append(drafts.read_row(row, sheet.name, layout, merged, terms))
        elif reason != "row_blank":
            shown = " ".join(cell.text.strip() for cell in row.cells if cell.text.strip())
            notices.append(Notice(Place(sheet.name, row.number), shown[:80], "", (reason,)))
    return people


def _finished(draft: Draft, terms: Terms) -> RosterRow:
    event = terms.event(draft.get(Field.event))
    assert event is not None  # a row without an event has an error and doesn't come here
    values = {
        name.value: draft.get(name) for name in Field if name not in (Field.event, Field.born_on, Field.years)
    }
    born_on, years = draft.get(Field.born_on), draft.get(Field.years)
    return RosterRow(
        sheet=draft.sheet,
        row=draft.row,
        event=event.key,
        event_name=event.name,
        born_on=date.fromisoformat(born_on) if born_on else None,
        years=int(years) if years else None,
        **values,
    )
