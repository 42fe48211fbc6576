"""One thing that keeps a list from being published, or that one has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BLOCKER, WARNING = "blocker", "warning"
NAMED = 5  # subjects that a finding names; the rest is counted


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to know.

    code: its sentence in the room's door. place: which screen mends it (board, desk, ties, appeals, rules, panels,
    roster, event, checking, recheck). params: what the sentence names.
    """

    code: str
    severity: str
    place: str
    params: Mapping[str, Any] = field(default_factory=dict)
