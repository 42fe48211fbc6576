"""`contest lists`: does every list follow from what is stored; `contest verify`: does a list follow from its bundle."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from contest.results import exports, queries
from contest.results.bundle import BundleError
from contest.results.canonical import code_version
from contest.results.models import Publication
from contest.results.snapshots import recomputed_digest, stored_digest
from contest.results.verifying import verify


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest lists [--all]` and `contest verify BUNDLE …`."""
    parser = subparsers.add_parser(
        "lists", help="check that published lists are as they were frozen and follow from the stored marks"
    )
    parser.add_argument("--all", action="store_true", help="superseded and withdrawn lists too")
    parser.set_defaults(run=_check)
    bundle = subparsers.add_parser(
        "verify", help="recompute published lists from their bundles, without a database"
    )
    bundle.add_argument("bundles", type=Path, nargs="+", metavar="BUNDLE.zip")
    bundle.set_defaults(run=_verify, needs_app=False)


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
    if stored_digest(snapshot) != snapshot.standing_digest:
        return "altered"
    return "same" if recomputed_digest(snapshot) == snapshot.standing_digest else "differs"


def _verify(args: argparse.Namespace) -> int:
    """Prints *same* or the first difference of each bundle. Returns 0, 1 for a difference, 2 for what is no bundle."""
    worst = 0
    for path in args.bundles:
        try:
            manifest, verdict = verify(path.read_bytes())
        except (OSError, BundleError) as error:
            print(f"{path}: can't be read: {error}", file=sys.stderr)
            worst = 2
            continue
        title = manifest["event"].get("zh") or manifest["event"].get("en") or ""
        print(
            f"{path}\t{title}\trevision {manifest['revision']}\t{verdict.code}\t{verdict.text or verdict.lines}"
        )
        if not verdict.is_same:
            worst = max(worst, 1)
            if manifest.get("code_version") != code_version():
                print(f"  computed by {code_version()}, the list by {manifest.get('code_version')}")
    return worst
