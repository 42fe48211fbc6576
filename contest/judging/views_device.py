"""What a judge's page knows about the device it stands on: its name, whether it is the one to mark on, its addresses."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from contest import web
from contest.accounts.sessions import current_actor, current_device
from contest.db import now
from contest.errors import Refused
from contest.judging import devices, outbox_files

IDLE_SECONDS = 600  # without a touch; then the list asks for the PIN


def app_values() -> dict[str, Any]:
    """For the frame of the judge's pages; the scripts read it there."""
    device, actor, at = current_device(), current_actor(), now()
    return {
        "device": device.name if device else "",
        "marks_here": devices.marks_on(actor, device, at=at),
        "seal": outbox_files.seal_key(str(current_app.secret_key), device.name, actor.account_id or 0)
        if device
        else "",
        "rendered": at.isoformat(),
        "made_at": web.instant(at, "HH:mm"),
        "idle_seconds": current_app.config.get("IDLE_SECONDS", IDLE_SECONDS),
    }


def app_words() -> dict[str, str]:
    """Sentences that the scripts of the frame show; {n} is filled in there."""
    return {
        "kept_here": _("{n} marks wait on this device."),
        "opens_offline": _("{n} sheets open without a network"),
        "signing_out_with": _(
            "{n} marks were not sent yet. They stay on this device and are sent when you sign in here again. Sign out?"
        ),
        "pin_offline_wrong": _("This is not your PIN. Try again."),
        "check_yes": _("yes"),
        "check_no": _("no"),
        "check_unknown": _("unknown"),
        "check_ms": _("answers within {n} ms"),
        "check_off_s": _("off by {n} s"),
        "check_off_min": _("off by {n} min. Marks count all the same; set the clock when there is time"),
        "check_not_sure": _("the browser may clear it after days: put this page on the home screen"),
        "check_mb": _("{n} MB"),
        "check_only_here": _("no: leave the page open while there is no network"),
        "check_touch": _("touch screen"),
        "check_keys": _("keyboard and mouse"),
        "check_inside": _("inside another app: open it in the browser instead"),
        "check_told": _("The organisers have this result."),
        "check_not_told": _("The result could not be sent. Check again when there is a network."),
        "file_saved": _("Saved in the downloads of this device. Bring it to the desk."),
        "text_copied": _("Copied. Paste it at the desk, or into a message to the scorekeepers."),
        "text_without_photos": _("{n} photos are too long for a text: save the file for those."),
        "text_shown": _("Mark the text below and copy it."),
        "pin_offline_spent": _("Too many tries. When the network is back, the PIN is asked for again."),
    }


def marking_here(view: Callable[..., Any]) -> Callable[..., Any]:
    """A door that changes a sheet: closed on a device on which the judge only reads."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not devices.marks_on(current_actor(), current_device(), at=now()):
            raise Refused("marks_elsewhere")
        return view(*args, **kwargs)

    return guarded


def app_urls() -> dict[str, str]:
    """Where the scripts of the frame send things."""
    return {
        "worker": url_for("tablet.worker"),
        "report": url_for("tablet.report"),
        "idle": url_for("pins.idle"),
        "unlock": url_for("pins.unlock"),
        "home": url_for("tablet.home"),
    }
