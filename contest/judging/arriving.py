"""What a device or a form sends → marks as typed, or a named refusal for each that can't be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from contest.judging.marks import Typed
from contest.judging.models import MarkState
from contest.judging.noted import Note
from contest.judging.shown import SheetView
from contest.judging.typed import shown

LARGEST_BATCH = 5000
_LONGEST = 500


def read_batch(items: list[Any]) -> tuple[list[Typed], list[dict[str, Any]]]:
    """Marks of a JSON batch, and receipts for those that can't be read: nothing is dropped silently."""
    marks, unreadable = [], []
    for item in items:
        try:
            marks.append(_read(item))
        except (ValueError, TypeError, KeyError, AttributeError):
            uuid = item.get("uuid") if isinstance(item, dict) else None
            unreadable.append({"uuid": uuid, "status": "refused", "reason": "malformed", "current": None})
    return marks, unreadable


def _read(item: Any) -> Typed:
    """One mark. Values are text: a JSON number has been through binary floats on its way, so it is refused."""
    value, comment, attempt = item.get("value"), item.get("comment") or "", item.get("attempt", 1)
    for text in (item["sheet"], item["aspect"], comment, value or ""):
        if not isinstance(text, str) or len(text) > _LONGEST + 1:
            raise ValueError("not a text")
    if isinstance(attempt, bool) or not isinstance(attempt, int):
        raise ValueError("attempt")
    return Typed(
        uuid=UUID(item["uuid"]),
        sheet=item["sheet"],
        aspect=item["aspect"],
        attempt=attempt,
        state=MarkState(item["state"]),
        value=value,
        replaces=UUID(item["replaces"]) if item.get("replaces") else None,
        comment=comment,
        typed_at=_instant(item.get("typed_at")),
    )


def read_notes(items: list[Any]) -> tuple[list[Note], list[dict[str, Any]]]:
    """Notes of a JSON batch, and receipts for those that can't be read."""
    notes, unreadable = [], []
    for item in items:
        try:
            notes.append(_note(item))
        except (ValueError, TypeError, KeyError, AttributeError):
            uuid = item.get("uuid") if isinstance(item, dict) else None
            unreadable.append({"uuid": uuid, "status": "refused", "reason": "malformed"})
    return notes, unreadable


def read_photo(form: Mapping[str, str]) -> Note | None:
    """The note that comes with a picture; None when it can't be read."""
    try:
        return _note({**form, "kind": "photo", "attempt": int(form.get("attempt", "1"))})
    except (ValueError, TypeError, KeyError):
        return None


def _note(item: Any) -> Note:
    text, aspect, attempt = item.get("text") or "", item.get("aspect") or "", item.get("attempt", 1)
    for one in (text, aspect, item["sheet"], item["kind"]):
        if not isinstance(one, str) or len(one) > 2 * _LONGEST:
            raise ValueError("not a text")
    if isinstance(attempt, bool) or not isinstance(attempt, int):
        raise ValueError("attempt")
    return Note(
        uuid=UUID(item["uuid"]),
        kind=item["kind"],
        sheet=item["sheet"],
        aspect=aspect,
        attempt=attempt,
        text=text,
        made_at=_instant(item.get("made_at")),
        body=item,
    )


def _instant(text: Any) -> datetime | None:
    """The tablet's clock as it said; one without a zone, or unreadable, is left out: the mark counts all the same."""
    try:
        value = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        return value.astimezone(UTC) if value.tzinfo else None
    except (ValueError, OverflowError):
        return None


def read_form(
    view: SheetView, form: Mapping[str, str], *, at: datetime
) -> tuple[list[Typed], dict[str, str]]:
    """The fields that were changed in a plain form, and refusals by field.

    Names: value.<aspect>.<attempt>, state.…, before.… (the mark that was shown), fresh.… (an id for the new one).
    """
    marks: list[Typed] = []
    refused: dict[str, str] = {}
    for aspect in view.aspects:
        for attempt in range(1, aspect.attempts + 1):
            name = f"{aspect.key}.{attempt}"
            text = form.get(f"value.{name}", "").strip()
            before = form.get(f"before.{name}", "")
            try:
                state = MarkState(form.get(f"state.{name}") or "value")
                fresh, seen = UUID(form.get(f"fresh.{name}", "")), UUID(before) if before else None
            except ValueError:
                if text:
                    refused[name] = "mark_malformed"
                continue
            present = view.marks.get((aspect.key, attempt))
            if state is MarkState.VALUE and not text:
                if before:
                    refused[name] = "mark_emptied"
                continue
            if present and present.state is state and _same(present.milli, text, state):
                continue
            value = text if state is MarkState.VALUE else None
            marks.append(
                Typed(fresh, view.line.public_id, aspect.key, state, value, seen, attempt, typed_at=at)
            )
    return marks, refused


def read_comments(view: SheetView, form: Mapping[str, str], *, at: datetime) -> list[Note]:
    """The comments that were changed in a plain form; fields comment.<aspect>.<attempt>, the sheet's own: comment."""
    places = [(one.key, n) for one in view.aspects for n in range(1, one.attempts + 1)]
    found = []
    for key, attempt in [*places, ("", 1)]:
        text = form.get(f"comment.{key}.{attempt}" if key else "comment")
        if text is not None and text.strip() != view.comments.get((key, attempt), ""):
            found.append(Note(uuid4(), "comment", view.line.public_id, key, attempt, text[:_LONGEST], at))
    return found


def _same(milli: int | None, text: str, state: MarkState) -> bool:
    return state is not MarkState.VALUE or (milli is not None and shown(milli) == text)
