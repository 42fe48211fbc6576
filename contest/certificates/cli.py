"""`contest signing-keys`: a key for archival copies. `contest verify-pdf`: what a PDF in hand is worth."""

from __future__ import annotations

import argparse
from pathlib import Path

from flask import current_app

from contest.certificates import archiving, open_badges, sealing
from contest.certificates.numbers import shown_code
from contest.db import now


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest signing-keys --name NAME` and `contest verify-pdf FILE…`."""
    make = subparsers.add_parser(
        "signing-keys", help="make a key and an authority of the issuer's own, for signed archival copies"
    )
    make.add_argument("--name", required=True, help="the issuer as it stands in the signature")
    make.set_defaults(run=_make)
    check = subparsers.add_parser(
        "verify-pdf",
        help="tell whether certificates as PDF or badges were issued here, and check their signatures",
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(run=_check)


def _instance() -> Path:
    return Path(current_app.config["CONTEST"].instance)


def _make(args: argparse.Namespace) -> int:
    keys = sealing.keys_of(_instance())
    try:
        sealing.make_keys(keys, name=args.name, at=now())
    except sealing.KeysExist:
        print(
            f"{keys.folder} holds keys already. What they signed would no longer be trusted: nothing was done."
        )
        return 2
    print(f"{keys.own}: made, mode 0600; back up {keys.folder} apart from the database.")
    print(f"{keys.authority}: hand this certificate to whoever checks signatures.")
    return 0


def _check(args: argparse.Namespace) -> int:
    """0 when every file is genuine, 1 when one is not, 2 when one can't be read."""
    worst = 0
    for path in args.files:
        try:
            content = path.read_bytes()
            if not content.startswith(b"%PDF"):
                worst = max(worst, _badge(path, content))
                continue
            found = archiving.examined(content, _instance())
        except (OSError, sealing.NotReadable) as error:
            print(f"{path}: can't be read: {error}")
            worst = 2
            continue
        print(f"{path}: {'genuine' if found.is_genuine else 'NOT genuine'}")
        if found.certificate is not None:
            one = found.certificate
            print(
                f"  the very file issued as {one.number}, {found.state}; code {shown_code(one.verify_code)}"
            )
        for one in found.signatures:
            whole = "unchanged" if one.is_intact and one.is_whole else "CHANGED after signing"
            trusted = "trusted here" if one.is_trusted else "NOT trusted here"
            print(f"  signed by {one.by}, {one.signed_at}: {whole}, {trusted}")
        if found.certificate is None and not found.signatures:
            print("  neither issued here nor signed; check the code printed on it")
        worst = max(worst, 0 if found.is_genuine else 1)
    return worst


def _badge(path: Path, content: bytes) -> int:
    """Tell what a badge's token says; 0 when it is genuine, 1 when not. Raises NotReadable for what is no token."""
    try:
        found = open_badges.examined(content.decode("ascii"), [sealing.keys_of(_instance()).authority])
    except (ValueError, KeyError, TypeError) as error:
        raise sealing.NotReadable(detail="neither a PDF nor a badge") from error
    is_genuine = found.is_intact and found.is_trusted
    print(f"{path}: {'genuine' if is_genuine else 'NOT genuine'}")
    whole = "unchanged" if found.is_intact else "CHANGED after signing"
    print(f"  signed by {found.by}: {whole}, {'trusted here' if found.is_trusted else 'NOT trusted here'}")
    print(f"  what it is worth today stands at {found.claims.get('id')}")
    return 0 if is_genuine else 1
