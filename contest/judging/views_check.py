"""The device check: what a tablet can do, run by the judge before the contest; the organisers see who ran it when."""

from __future__ import annotations

from typing import Any

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, current_device, signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import devices, queries
from contest.judging import views_frame as office
from contest.judging.views_tablet import bp, frame, judges_only

TESTS = ("network", "clock", "storage", "lasting", "room", "worker", "screen", "touch", "browser")
STATES = ("good", "warn", "bad")
LONGEST = 80


@bp.get("/check")
@judges_only
def check() -> str:
    """The page that runs the tests; its scripts fill the table."""
    return render_template("tablet/check.html", tests=titles(), **frame())


@bp.post("/check")
@judges_only
def keep_check() -> tuple[Response, int] | Response:
    """What the tests found: {"results": {test: {"state": good|warn|bad, "value": text}}}."""
    body: Any = request.get_json(silent=True)
    results = _read(body.get("results")) if isinstance(body, dict) else None
    if not results:
        return jsonify(error="malformed"), 400
    device = current_device()
    if device is None:
        raise Refused("device_unknown")
    with transaction():
        row = devices.keep_check(current_actor(), device, results, at=now())
        kept_at = row.checked_at
    return jsonify(at=kept_at.isoformat())


def _read(results: Any) -> dict[str, Any] | None:
    if not isinstance(results, dict):
        return None
    found = {}
    for name in TESTS:
        one = results.get(name)
        if isinstance(one, dict) and one.get("state") in STATES:
            found[name] = {"state": one["state"], "value": str(one.get("value", ""))[:LONGEST]}
    return found


def titles() -> dict[str, str]:
    """Every test in words."""
    return {
        "network": _("Network to the server"),
        "clock": _("Clock"),
        "storage": _("Marks can be kept"),
        "lasting": _("Kept until sent"),
        "room": _("Free space"),
        "worker": _("Opens without a network"),
        "screen": _("Screen"),
        "touch": _("Touch"),
        "browser": _("Browser"),
    }


@office.bp.get("/events/<int:event_id>/devices")
@signed_in
def event_devices(event_id: int) -> str:
    """For the chief judge: each judge's devices, what waits on them, and which were checked when."""
    actor, event = office.in_event(event_id, "marks.progress")
    at = now()
    return render_template(
        "judging/devices.html",
        queues=queries.queues_of(event_id, at=at),
        checks=queries.checks_of(event_id),
        unseen=queries.judges_without_device(event_id),
        tests=titles(),
        **office.page(actor, event, "judging.event_devices", _("Devices")),
    )
