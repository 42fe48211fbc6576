"""The canonical form of a list, and its digest: equal content gives equal bytes on every machine and database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import contest
from contest.results.lines import Line
from contest.results.models import SnapshotRow

ROW_FIELDS = (
    "position", "subject_kind", "subject_id", "entry_id", "person_id", "delegation_id", "name", "people",
    "delegation", "rank", "rank_sort", "total", "total_exact", "status", "decided_by", "award_key", "data",
)  # fmt: skip


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def row_values(row: Line | SnapshotRow) -> dict[str, Any]:
    """The frozen fields of a line."""
    return {name: getattr(row, name) for name in ROW_FIELDS}


def list_digest(heading: Mapping[str, Any], rows: Iterable[Line | SnapshotRow]) -> str:
    """SHA-256 of heading and lines."""
    content = {"heading": heading, "rows": [row_values(row) for row in rows]}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@cache
def code_version() -> str:
    """The program's version with a digest of the scoring core: which code a list was computed by."""
    folder = Path(contest.__file__).parent / "scoring"
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{contest.__version__}+{digest.hexdigest()[:12]}"
