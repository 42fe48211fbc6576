"""Catalogues of translations: compiled from the .po files that are kept."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "translations"
# Babel resolves zh_CN to zh_Hans_CN before it looks for a folder, so the compiled catalogues lie there.
COMPILED = {"zh_CN": "zh_Hans_CN"}


def read_catalogue(path: Path) -> Catalog:
    """One .po file. Raises babel's PoFileError with the line if it can't be read."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def compile_catalogues() -> int:
    """Write a .mo for every .po that is newer; returns how many catalogues there are."""
    paths = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))
    for path in paths:
        locale = path.parent.parent.name
        target = FOLDER / COMPILED.get(locale, locale) / "LC_MESSAGES" / f"{path.stem}.mo"
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                write_mo(file, read_catalogue(path))
    return len(paths)
