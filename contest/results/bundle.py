"""A verify bundle: one ZIP that holds all a list follows from, without a name, and the list itself.

The format is described in docs/bundle.md. This module knows files and digests only: no database, no rules.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMAT = "contest-results-bundle"
VERSION = 1
MANIFEST = "manifest.json"
NAMES = (
    "rules.toml", "entries.csv", "members.csv", "seats.csv", "marks.csv", "inputs.csv",
    "rulings.csv", "draws.json", "list.csv",
)  # fmt: skip
STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive: the manifest says when the list was published."""
MOST = 512 * 1024 * 1024  # bytes unpacked; a bundle of 1,000,000 marks has a tenth of it


class BundleError(Exception):
    """The file is no bundle that this program can read; the text says why."""


def packed(files: Mapping[str, str], about: Mapping[str, Any]) -> bytes:
    """The ZIP of the named texts with a manifest of their digests; equal content gives equal bytes."""
    digests = {name: hashlib.sha256(files[name].encode()).hexdigest() for name in NAMES}
    manifest = {"format": FORMAT, "version": VERSION, **about, "files": digests}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        for name, content in [(MANIFEST, text), *((name, files[name]) for name in NAMES)]:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content.encode())
    return out.getvalue()


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """(manifest, text by file name). Raises BundleError for what is no bundle or of a newer format."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST:
                raise BundleError("it would unpack to more than 512 MiB")
            manifest = json.loads(archive.read(MANIFEST))
            files = {name: archive.read(name).decode() for name in NAMES}
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise BundleError(f"it is not a whole bundle ({error})") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BundleError(f"its manifest does not name the format {FORMAT}")
    if manifest.get("version") != VERSION:
        raise BundleError(f"its format is version {manifest.get('version')}, this program reads {VERSION}")
    return manifest, files


def altered(manifest: Mapping[str, Any], files: Mapping[str, str]) -> list[str]:
    """Names of files that are not those whose digests the manifest holds."""
    told = manifest.get("files", {})
    return [name for name in NAMES if hashlib.sha256(files[name].encode()).hexdigest() != told.get(name)]


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text: comma, LF, a header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def read(text: str) -> list[dict[str, str]]:
    """The rows of CSV text by column."""
    return list(csv.DictReader(io.StringIO(text)))
