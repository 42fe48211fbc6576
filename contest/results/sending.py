"""Sending what is due to webhooks: outside any transaction, never to this machine or a private network."""

from __future__ import annotations

import http.client
import ipaddress
import logging
import socket
import ssl
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from contest import personal
from contest.db import db, now, transaction
from contest.results import hooks
from contest.results.models_hooks import Delivery

TIMEOUT = 10  # seconds, for each of connecting and answering
log = logging.getLogger(__name__)


class Unreachable(Exception):
    """The address can't be asked; the text says why."""


def checked_address(host: str, port: int, *, private_too: bool) -> str:
    """One address of the host; raises Unreachable if any of them is not public, or there is none.

    The connection goes to exactly this address, so that a second answer of the name server changes nothing.
    """
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host} is not known: {error}") from None
    if not found:
        raise Unreachable(f"{host} is not known")
    if not private_too and not all(_is_public(one) for one in found):
        raise Unreachable(f"{host} is not a public address")
    return found[0]


def _is_public(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(known, "ipv4_mapped", None) or known
    return bool(inner.is_global) and not inner.is_multicast


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name it was asked for."""

    def __init__(self, address: str, host: str, port: int) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), TIMEOUT)


class _Secure(_Plain):
    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(url: str, body: bytes, headers: dict[str, str], *, private_too: bool) -> int:
    """The status of the answer; a redirection is an answer, not followed. Raises Unreachable, OSError."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not private_too:
        raise Unreachable("only https is used")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    address = checked_address(host, port, private_too=private_too)
    link = (_Secure if parts.scheme == "https" else _Plain)(address, host, port)
    try:
        link.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
        return link.getresponse().status
    except http.client.HTTPException as error:
        raise Unreachable(f"no answer that can be read: {error!r}") from None
    finally:
        link.close()


def send_due(at: datetime, settings: Any) -> int:
    """Try every delivery that is due; the job worker calls it. Returns how many were tried."""
    with transaction():
        numbers = hooks.take_due(at)
    for number in numbers:
        _send(number, settings)
    return len(numbers)


def _send(number: int, settings: Any) -> None:
    row = db.session.get_one(Delivery, number)
    body, url = hooks.body_of(row, settings.base_url), row.webhook.url
    stamp, secret = int(now().timestamp()), personal.decrypt(row.webhook.secret_cipher)
    db.session.rollback()  # no transaction is held open while a stranger's server thinks
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "contest-webhook/1",
        "Contest-Delivery": str(number),
        "Contest-Signature": hooks.signature(secret, stamp, body),
    }
    status, error = None, ""
    try:
        status = post(url, body, headers, private_too=settings.hooks_private)
        error = "" if 200 <= status < 300 else f"answered {status}"
    except (Unreachable, OSError) as refusal:
        error = str(refusal) or type(refusal).__name__
    with transaction():
        hooks.note_outcome(db.session.get_one(Delivery, number), status=status, error=error, at=now())
