"""Style sheets, scripts and pictures under an address that names the digest of the whole folder.

The digest stands in the path, not behind a question mark: modules import each other by relative names, so they all
come from the same version, and each may be kept for ever.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from werkzeug.routing import Rule

from contest import slices

KINDS = (".css", ".js", ".svg", ".png")
PACKED = (".css", ".js", ".svg")
SLICE = re.compile(r"fonts/slices/([krtn][0-9a-f]{1,3})\.(woff2?)")
A_YEAR = 365 * 24 * 3600  # seconds


def init_app(app: Flask) -> None:
    """Serve the static folder under `/static/<path>` (asked again each time) and `/static/v-<digest>/<path>` (kept)."""
    app.view_functions["static"] = _static
    app.url_map.add(Rule("/static/v-<version>/<path:filename>", endpoint="static", methods=["GET"]))


def url(path: str) -> str:
    """The address of a static file that may be cached for ever."""
    return url_for("static", filename=path, version=digest())


def digest() -> str:
    """The digest of the static folder that pages name in their addresses: part of what a kept page follows from."""
    return _digest(current_app.static_folder or "")


def paths(pattern: str) -> list[str]:
    """The files of the static folder that fit a pattern, e.g. `js/tablet/*.js`, relative to it."""
    folder = Path(current_app.static_folder or "")
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob(pattern))


def _static(filename: str, version: str | None = None) -> Response:
    response = _slice(filename) or current_app.send_static_file(filename)
    if version == digest():
        response.cache_control.no_cache = None
        response.cache_control.public, response.cache_control.immutable = True, True
        response.cache_control.max_age = A_YEAR
    if Path(filename).suffix in PACKED and response.status_code == 200 and request.accept_encodings["gzip"]:
        response.direct_passthrough = False
        response.set_data(_packed(current_app.static_folder or "", filename, digest()))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{digest()}-gz")
    return response


def _slice(filename: str) -> Response | None:
    """A slice of a shipped font; None for every other name, and for a slice that no style sheet names."""
    match = SLICE.fullmatch(filename)
    content = slices.cut(match[1]) if match else None
    if match is None or content is None:
        return None
    return Response(content, mimetype=f"font/{match[2]}")


@lru_cache(maxsize=4)
def _digest(folder: str) -> str:
    found = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix in KINDS:
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


@lru_cache(maxsize=256)
def _packed(folder: str, filename: str, _version: str) -> bytes:
    """Packed once a process; `send_static_file` has checked that the name stays inside the folder."""
    return gzip.compress((Path(folder) / filename).read_bytes(), 9, mtime=0)
