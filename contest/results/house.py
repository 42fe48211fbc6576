"""Lists in a house's own workbook: an organiser's XLSX with placeholders, and a row that is repeated for each line."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from contest import audit, files
from contest.accounts.access import Actor
from contest.db import db
from contest.entries.roster import archive
from contest.entries.roster.table import UnreadableFile
from contest.events.models import Edition
from contest.results import cells, exports, wording
from contest.results.models import Publication, SnapshotRow
from contest.results.models_house import ListTemplate
from contest.results.refusals import TemplateRefused
from contest.web import neutral

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES = 5 * 1024 * 1024
PLACE = re.compile(r"\{([a-z_.]+(?::[\w:.-]+)?)\}")
HEAD = (
    "contest",
    "edition",
    "event",
    "title",
    "hosts",
    "state",
    "revision",
    "published",
    "digest",
    "count",
    "demo",
)
LINE = (
    "row.no", "row.rank", "row.number", "row.name", "row.people", "row.team", "row.unit", "row.delegation",
    "row.group", "row.total", "row.award", "row.remark",
)  # fmt: skip
MARK = "row.mark:"  # followed by the key of a module or round
NUMBERS = ("row.no", "row.rank", "row.total")


def keep_template(*, edition: Edition, name: str, content: bytes, actor: Actor, at: datetime) -> ListTemplate:
    """Take a workbook as the edition's own, in place of the one before.

    Raises TemplateRefused naming unknown placeholders, or that no row of the list is in it, or that it can't be read.
    """
    _check(content)
    stored = files.store(
        content,
        name=name[:120],
        media_type=exports.SUFFIXES["xlsx"],
        contest_id=edition.contest_id,
        actor_id=actor.account_id,
        at=at,
    )
    row = db.session.get(ListTemplate, edition.id) or ListTemplate(edition_id=edition.id)
    old = row.name
    row.file_id, row.name, row.added_at = stored.id, name[:120], at
    row.added_by, row.added_name = actor.account_id, actor.name
    db.session.add(row)
    db.session.flush()
    changes: dict[str, list[object]] = {"template": [old, row.name], "digest": [None, stored.digest]}
    audit.record(actor, "template.kept", edition, contest_id=edition.contest_id, changes=changes, at=at)
    return row


def drop_template(*, edition: Edition, actor: Actor, at: datetime) -> None:
    """Back to the usual form; a second time changes nothing."""
    row = template_of(edition.id)
    if row is not None:
        changes: dict[str, list[object]] = {"template": [row.name, None]}
        audit.record(
            actor, "template.dropped", edition, contest_id=edition.contest_id, changes=changes, at=at
        )
        db.session.delete(row)
        db.session.flush()


def template_of(edition_id: int) -> ListTemplate | None:
    """The edition's own workbook; None without one."""
    return db.session.get(ListTemplate, edition_id)


def content_of(row: ListTemplate) -> bytes:
    """Its bytes as they were uploaded."""
    return files.read(db.session.get_one(files.StoredFile, row.file_id))


def _check(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise TemplateRefused("list_template_unreadable")
    try:
        archive.inspect(content)
        sheet = _opened(content).active
    except (UnreadableFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError):
        raise TemplateRefused("list_template_unreadable") from None
    if sheet is None:
        raise TemplateRefused("list_template_unreadable")
    found = _places(sheet)
    unknown = sorted({one for one in found if one not in (*HEAD, *LINE) and not one.startswith(MARK)})
    if unknown:
        raise TemplateRefused("list_template_unknown", names="、".join("{" + one + "}" for one in unknown))
    if _line_row(sheet) is None:
        raise TemplateRefused("list_template_no_row")


def _opened(content: bytes) -> Any:
    from openpyxl import load_workbook  # heavy, and no other door needs it

    return load_workbook(io.BytesIO(content), keep_links=False)


def _texts(sheet: Worksheet) -> list[tuple[Any, str]]:
    return [(cell, cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def _places(sheet: Worksheet) -> set[str]:
    return {name for _cell, text in _texts(sheet) for name in PLACE.findall(text)}


def _line_row(sheet: Worksheet) -> int | None:
    """The number of the row that is repeated: the first with a placeholder of a line."""
    for cell, text in _texts(sheet):
        if any(name.startswith("row.") for name in PLACE.findall(text)):
            return int(cell.row)
    return None


def filled(template: bytes, publication: Publication, rows: Sequence[SnapshotRow], locale: str) -> bytes:
    """The workbook with the list in it. Text of the data never runs as a formula.

    Raises TemplateRefused for a mark that this list does not have, so that no column stays silently empty.
    """
    book = _opened(template)
    sheet = book.active
    heading = publication.snapshot.heading
    at = _line_row(sheet) or 1
    pattern = [(cell.column, cell.value, cell) for cell in sheet[at]]
    _know_marks(sheet, heading)
    head = _head(publication, rows, locale)
    for cell, text in _texts(sheet):
        if cell.row != at and PLACE.search(text):
            _write(cell, text, head)
    if len(rows) > 1:
        _make_room(sheet, at, len(rows) - 1)
    for offset, row in enumerate(rows):
        values = _line(heading, row, offset + 1, locale)
        for column, text, model in pattern:
            cell = sheet.cell(at + offset, column)
            if offset:
                cell._style = copy.copy(model._style)
            if isinstance(text, str):
                _write(cell, text, values)
            elif offset:
                cell.value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _make_room(sheet: Worksheet, at: int, count: int) -> None:
    """Push what stands below the repeated row down, merged cells with it."""
    below = [one for one in list(sheet.merged_cells.ranges) if one.min_row > at]
    for one in below:
        sheet.merged_cells.remove(one)
    sheet.insert_rows(at + 1, count)
    for one in below:
        one.shift(row_shift=count)
        sheet.merged_cells.add(one)
    height = sheet.row_dimensions[at].height
    for number in range(at + 1, at + count + 1):
        sheet.row_dimensions[number].height = height


def _know_marks(sheet: Worksheet, heading: Mapping[str, Any]) -> None:
    known = {column["key"] for column in heading["columns"]}
    wanted = {name.removeprefix(MARK) for name in _places(sheet) if name.startswith(MARK)}
    missing = sorted(one for one in wanted if not _mark_keys(one) & known)
    if missing:
        raise TemplateRefused(
            "list_template_unknown", names="、".join("{" + MARK + one + "}" for one in missing)
        )


def _mark_keys(name: str) -> set[str]:
    return {name, f"module:{name}", f"round:{name}"}


def _head(publication: Publication, rows: Sequence[SnapshotRow], locale: str) -> dict[str, str]:
    heading, facts = publication.snapshot.heading, dict(exports.facts_of(publication, locale))
    hosts = [wording.titled(one, locale) for one in heading["hosts"] if one["role"] == "host"]
    return {
        "contest": wording.titled(heading["contest"], locale),
        "edition": wording.titled(heading["edition"], locale),
        "event": wording.titled(heading["event"], locale),
        "title": exports.title_of(heading, locale),
        "hosts": "、".join(hosts),
        "state": wording.say(wording.STATES[exports.state_of(publication)], locale),
        "revision": wording.text("revision", locale, n=publication.revision),
        "published": facts[wording.text("published", locale)],
        "digest": publication.snapshot.digest[:16],
        "count": str(len(rows)),
        "demo": wording.text("demo", locale) if heading["is_demo"] else "",
    }


def _line(heading: Mapping[str, Any], row: SnapshotRow, number: int, locale: str) -> dict[str, str]:
    values = {
        "row.no": str(number),
        "row.rank": row.rank,
        "row.number": str(row.data.get("number", "")),
        "row.name": row.name,
        "row.people": row.people,
        "row.team": str(row.data.get("team", "")),
        "row.unit": str(row.data.get("unit", "")),
        "row.delegation": row.delegation,
        "row.group": str(row.data.get("group", "")),
        "row.total": row.total,
        "row.award": cells.award_text(row, locale),
        "row.remark": cells.remark(heading, row, locale),
    }
    for key, text in row.data["cells"].items():
        for name in (key, key.partition(":")[2]):
            values.setdefault(f"{MARK}{name}", str(text))
    return values


def _write(cell: Any, text: str, values: Mapping[str, str]) -> None:
    """A cell with its placeholders filled; a number alone becomes one, other text is kept from running."""
    name = text.strip()[1:-1]
    whole = values.get(name, "") if PLACE.fullmatch(text.strip()) else None
    if whole is not None and (name in NUMBERS or name.startswith(MARK)) and exports.NUMBER.fullmatch(whole):
        cell.value = float(whole) if "." in whole else int(whole)
        if "." in whole and cell.number_format == "General":
            cell.number_format = "0." + "0" * len(whole.partition(".")[2])
        return
    made = PLACE.sub(lambda match: values.get(match.group(1), match.group(0)), text)
    cell.value = made if made == text else str(neutral(made))
    if made != text:
        cell.data_type = "s"
