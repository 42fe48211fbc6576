"""`contest lists`: whether every published list still follows from what is stored."""

from __future__ import annotations

import argparse

from contest.results import exports, queries
from contest.results.models import Publication
from contest.results.snapshots import recomputed_digest, stored_digest


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest lists [--all]`."""
    parser = subparsers.add_parser(
        "lists", help="check that published lists are as they were frozen and follow from the stored marks"
    )
    parser.add_argument("--all", action="store_true", help="superseded and withdrawn lists too")
    parser.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    """Prints a line a list; returns 1 if one was altered or no longer follows from its input."""
    worst = 0
    for publication in queries.all_publications(live_only=not args.all):
        state = verdict(publication)
        worst = max(worst, 0 if state == "same" else 1)
        title = exports.title_of(publication.snapshot.heading, "zh_CN")
        print(
            f"{publication.id}\t{title}\t{publication.revision}\t{publication.snapshot.digest[:16]}\t{state}"
        )
    return worst


def verdict(publication: Publication) -> str:
    """`same`; `altered` if the frozen rows were changed; `differs` if they don't follow from the input any more."""
    snapshot = publication.snapshot
    if stored_digest(snapshot) != snapshot.digest:
        return "altered"
    return "same" if recomputed_digest(snapshot) == snapshot.digest else "differs"
