"""The link by which the first person of an installation signs in."""

from __future__ import annotations

import argparse

from flask import current_app

from contest.accounts import service
from contest.accounts.access import SYSTEM
from contest.accounts.models import LinkPurpose
from contest.db import now, transaction


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest first-link`: printed by the first start of `make serve`."""
    parser = subparsers.add_parser(
        "first-link",
        help="print the one-use sign-in link of the first organiser, while nobody has signed in yet",
    )
    parser.set_defaults(run=_first_link)


def _first_link(_args: argparse.Namespace) -> int:
    with transaction():
        token = service.first_link(actor=SYSTEM, at=now())
        days = service.LINK_LIFE[LinkPurpose.FIRST_ORGANISER]
    if token is None:
        return 0
    print("One-use sign-in link of the first organiser; whoever opens it first holds the installation.")
    print(
        f"It ends after {days.days if days else 0} days; a further start prints a new one until one was used:"
    )
    print(f"    {current_app.config['CONTEST'].base_url}/s/{token}")
    return 0
