"""How an edition handles appeals, public notice and the release of papers: one row, or the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Stale
from contest.events.models import Edition
from contest.results.models import ListState, ResultSetting
from contest.results.refusals import SettingInvalid

SUBJECTS = ("marking", "procedure", "equipment", "eligibility", "other")
RELEASING = (ListState.CONFIRMED, ListState.PUBLIC_NOTICE, ListState.FINAL)
RELEASES = {
    "prize": ListState.CONFIRMED.value,
    "honour": ListState.CONFIRMED.value,
    "title": ListState.FINAL.value,
    "promotion": ListState.FINAL.value,
}
"""Which state of a list releases the paper of each kind of award, where an edition says nothing."""
NUMBERS = {
    "decision_hours": (1, 720),
    "second_hours": (0, 720),
    "notice_days": (1, 60),
    "check_people": (0, 2),
}
SECONDED = (
    ListState.PROVISIONAL, ListState.CONFIRMED, ListState.PUBLIC_NOTICE, ListState.FINAL, ListState.ARCHIVED,
)  # fmt: skip
"""States that an edition may want two people for: one asks, another takes the step."""
TEXTS = ("office", "contact", "phone", "address", "hours", "supervising_office")


def setting_of(edition_id: int) -> ResultSetting:
    """The edition's row, or one that is not stored and holds the defaults."""
    row = db.session.get(ResultSetting, edition_id)
    if row is not None:
        return row
    blank = dict.fromkeys(TEXTS, "")
    numbers = {"decision_hours": 24, "second_hours": 24, "notice_days": 5, "check_people": 1, "version": 0}
    return ResultSetting(
        edition_id=edition_id,
        closed_subjects=[],
        is_module_open=True,
        releases={},
        second_person=[],
        **numbers,
        **blank,
    )


def released_by(edition_id: int, kind: str) -> ListState:
    """The state of a list from which papers of this kind of award may be made (prize, honour, title, promotion)."""
    chosen = setting_of(edition_id).releases.get(kind) or RELEASES.get(kind, ListState.FINAL.value)
    return ListState(chosen)


def releasing_states(edition_id: int, kind: str) -> tuple[ListState, ...]:
    """The states in which a list releases this kind of award: the chosen one and all after it."""
    order = list(ListState)
    return tuple(order[order.index(released_by(edition_id, kind)) :])


def change_setting(
    *, edition: Edition, values: Mapping[str, Any], version: int, actor: Actor, at: datetime
) -> ResultSetting:
    """Store an edition's handling. values: fields of ResultSetting; what is left out stays.

    version: of the row the values were typed over (0: there was none). Raises Stale, SettingInvalid.
    """
    row = setting_of(edition.id)
    if row.version != version:
        raise Stale()
    _check(values)
    changes: dict[str, list[object]] = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            changes[name] = [old, value]
            setattr(row, name, value)
    if version == 0:
        row.version = 1
        db.session.add(row)
    db.session.flush()
    if changes:
        contest_id = edition.contest_id
        audit.record(
            actor, "results.settings_changed", edition, contest_id=contest_id, changes=changes, at=at
        )
    return row


def _check(values: Mapping[str, Any]) -> None:
    for name, (low, high) in NUMBERS.items():
        if name in values and not low <= int(values[name]) <= high:
            raise SettingInvalid(field=name, low=low, high=high)
    if not set(values.get("closed_subjects", ())) <= set(SUBJECTS):
        raise SettingInvalid(field="closed_subjects", low=0, high=0)
    if not set(values.get("second_person", ())) <= {state.value for state in SECONDED}:
        raise SettingInvalid(field="second_person", low=0, high=0)
    known = {state.value for state in RELEASING}
    releases = values.get("releases", {})
    if not set(releases) <= set(RELEASES) or not set(releases.values()) <= known:
        raise SettingInvalid(field="releases", low=0, high=0)
