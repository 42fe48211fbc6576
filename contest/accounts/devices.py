"""The browsers that people sign in with: each known by a secret of its own, and called by a short name."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from contest.accounts.models import Device
from contest.accounts.secrets import digest_of, new_token
from contest.db import db

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is misread when it is called across a hall
NAME_LENGTH = 4


def device_of(secret: str | None) -> Device | None:
    """The device that holds a secret; None for a secret that is not known here."""
    if not secret:
        return None
    return db.session.scalars(sa.select(Device).where(Device.secret_digest == digest_of(secret))).first()


def add_device(*, agent: str, at: datetime) -> tuple[Device, str]:
    """A device seen for the first time. Returns it and the secret for its cookie."""
    secret = new_token()
    row = Device(secret_digest=digest_of(secret), name=_free_name(), agent=agent[:300], created_at=at)
    db.session.add(row)
    db.session.flush()
    return row, secret


def _free_name() -> str:
    while True:
        name = "".join(secrets.choice(LETTERS) for _ in range(NAME_LENGTH))
        if db.session.scalar(sa.select(Device.id).where(Device.name == name)) is None:
            return name


def kind_of(agent: str) -> str:
    """What a browser says it is, in a word or two that people know: “iPad · Safari”. Empty where it says nothing."""
    systems = (
        ("iPad", "iPad"), ("iPhone", "iPhone"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
        ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
    )  # fmt: skip
    browsers = (
        ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg/", "Edge"), ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    )  # fmt: skip
    found = [next((word for mark, word in table if mark in agent), "") for table in (systems, browsers)]
    return " · ".join(word for word in found if word)
