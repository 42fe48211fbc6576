"""Issuing papers to the recipients of a roll: appointments, coaches, organisers, participation. The roll freezes with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from contest import audit
from contest.accounts.access import Actor
from contest.certificates import designs, layouts, letter_queries, numbers, rendering, wording
from contest.certificates.layouts import Layout
from contest.certificates.models import Letter, Recipient, Roll
from contest.certificates.pages import Record
from contest.certificates.refusals import BatchRefused, NothingToIssue
from contest.certificates.rendering import Refusal
from contest.certificates.settling import must_be_live
from contest.db import db, hold_row
from contest.entries.models import Person

# What a text that names it may not leave out: “担任”赛项裁判员” would be printed otherwise.
NEVER_BLANK = ("edition", "event", "role", "prize", "issuers")
_PLACE = re.compile(r"\{([a-z_]+)\}")


def waiting(roll: Roll) -> list[Recipient]:
    """Recipients without a paper: none was issued, or it was void. Who was revoked gets none."""
    held = letter_queries.held_recipients(roll.id)
    return [one for one in roll.recipients if one.id not in held]


def dressed(roll: Roll, key: str, texts: Mapping[str, str] | None) -> Layout:
    """The layout of a roll's papers. Raises LayoutBroken for another kind's, Missing for another contest's."""
    if key.startswith("design-"):
        designs.in_contest(roll.edition.contest_id, int(key[7:]) if key[7:].isdigit() else 0)
    layout = designs.load(key)
    if layout.kind != roll.kind:
        raise layouts.LayoutBroken("unknown_layout", layout=key)
    return layout.with_texts(texts or {})


def pattern_for(roll: Roll, text: str = "") -> numbers.Pattern:
    """The typed pattern, else the issuer's, filled. Raises NumberPatternBroken."""
    edition = roll.edition
    chosen = text.strip() or edition.contest.holder.number_pattern or numbers.DEFAULT_PATTERN
    kind = wording.KIND_WORDS[roll.kind]
    return numbers.pattern_of(chosen, {"year": edition.year, "edition": edition.ordinal, "kind": kind})


def record_for(
    roll: Roll, one: Recipient, number: str, code: str, dated_on: date, base_url: str, name: str = ""
) -> Record:
    """What a recipient's paper says; `name` where it changed since."""
    values = wording.values_for_letter(
        roll, one, number=number, name=name or one.name, dated_on=dated_on, code=numbers.shown_code(code)
    )
    return Record(
        str(one.id), values, f"{base_url}/verify/{code}", f"{wording.KIND_WORDS[roll.kind]} {one.name}"
    )


def check(layout: Layout, records: Sequence[Record]) -> list[Refusal]:
    """Every record that can't be printed: characters, room, and values that the wording names but nothing fills."""
    _, refusals = rendering.check(layout, records)
    named = set(_PLACE.findall(" ".join(slot.text for slot in layout.slots)))
    named |= {
        place
        for one in layout.fields
        if one.name in named
        for place in _PLACE.findall(layout.text_of(one.name))
    }
    for record in records:
        for name in NEVER_BLANK:
            if name in named & set(layout.values) and not record.values.get(name, "").strip():
                refusals.append(Refusal(record.key, "value_empty", {"layout": layout.key, "field": name}))
    return refusals


def issue(
    roll: Roll, *, base_url: str, dated_on: date, layout: str, texts: Mapping[str, str] | None = None, pattern: str = "",
    actor: Actor, at: datetime,
) -> list[Letter]:  # fmt: skip
    """Freeze the roll and give everybody on it who has no paper a number; `making.make` then makes the papers.

    texts: the organiser's wording by field. pattern: of numbers, the issuer's where empty. With one recipient whose
    paper can't be printed nothing is issued and no number is used.
    Raises NothingToIssue, BatchRefused, NumberPatternBroken, NumberTaken, LayoutBroken.
    """
    hold_row(roll)  # two organisers at the same moment: the second finds the papers of the first
    todo = waiting(roll)
    if not todo:
        raise NothingToIssue()
    style, numbering = dressed(roll, layout, texts), pattern_for(roll, pattern)
    holder_id = roll.edition.contest.holder_id
    _must_print(roll, style, todo, numbers.upcoming(holder_id, numbering, len(todo)), dated_on, base_url)
    given = numbers.allocate(holder_id, numbering, len(todo))
    made = [
        _row(roll, one, style, number, dated_on, base_url, texts, pattern, actor, at)
        for one, number in zip(todo, given, strict=True)
    ]
    db.session.add_all(made)
    if roll.frozen_at is None:
        roll.frozen_at, roll.digest = at, digest_of(roll)
    db.session.flush()
    audit.record(
        actor, "letters.issued", roll, contest_id=roll.edition.contest_id,
        changes={"count": [0, len(made)], "first": ["", given[0]], "last": ["", given[-1]]}, at=at,
    )  # fmt: skip
    return made


def digest_of(roll: Roll) -> str:
    """SHA-256 of the recipients in their order, as the papers and the account of numbers name the roll."""
    lines = [[one.position, one.name, one.unit, one.role] for one in roll.recipients]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


def _must_print(
    roll: Roll, style: Layout, todo: Sequence[Recipient], trial: str, dated_on: date, base_url: str,
    names: Mapping[int, str] | None = None,
) -> None:  # fmt: skip
    shown = {one.id: (names or {}).get(one.id, one.name) for one in todo}
    code = numbers.ALPHABET[:16]
    records = [record_for(roll, one, trial, code, dated_on, base_url, shown[one.id]) for one in todo]
    problems: list[dict[str, Any]] = [
        {"name": shown[int(one.key)], "code": one.code, "params": one.params} for one in check(style, records)
    ]
    if problems:
        raise BatchRefused(problems)


def _row(
    roll: Roll, one: Recipient, layout: Layout, number: str, dated_on: date, base_url: str,
    texts: Mapping[str, str] | None, pattern: str, actor: Actor, at: datetime, name: str = "",
) -> Letter:  # fmt: skip
    code = numbers.verify_code()
    record = record_for(roll, one, number, code, dated_on, base_url, name)
    edition = roll.edition
    return Letter(
        holder_id=edition.contest.holder_id, edition_id=edition.id, person_id=one.person_id, entry_id=one.entry_id,
        recipient_id=one.id, name=name or one.name, number=number, verify_code=code, layout=layout.key,
        layout_digest=layout.digest, issued_at=at, issued_by=actor.account_id,
        fields={
            "values": record.values, "url": record.url, "title": record.title, "dated_on": dated_on.isoformat(),
            "texts": dict(texts or {}), "demo": edition.is_demo, "kind": roll.kind, "pattern": pattern,
            "holder": "body" if roll.is_of_bodies else "person",
        },
    )  # fmt: skip


def reissue(letter: Letter, *, reason: str, base_url: str, actor: Actor, at: datetime) -> Letter:
    """A new paper with a new number and, where the register knows the holder, the present name; the old reads *replaced*.

    Raises ReasonNeeded, AlreadySettled, BatchRefused.
    """
    must_be_live(letter, reason)
    one, roll = letter.recipient, letter.recipient.roll
    name = db.session.get_one(Person, letter.person_id).name if letter.person_id else letter.name
    texts, dated_on = letter.fields.get("texts", {}), date.fromisoformat(letter.fields["dated_on"])
    pattern = letter.fields.get("pattern", "")
    style, numbering = dressed(roll, letter.layout, texts), pattern_for(roll, pattern)
    trial = numbers.upcoming(letter.holder_id, numbering, 1)
    _must_print(roll, style, [one], trial, dated_on, base_url, {one.id: name})
    (number,) = numbers.allocate(letter.holder_id, numbering, 1)
    letter.replaced_at = at
    db.session.flush()  # the old row leaves the index of live papers before the new one enters it
    made = _row(roll, one, style, number, dated_on, base_url, texts, pattern, actor, at, name)
    made.replaces_id, made.reissue_reason = letter.id, reason.strip()
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor, "letter.replaced", letter, contest_id=roll.edition.contest_id,
        changes={"number": [letter.number, number], "name": [letter.name, name]}, reason=reason.strip(), at=at,
    )  # fmt: skip
    return made
