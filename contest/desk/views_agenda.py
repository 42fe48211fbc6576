"""A contestant's events as iCalendar (RFC 5545), which every phone's calendar takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _

from contest.desk.queries import Day
from contest.web import called

LENGTH = timedelta(hours=2)
"""Shown length of an event: the set-up knows when one begins, and a calendar wants to draw something."""


def calendar(days: Iterable[Day], *, base_url: str, at: datetime) -> str:
    """The days that have a time, as one calendar with lines of at most 75 octets that end in CRLF (RFC 5545, 3.1)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//contest//my day//ZH", "CALSCALE:GREGORIAN"]
    for day in days:
        if day.starts_at is not None:
            lines += _event(day, day.starts_at, base_url, at)
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line))


def _event(day: Day, starts_at: datetime, base_url: str, at: datetime) -> list[str]:
    event = day.entry.event
    notes = [
        _("Number: %(number)s", number=day.member.number or day.entry.number),
        _("Bench: %(bench)s", bench=day.bench) if day.bench else "",
        _("Order: %(order)s", order=day.order) if day.order else "",
    ]
    return [
        "BEGIN:VEVENT",
        f"UID:entry-{day.entry.id}-{day.member.id}@{base_url.split('//')[-1].split('/')[0]}",
        f"DTSTAMP:{_instant(at)}",
        f"DTSTART:{_instant(starts_at)}",
        f"DTEND:{_instant(starts_at + LENGTH)}",
        f"SUMMARY:{_escaped(called(event))}",
        f"LOCATION:{_escaped(event.venue)}",
        f"DESCRIPTION:{_escaped(chr(10).join(note for note in notes if note))}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(called(event))}",
        "TRIGGER:-PT1H",
        "END:VALARM",
        "END:VEVENT",
    ]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """Text of RFC 5545, 3.3.11."""
    for character, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(character, written)
    return text


def _folded(line: str) -> list[str]:
    """The line in parts of at most 75 octets, never cut inside a character; all but the first begin with a space."""
    parts, current, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > 75:
            parts.append(current)
            current, size = " ", 1
        current, size = current + character, size + octets
    return [*parts, current]
