"""The page of figures is rewritten table by table, never emptied by a bench that did not run."""

from __future__ import annotations

from tests.bench.__main__ import BEGIN, END, with_tables
from tests.bench.figures import Figure, as_table

PAGE = f"# Performance\n\nWhy.\n\n{BEGIN}\n{END}\n\nThe end.\n"


def test_new_tables_replace_their_own_and_leave_the_others() -> None:
    first = {
        "B": as_table("B", [Figure("wait", 0.1234, "s")]),
        "A": as_table("A", [Figure("rows", 1234.5, "rows/s", "x")]),
    }
    page = with_tables(PAGE, first, "one machine")
    page = with_tables(page, {"B": as_table("B", [Figure("wait", 0.2, "s")])}, "another")
    assert page == (
        f"# Performance\n\nWhy.\n\n{BEGIN}\n\n"
        "### A\n\n| what | figure | beside |\n|---|---:|---|\n| rows | 1,234 rows/s | x |\n\nMeasured on one machine.\n\n"
        "### B\n\n| what | figure | beside |\n|---|---:|---|\n| wait | 0.2 s |  |\n\nMeasured on another.\n\n"
        f"{END}\n\nThe end.\n"
    )
