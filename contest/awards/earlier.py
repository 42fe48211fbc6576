"""The list of earlier title holders: read from a workbook or CSV, every bad row reported, taken over whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from contest import audit, files, personal
from contest.accounts.access import Actor
from contest.awards.models import EarlierHolder
from contest.db import db
from contest.entries.roster import identity, repairs
from contest.entries.roster.findings import Problem
from contest.entries.roster.reading import read_table
from contest.entries.roster.table import CellKind, Row, Sheet
from contest.errors import Invalid
from contest.events.models import Contest

HEADINGS = {
    "name": ("姓名", "name"),
    "id": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "idnumber", "id"),
    "kind": ("证件类型", "证件种类", "document"),
    "year": ("年度", "年份", "授予年度", "获得年份", "year"),
    "number": ("文号", "授予文号", "文件号", "documentnumber"),
}
_BLANKS = re.compile(r"[\s　:：*＊（(].*$|[\s　]")


@dataclass(frozen=True)
class BadRow:
    """One thing wrong: the row as the sheet counts it, the column, the value as typed (an ID masked), a code."""

    row: int
    column: str
    value: str
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """One earlier holder, checked."""

    row: int
    name: str
    id_number: str
    year: int | None
    document_number: str


@dataclass(frozen=True)
class Reading:
    """What a file holds: people ready to be taken over, and every bad row."""

    people: tuple[Person, ...]
    bad: tuple[BadRow, ...]


class HeadingsMissing(Invalid):
    """No sheet has columns for name and ID number."""

    code = "earlier_headings_missing"


def read(content: bytes, name: str, *, year_now: int) -> Reading:
    """Read and check a list. Raises UnreadableFile for the file as a whole, HeadingsMissing without the two columns."""
    for sheet in read_table(content, name).sheets:
        if sheet.is_hidden:
            continue
        found = _headings(sheet)
        if found is not None:
            return _people(sheet, *found, year_now)
    raise HeadingsMissing()


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Index of the heading row and the column of each field, within the first ten rows."""
    for index, row in enumerate(sheet.rows[:10]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row.cells):
            plain = _BLANKS.sub("", cell.text.strip()).lower()
            for wanted, names in HEADINGS.items():
                if plain in names:
                    columns.setdefault(wanted, column)
        if {"name", "id"} <= columns.keys():
            return index, columns
    return None


def _people(sheet: Sheet, heading: int, columns: dict[str, int], year_now: int) -> Reading:
    people: list[Person] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for row in sheet.rows[heading + 1 :]:
        if row.is_blank:
            continue
        person, wrong = _person(row, columns, year_now)
        if person and person.id_number in seen:
            wrong = [*wrong, _bad(row, "id", person.id_number, "earlier_twice", other=seen[person.id_number])]
        elif person:
            seen[person.id_number] = row.number
        bad += wrong
        if person and not wrong:
            people.append(person)
    return Reading(tuple(people), tuple(bad))


def _person(row: Row, columns: dict[str, int], year_now: int) -> tuple[Person | None, list[BadRow]]:
    def text(name: str) -> str:
        return row.cell(columns[name]).text if name in columns else ""

    wrong: list[BadRow] = []
    name = repairs.person_name(text("name"))
    number = repairs.document_number(text("id"))
    for column, value, required in (("name", name, True), ("id", number, True)):
        if isinstance(value, Problem):
            wrong.append(_bad(row, column, text(column), value.code, **value.params))
        elif required and not value.text:
            wrong.append(_bad(row, column, "", "earlier_empty"))
    if isinstance(number, Problem) or not number.text:
        return None, wrong
    wrong += _check_id(row, columns, text("kind"), number.text)
    year = _year(text("year"), year_now)
    if year == -1:
        wrong.append(_bad(row, "year", text("year"), "earlier_year", last=year_now))
    words = repairs.free_text(text("number"), limit=80)
    if isinstance(words, Problem):
        wrong.append(_bad(row, "number", text("number"), words.code, **words.params))
    if isinstance(name, Problem) or isinstance(words, Problem):
        return None, wrong
    return Person(row.number, name.text, number.text, year, words.text), wrong


def _check_id(row: Row, columns: dict[str, int], kind_text: str, number: str) -> list[BadRow]:
    cell = row.cell(columns["id"])
    if cell.kind is CellKind.number and len(number) > 15:
        return [_bad(row, "id", number, "digits_lost")]
    kind = kind_text.strip() or identity.RESIDENT
    kind = identity.KIND_ALIASES.get(kind.upper(), kind)
    if kind not in identity.KINDS:
        return [_bad(row, "kind", kind_text, "earlier_kind", known="、".join(identity.KINDS))]
    found = identity.read_document(kind, number)
    return [_bad(row, "id", number, found.code, **found.params)] if isinstance(found, Problem) else []


def _year(text: str, now: int) -> int | None:
    digits = text.strip().removesuffix("年").removesuffix(".0")
    if not digits:
        return None
    if not re.fullmatch(r"(19|20)\d{2}", digits) or int(digits) > now:
        return -1
    return int(digits)


def _bad(row: Row, column: str, value: str, code: str, **params: object) -> BadRow:
    shown = personal.mask_id(value) if column == "id" else value
    return BadRow(row.number, column, shown[:40], code, params)


def take_over(
    contest: Contest,
    reading: Reading,
    *,
    title_key: str,
    content: bytes,
    name: str,
    actor: Actor,
    at: datetime,
) -> tuple[int, int]:
    """Write a clean list: (new, known before). The file is kept encrypted. Raises Invalid if a row is bad.

    Repeating the same file adds nobody.
    """
    if reading.bad:
        raise Invalid("earlier_rows_bad", rows=len({one.row for one in reading.bad}))
    stored = files.store(
        personal.encrypt_bytes(content), name=name, media_type="application/octet-stream",
        contest_id=contest.id, actor_id=actor.account_id, at=at,
    )  # fmt: skip
    known = _known(contest.holder_id, title_key, [personal.digest(one.id_number) for one in reading.people])
    fresh = [one for one in reading.people if personal.digest(one.id_number) not in known]
    for one in fresh:
        db.session.add(
            EarlierHolder(
                holder_id=contest.holder_id, title_key=title_key, name=one.name,
                id_digest=personal.digest(one.id_number), id_masked=personal.mask_id(one.id_number), year=one.year,
                document_number=one.document_number, file_id=stored.id, uploaded_at=at,
            )
        )  # fmt: skip
    db.session.flush()
    audit.record(
        actor, "earlier_holders.uploaded", contest, contest_id=contest.id,
        changes={"people": [len(known), len(known) + len(fresh)], "file": ["", stored.digest]}, at=at,
    )  # fmt: skip
    return len(fresh), len(known)


def _known(holder_id: int, title_key: str, digests: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(digests), 500):
        found |= set(
            db.session.scalars(
                sa.select(EarlierHolder.id_digest).where(
                    EarlierHolder.holder_id == holder_id,
                    EarlierHolder.title_key == title_key,
                    EarlierHolder.id_digest.in_(digests[start : start + 500]),
                )
            )
        )
    return found


def template() -> bytes:
    """An empty workbook with the headings; every column is text, so that no digit is lost."""
    import io

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, text = book.add_worksheet("历届称号获得者"), book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#F2E3C6", "border": 1})
        for column, (heading, wide) in enumerate(
            (("姓名", 14), ("证件类型", 14), ("证件号码", 24), ("年度", 8), ("文号", 28))
        ):
            sheet.set_column(column, column, wide, text)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
