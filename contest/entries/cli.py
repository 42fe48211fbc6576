"""Registration files from the command line: check one, or take it over."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from contest.accounts.access import SYSTEM
from contest.db import now, transaction
from contest.entries import eligibility, imports, queries
from contest.entries.roster.findings import Finding
from contest.errors import Missing


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `contest roster`."""
    parser = subparsers.add_parser("roster", help="check a registration file, or take it over with --import")
    parser.add_argument("edition", type=int, help="number of the edition, as in its address")
    parser.add_argument("file", type=Path, help="xlsx, xls or CSV")
    parser.add_argument(
        "--import", dest="take_over", action="store_true", help="take it over if it has no error"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 0: in order; 2: errors, each on a line of standard error (row, column, code)."""
    try:
        content = args.file.read_bytes()
        today = now().astimezone(ZoneInfo(_zone(args.edition))).date()
    except (OSError, Missing) as error:
        print(f"{args.file}: {error}", file=sys.stderr)
        return 2
    preview = imports.examine(args.edition, content, args.file.name, actor=SYSTEM, today=today)
    if preview.unreadable:
        print(f"{args.file}: {preview.unreadable.code} {preview.unreadable.params}", file=sys.stderr)
        return 2
    for finding in preview.errors:
        print(_line(finding), file=sys.stderr)
    if not preview.may_take_over or preview.plan is None or preview.roster is None:
        return 2
    plan = preview.plan
    print(
        f"{preview.roster.rows_read} people: {plan.new_entries} new entries, "
        f"{plan.count('changed')} people changed, {plan.count('same')} as before"
    )
    if args.take_over:
        with transaction():
            done = imports.import_roster(
                args.edition, content, args.file.name, actor=SYSTEM, at=now(), today=today
            )
        print(f"taken over as import {done.import_id}")
    return 0


def _zone(edition_id: int) -> str:
    queries.edition_by_id(edition_id)
    return eligibility.contest_of(edition_id).timezone


def _line(error: Finding) -> str:
    """`24 出生日期 date_future`: where and what; values stay out, terminals are logged."""
    return f"{error.place.row}\t{error.place.heading}\t{error.code}"
