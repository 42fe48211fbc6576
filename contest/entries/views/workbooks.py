"""Workbooks that leave the room: the template, the list of entries, the findings of a file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from contest.entries.forms.sentences import file_sentence, finding_sentence, heading, notice_sentence
from contest.entries.imports import Preview
from contest.entries.models import Entry, Member, StaffRole
from contest.entries.people import KIND_NAMES, Revealed
from contest.entries.registration import live_members
from contest.entries.roster import template
from contest.entries.roster.columns import HEADINGS, Field
from contest.entries.roster.terms import Terms
from contest.entries.views.door import is_chinese
from contest.web import neutral


def template_workbook(terms: Terms, title: str) -> bytes:
    """The registration workbook in the reader's language; both languages are read by the import."""
    chinese = is_chinese()
    texts = template.TemplateTexts(
        title=title,
        sheet=_("Registration"),
        example_sheet="填表示例" if chinese else "Example",
        notes_sheet="填表说明" if chinese else "Notes",
        lists_sheet="选项" if chinese else "Lists",
        headings={field: names[0 if chinese else 1] for field, names in HEADINGS.items()},
        notes=_notes(),
        example=_example(terms),
    )
    return template.build_template(terms, texts)


def _notes() -> list[str]:
    return [
        _(
            "1. One person a row. Members of one team have the same team number. Fill in the first sheet only."
        ),
        _("2. Red headings are required. The order of columns may be changed, headings may not."),
        _(
            "3. All cells are text, so that document numbers keep all their digits. Paste as values, never as formulas."
        ),
        _(
            "4. With a resident ID card, date of birth and gender may be left empty: they are read from the number."
        ),
        _("5. Dates are written as 1990-01-05. Years in the trade are whole numbers."),
        _("6. Names are written exactly as in the document, rare characters included; the middle dot is ·."),
        _("7. The example sheet and this sheet are not imported."),
    ]


def _example(terms: Terms) -> list[Mapping[Field, str]]:
    event = terms.events[0] if terms.events else None
    common = {
        Field.delegation: terms.delegations[0].name if terms.delegations else "示范代表队",
        Field.number: "1101",
        Field.event: event.name if event else "",
        Field.group: event.groups[0] if event and event.groups else "",
        Field.id_kind: "居民身份证",
        Field.organisation: "示范餐饮管理公司",
        Field.level: "三级/高级工",
        Field.leader: "李示范",
        Field.coach: "王示范",
    }
    # The two numbers are those printed as examples in GB 11643.
    people = [
        ("1", "张示范", "女", "汉族", "11010519491231002X", "1949-12-31", "13800000001", "12"),
        ("2", "才让·示范", "男", "藏族", "440524188001010014", "1880-01-01", "13800000002", "8"),
    ]
    names = (Field.sequence, Field.name, Field.gender, Field.ethnic_group, Field.id_number, Field.born_on)
    return [common | dict(zip((*names, Field.phone, Field.years), person, strict=True)) for person in people]


def lines_of(entry: Entry, known: Mapping[int, Revealed]) -> list[list[str]]:
    """One line a live member, in the template's columns; numbers masked but for the members of `known`."""
    groups = {group.key: group.name for group in entry.event.groups}
    staff = {
        role: "、".join(one.name for one in entry.staff if one.role is role)
        for role in (StaffRole.LEADER, StaffRole.COACH)
    }
    shared = {
        Field.delegation: entry.delegation.name if entry.delegation else "",
        Field.number: entry.number,
        Field.event: entry.event.name,
        Field.leader: staff[StaffRole.LEADER],
        Field.coach: staff[StaffRole.COACH],
    }
    return [
        [
            str((shared | _member_values(member, groups, entry, known.get(member.id))).get(field, ""))
            for field in Field
        ]
        for member in live_members(entry)
    ]


def _member_values(
    member: Member, groups: Mapping[str, str], entry: Entry, known: Revealed | None
) -> dict[Field, str]:
    person = member.person
    return {
        Field.group: groups.get(member.group_key or entry.group_key, ""),
        Field.name: person.name,
        Field.gender: person.gender,
        Field.ethnic_group: person.ethnicity,
        Field.id_kind: KIND_NAMES.get(person.id_kind, ""),
        Field.id_number: known.id_number if known else person.id_masked,
        Field.born_on: person.born_on.isoformat() if person.born_on else "",
        Field.education: person.education,
        Field.organisation: member.organisation.name if member.organisation else "",
        Field.post: member.job,
        Field.level: member.level_held,
        Field.level_certificate: member.level_certificate,
        Field.years: "" if member.years_in_trade is None else str(member.years_in_trade),
        Field.phone: known.phone if known else person.phone_masked,
        Field.remark: member.note,
    }


def list_workbook(title: str, lines: Sequence[Sequence[str]]) -> bytes:
    """The list as xlsx, in the order and under the headings of the template, so that it can be imported again."""
    chinese = is_chinese()
    headings = [HEADINGS[field][0 if chinese else 1] for field in Field]
    numbered = [[str(number), *line[1:]] for number, line in enumerate(lines, start=1)]
    return _sheet(
        _("Registration"), [[title], headings, *numbered], wide=(Field.id_number, Field.organisation)
    )


def findings_workbook(preview: Preview) -> bytes:
    """Every error and notice of a file, to be sent back to the office that filled it in."""
    head = [
        _("Kind"),
        _("Sheet"),
        _("Row"),
        _("Column"),
        _("Value"),
        _("What is wrong, or was put right"),
        _("After"),
    ]
    lines: list[list[str]] = []
    if preview.unreadable:
        lines.append(
            [
                _("Error"),
                "",
                "",
                "",
                "",
                file_sentence(preview.unreadable.code, preview.unreadable.params),
                "",
            ]
        )
    for error in preview.errors:
        place = [
            error.place.sheet,
            str(error.place.row or ""),
            error.place.heading or heading(error.place.field),
        ]
        lines.append([_("Error"), *place, error.value, finding_sentence(error), ""])
    for notice in preview.roster.notices if preview.roster else ():
        place = [notice.place.sheet, str(notice.place.row or ""), notice.place.heading]
        lines.append([_("Notice"), *place, notice.before, notice_sentence(notice), notice.after])
    return _sheet(_("Findings"), [head, *lines])


def _sheet(name: str, lines: Sequence[Sequence[str]], wide: Sequence[Field] = ()) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(name)
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, max(map(len, lines), default=1), 14, text)
        for field in wide:
            sheet.set_column(list(Field).index(field), list(Field).index(field), 24, text)
        for number, line in enumerate(lines):
            for column, value in enumerate(line):
                sheet.write_string(number, column, str(neutral(value)), text)
    return buffer.getvalue()
