"""`contest demo`: seed the invented contests, or run one whole job without a browser."""

from __future__ import annotations

import argparse
from pathlib import Path

from flask import current_app

from contest.desk.demo import run


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest demo --seed | --out DIR`."""
    parser = subparsers.add_parser(
        "demo", help="seed the demo contests, or run one whole contest and leave its papers"
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--seed", action="store_true", help="seed if empty; print a one-time sign-in link per role"
    )
    what.add_argument(
        "--out", type=Path, metavar="DIR", help="run the ramen contest whole and leave everything in DIR"
    )
    parser.set_defaults(run=_demo)


def _demo(args: argparse.Namespace) -> int:
    settings = current_app.config["CONTEST"]
    if settings.mode == "production":
        print(
            "This is a production installation: the demo would write invented people into it. Nothing was done."
        )
        return 2
    if args.seed:
        if run.is_empty():
            run.seed(print, settings.base_url)
        for line in run.link_lines(settings.base_url):
            print(line)
        return 0
    if not run.is_empty():
        print(
            "The database already holds contests. Use a folder of its own: CONTEST_INSTANCE=DIR contest demo --out DIR"
        )
        return 2
    run.whole_job(args.out, print, settings.base_url)
    return 0
