"""A published list as plain values: the same document for the JSON file and the interface for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contest.results import cells, wording
from contest.results.models import Publication, SnapshotRow

LOCALES = {"zh": "zh_CN", "en": "en"}


def state_of(publication: Publication) -> str:
    """The key of the state shown: withdrawn and superseded come before the steps."""
    if publication.withdrawn_at is not None:
        return "withdrawn"
    if publication.superseded_at is not None:
        return "superseded"
    return publication.state.value


def summary(publication: Publication) -> dict[str, Any]:
    """What a list is, without its lines. `revision` and `digest` are those that stand on its papers."""
    heading = publication.snapshot.heading
    return {
        "id": publication.id,
        "edition_id": publication.event.sub_contest.edition_id,
        "event_id": publication.event_id,
        "edition": _pair(heading["edition"]),
        "sub_contest": _pair(heading["sub_contest"]),
        "event": _pair(heading["event"]),
        "ranking": {"key": heading["ranking"]["key"], **_pair(heading["ranking"])},
        "round": _pair(heading["round"]) if heading["round"] else None,
        "state": state_of(publication),
        "revision": publication.revision,
        "digest": publication.snapshot.digest,
        "published_at": publication.published_at.isoformat(timespec="seconds"),
        "shown_places": publication.shown_places,
        "is_demo": bool(heading["is_demo"]),
    }


def document(publication: Publication, rows: Sequence[SnapshotRow]) -> dict[str, Any]:
    """The whole list. Numbers are texts as they are printed; `total_exact` is a fraction “numerator/denominator”.

    A withdrawn list keeps its heading and says why; its lines are not given out any more.
    """
    heading = publication.snapshot.heading
    is_withdrawn = publication.withdrawn_at is not None
    return {
        **summary(publication),
        "hosts": [{"role": host["role"], **_pair(host)} for host in heading["hosts"]],
        "trade": heading["trade"],
        "withdrawn_reason": publication.withdrawn_reason if is_withdrawn else None,
        "columns": [
            {"key": column["key"], "kind": column["kind"], **_pair(column)} for column in heading["columns"]
        ],
        "rows": [] if is_withdrawn else [_line(heading, row) for row in rows],
    }


def _line(heading: Mapping[str, Any], row: SnapshotRow) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "name": row.name,
        "people": row.people,
        "delegation": row.delegation,
        "total": row.total,
        "total_exact": row.total_exact,
        "status": row.status,
        "decided_by": row.decided_by,
        "award": {key: cells.award_text(row, locale) for key, locale in LOCALES.items()},
        "cells": {key: cells.cells(heading, row, locale) for key, locale in LOCALES.items()},
    }


def _pair(titled: Mapping[str, Any]) -> dict[str, str]:
    return {key: wording.titled(titled, locale) for key, locale in LOCALES.items()}
