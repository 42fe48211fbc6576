"""Score sheets on paper: the same rows in the same order as on the screen, with room to write and to sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contest.judging.sheet_rows import Row, full_sum, rows_of
from contest.judging.shown import SheetLine, SheetView, Signer


@dataclass(frozen=True)
class PrintedSheet:
    """One sheet of paper; `has_deductions`: columns for points taken off are printed."""

    line: SheetLine
    rows: list[Row]
    full: str
    has_deductions: bool
    signers: tuple[Signer, ...]


def printed(views: Iterable[SheetView], locale: str) -> list[PrintedSheet]:
    """Sheets ready for the template."""
    return [
        PrintedSheet(
            line=view.line,
            rows=rows_of(view, locale),
            full=full_sum(view),
            has_deductions=any(aspect.kind == "deduction" for aspect in view.aspects),
            signers=view.signers,
        )
        for view in views
    ]
