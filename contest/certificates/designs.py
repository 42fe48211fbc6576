"""Layouts as organisers dress them: wording, colours, pictures over a shipped folder; each edit is a new version."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit, files
from contest.accounts.access import Actor
from contest.certificates import layouts
from contest.certificates.layouts import HEX, Layout, LayoutBroken, Picture
from contest.certificates.models import Design
from contest.db import db
from contest.errors import Invalid, Missing
from contest.events.models import Contest
from contest.files import StoredFile

_KEY = re.compile(r"design-(\d+)")
SMALLEST = 3.0  # millimetres of a picture's side


class DesignNameNeeded(Invalid):
    """A design is found again by its name."""

    code = "design_name_needed"


def key_of(design: Design) -> str:
    """What a certificate keeps as its layout."""
    return f"design-{design.id}"


def load(key: str) -> Layout:
    """A shipped layout, or the version of a design. Raises LayoutBroken."""
    match = _KEY.fullmatch(key)
    if match is None:
        return layouts.load(key)
    design = db.session.get(Design, int(match[1]))
    if design is None:
        raise LayoutBroken("unknown_layout", layout=key)
    return layout_of(design)


def layout_of(design: Design) -> Layout:
    """The layout that a version prints, with its pictures."""
    dressed = dress(layouts.load(design.base), design.settings, _content)
    title = f"{design.name}（{design.number}）"
    return replace(dressed, key=key_of(design), title_zh=title, title_en=title)


def _content(file_id: int) -> bytes:
    row = db.session.get(StoredFile, file_id)
    if row is None:
        raise LayoutBroken("unknown_field", layout="", field=f"file {file_id}")
    return files.read(row)


def dress(layout: Layout, settings: Mapping[str, Any], read: Callable[[int], bytes]) -> Layout:
    """A layout with an organiser's settings; `read` gives a picture's bytes. Raises LayoutBroken for what is wrong.

    settings: as in `Design.settings`; whatever is left out keeps the folder's own.
    """
    inks = dict(settings.get("colours", {}))
    known = {one.name for one in layout.colours}
    for name, value in inks.items():
        if name not in known or not HEX.fullmatch(value):
            raise LayoutBroken("unknown_colour", layout=layout.title_zh, colour=value)
    places, held = {one.name: one for one in layout.places}, {}
    for name, one in settings.get("pictures", {}).items():
        if name not in places:
            raise LayoutBroken("unknown_field", layout=layout.title_zh, field=name)
        place = replace(places[name], x=one["x"], y=one["y"], w=one["w"], h=one["h"])
        inside = (
            0 <= place.x <= place.x + place.w <= layout.width
            and 0 <= place.y <= place.y + place.h <= layout.height
        )
        # Written so that what is no number at all fails too.
        if not (inside and place.w >= SMALLEST and place.h >= SMALLEST):
            raise LayoutBroken("slot_off_page", layout=layout.title_zh, slot=name)
        held[name] = Picture(read(one["file"]), place)
    return replace(layout.with_texts(settings.get("texts", {})), inks=inks, pictures=held)


def save(
    contest: Contest, *, name: str, base: str, settings: dict[str, Any], actor: Actor, at: datetime
) -> Design:
    """A further version of the design of this name, or the first. Raises DesignNameNeeded, LayoutBroken.

    Pictures must be files of the same contest.
    """
    if not name.strip():
        raise DesignNameNeeded()
    ids = [one["file"] for one in settings.get("pictures", {}).values()]
    own = sa.select(StoredFile.id).where(StoredFile.id.in_(ids), StoredFile.contest_id == contest.id)
    if set(ids) - set(db.session.scalars(own)):
        raise Missing()
    dress(layouts.load(base), settings, _content)
    before = db.session.scalar(
        sa.select(sa.func.max(Design.number)).where(
            Design.contest_id == contest.id, Design.name == name.strip()
        )
    )
    made = Design(
        contest_id=contest.id, name=name.strip(), number=(before or 0) + 1, base=base, settings=settings,
        made_at=at, made_by=actor.account_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor, "design.saved", made, contest_id=contest.id,
        changes={"name": ["", made.name], "number": [before or 0, made.number], "base": ["", base]}, at=at,
    )  # fmt: skip
    return made


def retire(design: Design, *, actor: Actor, at: datetime) -> None:
    """Offer no version of this design's name any more."""
    rows = db.session.scalars(
        sa.select(Design).where(
            Design.contest_id == design.contest_id, Design.name == design.name, Design.retired_at.is_(None)
        )
    )
    for one in rows:
        one.retired_at = at
    db.session.flush()
    audit.record(
        actor, "design.retired", design, contest_id=design.contest_id, changes={"name": [design.name, ""]}, at=at
    )  # fmt: skip


def offered(contest_id: int) -> list[Design]:
    """The newest version of each name that is not retired."""
    newest = (
        sa.select(sa.func.max(Design.id))
        .where(Design.contest_id == contest_id, Design.retired_at.is_(None))
        .group_by(Design.name)
    )
    return list(db.session.scalars(sa.select(Design).where(Design.id.in_(newest)).order_by(Design.name)))


def in_contest(contest_id: int, design_id: int) -> Design:
    """A version of this contest's designs; the caller has authorised by the contest. Raises Missing."""
    design = db.session.get(Design, design_id)
    if design is None or design.contest_id != contest_id:
        raise Missing()
    return design


def choices(contest_id: int, kind: str) -> list[tuple[str, str, str]]:
    """Layouts of a kind to choose from, the contest's own first: key, title in Chinese, title in English."""
    own = [
        (key_of(one), f"{one.name}（{one.number}）", f"{one.name} ({one.number})")
        for one in offered(contest_id)
        if layouts.load(one.base).kind == kind
    ]
    shipped = [
        (one.key, one.title_zh, one.title_en)
        for one in map(layouts.load, layouts.names())
        if one.kind == kind
    ]
    # The folder named like its kind is the default and comes first among the shipped ones.
    return own + sorted(shipped, key=lambda one: one[0] != kind)
