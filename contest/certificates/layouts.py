"""Certificate layouts: a folder with layout.toml (page, fields, slots), layout.html and layout.css.

A slot is a box of fixed place and size in millimetres; every text that differs between certificates, or must be
fitted, belongs to a slot. `layout.html` is the static layer beneath the slots and never sees a holder's values, so it
is the same for the whole batch; `upper.html`, if there is one, is painted above them.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from contest.certificates import fitting
from contest.errors import Refused

LAYOUTS = Path(__file__).resolve().parent.parent.parent / "templates" / "certificates" / "layouts"
HEX = re.compile(r"#[0-9a-f]{6}")
_PLACE = re.compile(r"\{([a-z_]+)\}")


class LayoutBroken(Refused):
    """A layout folder cannot be used; `code` and `params` say where."""

    code = "layout_broken"
    status = 422


@dataclass(frozen=True)
class Slot:
    """A box for variable text: place and size in millimetres, type sizes in points, tracking in em."""

    name: str
    x: float
    y: float
    w: float
    h: float
    text: str = ""
    kind: str = "text"  # text, or qr: the code of the verify address
    font: str = "kai"
    size: float = 12.0
    smallest: float = 8.0
    lines: int = 1
    leading: float = 1.4
    tracking: float = 0.0
    align: str = "center"
    valign: str = "middle"
    colour: str = "#1a1a1a"

    def places(self) -> list[str]:
        """Names between braces in the slot's text."""
        return _PLACE.findall(self.text)


@dataclass(frozen=True)
class Field:
    """A text of the layout that the organiser may change: labels and default in both languages."""

    name: str
    label_zh: str
    label_en: str
    default: str


@dataclass(frozen=True)
class Colour:
    """A colour of the layout that the organiser may change; a slot takes it as `@name`."""

    name: str
    label_zh: str
    label_en: str
    default: str


@dataclass(frozen=True)
class PicturePlace:
    """Where the organiser's picture goes, in millimetres; `above` lies over the texts, else under everything."""

    name: str
    label_zh: str
    label_en: str
    x: float
    y: float
    w: float
    h: float
    above: bool = True


@dataclass(frozen=True)
class Picture:
    """A checked picture in its place."""

    content: bytes
    place: PicturePlace

    @property
    def url(self) -> str:
        """The address under which the layout engine gets it, and nothing else."""
        return f"shipped:/pictures/{hashlib.sha256(self.content).hexdigest()}"


@dataclass(frozen=True)
class Layout:
    """A whole layout; `digest` changes with any byte of its folder."""

    key: str
    kind: str
    title_zh: str
    title_en: str
    lang: str
    width: float
    height: float
    fields: tuple[Field, ...]
    slots: tuple[Slot, ...]
    colours: tuple[Colour, ...]
    places: tuple[PicturePlace, ...]
    values: tuple[str, ...]  # what a record must bring
    required: tuple[str, ...]  # of these, what may not be empty
    sample: Mapping[str, str]
    html: str
    css: str
    upper: str
    digest: str
    # The organiser's own: wording by field name, colours by name, pictures by place.
    texts: Mapping[str, str] = field(default_factory=dict)
    inks: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """The folder's bytes and all that the organiser changed in one digest: equal for layouts that print the same."""
        own = [sorted(self.texts.items()), sorted(self.inks.items())]
        own.append([(name, one.url, repr(one.place)) for name, one in sorted(self.pictures.items())])
        return hashlib.sha256(f"{self.digest}\0{own!r}".encode()).hexdigest()

    @property
    def has_upper(self) -> bool:
        """Whether anything is painted above the texts."""
        return bool(self.upper) or any(one.place.above for one in self.pictures.values())

    def colour_of(self, name: str) -> str:
        """The organiser's colour of a name, else the default. Raises LayoutBroken for a name it does not have."""
        for one in self.colours:
            if one.name == name:
                return self.inks.get(name, one.default)
        raise LayoutBroken("unknown_colour", layout=self.key, colour=name)

    def ink_of(self, slot: Slot) -> str:
        """The colour a slot is printed in."""
        return self.colour_of(slot.colour[1:]) if slot.colour.startswith("@") else slot.colour

    def text_of(self, name: str) -> str:
        """The wording of a field: the organiser's own, else the default."""
        for one in self.fields:
            if one.name == name:
                return self.texts.get(name, one.default)
        raise LayoutBroken("unknown_field", layout=self.key, field=name)

    def with_texts(self, texts: Mapping[str, str]) -> Layout:
        """The same layout with other wording. Raises LayoutBroken for a field it does not have."""
        known = {one.name for one in self.fields}
        for name in texts:
            if name not in known:
                raise LayoutBroken("unknown_field", layout=self.key, field=name)
        return replace(self, texts={**self.texts, **texts})

    def varies(self, slot: Slot) -> bool:
        """Whether a slot says something else on each paper: on pre-printed stock only such slots are printed."""
        if slot.kind == "qr":
            return True
        values, places = set(self.values), set(slot.places())
        inner = {place for name in places - values for place in _PLACE.findall(self.text_of(name))}
        return bool((places | inner) & values)

    def filled(self, slot: Slot, values: Mapping[str, str]) -> str:
        """The text of a slot for one holder; an unknown name is an error, never a blank."""

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in values:
                return values[name]
            return self.text_of(name)

        # Fields may name values in turn: “在{event}中荣获” is a field, {event} a value.
        return fitting.printable(_PLACE.sub(value, _PLACE.sub(value, slot.text)).strip(" \t\r\n"))


def names() -> list[str]:
    """Names of the shipped layout folders."""
    return sorted(path.parent.name for path in LAYOUTS.glob("*/layout.toml"))


def load(key: str) -> Layout:
    """A shipped layout. Raises LayoutBroken for an unknown or unusable folder."""
    folder = LAYOUTS / key
    if not re.fullmatch(r"[a-z0-9_]+", key) or not (folder / "layout.toml").is_file():
        raise LayoutBroken("unknown_layout", layout=key)
    stamps = tuple(
        (path.name, path.stat().st_mtime_ns) for path in sorted(folder.iterdir()) if path.is_file()
    )
    return _load(folder, stamps)


@cache
def _load(folder: Path, stamps: tuple[tuple[str, int], ...]) -> Layout:
    return read(folder)


def read(folder: Path) -> Layout:
    """Read and check a layout folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    try:
        data = tomllib.loads((folder / "layout.toml").read_text("utf-8"))
        layout = _built(folder, data, digest.hexdigest())
    except (tomllib.TOMLDecodeError, KeyError, TypeError, OSError) as error:
        raise LayoutBroken("unreadable_layout", layout=folder.name, detail=str(error)) from error
    _check(layout)
    return layout


def _built(folder: Path, data: Mapping[str, Any], digest: str) -> Layout:
    upper = folder / "upper.html"
    return Layout(
        key=folder.name,
        kind=data["kind"],
        title_zh=data["title_zh"],
        title_en=data["title_en"],
        lang=data["lang"],
        width=float(data["page"]["width"]),
        height=float(data["page"]["height"]),
        fields=tuple(Field(name, **one) for name, one in data["fields"].items()),
        slots=tuple(Slot(name=name, **one) for name, one in data["slots"].items()),
        colours=tuple(Colour(name, **one) for name, one in data.get("colours", {}).items()),
        places=tuple(PicturePlace(name, **one) for name, one in data.get("pictures", {}).items()),
        values=tuple(data["values"]),
        required=tuple(data.get("required", ())),
        sample=data["sample"],
        html=(folder / "layout.html").read_text("utf-8"),
        css=(folder / "layout.css").read_text("utf-8"),
        upper=upper.read_text("utf-8") if upper.is_file() else "",
        digest=digest,
    )


def _check(layout: Layout) -> None:
    names = {one.name for one in layout.fields} | set(layout.values)
    for slot in layout.slots:
        wanted = slot.places() + [place for one in layout.fields for place in _PLACE.findall(one.default)]
        for place in wanted:
            if place not in names:
                raise LayoutBroken("unknown_field", layout=layout.key, field=place)
        if slot.font not in fitting.CHAINS:
            raise LayoutBroken("unknown_font", layout=layout.key, font=slot.font)
        if slot.x < 0 or slot.y < 0 or slot.x + slot.w > layout.width or slot.y + slot.h > layout.height:
            raise LayoutBroken("slot_off_page", layout=layout.key, slot=slot.name)
        layout.ink_of(slot)
    for one in layout.colours:
        if not HEX.fullmatch(one.default):
            raise LayoutBroken("unknown_colour", layout=layout.key, colour=one.default)
    for place in layout.places:
        if (
            place.x < 0
            or place.y < 0
            or place.x + place.w > layout.width
            or place.y + place.h > layout.height
        ):
            raise LayoutBroken("slot_off_page", layout=layout.key, slot=place.name)
    for name in layout.values:
        if name not in layout.sample:
            raise LayoutBroken("sample_missing", layout=layout.key, field=name)
