"""The register of titles as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from contest.awards.models import Title

Neutral = Callable[[object], object]


def register_xlsx(
    titles: Sequence[Title], headings: Sequence[str], state_word: Callable[[Title], str], neutral: Neutral
) -> bytes:
    """One row a title. `neutral` takes the formula out of a cell; ID numbers are never in it."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet, bold = book.add_worksheet("titles"), book.add_format({"bold": True, "bottom": 1})
        sheet.write_row(0, 0, list(headings), bold)
        for number, title in enumerate(titles, 1):
            decision, publication = title.decision, title.award.publication
            cells = (
                str(number), title.name, title.unit, title.label, state_word(title),
                publication.event.sub_contest.edition.name, publication.event.name, title.award.rank,
                decision.authority if decision and decision.conferred_at else "",
                decision.document_number if decision else "",
                decision.dated_on.isoformat() if decision and decision.dated_on else "",
                title.settled_reason if title.settled_reason != "list_superseded" else "",
            )  # fmt: skip
            for column, value in enumerate(cells):
                sheet.write_string(number, column, str(neutral(value)))
        for column, wide in enumerate((6, 14, 30, 18, 10, 36, 20, 8, 24, 24, 12, 24)):
            sheet.set_column(column, column, wide)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
