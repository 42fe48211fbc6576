"""Working days by the official calendar (国务院办公厅节假日安排). A year without a table asks, it never guesses.

`data/cn_working_days.csv` holds the days that differ from Monday to Friday: *off*, a holiday on a weekday; *on*, a
Saturday or Sunday that is worked. Only years that stand in it are known.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import contest
from contest.results.refusals import CalendarMissing

TABLE = Path(contest.__file__).parent / "data" / "cn_working_days.csv"
ONE = timedelta(days=1)


@cache
def exceptions() -> dict[date, bool]:
    """Date → whether it is worked, for the days that differ from the usual week."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]): row["day"] == "on" for row in csv.DictReader(file)}


def is_working(day: date) -> bool:
    """Whether offices are open that day. Raises CalendarMissing for a year without a table."""
    known = exceptions()
    if day.year not in {one.year for one in known}:
        raise CalendarMissing(year=day.year)
    return known.get(day, day.weekday() < 5)


def last_day(start: date, days: int) -> date:
    """The day on which a period of working days ends, the first counted day being `start` or the next one worked.

    Raises CalendarMissing if the period reaches into a year without a table.
    """
    day, left = start, days
    while True:
        left -= is_working(day)
        if left <= 0:
            return day
        day += ONE
