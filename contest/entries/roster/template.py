"""The registration workbook offices fill in: the event's columns, text cells, drop-down lists, an example, notes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contest.entries.roster import catalogue, identity
from contest.entries.roster.columns import Field
from contest.entries.roster.terms import Terms

ROWS = 2000  # rows that get the drop-down lists
WIDTHS = {
    **{Field.sequence: 6, Field.gender: 6, Field.id_number: 22, Field.id_kind: 14, Field.organisation: 26},
    **{Field.delegation: 18, Field.event: 18, Field.born_on: 13, Field.phone: 15, Field.level: 16},
    **{Field.level_certificate: 20, Field.remark: 20},
}


@dataclass(frozen=True)
class TemplateTexts:
    """All words of the workbook, in the language it is asked for. Sheet names have at most 31 characters.

    The names of the example and notes sheets must be such as the import leaves aside (see `importing`).
    """

    title: str
    sheet: str
    example_sheet: str
    notes_sheet: str
    lists_sheet: str
    headings: Mapping[Field, str]
    notes: Sequence[str]
    example: Sequence[Mapping[Field, str]]


def columns_for(terms: Terms) -> list[Field]:
    """The form's columns: no team number where nobody needs one, no group where no event has groups."""
    has_groups = any(event.groups for event in terms.events)
    return [name for name in Field if name is not Field.group or has_groups]


def build_template(terms: Terms, texts: TemplateTexts) -> bytes:
    """The workbook as xlsx bytes. Every data cell has the text format, so that no digit of a number is lost."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(texts.sheet)
        columns = columns_for(terms)
        _heading(book, sheet, texts, columns, terms.required())
        _drop_downs(book.add_worksheet(texts.lists_sheet), sheet, texts.lists_sheet, columns, terms)
        example = book.add_worksheet(texts.example_sheet)
        _heading(book, example, texts, columns, terms.required())
        for number, person in enumerate(texts.example, start=2):
            for column, name in enumerate(columns):
                example.write_string(number, column, person.get(name, ""))
        notes = book.add_worksheet(texts.notes_sheet)
        notes.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
        notes.write_column(0, 0, list(texts.notes))
    return buffer.getvalue()


def _heading(
    book: Any, sheet: Any, texts: TemplateTexts, columns: list[Field], required: tuple[Field, ...]
) -> None:
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    plain = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    optional, needed = (
        book.add_format({**plain, "bg_color": "#EDEDED"}),
        book.add_format({**plain, "bg_color": "#F8DCDC"}),
    )
    text = book.add_format({"num_format": "@"})
    for column, name in enumerate(columns):
        sheet.set_column(column, column, WIDTHS.get(name, 11), text)
        sheet.write_string(1, column, texts.headings[name], needed if name in required else optional)
    sheet.merge_range(0, 0, 0, len(columns) - 1, texts.title, title)
    sheet.set_row(0, 30)
    sheet.set_row(1, 32)
    sheet.freeze_panes(2, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:AZ{ROWS + 2}"})
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)


def _drop_downs(lists: Any, sheet: Any, lists_name: str, columns: list[Field], terms: Terms) -> None:
    """One column of the hidden sheet for each list; a list may be overridden where the form stays open."""
    lists.hide()
    position = 0
    for column, name in enumerate(columns):
        options = _options(name, terms)
        if not options:
            continue
        lists.write_column(0, position, options)
        letter = chr(ord("A") + position)
        source = f"='{lists_name}'!${letter}$1:${letter}${len(options)}"
        is_open = name is Field.delegation and not terms.delegations_are_fixed
        rule = {"validate": "list", "source": source, "error_type": "information" if is_open else "stop"}
        sheet.data_validation(2, column, ROWS + 1, column, rule)
        position += 1


def _options(name: Field, terms: Terms) -> list[str]:
    groups = [group for event in terms.events for group in event.groups]
    lists: dict[Field, Sequence[str]] = {
        Field.delegation: [d.name for d in terms.delegations if d.may_import],
        Field.event: [event.name for event in terms.events],
        Field.group: list(dict.fromkeys(groups)),
        Field.gender: catalogue.GENDERS,
        Field.ethnic_group: catalogue.ETHNIC_GROUPS,
        Field.id_kind: identity.KINDS,
        Field.education: catalogue.EDUCATION,
        Field.level: catalogue.LEVELS,
    }
    return list(lists.get(name, ()))
