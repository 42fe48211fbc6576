"""Printing onto pre-printed stock (套打): the variable texts alone, moved for each printer; the sheets' own serials."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa

from contest import audit, papers
from contest.accounts.access import Actor
from contest.certificates import designs, layers, making, pages, qr, rendering
from contest.certificates.layouts import Layout
from contest.certificates.models import Certificate, Letter, Printer
from contest.certificates.printing import Paper
from contest.certificates.refusals import PrinterNameNeeded, SerialBroken, SerialTaken
from contest.db import db
from contest.errors import Missing
from contest.events.models import Contest

FARTHEST = 30_000  # thousandths of a millimetre: farther off, the wrong paper lies in the tray
_SERIAL = re.compile(r"(.*?)(\d+)(\D*)", re.DOTALL)


def layer_of(certificates: Sequence[Certificate | Letter], printer: Printer | None) -> Iterator[Paper]:
    """The variable layer of each certificate in the order given, corrected for a printer."""
    stock = (printer.x_milli / 1000, printer.y_milli / 1000) if printer else (0.0, 0.0)
    kind = making.kind_of
    for (key, wording, _demo), run in groupby(certificates, key=kind):
        layout, held = designs.load(key).with_texts(dict(wording)), list(run)
        for start in range(0, len(held), rendering.CHUNK):
            yield from _layers(layout, held[start : start + rendering.CHUNK], stock)


def _layers(
    layout: Layout, held: Sequence[Certificate | Letter], stock: tuple[float, float]
) -> Iterator[Paper]:
    records = [making.record_of(one) for one in held]
    fitted = [pages.placed(layout, record) for record in records]
    version = qr.version_for(*(record.url for record in records))
    batch = layers.Batch(layout, fitted, demo=False, version=version, stock=stock)
    for one, record, slots in zip(held, records, fitted, strict=True):
        yield Paper(one.number, one.name, "", batch.assemble(record, slots, made_at=one.issued_at))


def test_page(layout: Layout, printer: Printer | None, *, words: Sequence[str]) -> bytes:
    """Rulers and the boxes of the variable texts, moved as the printer's papers would be; `words` stand in the middle.

    Held against a sheet of the stock it tells how far each box lies beside its place.
    """
    right, down = (printer.x_milli / 1000, printer.y_milli / 1000) if printer else (0.0, 0.0)
    parts = [_rulers(layout)]
    for slot in layout.slots:
        if layout.varies(slot):
            parts.append(
                f'<rect x="{slot.x}" y="{slot.y}" width="{slot.w}" height="{slot.h}" fill="none" stroke="#1a5fb4" stroke-width="0.2"/>'
                f'<text x="{slot.x + 1}" y="{slot.y + 3.2}" font-size="3" fill="#1a5fb4">{html.escape(slot.name)} {slot.x:g}/{slot.y:g}</text>'
            )
    told = "".join(
        f'<text x="{layout.width / 2}" y="{layout.height / 2 + 7 * line}" font-size="5" text-anchor="middle">{html.escape(word)}</text>'
        for line, word in enumerate(words)
    )
    body = (
        f'<svg style="position:absolute;left:0;top:0;width:{layout.width}mm;height:{layout.height}mm" viewBox="0 0 {layout.width} {layout.height}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="Paper Song"><g transform="translate({right} {down})">{"".join(parts)}{told}</g></svg>'
    )
    laid_out = papers.document(pages.whole(layout, body), css=[pages.sheet(layout)])
    return papers.write(laid_out, title="test page", made_at=None)


def _rulers(layout: Layout) -> str:
    """Ten millimetres' crosses over the page, and a scale along its upper and left edge."""
    marks = []
    for x in range(10, int(layout.width), 10):
        marks.append(f"M{x} 10V{12 if x % 50 else 14}")
    for y in range(10, int(layout.height), 10):
        marks.append(f"M10 {y}H{12 if y % 50 else 14}")
    for x in range(50, int(layout.width) - 9, 50):
        marks += [f"M{x - 3} {y}H{x + 3}M{x} {y - 3}V{y + 3}" for y in range(50, int(layout.height) - 9, 50)]
    figures = "".join(
        f'<text x="{x}" y="8" font-size="3" text-anchor="middle">{x}</text>'
        for x in range(50, int(layout.width), 50)
    )
    figures += "".join(
        f'<text x="3" y="{y + 1}" font-size="3">{y}</text>' for y in range(50, int(layout.height), 50)
    )
    return f'<path d="{"".join(marks)}" fill="none" stroke="#000000" stroke-width="0.15"/>{figures}'


def printers_of(contest_id: int) -> list[Printer]:
    """A contest's printers by name."""
    return list(
        db.session.scalars(sa.select(Printer).where(Printer.contest_id == contest_id).order_by(Printer.name))
    )


def printer_of(contest_id: int, printer_id: int) -> Printer:
    """One of a contest's printers; the caller has authorised by the contest. Raises Missing."""
    row = db.session.get(Printer, printer_id)
    if row is None or row.contest_id != contest_id:
        raise Missing()
    return row


def set_printer(
    contest: Contest, *, name: str, x_milli: int, y_milli: int, actor: Actor, at: datetime
) -> Printer:
    """Keep a printer's correction; the same name changes it. Raises PrinterNameNeeded (no name, or too far off)."""
    if not name.strip() or max(abs(x_milli), abs(y_milli)) > FARTHEST:
        raise PrinterNameNeeded(millimetres=FARTHEST // 1000)
    row = next((one for one in printers_of(contest.id) if one.name == name.strip()), None)
    before = [row.x_milli, row.y_milli] if row else None
    if row is None:
        row = Printer(contest_id=contest.id, name=name.strip())
        db.session.add(row)
    row.x_milli, row.y_milli, row.changed_at = x_milli, y_milli, at
    db.session.flush()
    audit.record(
        actor, "printer.set", row, contest_id=contest.id, changes={"moved": [before, [x_milli, y_milli]]}, at=at
    )  # fmt: skip
    return row


def milli(millimetres: Decimal | None) -> int:
    """Typed millimetres as whole thousandths."""
    return int(((millimetres or Decimal(0)) * 1000).to_integral_value())


def serials_from(first: str, count: int) -> list[str]:
    """`count` serials of the stock, counting the last group of digits up. Raises SerialBroken without digits."""
    match = _SERIAL.fullmatch(first.strip())
    if match is None or len(match[2]) > 15:
        raise SerialBroken(serial=first)
    number, width = int(match[2]), len(match[2])
    return [f"{match[1]}{number + step:0{width}d}{match[3]}" for step in range(count)]


def note_serials(
    certificates: Sequence[Certificate], *, first: str, contest_id: int, actor: Actor, at: datetime
) -> list[str]:
    """Record the sheets on which these certificates were printed, in printing order, counting up from `first`.

    Raises SerialBroken, SerialTaken when one of the sheets carries another certificate.
    """
    serials = serials_from(first, len(certificates))
    mine = {one.id for one in certificates}
    for start in range(0, len(serials), 500):
        taken = db.session.execute(
            sa.select(Certificate.stock_serial, Certificate.number, Certificate.id).where(
                Certificate.stock_serial.in_(serials[start : start + 500]),
                Certificate.holder_id == certificates[0].holder_id,
            )
        )
        for serial, number, other in taken:
            if other not in mine:
                raise SerialTaken(serial=serial, number=number)
    for one, serial in zip(certificates, serials, strict=True):
        one.stock_serial = serial
    db.session.flush()
    audit.record(
        actor, "certificates.serials", certificates[0], contest_id=contest_id,
        changes={"count": [0, len(serials)], "first": ["", serials[0]], "last": ["", serials[-1]]}, at=at,
    )  # fmt: skip
    return serials
