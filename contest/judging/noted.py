"""A note as a device sends it, and the two ways in which it is not taken (yet)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contest.judging.scheme import AspectView

LONGEST_TEXT = 500


@dataclass(frozen=True)
class Note:
    """One note. kind: comment, timing, problem, signature. aspect empty: the whole sheet. body: what the kind needs."""

    uuid: UUID
    kind: str
    sheet: str
    aspect: str = ""
    attempt: int = 1
    text: str = ""
    made_at: datetime | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


class NoteRefused(Exception):
    """The note is not taken; `reason` and `params` name the sentence `note_<reason>`."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.reason, self.params = reason, params


class NoteLater(NoteRefused):
    """The note stands on something that has not arrived yet; the device sends it again."""


def place_of(note: Note, aspects: tuple[AspectView, ...]) -> AspectView | None:
    """The aspect a note is about; None for the whole sheet. Raises NoteRefused for one that is not on the sheet."""
    if len(note.text) > LONGEST_TEXT:
        raise NoteRefused("too_long", limit=LONGEST_TEXT)
    if not note.aspect:
        return None
    aspect = next((one for one in aspects if one.key == note.aspect), None)
    if aspect is None or not 1 <= note.attempt <= aspect.attempts:
        raise NoteRefused("no_such_aspect")
    return aspect
