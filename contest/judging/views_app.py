"""The judge's pages as an app on a tablet: worker, manifest, what the device says, and taking over on another one."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import assets
from contest.accounts.models import Device
from contest.accounts.sessions import current_actor, current_device, open_while_idle
from contest.db import in_group, now, transaction
from contest.errors import Refused
from contest.judging import devices
from contest.judging.forms import EmptyForm
from contest.judging.views_tablet import bp, judges_only

OFFICE_ONLY = {"css/lists.css", "css/paper.css", "css/rules.css"}
LONGEST_AGE = 60 * 24 * 3600  # seconds; an older mark is reported as this old
LARGEST_SKEW = (
    10 * 366 * 24 * 3600 * 1000
)  # milliseconds; a clock further off says no more than one that far off


@bp.get("/sw.js")
def worker() -> Response:
    """The service worker, for everybody: it holds no data. One line before it names the version's files."""
    kit = {"digest": assets.digest(), "shell": [assets.url(path) for path in shell()]}
    kit["offline"] = url_for("tablet.offline")
    code = Path(current_app.static_folder or "", "js/tablet/worker.js").read_text(encoding="utf-8")
    response = current_app.response_class(
        f"const KIT = {json.dumps(kit)};\n{code}", mimetype="text/javascript"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def shell() -> list[str]:
    """The files that the judge's pages need to work without a network."""
    styles = [path for path in assets.paths("css/*.css") if path not in OFFICE_ONLY]
    scripts = [path for path in assets.paths("js/tablet/*.js") if not path.endswith("/worker.js")]
    return [*styles, *scripts, "img/mark.svg"]


@bp.get("/app.webmanifest")
def manifest() -> Response:
    """What the system shows when the app is put on the home screen."""
    icons = [
        {"src": assets.url(f"img/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    maskable = {"src": assets.url("img/app-maskable-512.png"), "sizes": "512x512", "type": "image/png"}
    response = jsonify(
        id=url_for("tablet.home"),
        name=_("Judging"),
        short_name=_("Judging"),
        start_url=url_for("tablet.home"),
        scope=url_for("tablet.home"),
        display="standalone",
        background_color="#faf8f4",
        theme_color="#9d1c20",
        icons=[*icons, {**maskable, "purpose": "maskable"}],
    )
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/offline")
def offline() -> str:
    """What the worker shows for a page that was never opened on this device, without a network. No data."""
    return render_template("tablet/offline.html")


@bp.post("/report")
@judges_only
@open_while_idle
def report() -> tuple[Response, int] | Response:
    """What a device says of its queue: {"unsent", "held", "oldest_s", "now"}. Answers whether the judge marks here."""
    actor, device, at = current_actor(), current_device(), now()
    if device is None:
        return jsonify(device="", marks_here=True, at=at.isoformat())
    try:
        said = _said(request.get_json(silent=True), at.timestamp() * 1000)
    except (TypeError, KeyError, ValueError, OverflowError):
        return jsonify(error="malformed"), 400
    device_id, name = device.id, device.name
    marking = in_group(lambda: devices.report(actor, device_id, said, at=at))
    return jsonify(device=name, marks_here=marking == device_id, at=at.isoformat())


def _said(body: Any, server_ms: float) -> devices.Said:
    oldest = body["oldest_s"]
    skew = int(body["now"] - server_ms)
    return devices.Said(
        unsent=min(max(int(body["unsent"]), 0), 1_000_000),
        held=min(max(int(body["held"]), 0), 1_000_000),
        oldest=timedelta(seconds=min(max(int(oldest), 0), LONGEST_AGE)) if oldest is not None else None,
        notes=min(max(int(body.get("notes") or 0), 0), 1_000_000),  # pages of an older version don't tell
        skew_ms=min(max(skew, -LARGEST_SKEW), LARGEST_SKEW),
    )


@bp.post("/take-over")
@judges_only
def take_over() -> Response:
    """From now on the judge marks on this device; the other one only reads."""
    EmptyForm().validate_on_submit()
    with transaction():
        devices.take_over(current_actor(), _device(), at=now())
    flash(_("You mark on this device now. The other one only reads."), "good")
    return redirect(url_for("tablet.home"))


def _device() -> Device:
    """The device of this request. Raises Refused where the browser keeps no cookie for it."""
    device = current_device()
    if device is None:
        raise Refused("device_unknown")
    return device
