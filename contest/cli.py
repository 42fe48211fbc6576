"""The command's root; each room registers its own commands."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# Modules that expose `register(subparsers)`. A command sets `needs_app=False` where it runs without a database.
COMMANDS = (
    "contest.scoring.tabulate",
    "contest.doctor",
    "contest.serve",
    "contest.hall",
    "contest.backup",
    "contest.jobs",
    "contest.accounts.cli",
    "contest.events.cli",
    "contest.entries.cli",
    "contest.results.cli",
    "contest.certificates.cli",
    "contest.desk.cli",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Inside the command an application context is open."""
    parser = argparse.ArgumentParser(prog="contest", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _register_own(subparsers)
    for name in COMMANDS:
        if importlib.util.find_spec(name):
            importlib.import_module(name).register(subparsers)
    args = parser.parse_args(arguments)
    if not getattr(args, "needs_app", True):
        return int(args.run(args) or 0)
    return _with_app(args)


def _with_app(args: argparse.Namespace) -> int:
    from contest.app import create_app
    from contest.config import SettingMissing

    # Database, stored files, backups and papers hold personal data: their owner alone reads them.
    os.umask(0o077)
    try:
        app = create_app()
    except SettingMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    with app.app_context():
        return int(args.run(args) or 0)


def _register_own(subparsers: argparse._SubParsersAction) -> None:
    secrets = subparsers.add_parser("secrets", help="write the instance's secrets file once (mode 0600)")
    secrets.set_defaults(run=_write_secrets, needs_app=False)
    migrate = subparsers.add_parser("migrate", help="bring the database to the newest revision")
    migrate.add_argument(
        "--if-empty", action="store_true", help="only an empty database; refuse an older one"
    )
    migrate.set_defaults(run=_migrate)
    translate = subparsers.add_parser("translate", help="compile the translations")
    translate.set_defaults(run=_translate, needs_app=False)


def _write_secrets(_args: argparse.Namespace) -> int:
    from contest.config import write_secrets

    os.umask(0o077)
    path = write_secrets(Path(os.environ.get("CONTEST_INSTANCE", "instance")).resolve())
    print(f"{path}: kept, mode 0600. Back it up apart from the database.")
    return 0


def _migrate(args: argparse.Namespace) -> int:
    import flask_migrate

    from contest.doctor import revisions

    present, newest = revisions()
    if args.if_empty and present not in (None, newest):
        print(
            f"The database is at revision {present}, this version needs {newest}. Back it up with "
            "`contest backup FILE`, then run `make migrate`.",
            file=sys.stderr,
        )
        return 1
    if present != newest:
        flask_migrate.upgrade()
    return 0


def _translate(_args: argparse.Namespace) -> int:
    from contest.languages import compile_catalogues

    print(f"{compile_catalogues()} catalogues compiled.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
