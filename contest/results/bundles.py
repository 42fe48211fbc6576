"""The verify bundle of each publication: made when the list is published, kept as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest import files
from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Draw, Entry
from contest.results.bundle import packed
from contest.results.bundle_fields import aliases_of, tables_of
from contest.results.compute import Computation, compute_event
from contest.results.models import Publication, PublicationBundle, Snapshot, SnapshotRow
from contest.results.refusals import InputChanged
from contest.results.snapshots import round_key_of
from contest.results.verifying import awards_text, list_text

KEYS = {"entry": "e", "member": "m", "delegation": "d", "organisation": "o"}


def keep_bundle(
    *, publication: Publication, actor: Actor, at: datetime, computation: Computation | None = None
) -> PublicationBundle:
    """Make and store the bundle of a list, once; a kept one is returned as it is.

    Raises InputChanged if the list no longer follows from what is stored, so that no true bundle can be made.
    """
    kept = bundle_of(publication)
    if kept is not None:
        return kept
    content = _made(publication, computation)
    stored = files.store(
        content,
        name=f"list-{publication.id}-revision-{publication.revision}.zip",
        media_type="application/zip",
        contest_id=publication.event.sub_contest.edition.contest_id,
        actor_id=actor.account_id,
        at=at,
    )
    row = PublicationBundle(
        publication_id=publication.id, file_id=stored.id, digest=stored.digest, made_at=at
    )
    db.session.add(row)
    db.session.flush()
    return row


def _made(publication: Publication, computation: Computation | None) -> bytes:
    snapshot = publication.snapshot
    computation = computation or compute_event(publication.event, up_to_mark=snapshot.last_mark_id)
    if computation.inputs.digest != snapshot.input_digest:
        raise InputChanged()
    return bundle_bytes(publication, computation)


def bundle_of(publication: Publication) -> PublicationBundle | None:
    """The kept bundle of a list; None for one that was published before bundles were kept."""
    return db.session.get(PublicationBundle, publication.id)


def content_of(publication: Publication) -> bytes:
    """The kept bundle's bytes; made now for a list that was published before bundles were kept.

    Raises InputChanged as `keep_bundle` does, OSError if the disk changed the file.
    """
    row = bundle_of(publication)
    if row is None:
        return _made(publication, None)
    return files.read(db.session.get_one(files.StoredFile, row.file_id))


def bundle_bytes(publication: Publication, computation: Computation) -> bytes:
    """The bundle itself; equal lists of equal input give equal bytes."""
    snapshot, inputs = publication.snapshot, computation.inputs
    aliases = aliases_of(inputs.field)
    return packed(
        {
            "rules.toml": inputs.rules.to_toml(),
            **tables_of(inputs.rules, inputs.field, aliases),
            "draws.json": _draws(publication.event_id),
            "list.csv": _list(snapshot.rows, aliases),
        },
        _about(publication, snapshot, round_key_of(publication.event, publication.round_id)),
    )


def _about(publication: Publication, snapshot: Snapshot, round_key: str) -> dict[str, Any]:
    heading = snapshot.heading
    return {
        "contest": heading["contest"],
        "edition": heading["edition"],
        "event": heading["event"],
        "title": heading["ranking"],
        "ranking": publication.ranking_key,
        "round": round_key,
        "revision": publication.revision,
        "published_at": publication.published_at.isoformat(),
        "list_digest": snapshot.digest,
        "input_digest": snapshot.input_digest,
        "rules_digest": snapshot.rule_version.digest,
        "code_version": snapshot.code_version,
        "is_demo": heading["is_demo"],
    }


def _list(rows: Sequence[SnapshotRow], aliases: Mapping[str, str]) -> str:
    return list_text(
        (
            row.position,
            subject_key(row),
            row.rank,
            row.total,
            row.total_exact,
            row.status,
            row.decided_by,
            awards_text(
                (one["rule"], one["award"], aliases.get(one["recipient"], one["recipient"]))
                for one in row.data["grants"]
            ),
        )
        for row in rows
    )


def subject_key(row: SnapshotRow) -> str:
    """A line's subject as the scoring core knows it; a group of a table goes by its name."""
    return f"{KEYS[row.subject_kind]}{row.subject_id}" if row.subject_kind in KEYS else row.name


def _draws(event_id: int) -> str:
    """Every locked draw of the event, places in their order."""
    rows = db.session.scalars(
        sa.select(Draw)
        .where(Draw.event_id == event_id, Draw.locked_at.is_not(None))
        .order_by(Draw.round_key, Draw.module_key, Draw.id)
        .options(joinedload(Draw.places))
    ).unique()
    known = db.session.execute(sa.select(Entry.id, Entry.number).where(Entry.event_id == event_id))
    numbers = {entry_id: number for entry_id, number in known}
    plain = [
        {
            "round": row.round_key,
            "module": row.module_key,
            "method": row.method.value,
            "commitment": row.commitment,
            "seed": row.seed,
            "public_value": row.public_value,
            "benches": row.benches,
            "roster_digest": row.roster_digest,
            "places": [
                {"entry": f"e{one.entry_id}", "number": numbers.get(one.entry_id, ""), "position": one.position, "session": one.session, "bench": one.bench}
                for one in row.places
            ],
        }
        for row in rows
    ]  # fmt: skip
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
